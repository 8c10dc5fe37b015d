# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling back to expressions and words: what compile_scaling made of them."""

from __future__ import annotations

import typing as t

from .._engine.canonical import Request
from .._inventory import api_parameters, expressions, metrics
from .._inventory.reader import Tree
from .._inventory.scaling_keys import POLICY_KEYS, SCHEDULE_KEYS, SUSPENDED, TARGET_KEYS
from .._inventory.walker import exported
from .._resources import policy_plan, scaling
from .._resources.names import VariantId, action_taken_apart, taken_apart
from .omissions import Unsupported


def key_of(name: str, endpoint: str, variants: t.Collection[str]) -> tuple[str, str]:
    """The variant and the key of an alarm or policy; raises Unsupported where it is not named as the schema names."""
    own = taken_apart(name)
    if own and own.key and own.of.endpoint == endpoint and own.of.variant in variants:
        return own.of.variant, own.key
    raise Unsupported(f"it is not named {endpoint}/<variant>/<key>")


def policy_key_of(of: VariantId, name: str) -> str:
    """The key of a policy of this variant; raises Unsupported."""
    return key_of(name, of.endpoint, [of.variant])[1]


def schedule_key_of(of: VariantId, name: str) -> str:
    """The key of a scheduled action of this variant; raises Unsupported where it is not named as the schema names."""
    own = action_taken_apart(name)
    if own and own.key and own.of == of:
        return own.key
    raise Unsupported(f"it is not named {of.action_named('<key>')}")


def scaling_tree(target: Request, policies: t.Mapping[str, Tree], schedules: t.Mapping[str, Tree]) -> Tree:
    state = target.get("SuspendedState", {})
    suspended = [word for word, member in SUSPENDED.items() if state.get(member)]
    by_hand = {"policies": dict(policies), "schedules": dict(schedules), "suspended": suspended or None}
    more = api_parameters.exported(TARGET_KEYS, target, scaling.TARGET_RULES)
    return exported(TARGET_KEYS, target, **by_hand, api_parameters=more)


def schedule_tree(request: Request) -> Tree:
    """Raises Unsupported."""
    tree = exported(SCHEDULE_KEYS, request)
    if not tree.keys() & {"at", "cron", "rate"}:
        raise Unsupported(f"the schema has no schedule such as {request.get('Schedule')}")
    return tree


def policy_tree(request: Request) -> Tree:
    """Raises Unsupported."""
    tracking = request.get("TargetTrackingScalingPolicyConfiguration")
    if tracking is None:
        raise Unsupported(f"the schema has no {request['PolicyType']}")
    more = api_parameters.exported(POLICY_KEYS, request, policy_plan.RULES)
    return exported(POLICY_KEYS, tracking, expression=str(_policy(tracking)), api_parameters=more)


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
