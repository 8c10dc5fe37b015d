# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling policies of one target: what each tracks, and in which order AWS lets them change.

AWS takes one target tracking policy for each metric of a target [I terraform-provider-aws#41179], so a policy that is
to track what another one tracks has to wait until that one is gone or tracks something else.
"""

from __future__ import annotations

import json
import math
import typing as t
from dataclasses import dataclass

from .._engine.canonical import Request, Rules, canonical

Policies: t.TypeAlias = t.Mapping[str, Request]

STEPS = "StepScalingPolicyConfiguration"
MOST_POLICIES = 50
"""[D] the quota of one target."""

_METRIC = Rules(keyed_lists={"Dimensions": "Name"})
_QUERY = Rules(keyed_lists={"MetricStat.Metric.Dimensions": "Name"}, defaults={"ReturnData": True})


@dataclass(frozen=True)
class Change:
    """One call: the policy is put so, or it goes; *undo* is what has to be done if AWS refuses it."""

    name: str
    request: Request | None
    undo: tuple[Change, ...] = ()


def is_with_steps(policy: Request) -> bool:
    return STEPS in policy


def in_order_of_steps(policy: Request) -> Request:
    """The policy with its steps from the lowest to the highest, because their order means nothing."""
    if not policy.get(STEPS, {}).get("StepAdjustments"):
        return policy
    steps = sorted(policy[STEPS]["StepAdjustments"], key=lambda step: step.get("MetricIntervalLowerBound", -math.inf))
    return {**policy, STEPS: {**policy[STEPS], "StepAdjustments": steps}}


def tracked_metric(policy: Request) -> str | None:
    """What two target tracking policies of a target must not have in common; None for other policies.

    That a metric is the same if all of its specification is, in whatever order, is our reading of AWS's refusal.
    """
    configuration = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    if predefined := configuration.get("PredefinedMetricSpecification"):
        return _text(_METRIC, predefined)
    if customized := configuration.get("CustomizedMetricSpecification"):
        queries = sorted(_text(_QUERY, query) for query in customized.get("Metrics", ()))
        return "".join(queries) or _text(_METRIC, customized)
    return None


def _text(rules: Rules, request: Request) -> str:
    return json.dumps(sorted([list(path), value] for path, value in canonical(rules, request).items()))


def metric_name(policy: Request) -> str:
    """The name by which people know what the policy tracks."""
    configuration = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    predefined = configuration.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    customized = configuration.get("CustomizedMetricSpecification", {})
    return str(predefined or customized.get("MetricName") or "the same metric math")


def doubled(policies: Policies) -> dict[str, str]:
    """The policies that track what one before them tracks, each with that one."""
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for name, policy in policies.items():
        metric = tracked_metric(policy)
        if metric is not None and first.setdefault(metric, name) != name:
            found[name] = first[metric]
    return found


def held_by_others(live: Policies, puts: Policies, leaving: t.Collection[str]) -> dict[str, str]:
    """The policies that cannot be put, each with the live one that stays and tracks its metric."""
    staying = {name: policy for name, policy in live.items() if name not in puts and name not in leaving}
    held = doubled({**staying, **puts})
    return {name: other for name, other in held.items() if other in staying and name in puts}


def in_order(live: Policies, puts: Policies, leaving: t.Sequence[str]) -> list[Change]:
    """The changes one after the other, each allowed by AWS when its turn comes.

    A policy goes before another is put only where AWS would refuse that one otherwise. So a target that has a policy
    and is to have one is without any for at most one call, and only if there is no other way.
    """
    return _Order(live, puts, leaving).changes()


class _Order:
    def __init__(self, live: Policies, puts: Policies, leaving: t.Sequence[str]) -> None:
        self._live = live
        self._present = dict(live)
        self._waiting = dict(puts)
        self._leaving = list(leaving)
        self._changes: list[Change] = []
        self._undo: tuple[Change, ...] = ()

    def changes(self) -> list[Change]:
        while self._waiting:
            obstacles = {name: self._obstacles(name) for name in self._waiting}
            name = min(obstacles, key=lambda each: len(obstacles[each]))
            for obstacle in obstacles[name]:
                self._delete(obstacle)
            self._put(name)
        return [*self._changes, *(Change(name, None) for name in self._leaving)]

    def _obstacles(self, name: str) -> list[str]:
        """The present policies because of which AWS refuses to put this one."""
        wanted, metric = self._waiting[name], tracked_metric(self._waiting[name])
        found = [
            other
            for other, policy in self._present.items()
            if other != name and metric is not None and tracked_metric(policy) == metric
        ]
        kind = wanted.get("PolicyType")
        if kind and name in self._present and self._present[name].get("PolicyType") != kind:
            # That AWS refuses another type for a policy is a guess.
            found.append(name)
        if not found and name not in self._present and len(self._present) >= MOST_POLICIES:
            return self._leaving[:1]
        return found

    def _put(self, name: str) -> None:
        request = self._waiting.pop(name)
        self._do(Change(name, request, self._undo), Change(name, self._present.get(name)))
        self._present[name] = request
        if not any(missing in self._live for missing in self._waiting if missing not in self._present):
            self._undo = ()

    def _delete(self, name: str) -> None:
        if name in self._leaving:
            self._leaving.remove(name)
        self._do(Change(name, None, self._undo), Change(name, self._present.pop(name)))

    def _do(self, change: Change, inverse: Change) -> None:
        self._changes.append(change)
        self._undo = (inverse, *self._undo)
