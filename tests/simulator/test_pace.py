# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Calls above a rate are refused, for each operation by itself."""

from __future__ import annotations

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
