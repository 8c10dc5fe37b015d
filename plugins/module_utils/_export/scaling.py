# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling back to expressions and words: what compile_scaling made of them."""

from __future__ import annotations

import typing as t

from .._engine.canonical import Request
from .._inventory import api_parameters, expressions, metric_queries, metrics, step_expressions
from .._inventory.alarm_expressions import Alarm, MathAlarm
from .._inventory.arithmetic import Operation, measures
from .._inventory.reader import Tree
from .._inventory.scaling_keys import CALLER_KEYS, POLICY_KEYS, SCHEDULE_KEYS, STEP_KEYS, SUSPENDED, TARGET_KEYS
from .._inventory.waking import without_waking
from .._inventory.walker import exported
from .._resources import policy_alarms
from .._resources.alarm import RULES
from .._resources.names import VariantId, action_taken_apart, taken_apart
from .._resources.policies import RULES as POLICY_RULES
from .._resources.policies import STEPS
from .._resources.scaling_state import TARGET_RULES
from .alarms import actions_tree, watched
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
    others, wakes = without_waking(policies)
    by_hand = {
        "policies": others,
        "wake_from_zero": wakes or None,
        "schedules": dict(schedules),
        "suspended": suspended or None,
    }
    more = api_parameters.exported(TARGET_KEYS, target, TARGET_RULES)
    return exported(TARGET_KEYS, target, **by_hand, api_parameters=more)


def schedule_tree(request: Request) -> Tree:
    """Raises Unsupported."""
    tree = exported(SCHEDULE_KEYS, request)
    if not tree.keys() & {"at", "cron", "rate"}:
        raise Unsupported(f"the schema cannot express the schedule {request.get('Schedule')}")
    return tree


def policy_tree(request: Request, caller: Request | None = None) -> Tree:
    """*caller* is the alarm of its name, as it is compared; raises Unsupported."""
    tracking = request.get("TargetTrackingScalingPolicyConfiguration")
    if STEPS in request:
        return _with_steps(request, caller)
    if tracking is None:
        raise Unsupported(f"the schema cannot express a policy of type {request['PolicyType']}")
    more = api_parameters.exported(POLICY_KEYS, request, POLICY_RULES)
    return exported(POLICY_KEYS, tracking, expression=str(_policy(tracking)), api_parameters=more)


def _with_steps(request: Request, caller: Request | None) -> Tree:
    if caller is None or not policy_alarms.calls_its_policy(caller):
        raise Unsupported("no alarm with the name of the policy calls it")
    condition, whole = watched(caller)
    if not isinstance(condition, (Alarm, MathAlarm)):
        raise Unsupported(f"a policy with steps cannot use {condition}")
    try:
        expression = step_expressions.steps_of(condition, request[STEPS])
    except ValueError as error:
        raise Unsupported(str(error)) from None
    _refuse_unreadable(expression)
    more = api_parameters.exported(STEP_KEYS, request, POLICY_RULES)
    alarm = _caller(whole) or None
    return exported(STEP_KEYS, request[STEPS], expression=str(expression), alarm=alarm, api_parameters=more)


def _refuse_unreadable(expression: expressions.PolicyExpression) -> None:
    try:
        is_readable = expressions.parse_policy(str(expression)) == expression
    except ValueError as error:
        raise Unsupported(str(error)) from None
    if not is_readable:
        raise Unsupported(f"no expression can state {expression}")


def _caller(request: Request) -> Tree:
    """The alarm of a policy without what the expression of the policy says."""
    more = api_parameters.exported(CALLER_KEYS, request, RULES)
    called = actions_tree(policy_alarms.without_its_policy(request))
    return exported(CALLER_KEYS, request, unit=request.get("Unit"), **called, api_parameters=more)


def _policy(tracking: Request) -> expressions.Policy | expressions.MathPolicy:
    target = float(tracking["TargetValue"])
    predefined = tracking.get("PredefinedMetricSpecification")
    if predefined:
        return expressions.Policy(predefined["PredefinedMetricType"], None, target)
    customized = tracking.get("CustomizedMetricSpecification", {})
    if customized.get("Metrics"):
        return _on_math(customized["Metrics"], target)
    if "MetricName" not in customized or "Statistic" not in customized:
        raise Unsupported("it does not track a statistic of one metric")
    if customized["MetricName"] in metrics.predefined():
        raise Unsupported(f"{customized['MetricName']} always means the predefined metric in the schema")
    return expressions.Policy(customized["MetricName"], customized["Statistic"], target)


def _on_math(queries: t.Sequence[Request], target: float) -> expressions.MathPolicy:
    try:
        term = metric_queries.to_term(queries)
    except ValueError as error:
        raise Unsupported(str(error)) from None
    if not isinstance(term, Operation) or not measures(term):
        raise Unsupported("its metric math has no arithmetic over metrics")
    if odd := [each.metric for each in measures(term) if each.metric in metrics.predefined()]:
        raise Unsupported(f"{odd[0]} always means the predefined metric in the schema")
    expression = expressions.MathPolicy(term, target)
    _refuse_unreadable(expression)
    return expression
