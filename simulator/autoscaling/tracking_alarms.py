# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The alarms that a target tracking policy makes in CloudWatch. [D AS] for their being and names.

Thresholds, periods and evaluation periods are as seen on other services (guess).
"""

from __future__ import annotations

from uuid import uuid4

from ..call import Call
from ..cloudwatch.alarms import put
from ..region import Region
from ..types import Params
from .deregister import delete_alarms_of
from .resource_ids import variant_id
from .resources import ScalableTarget, ScalingPolicy

_LOW_SHARE = 0.9
_HIGH_PERIODS = 3
_LOW_PERIODS = 15
# [D DG monitoring-cloudwatch] name, statistic, period.
PREDEFINED = {
    "SageMakerVariantInvocationsPerInstance": ("InvocationsPerInstance", "Sum", 60),
    "SageMakerVariantConcurrentRequestsPerModelHighResolution": ("ConcurrentRequestsPerModel", "Maximum", 10),
    "SageMakerVariantProvisionedConcurrencyUtilization": (
        "ServerlessProvisionedConcurrencyUtilization",
        "Average",
        60,
    ),
}


def put_alarms(call: Call, target: ScalableTarget, policy: ScalingPolicy) -> None:
    """Make the policy's alarms anew; DisableScaleIn leaves out the low one (guess)."""
    delete_alarms_of(call.region, policy, call.now)
    goal = policy.config["TargetValue"]
    policy.alarm_names = [_put(call.region, call.now, target, policy, "AlarmHigh", "GreaterThanThreshold", goal)]
    if not policy.config.get("DisableScaleIn"):
        low = goal * _LOW_SHARE
        policy.alarm_names.append(_put(call.region, call.now, target, policy, "AlarmLow", "LessThanThreshold", low))


def _put(
    region: Region,
    now: float,
    target: ScalableTarget,
    policy: ScalingPolicy,
    side: str,
    operator: str,
    threshold: float,
) -> str:
    name = f"TargetTracking-{target.key.resource_id}-{side}-{uuid4()}"
    content = {
        "AlarmName": name,
        "AlarmDescription": f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.arn}.",
        "ComparisonOperator": operator,
        "Threshold": threshold,
        "EvaluationPeriods": _HIGH_PERIODS if side == "AlarmHigh" else _LOW_PERIODS,
        "AlarmActions": [policy.arn],
        **_metric(target, policy.config),
    }
    put(region, content, now)
    return name


def _metric(target: ScalableTarget, config: Params) -> Params:
    customized = config.get("CustomizedMetricSpecification")
    if customized and "Metrics" in customized:
        return {"Metrics": [_query(query) for query in customized["Metrics"]]}
    if customized:
        return {"Period": 60, "Dimensions": [], **customized}
    name, statistic, period = PREDEFINED[config["PredefinedMetricSpecification"]["PredefinedMetricType"]]
    found = variant_id(target.key.resource_id)
    assert found
    return {
        "Namespace": "AWS/SageMaker",
        "MetricName": name,
        "Statistic": statistic,
        "Period": period,
        "Dimensions": [
            {"Name": "EndpointName", "Value": found.endpoint},
            {"Name": "VariantName", "Value": found.variant},
        ],
    }


def _query(query: Params) -> Params:
    if "MetricStat" not in query:
        return query
    return {**query, "MetricStat": {"Period": 60, **query["MetricStat"]}}
