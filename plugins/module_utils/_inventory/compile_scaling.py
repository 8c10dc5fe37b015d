# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms and the scaling of a variant to the options of sagemaker_alarm and sagemaker_scaling."""

from __future__ import annotations

import typing as t

from .._resources.names import INSTANCE_COUNT
from . import expressions, metrics
from .alarm_keys import ALARM_KEYS
from .module_options import Options, given
from .reader import Tree
from .scaling_keys import POLICY_KEYS, TARGET_KEYS
from .variants import Variant
from .walker import compiled


def alarm_options(variant: Variant, tree: Tree) -> t.Iterator[Options]:
    for key, alarm, _path in variant.alarms:
        expression: expressions.Alarm = alarm["expression"]
        yield given(
            alarm_name=variant.named(key),
            namespace=metrics.metric_of(expression.metric).namespace,
            metric_name=expression.metric,
            dimensions=metrics.dimensions(expression.metric, variant.endpoint, variant.name),
            **_statistic(expression.statistic),
            comparison_operator=expressions.OPERATORS[expression.operator],
            threshold=expression.threshold,
            **compiled(ALARM_KEYS, alarm),
            tags=_tags(variant, tree),
            adopt=_endpoint(variant, tree)["adopt"],
        )


def target_options(variant: Variant, tree: Tree) -> t.Iterator[Options]:
    if variant.scaling:
        yield given(
            endpoint_name=variant.endpoint,
            variant_name=variant.name,
            scalable_dimension=INSTANCE_COUNT,
            **compiled(TARGET_KEYS, variant.scaling),
            policies=[_policy(variant, key, policy) for key, policy, _path in variant.policies],
            tags=_tags(variant, tree),
            adopt=_endpoint(variant, tree)["adopt"],
        )


def _policy(variant: Variant, key: str, policy: Tree) -> Options:
    expression: expressions.Policy = policy["expression"]
    return {
        "policy_name": variant.named(key),
        "policy_type": "TargetTrackingScaling",
        "target_tracking_scaling_policy_configuration": {
            "target_value": expression.target,
            **_tracked_metric(variant, expression),
            **compiled(POLICY_KEYS, policy),
        },
    }


def _tracked_metric(variant: Variant, expression: expressions.Policy) -> Options:
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


def _statistic(name: str) -> Options:
    return {"statistic" if name in expressions.statistics() else "extended_statistic": name}


def _endpoint(variant: Variant, tree: Tree) -> Tree:
    found: Tree = tree["endpoints"][variant.endpoint]
    return found


def _tags(variant: Variant, tree: Tree) -> dict[str, str]:
    return {
        **_endpoint(variant, tree)["additional_tags"],
        **variant.values["additional_tags"],
        **tree["additional_tags_all"],
    }
