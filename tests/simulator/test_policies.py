# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutScalingPolicy, DescribeScalingPolicies, DeleteScalingPolicy and the alarms of target tracking."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, provisioned, refusal, serverless

COUNT = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
ID = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/endpoint/variant/main",
    "ScalableDimension": COUNT,
}
WARM = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/warm/variant/main",
    "ScalableDimension": CONCURRENCY,
}
INVOCATIONS = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
UTILIZATION = {"PredefinedMetricType": "SageMakerVariantProvisionedConcurrencyUtilization"}
CPU: dict[str, Any] = {
    "MetricName": "CPUUtilization",
    "Namespace": "/aws/sagemaker/Endpoints",
    "Statistic": "Average",
    "Dimensions": [{"Name": "EndpointName", "Value": "endpoint"}, {"Name": "VariantName", "Value": "main"}],
}
STAT: dict[str, Any] = {
    "Metric": {"MetricName": "CPUUtilization", "Namespace": "/aws/sagemaker/Endpoints"},
    "Stat": "Average",
}
MATH = [
    {"Id": "m1", "MetricStat": STAT, "ReturnData": False},
    {"Id": "e1", "Expression": "m1 / 2", "ReturnData": True},
]
STEPS = {
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
}


@pytest.fixture
def scaled(aws: Aws) -> Aws:
    """An endpoint and a serverless one, both registered as scalable targets."""
    aws.model()
    aws.config()
    aws.endpoint()
    aws.config("warm", serverless(ProvisionedConcurrency=4))
    aws.endpoint("warm", "warm")
    for item in (ID, WARM):
        aws.autoscaling.register_scalable_target(**item, MinCapacity=1, MaxCapacity=9)
    return aws


def _tracking(**config: Any) -> dict[str, Any]:
    return {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50, **config},
    }


def _stepping(**config: Any) -> dict[str, Any]:
    return {"PolicyType": "StepScaling", "StepScalingPolicyConfiguration": {**STEPS, **config}}


def _put(aws: Aws, name: str = "policy", **params: Any) -> dict[str, Any]:
    answer: dict[str, Any] = aws.autoscaling.put_scaling_policy(PolicyName=name, **{**ID, **params})
    return answer


def _policies(aws: Aws, **params: Any) -> list[dict[str, Any]]:
    describe = aws.autoscaling.describe_scaling_policies
    found: list[dict[str, Any]] = describe(ServiceNamespace="sagemaker", **params)["ScalingPolicies"]
    return found


def test_target_tracking_makes_its_alarms(scaled: Aws) -> None:
    answer = _put(scaled, **_tracking(PredefinedMetricSpecification=INVOCATIONS))
    names = [alarm["AlarmName"] for alarm in answer["Alarms"]]
    prefix = "TargetTracking-endpoint/endpoint/variant/main-"
    assert names[0].startswith(f"{prefix}AlarmHigh-")
    assert names[1].startswith(f"{prefix}AlarmLow-")
    alarms = scaled.cloudwatch.describe_alarms(AlarmNamePrefix="TargetTracking-")["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in alarms] == names
    assert {alarm["Namespace"] for alarm in alarms} == {"AWS/SageMaker"}
    assert [alarm["Threshold"] for alarm in alarms] == [50, 45]
    assert all(alarm["AlarmActions"] == [answer["PolicyARN"]] for alarm in alarms)
    assert all(alarm["StateValue"] == "INSUFFICIENT_DATA" for alarm in alarms)


def test_describes_the_policy(scaled: Aws) -> None:
    answer = _put(scaled, **_tracking(PredefinedMetricSpecification=INVOCATIONS))
    policy = _policies(scaled)[0]
    del policy["CreationTime"]
    assert policy == {
        **ID,
        "PolicyARN": answer["PolicyARN"],
        "PolicyName": "policy",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50.0, "PredefinedMetricSpecification": INVOCATIONS},
        "Alarms": answer["Alarms"],
    }


@pytest.mark.parametrize(
    "config",
    [
        {"PredefinedMetricSpecification": INVOCATIONS, "ScaleInCooldown": 0, "ScaleOutCooldown": 60},
        {
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantConcurrentRequestsPerModelHighResolution"
            }
        },
        {"CustomizedMetricSpecification": CPU},
        {"CustomizedMetricSpecification": {"Metrics": MATH}},
    ],
)
def test_accepts_target_tracking(scaled: Aws, config: dict[str, Any]) -> None:
    _put(scaled, **_tracking(**config))
    shown = _policies(scaled)[0]["TargetTrackingScalingPolicyConfiguration"]
    assert shown == {"TargetValue": 50.0, **config}
    assert len(scaled.cloudwatch.describe_alarms()["MetricAlarms"]) == 2


