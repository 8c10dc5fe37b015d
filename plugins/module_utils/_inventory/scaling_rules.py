# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS requires of the scaling of a variant: its bounds, policies, the alarms that call them, and schedules.

Sources: Application Auto Scaling API reference (RegisterScalableTarget, PutScalingPolicy, PutScheduledAction,
StepScalingPolicyConfiguration, StepAdjustment), CloudWatch API reference (PutMetricAlarm) and SageMaker Developer Guide
(endpoint-auto-scaling-prerequisites, async-inference-autoscale, serverless-endpoints-autoscale).
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._aws import service_model as shapes
from .._resources.names import INSTANCE_COUNT
from ..problems import Problem, join, nearest, quoted, required
from . import alarm_rules, durations, expressions, metrics, waking
from .alarm_expressions import metrics_in
from .alarm_rules import too_many_metrics
from .arithmetic import measures
from .compile_alarms import TOPIC, actions
from .reader import Tree
from .scaling_keys import caller, is_caller_declared
from .schema import ALARM, POLICY, Member
from .step_expressions import MOST_STEPS, PERCENT, StepPolicy
from .variants import Variant

Problems = t.Iterator[Problem]

MINUTE = durations.SECONDS["minute"]
# [D PutScheduledAction] ScheduledActionName.
_NO_ACTION_NAME = re.compile(r"[:/|\x00-\x1f\x7f-\x9f]|\s$")
_MOST_IN_ACTION_NAME = 256


def problems(variant: Variant) -> Problems:
    if variant.scaling is not None:
        yield from _scaling(variant, variant.scaling, f"{variant.path}.auto_scaling")
    for key, policy, path in variant.policies:
        yield from derived_name(POLICY("PolicyName"), variant.named(key), path)
        if isinstance(policy["expression"], StepPolicy):
            yield from derived_name(ALARM("AlarmName"), variant.named(key), path)
        elif isinstance(policy["expression"], expressions.MathPolicy):
            yield from _math(policy["expression"], f"{path}.expression")
        elif policy["expression"] is not None:
            yield from _policy(policy["expression"], variant.dimension, f"{path}.expression")
        yield from _keys_of_policy(variant, key, policy, path)
    yield from _one_policy_a_metric(variant)
    for key, schedule, path in variant.schedules:
        yield from _action_name(variant.action_named(key), path)
        yield from _schedule(variant, schedule, path)


def _scaling(variant: Variant, scaling: Tree, path: str) -> Problems:
    low, high = scaling["minimum_capacity"], scaling["maximum_capacity"]
    if variant.kind == metrics.SERVERLESS:
        yield from _concurrency(variant, high, path)
    if low is not None and high is not None and low > high:
        yield Problem(f"{path}.minimum_capacity", f"{low} is more than maximum_capacity, {high}")
    if scaling.get("wake_from_zero"):
        yield from _waking(variant, scaling, f"{path}.wake_from_zero")
    if low == 0:
        yield from _zero(variant, f"{path}.minimum_capacity")
    for instance_type in (each for each in variant.instance_types if each.startswith("ml.t2.")):
        yield Problem(
            path, f"{quoted(instance_type)} is burstable, and burstable instances cannot be scaled automatically"
        )


def _waking(variant: Variant, scaling: Tree, path: str) -> Problems:
    if variant.kind != metrics.ASYNC:
        yield Problem(path, "true is not allowed here: only an asynchronous endpoint can run without instances")
    if waking.POLICY in scaling["policies"]:
        yield Problem(
            path,
            f"declares the policy {waking.POLICY}, which is also declared under policies; keep only one of the two",
        )


def _zero(variant: Variant, path: str) -> Problems:
    if variant.kind != metrics.ASYNC:
        reason = "only an asynchronous endpoint can run without instances, because its requests wait in a queue"
        yield Problem(path, f"0 is not allowed here: {reason}; allowed: 1 or more")


def _concurrency(variant: Variant, high: int | None, path: str) -> Problems:
    """[D DG serverless-endpoints-autoscale] only a variant that has provisioned concurrency can be scaled."""
    most = variant.values["max_concurrency"]
    if variant.values["provisioned_concurrency"] is None:
        yield required(f"{variant.path}.provisioned_concurrency", " with auto_scaling, which changes it")
    if high is not None and most is not None and high > most:
        yield Problem(f"{path}.maximum_capacity", f"{high} is more than max_concurrency, {most}")


