# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling of a variant to the options of sagemaker_scaling."""

from __future__ import annotations

import typing as t

from .._engine.requests import Options, given
from . import expressions, metric_queries, metrics
from .compile_alarms import calling_alarm
from .merged_tags import merged_tags_of_variant
from .reader import Tree
from .scaling_keys import POLICY_KEYS, SCHEDULE_KEYS, STEP_KEYS, SUSPENDED, TARGET_KEYS
from .step_expressions import StepPolicy, step_options
from .variants import Variant
from .walker import compiled

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.


def target_options(variant: Variant, tree: Tree) -> t.Iterator[Options]:
    if variant.scaling:
        yield given(
            endpoint_name=variant.endpoint,
            variant_name=variant.name,
            scalable_dimension=variant.dimension,
            **compiled(TARGET_KEYS, variant.scaling),
            suspended_state=_suspended(variant.scaling["suspended"]),
            policies=[_policy(variant, key, policy) for key, policy, _path in variant.policies],
            scheduled_actions=[
                {"scheduled_action_name": variant.action_named(key), **compiled(SCHEDULE_KEYS, schedule)}
                for key, schedule, _path in variant.schedules
            ],
            tags=merged_tags_of_variant(variant, tree),
            adopt=tree["endpoints"][variant.endpoint]["adopt"],
        )


def _suspended(words: t.Sequence[str] | None) -> Options | None:
    """Each kind of scaling, because what is not suspended is resumed."""
    return None if words is None else {xform_name(member): word in words for word, member in SUSPENDED.items()}


def _policy(variant: Variant, key: str, policy: Tree) -> Options:
    expression: expressions.PolicyExpression = policy["expression"]
    is_with_steps = isinstance(expression, StepPolicy)
    return {
        "policy_name": variant.named(key),
        **(_steps(variant, policy) if is_with_steps else _tracking(variant, policy)),
        **given(api_parameters=policy["api_parameters"] or None),
    }


def _steps(variant: Variant, policy: Tree) -> Options:
    configuration = step_options(policy["expression"]) | compiled(STEP_KEYS, policy)
    return {
        "policy_type": "StepScaling",
        "step_scaling_policy_configuration": configuration,
        "alarm": calling_alarm(variant, policy),
    }


def _tracking(variant: Variant, policy: Tree) -> Options:
    expression: expressions.Policy | expressions.MathPolicy = policy["expression"]
    return {
        "policy_type": "TargetTrackingScaling",
        "target_tracking_scaling_policy_configuration": {
            "target_value": expression.target,
            **_tracked_metric(variant, expression),
            **compiled(POLICY_KEYS, policy),
        },
    }


def _tracked_metric(variant: Variant, expression: expressions.Policy | expressions.MathPolicy) -> Options:
    if isinstance(expression, expressions.MathPolicy):
        return {"customized_metric_specification": {"metrics": metric_queries.of_term(expression.term, variant.id)}}
    if expression.metric in metrics.predefined():
        return {"predefined_metric_specification": {"predefined_metric_type": expression.metric}}
    return {
        "customized_metric_specification": {
            "metric_name": expression.metric,
            "namespace": metrics.metric_of(expression.metric).namespace,
            "dimensions": metrics.dimensions(expression.metric, variant.endpoint, variant.name),
            "statistic": expression.statistic,
        }
    }
