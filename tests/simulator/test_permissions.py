# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A policy of allowed IAM actions."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import ROLE, Aws, refusal

TAGS = [{"Key": "a", "Value": "b"}]
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/endpoint/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
BOUNDS = {"MinCapacity": 1, "MaxCapacity": 2}


@pytest.fixture
def live(aws: Aws) -> Aws:
    """An endpoint in service."""
    aws.model()
    aws.config()
    aws.endpoint()
    return aws


def test_allows_by_pattern_and_forgets(live: Aws) -> None:
    live.simulator.allow(["sagemaker:List*"])
    live.sagemaker.list_models()
    code, message = refusal(live.sagemaker.describe_model, ModelName="model")
    assert code == "AccessDeniedException"
    assert "is not authorized to perform: sagemaker:DescribeModel" in message
    assert refusal(live.tagging.get_resources)[1].count("tag:GetResources") == 2
    assert refusal(live.cloudwatch.describe_alarms)[0] == "AccessDenied"
    live.simulator.allow(None)
    live.cloudwatch.describe_alarms()


@pytest.mark.parametrize(
    ("operation", "params", "action"),
    [
        ("create_model", {"ModelName": "m", "PrimaryContainer": {"Image": "i"}, "Tags": TAGS}, "sagemaker:AddTags"),
        (
            "create_model",
            {"ModelName": "m", "PrimaryContainer": {"Image": "i"}, "ExecutionRoleArn": ROLE},
            "iam:PassRole",
        ),
        (
            "create_endpoint",
            {"EndpointName": "e", "EndpointConfigName": "config", "Tags": TAGS},
            "sagemaker:AddTags",
        ),
    ],
)
def test_needs_more_than_the_operation_itself(live: Aws, operation: str, params: dict[str, Any], action: str) -> None:
    live.simulator.allow(["sagemaker:Create*"])
    code, message = refusal(getattr(live.sagemaker, operation), **params)
    assert code == "AccessDeniedException"
    assert action in message
    live.simulator.allow(["sagemaker:Create*", action])
    getattr(live.sagemaker, operation)(**params)


def test_registering_needs_sagemaker_permissions(live: Aws) -> None:
    live.simulator.allow(["application-autoscaling:*"])
    message = refusal(live.autoscaling.register_scalable_target, **TARGET, **BOUNDS)[1]
    assert "sagemaker:DescribeEndpoint " in message


def test_target_tracking_needs_alarm_permissions(live: Aws) -> None:
    live.autoscaling.register_scalable_target(**TARGET, **BOUNDS)
    live.simulator.allow(["application-autoscaling:*"])
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    code, message = refusal(
        live.autoscaling.put_scaling_policy,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 1, "PredefinedMetricSpecification": metric},
        **TARGET,
    )
    assert code == "FailedResourceAccessException"
    assert "is not authorized to perform" in message


def test_deleting_a_scaled_endpoint_needs_deregistering(live: Aws) -> None:
    live.autoscaling.register_scalable_target(**TARGET, **BOUNDS)
    live.simulator.allow(["sagemaker:*"])
    code, message = refusal(live.sagemaker.delete_endpoint, EndpointName="endpoint")
    assert code == "ValidationException"
    assert message == (
        "An Application AutoScaling scalable target exists for a variant being deleted, and the IAM identity used to "
        "invoke DeleteEndpoint does not have application-autoscaling:DeregisterScalableTarget permission to "
        "deregister the scalable target."
    )
    live.simulator.allow(["sagemaker:*", "application-autoscaling:DeregisterScalableTarget"])
    live.sagemaker.delete_endpoint(EndpointName="endpoint")


def test_a_policy_for_one_access_key_leaves_others_of_the_account_alone(live: Aws) -> None:
    bound = Aws(live.simulator, access_key="123456789012-bound")
    live.simulator.allow(["sagemaker:List*", "sagemaker:DescribeModel"], "123456789012-bound")
    live.sagemaker.describe_endpoint(EndpointName="endpoint")
    assert bound.sagemaker.describe_model(ModelName="model")["ModelName"] == "model"
    assert refusal(bound.sagemaker.describe_endpoint, EndpointName="endpoint")[0] == "AccessDeniedException"
    live.simulator.allow(["sagemaker:List*"])
    bound.sagemaker.list_models()
    assert refusal(bound.sagemaker.describe_model, ModelName="model")[0] == "AccessDeniedException"
    live.simulator.reset()
    bound.sagemaker.list_models()


def test_deleting_a_scaled_endpoint_asks_what_the_access_key_may(live: Aws) -> None:
    live.autoscaling.register_scalable_target(**TARGET, **BOUNDS)
    bound = Aws(live.simulator, access_key="123456789012-bound")
    live.simulator.allow(["sagemaker:*"], "123456789012-bound")
    assert "DeregisterScalableTarget" in refusal(bound.sagemaker.delete_endpoint, EndpointName="endpoint")[1]
    live.sagemaker.delete_endpoint(EndpointName="endpoint")
