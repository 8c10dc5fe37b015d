# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Calls above a rate are refused, for each operation by itself."""

from __future__ import annotations

from simulator.faults import FaultBook, Kind, fault_from
from simulator.pace import Pace


def test_a_bucket_holds_the_calls_of_a_second_and_fills_up() -> None:
    now = [100.0]
    pace = Pace(clock=lambda: now[0])

    def refused(operation: str, calls: int) -> int:
        return sum(pace.is_exceeded(operation, 3.0) for _call in range(calls))

    assert refused("PutMetricAlarm", 5) == 2
    assert refused("DescribeAlarms", 3) == 0
    now[0] += 0.7
    assert refused("PutMetricAlarm", 3) == 1
    now[0] += 60
    assert refused("PutMetricAlarm", 5) == 2


def test_two_rates_for_one_operation_count_its_calls_once_each() -> None:
    now = [100.0]
    book = FaultBook(_pace=Pace(clock=lambda: now[0]))
    for operation, rate in (("PutMetricAlarm", 3.0), ("*", 10.0)):
        book.add(fault_from({"kind": "throttle", "operation": operation, "count": None, "per_second": rate}))

    def passed(seconds: int) -> int:
        count = 0
        for _call in range(20 * seconds):
            now[0] += 0.05
            count += book.take(Kind.THROTTLE, "cloudwatch", "PutMetricAlarm", []) is None
        return count

    passed(1)
    assert passed(10) == 30