def test_without_scale_in_there_is_no_low_alarm(scaled: Aws) -> None:
    answer = _put(scaled, **_tracking(PredefinedMetricSpecification=INVOCATIONS, DisableScaleIn=True))
    assert ["AlarmHigh" in alarm["AlarmName"] for alarm in answer["Alarms"]] == [True]


def test_provisioned_concurrency_has_its_own_metric(scaled: Aws) -> None:
    _put(scaled, **{**_tracking(PredefinedMetricSpecification=UTILIZATION), **WARM})
    assert refusal(
        scaled.autoscaling.put_scaling_policy,
        PolicyName="p",
        **{**_tracking(PredefinedMetricSpecification=INVOCATIONS), **WARM},
    ) == (
        "ValidationException",
        "Scalable dimension sagemaker:variant:DesiredProvisionedConcurrency only supports the following predefined "
        "metric types: SageMakerVariantProvisionedConcurrencyUtilization",
    )


SINGLE = (
    "You must only provide a single scaling policy configuration, which must match the scaling policy type specified."
)


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({}, "PolicyType must be specified"),
        ({"PolicyType": "TargetTrackingScaling"}, SINGLE),
        ({**_stepping(), "PolicyType": "TargetTrackingScaling"}, SINGLE),
        ({**_stepping(), **_tracking(PredefinedMetricSpecification=INVOCATIONS)}, SINGLE),
        (
            {
                "PolicyType": "PredictiveScaling",
                "PredictiveScalingPolicyConfiguration": {"MetricSpecifications": [{"TargetValue": 1}]},
            },
            "PredictiveScaling is not supported",
        ),
        (
            _tracking(),
            "One of PredefinedMetricSpecification or CustomizedMetricSpecification must be set for target tracking "
            "scaling.",
        ),
        (
            _tracking(PredefinedMetricSpecification=INVOCATIONS, CustomizedMetricSpecification=CPU),
            "Only one of PredefinedMetricSpecification or CustomizedMetricSpecification can be set for target tracking "
            "scaling.",
        ),
        (_tracking(PredefinedMetricSpecification=UTILIZATION), f"Scalable dimension {COUNT} only supports"),
        (
            _tracking(PredefinedMetricSpecification={"PredefinedMetricType": "ALBRequestCountPerTarget"}),
            f"Scalable dimension {COUNT} only supports",
        ),
        (
            _tracking(PredefinedMetricSpecification={**INVOCATIONS, "ResourceLabel": "x"}),
            "Resource label should not be specified for predefined metric type SageMakerVariantInvocationsPerInstance",
        ),
        (
            _tracking(CustomizedMetricSpecification={**CPU, "Metrics": MATH}),
            "The customized metric specification is not valid.",
        ),
        (_tracking(CustomizedMetricSpecification={}), "The customized metric specification is not valid."),
        (
            _tracking(CustomizedMetricSpecification={"MetricName": "m", "Namespace": "n"}),
            "The customized metric specification is not valid.",
        ),
        (_tracking(CustomizedMetricSpecification={**CPU, "Statistic": "average"}), "enum value set"),
        (
            _tracking(CustomizedMetricSpecification={"Metrics": [MATH[1], {**MATH[0], "ReturnData": True}]}),
            "Exactly one element",
        ),
        (_tracking(CustomizedMetricSpecification={"Metrics": [MATH[0]]}), "Exactly one element"),
        (_tracking(CustomizedMetricSpecification={"Metrics": [MATH[0], {**MATH[1], "Id": "m1"}]}), "must be unique"),
        (
            _tracking(CustomizedMetricSpecification={"Metrics": [MATH[0], {"Id": "e1"}]}),
            "either an Expression or a MetricStat",
        ),
        (_tracking(PredefinedMetricSpecification=INVOCATIONS, ScaleInCooldown=-1), "cannot be negative"),
        (_stepping(StepAdjustments=[]), "must be specified for step scaling"),
        (_stepping(AdjustmentType=None), "must be specified for step scaling"),
        (_stepping(MinAdjustmentMagnitude=1), "only for AdjustmentType PercentChangeInCapacity"),
        (_stepping(StepAdjustments=[{"ScalingAdjustment": 1}] * 21), "more than 20 step adjustments"),
        (
            _stepping(
                StepAdjustments=[
                    {"MetricIntervalLowerBound": 5, "MetricIntervalUpperBound": 5, "ScalingAdjustment": 1},
                ]
            ),
            "must be greater than its lower bound",
        ),
        (
            _stepping(
                StepAdjustments=[
                    {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 5, "ScalingAdjustment": 1},
                    {"MetricIntervalLowerBound": 6, "ScalingAdjustment": 2},
                ]
            ),
            "neither overlap nor have a gap",
        ),
        (_stepping(StepAdjustments=[{"ScalingAdjustment": 1}]), "must have a lower or an upper bound"),
        (
            _stepping(
                StepAdjustments=[
                    {"MetricIntervalLowerBound": -5, "MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}
                ]
            ),
            "a step adjustment without a lower bound",
        ),
        (
            _stepping(
                StepAdjustments=[{"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 5, "ScalingAdjustment": 1}]
            ),
            "a step adjustment without an upper bound",
        ),
    ],
)
def test_refuses(scaled: Aws, params: dict[str, Any], part: str) -> None:
    code, message = refusal(scaled.autoscaling.put_scaling_policy, PolicyName="policy", **ID, **params)
    assert code == "ValidationException"
    assert part in message
    assert _policies(scaled) == []


def test_needs_a_target(scaled: Aws) -> None:
    params = {**ID, "ResourceId": "endpoint/endpoint/variant/none", **_stepping()}
    assert refusal(scaled.autoscaling.put_scaling_policy, PolicyName="p", **params) == (
        "ObjectNotFoundException",
        "No scalable target registered for service namespace: sagemaker, "
        f"resource ID: endpoint/endpoint/variant/none, scalable dimension: {COUNT}",
    )


def test_putting_again_replaces_the_configuration(scaled: Aws) -> None:
    first = _put(scaled, **_tracking(PredefinedMetricSpecification=INVOCATIONS, ScaleInCooldown=5))
    second = _put(
        scaled,
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 7, "PredefinedMetricSpecification": INVOCATIONS},
    )
    assert first["PolicyARN"] == second["PolicyARN"]
    assert _policies(scaled)[0]["TargetTrackingScalingPolicyConfiguration"] == {
        "TargetValue": 7.0,
        "PredefinedMetricSpecification": INVOCATIONS,
    }
    alarms = scaled.cloudwatch.describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == {alarm["AlarmName"] for alarm in second["Alarms"]}
    assert (
        "cannot be changed"
        in refusal(scaled.autoscaling.put_scaling_policy, PolicyName="policy", **ID, **_stepping())[1]
    )


