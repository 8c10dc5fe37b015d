# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measurements of a run, and how to find one of them."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

from .measure import Cost

PHASES = ("deploy", "no-op", "change", "destroy")
YOUNG = "no-op of a young fleet"
SLOW_DEPLOY = "slow deploy"
THROTTLED = ("throttled deploy", "throttled no-op")
PACED_DEPLOY = "deploy at AWS's rates"
BESIDE_PING = "no-op, in turn with pings"

ROLE = "role"
PLAIN = "plain boto3"
MANY_HOSTS = "the role on 50 hosts"
LOOPED = "one looped task per resource"
CLOUDWATCH_ALARM = "amazon.aws.cloudwatch_metric_alarm, looped"
SAGEMAKER_ALARM = "sagemaker_alarm, a list"
STARTED = "a playbook without a module"
PING = "a playbook that only pings"
AWS_TASK = "a playbook with amazon.aws.aws_caller_info"

ALARMS = 40


@dataclass(frozen=True)
class Row:
    """What one command took; *size* counts endpoints, or alarms where the contest is about alarms."""

    contestant: str
    phase: str
    size: int
    latency_ms: int
    cost: Cost

    def as_data(self) -> dict[str, t.Any]:
        return {**dataclasses.asdict(self), "cost": dataclasses.asdict(self.cost)}


class Rows:
    """The measurements of a run."""

    def __init__(self, rows: t.Iterable[Row] = ()) -> None:
        self.all = list(rows)

    def find(self, contestant: str, phase: str, size: int, latency_ms: int) -> Cost | None:
        """None for what was not measured."""
        wanted = (contestant, phase, size, latency_ms)
        found = [row for row in self.all if (row.contestant, row.phase, row.size, row.latency_ms) == wanted]
        return found[-1].cost if found else None

    def sizes(self) -> list[int]:
        return sorted({row.size for row in self.all if row.contestant in (ROLE, PLAIN)})

    def latencies(self) -> list[int]:
        return sorted({row.latency_ms for row in self.all})
