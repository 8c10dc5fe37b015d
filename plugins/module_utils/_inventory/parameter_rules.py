# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in api_parameters next to the keys.

Sources: Application Auto Scaling API reference (PutScalingPolicy, CustomizedMetricSpecification), CloudWatch API
reference (PutMetricAlarm, PutCompositeAlarm), SageMaker API reference (CreateEndpointConfig).
"""

from __future__ import annotations

import typing as t

from ..problems import Problem, join, quoted, required
from . import expressions, metrics
from .alarm_expressions import SignalAlarm
from .reader import Tree
from .step_expressions import StepPolicy
from .variants import Variant

Problems = t.Iterator[Problem]

PARAMETERS = "api_parameters"
_TRACKING = "target_tracking_scaling_policy_configuration"
_STEPS = "step_scaling_policy_configuration"
_PREDICTIVE = "predictive_scaling_policy_configuration"
_CUSTOMIZED = "customized_metric_specification"
_CROSS_REGION = "cross_region_traffic_config"
_SUPPRESSOR = "actions_suppressor"
_WITH_SUPPRESSOR = ("actions_suppressor_wait_period", "actions_suppressor_extension_period")
_KINDS = {metrics.SERVERLESS: "a serverless endpoint", metrics.ASYNC: "an asynchronous endpoint"}


def problems(endpoint: Tree, found: t.Sequence[Variant], path: str) -> Problems:
    kind = next((_KINDS[variant.kind] for variant in found if variant.kind in _KINDS), "")
    if kind and _CROSS_REGION in _of(endpoint):
        yield Problem(_place(path, _CROSS_REGION), f"not allowed for {kind}")
    for key, alarm in endpoint["composite_alarms"].items():
        yield from _suppressor(_of(alarm), join(join(path, "composite_alarms"), key))
    for variant in found:
        for _key, policy, where in variant.policies:
            yield from _policy(policy, where)
        for _key, alarm, where in variant.alarms:
            yield from _alarm(alarm, where)


def _of(tree: Tree) -> t.Mapping[str, t.Any]:
    return tree[PARAMETERS] or {}


def _place(path: str, *members: str) -> str:
    return ".".join((path, PARAMETERS, *members))


def _suppressor(given: t.Mapping[str, t.Any], path: str) -> Problems:
    if _SUPPRESSOR in given:
        for member in _WITH_SUPPRESSOR:
            if member not in given:
                yield required(_place(path, member), f" with {_SUPPRESSOR}")


def _policy(policy: Tree, path: str) -> Problems:
    given, expression = _of(policy), policy["expression"]
    if _PREDICTIVE in given:
        yield Problem(_place(path, _PREDICTIVE), "AWS has no predictive scaling for SageMaker")
    if isinstance(expression, StepPolicy):
        if _TRACKING in given:
            yield Problem(_place(path, _TRACKING), "not allowed for a policy with steps")
    elif expression is not None:
        if _STEPS in given:
            yield Problem(_place(path, _STEPS), f"allowed only with steps; {quoted(expression.text)} has none")
        yield from _customized(expression, given.get(_TRACKING, {}), path)


def _customized(
    expression: expressions.Policy | expressions.MathPolicy, given: t.Mapping[str, t.Any], path: str
) -> Problems:
    """[D] a metric is predefined, the statistic of one, or computed."""
    if _CUSTOMIZED not in given:
        return
    reason = f"allowed only for the statistic of one metric; {quoted(expression.text)}"
    if isinstance(expression, expressions.MathPolicy):
        for member in given[_CUSTOMIZED]:
            yield Problem(_place(path, _TRACKING, _CUSTOMIZED, member), f"{reason} is computed")
    elif expression.metric in metrics.predefined():
        yield Problem(_place(path, _TRACKING, _CUSTOMIZED), f"{reason} is a metric of Application Auto Scaling")


def _alarm(alarm: Tree, path: str) -> Problems:
    """[D] an evaluation window is allowed for all alarms except those on a query."""
    is_on_query = alarm["query"] is not None or isinstance(alarm["expression"], SignalAlarm)
    if is_on_query and "evaluation_window" in _of(alarm):
        yield Problem(_place(path, "evaluation_window"), "not allowed for an alarm on a query")