ONE_A_METRIC = (
    "ValidationException",
    "Only one TargetTrackingScaling policy for a given metric specification is allowed.",
)
OTHER_WAY_ROUND = {**CPU, "Dimensions": CPU["Dimensions"][::-1]}
DIMENSIONS = [{"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}]


def _query(dimensions: list[dict[str, str]], **more: Any) -> dict[str, Any]:
    return {"Id": "m1", "MetricStat": {"Metric": {**STAT["Metric"], "Dimensions": dimensions}, "Stat": "Sum"}, **more}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"PredefinedMetricSpecification": INVOCATIONS}, {"PredefinedMetricSpecification": INVOCATIONS}),
        ({"CustomizedMetricSpecification": CPU}, {"CustomizedMetricSpecification": OTHER_WAY_ROUND}),
        (
            {"CustomizedMetricSpecification": {"Metrics": MATH}},
            {"CustomizedMetricSpecification": {"Metrics": [{"Id": "e1", "Expression": "m1 / 2"}, MATH[0]]}},
        ),
        (
            {"CustomizedMetricSpecification": {"Metrics": [_query(DIMENSIONS)]}},
            {"CustomizedMetricSpecification": {"Metrics": [_query(DIMENSIONS[::-1], ReturnData=True)]}},
        ),
    ],
)
def test_one_metric_has_one_policy_in_a_target(scaled: Aws, first: dict[str, Any], second: dict[str, Any]) -> None:
    _put(scaled, "a", **_tracking(**first))
    assert (
        refusal(scaled.autoscaling.put_scaling_policy, PolicyName="b", **ID, **_tracking(**second, TargetValue=7))
        == ONE_A_METRIC
    )
    _put(scaled, "a", **_tracking(**second, TargetValue=7))
    assert len(_policies(scaled)) == 1
    scaled.autoscaling.delete_scaling_policy(PolicyName="a", **ID)
    _put(scaled, "b", **_tracking(**second))


