# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS requires of a step policy and of the alarm that calls it, and which keys only other policies have.

Sources: Application Auto Scaling API reference (PutScalingPolicy, StepScalingPolicyConfiguration, StepAdjustment) and
CloudWatch API reference (PutMetricAlarm).
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..problems import Problem, join, quoted
from . import alarm_rules, metrics
from .alarm_actions import TOPIC, actions
from .alarm_expressions import metrics_in
from .reader import Tree
from .scaling_keys import caller, is_caller_declared
from .step_expressions import MOST_STEPS, PERCENT, StepPolicy
from .variants import Variant

Problems = t.Iterator[Problem]

_OF_TRACKING = {"enable_scale_in": True, "scale_in_cooldown_period": 300, "scale_out_cooldown_period": 300}
"""With their defaults."""
_OF_STEPS = ("cooldown_period", "minimum_adjustment", "aggregation")


def problems(variant: Variant, key: str, policy: Tree, path: str) -> Problems:
    expression = policy["expression"]
    if isinstance(expression, StepPolicy):
        yield from _with_steps(expression, policy, path)
        yield from _caller(policy, path)
        if key in (variant.values.get("cloudwatch_alarms") or {}):
            reason = f"the alarm of the policy would have the name of the alarm {quoted(key)} in cloudwatch_alarms"
            yield Problem(path, f"{reason}; give one of them another name")
    elif expression is not None:
        given = [name for name in _OF_STEPS if policy[name] is not None]
        given += ["alarm"] if is_caller_declared(policy) else []
        for name in given:
            yield Problem(join(path, name), f"allowed only with steps; {quoted(expression.text)} has none")


def _with_steps(expression: StepPolicy, policy: Tree, path: str) -> Problems:
    for name, default in _OF_TRACKING.items():
        if policy[name] not in (None, default):
            advice = "" if name == "enable_scale_in" else "; use cooldown_period"
            yield Problem(join(path, name), f"not allowed for a policy with steps{advice}")
    if len(expression.steps) > MOST_STEPS:
        yield Problem(join(path, "expression"), f"has {len(expression.steps)} steps; AWS allows {MOST_STEPS}")
    if policy["minimum_adjustment"] is not None and expression.unit != PERCENT:
        yield Problem(join(path, "minimum_adjustment"), "allowed only with steps in percent, such as +50%")
    predefined = [name for name, _statistic in metrics_in(expression.condition) if name in metrics.predefined()]
    for name in predefined:
        reason = (
            "is a metric of Application Auto Scaling, which a policy can only track (=), because no alarm can watch it"
        )
        yield Problem(join(path, "expression"), f"{quoted(name)} {reason}")


def _caller(policy: Tree, path: str) -> Problems:
    """The problems of the alarm, whose metric is in the expression of the policy."""
    where = join(path, "alarm")
    for problem in alarm_rules.problems(caller(policy), where):
        is_of_expression = problem.path == join(where, "expression")
        yield dataclasses.replace(problem, path=join(path, "expression")) if is_of_expression else problem
    called = actions(policy["alarm"]).get("alarm_actions", [])
    if len(called) == alarm_rules.MOST_ACTIONS:
        key = "actions.alarm" if policy["alarm"]["actions"] else TOPIC
        reason = f"{len(called)} together with the policy are too many; CloudWatch allows {alarm_rules.MOST_ACTIONS}"
        yield Problem(join(where, key), reason)