def _policy(expression: expressions.Policy, scaled: str, path: str) -> Problems:
    dimension = metrics.predefined().get(expression.metric)
    fitting = [name for name, serves in metrics.predefined().items() if serves == scaled]
    if dimension is None and expression.statistic is None:
        hint = nearest(expression.metric, fitting) or f"; the metrics that need none: {', '.join(fitting)}"
        yield Problem(path, f"{quoted(expression.text)} has no statistic; the form is {expressions.POLICY_FORM}{hint}")
    elif dimension not in (None, scaled):
        sets = "the number of instances" if scaled == INSTANCE_COUNT else "the provisioned concurrency"
        reason = f"scales {dimension}, and this policy sets {sets}"
        yield Problem(path, f"{quoted(expression.metric)} {reason}; allowed: {', '.join(fitting)}")


def _math(expression: expressions.MathPolicy, path: str) -> Problems:
    found = measures(expression.term)
    yield from too_many_metrics(len(found), path)
    for name in dict.fromkeys(each.metric for each in found if each.metric in metrics.predefined()):
        reason = "is a predefined metric of Application Auto Scaling, which a policy can only track by itself"
        yield Problem(path, f"{quoted(name)} {reason}; use it without arithmetic")


def _one_policy_a_metric(variant: Variant) -> Problems:
    """[I terraform-provider-aws#41179] "Only one TargetTrackingScaling policy for a given metric specification"."""
    first: dict[str, str] = {}
    for key, policy, path in variant.policies:
        expression = policy["expression"]
        if isinstance(expression, (expressions.Policy, expressions.MathPolicy)):
            tracked = _tracked(expression)
            other = first.setdefault(tracked, key)
            if other != key:
                reason = f"tracks {tracked}, as policy {quoted(other)} does; AWS accepts only one policy for a metric"
                yield Problem(f"{path}.expression", reason)


def _tracked(expression: expressions.Policy | expressions.MathPolicy) -> str:
    if isinstance(expression, expressions.MathPolicy):
        return str(expression.term)
    statistic = None if expression.metric in metrics.predefined() else expression.statistic
    return " ".join(filter(None, (expression.metric, statistic)))


def _action_name(name: str, path: str) -> Problems:
    if _NO_ACTION_NAME.search(name) or not name.isprintable():
        reason = "has a colon, a slash, a bar, a space at its end or a control character"
        yield Problem(path, f"its name in AWS, {quoted(name)}, {reason}; use letters, digits, - and _")
    elif len(name) > _MOST_IN_ACTION_NAME:
        yield Problem(path, f"its name in AWS has {len(name)} characters; allowed: {_MOST_IN_ACTION_NAME}")


def _schedule(variant: Variant, schedule: Tree, path: str) -> Problems:
    given = [name for name in ("at", "cron", "rate") if schedule[name] is not None]
    if len(given) != 1:
        found = f"{' and '.join(given)} are" if given else "none is"
        yield Problem(path, f"exactly one of at, cron and rate must be given; {found}")
    if schedule["rate"] is not None and schedule["rate"] % MINUTE:
        yield Problem(f"{path}.rate", f"{quoted(durations.as_duration(schedule['rate']))} is not in whole minutes")
    if schedule["rate"] is not None and schedule["time_zone"] is not None:
        yield Problem(f"{path}.time_zone", "allowed only with at and cron")
    low, high = schedule["minimum"], schedule["maximum"]
    if low is None and high is None:
        yield Problem(path, "at least one of minimum and maximum must be given")
    if low is not None and high is not None and low > high:
        yield Problem(f"{path}.minimum", f"{low} is more than maximum, {high}")
    most = variant.values.get("max_concurrency")
    if high is not None and most is not None and high > most:
        yield Problem(f"{path}.maximum", f"{high} is more than max_concurrency, {most}")
    for name, number in (("minimum", low), ("maximum", high)):
        if number == 0:
            yield from _zero(variant, f"{path}.{name}")
    start, end = schedule["start"], schedule["end"]
    if start is not None and end is not None and start >= end:
        yield Problem(f"{path}.start", "is not before end")


def derived_name(member: Member, name: str, path: str) -> Problems:
    """What is wrong with the name that a resource gets in AWS from its key."""
    for problem in shapes.leaf_problems(member.shape, name, path):
        yield Problem(path, f"its name in AWS, {problem.message}")
        return
    if not name.isprintable():
        yield Problem(path, f"its name in AWS, {quoted(name)}, has characters that cannot be printed")


_OF_TRACKING = {"enable_scale_in": True, "scale_in_cooldown_period": 300, "scale_out_cooldown_period": 300}
"""With their defaults."""
_OF_STEPS = ("cooldown_period", "minimum_adjustment", "aggregation")


def _keys_of_policy(variant: Variant, key: str, policy: Tree, path: str) -> Problems:
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