def test_a_policy_does_not_move_onto_the_metric_of_another(scaled: Aws) -> None:
    _put(scaled, "a", **_tracking(PredefinedMetricSpecification=INVOCATIONS))
    _put(scaled, "b", **_tracking(CustomizedMetricSpecification=CPU))
    moved = _tracking(CustomizedMetricSpecification=CPU)
    assert refusal(scaled.autoscaling.put_scaling_policy, PolicyName="a", **ID, **moved) == ONE_A_METRIC
    shown = _policies(scaled, PolicyNames=["a"])[0]["TargetTrackingScalingPolicyConfiguration"]
    assert shown["PredefinedMetricSpecification"] == INVOCATIONS


def test_other_metrics_other_targets_and_steps_do_not_count(scaled: Aws) -> None:
    shadow = {**ID, "ResourceId": WARM["ResourceId"], "ScalableDimension": CONCURRENCY}
    _put(scaled, "a", **_tracking(CustomizedMetricSpecification=CPU))
    _put(scaled, "b", **_tracking(CustomizedMetricSpecification={**CPU, "Statistic": "Maximum"}))
    _put(scaled, "c", **_tracking(CustomizedMetricSpecification={**CPU, "Dimensions": CPU["Dimensions"][:1]}))
    _put(scaled, "d", **_tracking(PredefinedMetricSpecification=INVOCATIONS))
    _put(scaled, "e", **{**_tracking(CustomizedMetricSpecification=CPU), **shadow})
    _put(scaled, "f", **_stepping())
    _put(scaled, "g", **_stepping())
    assert len(_policies(scaled)) == 7


def test_step_scaling_shows_the_alarms_that_call_it(scaled: Aws) -> None:
    answer = _put(scaled, **_stepping(Cooldown=60, MetricAggregationType="Maximum"))
    assert answer["Alarms"] == []
    scaled.cloudwatch.put_metric_alarm(
        AlarmName="backlog",
        Namespace="AWS/SageMaker",
        MetricName="HasBacklogWithoutCapacity",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=2,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[answer["PolicyARN"]],
    )
    assert [alarm["AlarmName"] for alarm in _policies(scaled)[0]["Alarms"]] == ["backlog"]
    scaled.autoscaling.delete_scaling_policy(PolicyName="policy", **ID)
    assert len(scaled.cloudwatch.describe_alarms()["MetricAlarms"]) == 1


def test_deleting_takes_the_alarms(scaled: Aws) -> None:
    _put(scaled, **_tracking(PredefinedMetricSpecification=INVOCATIONS))
    scaled.autoscaling.delete_scaling_policy(PolicyName="policy", **ID)
    assert _policies(scaled) == []
    assert scaled.cloudwatch.describe_alarms()["MetricAlarms"] == []
    assert refusal(scaled.autoscaling.delete_scaling_policy, PolicyName="policy", **ID) == (
        "ObjectNotFoundException",
        "No scaling policy found for service namespace: sagemaker, "
        f"resource ID: endpoint/endpoint/variant/main, scalable dimension: {COUNT}, policy name: policy",
    )


def test_ten_policies_a_page_fifty_a_target(scaled: Aws) -> None:
    for number in range(50):
        _put(scaled, f"p{number:02}", **_stepping())
    pages = scaled.autoscaling.get_paginator("describe_scaling_policies").paginate(ServiceNamespace="sagemaker")
    assert [len(page["ScalingPolicies"]) for page in pages] == [10] * 5
    describe = scaled.autoscaling.describe_scaling_policies
    assert "between 1 and 10" in refusal(describe, ServiceNamespace="sagemaker", MaxResults=11)[1]
    last = {**ID, **_stepping(), "PolicyName": "p50"}
    assert refusal(scaled.autoscaling.put_scaling_policy, **last)[0] == "LimitExceededException"


def test_finds_by_name_and_resource(scaled: Aws) -> None:
    for name in ("a", "b"):
        _put(scaled, name, **_stepping())
    _put(scaled, "c", **{**_stepping(), **WARM})
    assert [policy["PolicyName"] for policy in _policies(scaled, PolicyNames=["b", "none"])] == ["b"]
    assert [policy["PolicyName"] for policy in _policies(scaled, ResourceId=WARM["ResourceId"])] == ["c"]
    code, message = refusal(
        scaled.autoscaling.describe_scaling_policies, ServiceNamespace="sagemaker", ScalableDimension=COUNT
    )
    assert code == "ValidationException"
    assert "resource ID must be specified" in message


def test_a_policy_survives_an_update_of_its_endpoint(scaled: Aws) -> None:
    scaled.config("next", provisioned(InitialInstanceCount=3))
    _put(scaled, **_tracking(PredefinedMetricSpecification=INVOCATIONS))
    scaled.sagemaker.update_endpoint(EndpointName="endpoint", EndpointConfigName="next")
    scaled.settle()
    assert len(_policies(scaled)) == 1
