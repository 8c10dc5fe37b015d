# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling policies of one target: their requests, what changes of them, and in which order AWS lets them change.

AWS takes one target tracking policy for each metric of a target [I terraform-provider-aws#41179], so a policy that is
to track what another one tracks has to wait until that one is gone or tracks something else.
"""

from __future__ import annotations

import json
import math
import typing as t
from dataclasses import dataclass

from .._aws import autoscaling
from .._aws.autoscaling import SERVICE
from .._engine.canonical import Request, Rules, canonical
from .._engine.diff import Difference, differences
from .._engine.kind import by_name
from .._engine.plan import Recovery, Refused, Step
from .._engine.requests import Options, request_of
from ..problems import Problem
from .metric_ids import with_ids_of, with_labels_of

Policies: t.TypeAlias = t.Mapping[str, Request]

PUT = "PutScalingPolicy"
DELETE = "DeleteScalingPolicy"
STEPS = "StepScalingPolicyConfiguration"
MOST_POLICIES = 50
"""[D] the quota of one target."""

_TRACKING = "TargetTrackingScalingPolicyConfiguration"
_CUSTOMIZED = "CustomizedMetricSpecification"
_CUSTOM = f"{_TRACKING}.{_CUSTOMIZED}"
RULES = Rules(
    read_only=("ServiceNamespace", "ResourceId", "ScalableDimension", "PolicyName"),
    # [D] cooldowns of SageMaker; StepScalingPolicyConfiguration; TargetTrackingMetricDataQuery.
    defaults={
        f"{_TRACKING}.DisableScaleIn": False,
        f"{_TRACKING}.ScaleInCooldown": 300,
        f"{_TRACKING}.ScaleOutCooldown": 300,
        f"{_CUSTOM}.Metrics.*.ReturnData": True,
        f"{STEPS}.Cooldown": 300,
        f"{STEPS}.MetricAggregationType": "Average",
    },
    # What a graph shows.
    computed=(f"{_CUSTOM}.Metrics.*.Label",),
    keyed_lists={
        f"{_CUSTOM}.Dimensions": "Name",
        f"{_CUSTOM}.Metrics": "Id",
        f"{_CUSTOM}.Metrics.*.MetricStat.Metric.Dimensions": "Name",
    },
)
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


def held_by_others(live: Policies, puts: Policies, to_delete: t.Collection[str]) -> dict[str, str]:
    """The policies that cannot be put, each with the live one that stays and tracks its metric."""
    staying = {name: policy for name, policy in live.items() if name not in puts and name not in to_delete}
    held = doubled({**staying, **puts})
    return {name: other for name, other in held.items() if other in staying and name in puts}


def in_order(live: Policies, puts: Policies, to_delete: t.Sequence[str]) -> list[Change]:
    """The changes one after the other, each allowed by AWS when its turn comes.

    A policy goes before another is put only where AWS would refuse that one otherwise. So a target that has a policy
    and is to have one is without any for at most one call, and only if there is no other way.
    """
    return _Order(live, puts, to_delete).changes()


class _Order:
    def __init__(self, live: Policies, puts: Policies, to_delete: t.Sequence[str]) -> None:
        self._live = live
        self._present = dict(live)
        self._waiting = dict(puts)
        self._to_delete = list(to_delete)
        self._changes: list[Change] = []
        self._undo: tuple[Change, ...] = ()

    def changes(self) -> list[Change]:
        while self._waiting:
            obstacles = {name: self._obstacles(name) for name in self._waiting}
            name = min(obstacles, key=lambda each: len(obstacles[each]))
            for obstacle in obstacles[name]:
                self._delete(obstacle)
            self._put(name)
        return [*self._changes, *(Change(name, None) for name in self._to_delete)]

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
            return self._to_delete[:1]
        return found

    def _put(self, name: str) -> None:
        request = self._waiting.pop(name)
        self._do(Change(name, request, self._undo), Change(name, self._present.get(name)))
        self._present[name] = request
        if not any(missing in self._live for missing in self._waiting if missing not in self._present):
            self._undo = ()

    def _delete(self, name: str) -> None:
        if name in self._to_delete:
            self._to_delete.remove(name)
        self._do(Change(name, None, self._undo), Change(name, self._present.pop(name)))

    def _do(self, change: Change, inverse: Change) -> None:
        self._changes.append(change)
        self._undo = (inverse, *self._undo)


def requests_of(key: t.Mapping[str, str], policies: t.Sequence[Options], problems: list[Problem]) -> dict[str, Request]:
    """The requests of the policies by name; what is wrong with them is added to *problems*."""
    found = by_name(
        policies,
        "policies",
        lambda options: in_order_of_steps(request_of(SERVICE, PUT, {**key, **options}, RULES)),
        lambda request: str(request["PolicyName"]),
        problems,
    )
    requests = {name: request for name, (_path, request) in found.items()}
    for name, other in doubled(requests).items():
        reason = "AWS accepts only one policy for a metric"
        message = f'tracks {metric_name(requests[name])}, as "{other}" does; {reason}'
        problems.append(Problem(found[name][0], message))
    return requests


def changes(
    target: Request, desired: Policies, live: Policies, to_delete: t.Sequence[str]
) -> tuple[tuple[Difference, ...], tuple[Step, ...]]:
    """Raises Refused if an undeclared policy that stays tracks the metric of a declared one."""
    found: list[Difference] = []
    puts = {}
    for name, request in desired.items():
        before = comparable(live[name], request) if name in live else None
        differing = differences(RULES, before, request)
        found += [Difference(("policies", name, *item.path), item.before, item.after) for item in differing]
        if differing:
            puts[name] = _with_labels(before or {}, request)
    found += [Difference(("policies", name), "present", None) for name in to_delete]
    for name, other in held_by_others(live, puts, to_delete).items():
        raise Refused(
            f'policy "{other}", which is not declared here, tracks {metric_name(puts[name])} already, and AWS '
            f'accepts only one policy for a metric: delete it, or leave out "{name}"'
        )
    steps = (_step(target, desired, live, change) for change in in_order(live, puts, to_delete))
    return tuple(found), tuple(steps)


def comparable(live: Request, wanted: Request) -> Request:
    """What is live, with the ids of *wanted* where the metrics that it tracks are the same."""
    return _with_metrics(live, with_ids_of(_metrics(wanted), _metrics(live)))


def _with_labels(live: Request, wanted: Request) -> Request:
    return _with_metrics(wanted, with_labels_of(_metrics(live), _metrics(wanted)))


def _metrics(policy: Request) -> Request:
    """What says which metrics a policy tracks; nothing for one with steps."""
    return t.cast("Request", policy.get(_TRACKING, {}).get(_CUSTOMIZED, {}))


def _with_metrics(policy: Request, metrics: Request) -> Request:
    return {**policy, _TRACKING: {**policy[_TRACKING], _CUSTOMIZED: metrics}} if metrics else policy


def _step(target: Request, desired: Policies, live: Policies, change: Change) -> Step:
    undo = tuple(_step(target, desired, live, each) for each in change.undo)
    names = ", ".join(dict.fromkeys(each.name for each in change.undo if each.request is not None))
    recovery = Recovery(f"scaling policy {names}", undo) if undo else None
    if change.request is None:
        reason = (
            "deleted first, because another policy tracks its metric"
            if change.name in desired
            else "no longer declared"
        )
        parameters = autoscaling.key_of(target) | {"PolicyName": change.name}
        return Step(SERVICE, DELETE, parameters, reason, recovery)
    return Step(SERVICE, PUT, change.request, "changed" if change.name in live else "missing", recovery)
