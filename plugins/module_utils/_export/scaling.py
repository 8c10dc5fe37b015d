# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms and scaling back to expressions and words: what compile_scaling made of them."""

from __future__ import annotations

import typing as t

from .._engine.canonical import Request
from .._inventory import durations, expressions, metrics
from .._inventory.module_options import given
from .._inventory.reader import Tree
from .._resources.names import taken_apart
from .omissions import Unsupported

_WORDS = {name: sign for sign, name in expressions.OPERATORS.items()}
_COOLDOWN = 300


def key_of(name: str, endpoint: str, variants: t.Collection[str]) -> tuple[str, str]:
    """The variant and the key of an alarm or policy; raises Inexpressible where it is not named as the schema names."""
    own = taken_apart(name)
    if own and own.key and own.of.endpoint == endpoint and own.of.variant in variants:
        return own.of.variant, own.key
    raise Unsupported(f"it is not named {endpoint}/<variant>/<key>")


def alarm_tree(request: Request) -> Tree:
    """Raises Inexpressible."""
    topics = request.get("AlarmActions") or request.get("OKActions") or [None]
    return given(
        expression=str(_alarm(request)),
        period=_unless(60, request["Period"]),
        evaluation_periods=None if request["EvaluationPeriods"] == 1 else request["EvaluationPeriods"],
        datapoints_to_alarm=request.get("DatapointsToAlarm"),
        treat_missing_data=request.get("TreatMissingData") if request.get("TreatMissingData") != "missing" else None,
        description=request.get("AlarmDescription") or None,
        notification_sns_topic=topics[0],
    )


def _alarm(request: Request) -> expressions.Alarm:
    statistic = request.get("Statistic") or request.get("ExtendedStatistic")
    if "MetricName" not in request or not statistic or "Threshold" not in request:
        raise Unsupported("it is not an alarm on a statistic of one metric")
    if request["ComparisonOperator"] not in _WORDS:
        raise Unsupported(f"the schema has no word for {request['ComparisonOperator']}")
    operator, threshold = _WORDS[request["ComparisonOperator"]], float(request["Threshold"])
    return expressions.Alarm(request["MetricName"], statistic, operator, threshold)


def scaling_tree(target: Request, policies: t.Mapping[str, Tree]) -> Tree:
    return given(
        minimum_capacity=None if target["MinCapacity"] == 1 else target["MinCapacity"],
        maximum_capacity=None if target["MaxCapacity"] == 1 else target["MaxCapacity"],
        policies=dict(policies),
    )


def policy_tree(request: Request) -> Tree:
    """Raises Inexpressible."""
    tracking = request.get("TargetTrackingScalingPolicyConfiguration")
    if tracking is None:
        raise Unsupported(f"the schema has no {request['PolicyType']}")
    return given(
        expression=str(_policy(tracking)),
        enable_scale_in=False if tracking.get("DisableScaleIn") else None,
        scale_in_cooldown_period=_unless(_COOLDOWN, tracking.get("ScaleInCooldown", _COOLDOWN)),
        scale_out_cooldown_period=_unless(_COOLDOWN, tracking.get("ScaleOutCooldown", _COOLDOWN)),
    )


def _policy(tracking: Request) -> expressions.Policy:
    target = float(tracking["TargetValue"])
    predefined = tracking.get("PredefinedMetricSpecification")
    if predefined:
        return expressions.Policy(predefined["PredefinedMetricType"], None, target)
    customized = tracking.get("CustomizedMetricSpecification", {})
    if "MetricName" not in customized or "Statistic" not in customized:
        raise Unsupported("it does not track a statistic of one metric")
    if customized["MetricName"] in metrics.predefined():
        raise Unsupported(f"the schema takes {customized['MetricName']} for the predefined metric")
    return expressions.Policy(customized["MetricName"], customized["Statistic"], target)


def _unless(default: int, seconds: int) -> str | None:
    return None if seconds == default else durations.as_duration(seconds)
