# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling of a variant to the options of sagemaker_scaling."""

from __future__ import annotations

import typing as t

from .._resources.names import INSTANCE_COUNT
from . import expressions, metrics
from .module_options import Options, given
from .reader import Tree
from .scaling_keys import POLICY_KEYS, TARGET_KEYS
from .variants import Variant, tags_of
from .walker import compiled


def target_options(variant: Variant, tree: Tree) -> t.Iterator[Options]:
    if variant.scaling:
        yield given(
            endpoint_name=variant.endpoint,
            variant_name=variant.name,
            scalable_dimension=INSTANCE_COUNT,
            **compiled(TARGET_KEYS, variant.scaling),
            policies=[_policy(variant, key, policy) for key, policy, _path in variant.policies],
            tags=tags_of(variant, tree),
            adopt=tree["endpoints"][variant.endpoint]["adopt"],
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
        **given(api_parameters=policy["api_parameters"] or None),
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
