# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What CloudWatch remembers of an alarm."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..types import Params


@dataclass(frozen=True)
class StateChange:
    since: float
    value: str
    reason: str
    data: str


@dataclass
class Alarm:
    """`content` is the alarm as last put; `states` is its history, the present state last."""

    name: str
    arn: str
    content: Params
    configured: float
    states: list[StateChange] = field(default_factory=list)

    @property
    def state(self) -> StateChange:
        return self.states[-1]

    def was_in_alarm(self, start: float, end: float) -> bool:
        """Whether the alarm was in ALARM at any time of the span."""
        ends = [later.since for later in self.states[1:]] + [float("inf")]
        spans = zip(self.states, ends, strict=True)
        return any(state.value == "ALARM" and state.since <= end and until > start for state, until in spans)


@dataclass
class CompositeAlarm(Alarm):
    """An alarm whose rule names others."""

    children: tuple[str, ...] = ()


def born(now: float) -> StateChange:
    """The state of a new alarm. [D CW]"""
    return StateChange(now, "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation", "")


def born_ok(now: float) -> StateChange:
    """The state of a new PromQL alarm. [D CW] for the state; the reason is a guess."""
    return StateChange(now, "OK", "Unchecked: Initial alarm creation", "")
