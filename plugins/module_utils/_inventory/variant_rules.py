# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS asks of a variant and its scaling.

Sources: Application Auto Scaling API reference (RegisterScalableTarget, PutScalingPolicy), SageMaker Developer Guide
 (endpoint-auto-scaling-prerequisites, async-inference-autoscale).
"""

from __future__ import annotations

import typing as t

from .._aws import service_model as shapes
from .._resources.names import INSTANCE_COUNT
from ..problems import Problem, nearest, quoted
from . import alarm_rules, expressions, metrics
from .reader import Tree
from .schema import ALARM, POLICY, Member
from .variants import Variant

Problems = t.Iterator[Problem]


def problems(variant: Variant, models: Tree | None) -> Problems:
    if models is not None and variant.model_name not in models:
        hint = nearest(str(variant.model_name), models) or f"; known: {', '.join(models) or 'none'}"
        yield Problem(variant.model_path, f"{quoted(variant.model_name)} is not one of the models{hint}")
    if variant.kind == metrics.SERVERLESS:
        yield from _concurrency(variant)
    if variant.scaling is not None:
        yield from _scaling(variant, variant.scaling, f"{variant.path}.auto_scaling")
    for key, policy, path in variant.policies:
        yield from _derived_name(POLICY("PolicyName"), variant.named(key), path)
        if policy["expression"] is not None:
            yield from _policy(policy["expression"], f"{path}.expression")
    yield from _one_policy_a_metric(variant)
    for key, alarm, path in variant.alarms:
        yield from _derived_name(ALARM("AlarmName"), variant.named(key), path)
        yield from alarm_rules.problems(alarm, path)


def _concurrency(variant: Variant) -> Problems:
    warm, most = variant.values["provisioned_concurrency"], variant.values["max_concurrency"]
    if warm is not None and most is not None and warm > most:
        yield Problem(f"{variant.path}.provisioned_concurrency", f"{warm} is more than max_concurrency, {most}")


def _scaling(variant: Variant, scaling: Tree, path: str) -> Problems:
    low, high = scaling["minimum_capacity"], scaling["maximum_capacity"]
    instance_type = variant.values["instance_type"]
    if low is not None and high is not None and low > high:
        yield Problem(f"{path}.minimum_capacity", f"{low} is more than maximum_capacity, {high}")
    if low == 0 and variant.kind != metrics.ASYNC:
        reason = "only an asynchronous endpoint can do without instances, for its requests wait in a queue"
        yield Problem(f"{path}.minimum_capacity", f"0 is not allowed here: {reason}; allowed: 1 or more")
    if instance_type and instance_type.startswith("ml.t2."):
        yield Problem(
            path, f"{quoted(instance_type)} is burstable, and burstable instances cannot be scaled automatically"
        )


def _policy(expression: expressions.Policy, path: str) -> Problems:
    dimension = metrics.predefined().get(expression.metric)
    fitting = [name for name, serves in metrics.predefined().items() if serves == INSTANCE_COUNT]
    if dimension is None and expression.statistic is None:
        hint = nearest(expression.metric, fitting) or f"; the metrics that need none: {', '.join(fitting)}"
        yield Problem(path, f"{quoted(expression.text)} has no statistic; the form is {expressions.POLICY_FORM}{hint}")
    elif dimension not in (None, INSTANCE_COUNT):
        reason = f"scales {dimension}, and this policy sets the number of instances"
        yield Problem(path, f"{quoted(expression.metric)} {reason}; allowed: {', '.join(fitting)}")


def _one_policy_a_metric(variant: Variant) -> Problems:
    """[I terraform-provider-aws#41179] "Only one TargetTrackingScaling policy for a given metric specification"."""
    first: dict[tuple[str, str | None], str] = {}
    for key, policy, path in variant.policies:
        if expression := policy["expression"]:
            statistic = None if expression.metric in metrics.predefined() else expression.statistic
            other = first.setdefault((expression.metric, statistic), key)
            if other != key:
                metric = " ".join(filter(None, (expression.metric, statistic)))
                reason = f"tracks {metric}, as policy {quoted(other)} does; AWS takes one policy for a metric"
                yield Problem(f"{path}.expression", reason)


def _derived_name(member: Member, name: str, path: str) -> Problems:
    for problem in shapes.leaf_problems(member.shape, name, path):
        yield Problem(path, f"its name in AWS, {problem.message}")
        return
    if not name.isprintable():
        yield Problem(path, f"its name in AWS, {quoted(name)}, has characters that cannot be printed")
