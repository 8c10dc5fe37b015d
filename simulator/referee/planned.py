# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..region import Region
from ..resource_names import IDENTITIES
from ..types import Params
from .brief import Ending, PlannedWrite
from .rule import Rule
from .run import Objection, Run, Write
from .things import CALLER

RULE = "Planned"
_TAKE_POLICIES = ("DeregisterScalableTarget", "DeleteScalingPolicy")
PLANNED_AGAIN = "planned again"
"""The note of a run that found an endpoint busy and planned again: then the plan of check mode does not count."""


class Planned(Rule):
    """Every write of a run, including prune and follow-ups, was in its check-mode plan; check mode writes nothing.

    A scalable target that was registered again in between has another ARN, but is the same target. No plan shows what
    follows from a failure: an alarm that called a policy which the run has removed is pointed to it again.
    """

    def __init__(self) -> None:
        self._callers: dict[Run, set[str]] = {}
        """The alarms that called the policies which a run has removed."""
        self._surplus: dict[Run, list[Objection]] = {}
        self._targets: dict[Run, dict[str, str]] = {}

    def began(self, run: Run, region: Region | None) -> None:
        if region and run.brief.planned:
            self._targets[run] = {target.arn: target.key.resource_id for target in region.targets.all().values()}

    def before(self, write: Write) -> Iterator[Objection]:
        if not write.run:
            return
        brief = write.run.brief
        if brief.check:
            yield write.objection(RULE, write.title, "a run in check mode wrote")
        elif brief.planned is not None and not self._stood(write, brief.planned) and not self._points_back(write):
            surplus = write.objection(RULE, write.title, "this write did not stand in the plan of check mode")
            self._surplus.setdefault(write.run, []).append(surplus)
        if write.operation in _TAKE_POLICIES:
            names = {thing.name for thing in write.things if thing.kind == CALLER}
            self._callers.setdefault(write.run, set()).update(names)

    def _points_back(self, write: Write) -> bool:
        callers = self._callers.get(write.run, set()) if write.run else set()
        return write.operation == "PutMetricAlarm" and write.params.get("AlarmName") in callers

    def _stood(self, write: Write, planned: Iterable[PlannedWrite]) -> bool:
        targets = self._targets.get(write.run, {}) if write.run else {}
        return all(any(_is(each, write, params, targets) for each in planned) for params in _one_by_one(write.params))

    def ended(self, run: Run, ending: Ending, region: Region | None, now: float) -> Iterator[Objection]:
        surplus = self._surplus.pop(run, [])
        self._targets.pop(run, None)
        self._callers.pop(run, None)
        if PLANNED_AGAIN not in ending.text:
            yield from surplus


def _one_by_one(params: Params) -> Iterator[Params]:
    """One call for each name of a call that has many, because plans with one name each may be carried out together."""
    lists = {name: params[name] for name in IDENTITIES if isinstance(params.get(name), list)}
    if not lists:
        yield params
    for name, values in lists.items():
        for value in values:
            yield {**params, name: [value]}


def _is(planned: PlannedWrite, write: Write, params: Params, targets: Mapping[str, str]) -> bool:
    """Whether the plan contains this write: the same operation on the same resource, as far as the plan can know it."""
    if (planned.service, planned.operation) != (write.call.service, write.operation):
        return False
    if target := targets.get(planned.parameters.get("ResourceARN", "")):
        return any(each.name == target for each in write.touched)
    return all(_fits(planned.parameters.get(name), params[name]) for name in IDENTITIES if name in params)


def _fits(planned: Any, sent: Any) -> bool:
    """Many alarms may go in several calls."""
    if isinstance(planned, list | tuple) and isinstance(sent, list):
        return set(sent) <= set(planned)
    return planned is None or planned == sent
