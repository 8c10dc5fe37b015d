# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What PutScalingPolicy refuses. Rules and texts from cdk-preflight's measurements [M] unless they say otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise

from ..errors import invalid
from ..types import Params
from .resource_ids import INSTANCE_COUNT, PROVISIONED_CONCURRENCY
from .resources import ScalingPolicy

_CONFIG_OF = {
    "TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration",
    "StepScaling": "StepScalingPolicyConfiguration",
    "PredictiveScaling": "PredictiveScalingPolicyConfiguration",
}
# [D AS MetricType][D DG]
PREDEFINED = {
    INSTANCE_COUNT: (
        "SageMakerVariantInvocationsPerInstance",
        "SageMakerVariantConcurrentRequestsPerModelHighResolution",
    ),
    PROVISIONED_CONCURRENCY: ("SageMakerVariantProvisionedConcurrencyUtilization",),
}
_MAX_STEPS = 20


def checked_config(kind: str, params: Params, dimension: str) -> Params:
    """The configuration that belongs to the policy type."""
    given = [name for name in _CONFIG_OF.values() if name in params]
    if given != [_CONFIG_OF[kind]]:
        raise invalid(
            "You must only provide a single scaling policy configuration, which must match the scaling policy type "
            "specified."
        )
    config: Params = params[given[0]]
    if kind == "TargetTrackingScaling":
        _check_target_tracking(config, dimension)
    elif kind == "StepScaling":
        _check_step_scaling(config)
    else:
        # [D AS] predictive scaling is for ECS only; the text is a guess.
        raise invalid("PredictiveScaling is not supported for the service namespace sagemaker.")
    return config


def _check_target_tracking(config: Params, dimension: str) -> None:
    predefined = config.get("PredefinedMetricSpecification")
    customized = config.get("CustomizedMetricSpecification")
    if predefined and customized:
        raise invalid(
            "Only one of PredefinedMetricSpecification or CustomizedMetricSpecification can be set for target "
            "tracking scaling."
        )
    if predefined:
        _check_predefined(predefined, dimension)
    elif customized is not None:
        _check_customized(customized)
    else:
        raise invalid(
            "One of PredefinedMetricSpecification or CustomizedMetricSpecification must be set for target tracking "
            "scaling."
        )
    _check_cooldowns(config)


def _check_predefined(metric: Params, dimension: str) -> None:
    kind = metric["PredefinedMetricType"]
    allowed = PREDEFINED[dimension]
    if kind not in allowed:
        # [I aws-cdk#29065]
        raise invalid(
            f"Scalable dimension {dimension} only supports the following predefined metric types: {', '.join(allowed)}"
        )
    if "ResourceLabel" in metric:
        raise invalid(f"Resource label should not be specified for predefined metric type {kind}")


def _check_customized(metric: Params) -> None:
    queries = metric.get("Metrics")
    single = [name for name in ("MetricName", "Namespace", "Statistic", "Dimensions", "Unit") if name in metric]
    complete = all(name in metric for name in ("MetricName", "Namespace", "Statistic"))
    if (queries and single) or (not queries and not complete):
        raise invalid("The customized metric specification is not valid.")
    if queries:
        _check_queries(queries)


def _check_queries(queries: list[Params]) -> None:
    """[D AS] one query returns data, ids are unique, each is an expression or a metric; the texts are guesses."""
    returning = [query for query in queries if query.get("ReturnData", True)]
    if len(returning) != 1:
        raise invalid("Exactly one element of the Metrics list must have ReturnData set to true.")
    if len({query["Id"] for query in queries}) < len(queries):
        raise invalid("The Ids of the Metrics list must be unique.")
    if any(("Expression" in query) == ("MetricStat" in query) for query in queries):
        raise invalid("Each element of the Metrics list must have either an Expression or a MetricStat.")


def check_metric_is_free(name: str, config: Params, policies: Iterable[ScalingPolicy]) -> None:
    """One target tracking policy for each metric of a target; the same policy may be put again.

    [I hashicorp/terraform-provider-aws#41179] of other namespaces; that it holds for SageMaker too is a reading.
    """
    wanted = _tracked_metric(config)
    if wanted and any(_tracked_metric(policy.config) == wanted for policy in policies if policy.name != name):
        raise invalid("Only one TargetTrackingScaling policy for a given metric specification is allowed.")


def _tracked_metric(config: Params) -> str | None:
    """What is compared to find out whether two policies track one metric.

    That it is the whole specification, with dimensions and queries in any order, and that a customized metric never
    equals a predefined one, are readings of "a given metric specification".
    """
    if "PredefinedMetricSpecification" in config:
        return json.dumps(config["PredefinedMetricSpecification"], sort_keys=True)
    if "CustomizedMetricSpecification" not in config:
        return None
    metric = dict(config["CustomizedMetricSpecification"])
    if "Metrics" in metric:
        metric["Metrics"] = sorted(json.dumps(_query(query), sort_keys=True) for query in metric["Metrics"])
    else:
        metric["Dimensions"] = _in_order(metric.get("Dimensions", []))
    return json.dumps(metric, sort_keys=True)


def _query(query: Params) -> Params:
    """A query with its dimensions in order; it returns data unless it says otherwise. [D AS]"""
    query = {"ReturnData": True, **query}
    if "MetricStat" in query:
        metric = query["MetricStat"]["Metric"]
        query["MetricStat"] = {
            **query["MetricStat"],
            "Metric": {**metric, "Dimensions": _in_order(metric.get("Dimensions", []))},
        }
    return query


def _in_order(dimensions: list[Params]) -> list[Params]:
    return sorted(dimensions, key=lambda dimension: str(dimension["Name"]))


def _check_cooldowns(config: Params) -> None:
    if any(config.get(name, 0) < 0 for name in ("ScaleOutCooldown", "ScaleInCooldown", "Cooldown")):
        raise invalid("A cooldown cannot be negative.")


def _check_step_scaling(config: Params) -> None:
    """[D AS StepAdjustment] for the rules; the texts are guesses."""
    steps = config.get("StepAdjustments", [])
    if "AdjustmentType" not in config or not steps:
        raise invalid("AdjustmentType and StepAdjustments must be specified for step scaling.")
    if len(steps) > _MAX_STEPS:
        raise invalid(f"A step scaling policy cannot have more than {_MAX_STEPS} step adjustments.")
    if "MinAdjustmentMagnitude" in config and config["AdjustmentType"] != "PercentChangeInCapacity":
        raise invalid("MinAdjustmentMagnitude can be specified only for AdjustmentType PercentChangeInCapacity.")
    _check_cooldowns(config)
    if any("MetricIntervalLowerBound" not in step and "MetricIntervalUpperBound" not in step for step in steps):
        raise invalid("A step adjustment must have a lower or an upper bound.")
    lowest, highest = float("-inf"), float("inf")
    spans = sorted(
        (step.get("MetricIntervalLowerBound", lowest), step.get("MetricIntervalUpperBound", highest)) for step in steps
    )
    if any(low >= high for low, high in spans):
        raise invalid("The upper bound of a step adjustment must be greater than its lower bound.")
    if any(high != following for (_low, high), (following, _high) in pairwise(spans)):
        raise invalid("Step adjustment intervals must neither overlap nor have a gap between them.")
    if lowest < spans[0][0] < 0:
        raise invalid("There must be a step adjustment without a lower bound if one has a negative lower bound.")
    if 0 < spans[-1][1] < highest:
        raise invalid("There must be a step adjustment without an upper bound if one has a positive upper bound.")
