# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling policies of one target: their requests, what changes of them, and the calls for it."""

from __future__ import annotations

import typing as t

from .._aws import autoscaling
from .._aws.autoscaling import SERVICE
from .._engine.canonical import Request, Rules
from .._engine.declared import by_name
from .._engine.diff import Difference, differences
from .._engine.plan import Recovery, Refused, Step
from .._engine.requests import Options, request_of
from ..problems import Problem
from . import policies as ordering
from .live_scaling import PUT
from .metric_ids import with_ids_of, with_labels_of
from .policies import Policies

_TRACKING = "TargetTrackingScalingPolicyConfiguration"
_CUSTOMIZED = "CustomizedMetricSpecification"
_METRIC = f"{_TRACKING}.{_CUSTOMIZED}"
DELETE = "DeleteScalingPolicy"
RULES = Rules(
    read_only=("ServiceNamespace", "ResourceId", "ScalableDimension", "PolicyName"),
    # [D] cooldowns of SageMaker; StepScalingPolicyConfiguration; TargetTrackingMetricDataQuery.
    defaults={
        f"{_TRACKING}.DisableScaleIn": False,
        f"{_TRACKING}.ScaleInCooldown": 300,
        f"{_TRACKING}.ScaleOutCooldown": 300,
        f"{_METRIC}.Metrics.*.ReturnData": True,
        f"{ordering.STEPS}.Cooldown": 300,
        f"{ordering.STEPS}.MetricAggregationType": "Average",
    },
    # What a graph shows.
    computed=(f"{_METRIC}.Metrics.*.Label",),
    keyed_lists={
        f"{_METRIC}.Dimensions": "Name",
        f"{_METRIC}.Metrics": "Id",
        f"{_METRIC}.Metrics.*.MetricStat.Metric.Dimensions": "Name",
    },
)


def requests_of(key: t.Mapping[str, str], policies: t.Sequence[Options], problems: list[Problem]) -> dict[str, Request]:
    """The requests of the policies by name; what is wrong with them is added to *problems*."""
    found = by_name(
        policies,
        "policies",
        lambda options: ordering.in_order_of_steps(request_of(SERVICE, PUT, {**key, **options}, RULES)),
        lambda request: str(request["PolicyName"]),
        problems,
    )
    requests = {name: request for name, (_path, request) in found.items()}
    for name, other in ordering.doubled(requests).items():
        reason = "AWS accepts only one policy for a metric"
        message = f'tracks {ordering.metric_name(requests[name])}, as "{other}" does; {reason}'
        problems.append(Problem(found[name][0], message))
    return requests


def changes(
    target: Request, desired: Policies, live: Policies, leaving: t.Sequence[str]
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
    found += [Difference(("policies", name), "present", None) for name in leaving]
    for name, other in ordering.held_by_others(live, puts, leaving).items():
        raise Refused(
            f'policy "{other}", which is not declared here, tracks {ordering.metric_name(puts[name])} already, and AWS '
            f'accepts only one policy for a metric: delete it, or leave out "{name}"'
        )
    steps = (_step(target, desired, live, change) for change in ordering.in_order(live, puts, leaving))
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


def _step(target: Request, desired: Policies, live: Policies, change: ordering.Change) -> Step:
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
