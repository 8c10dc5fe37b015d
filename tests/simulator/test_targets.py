# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""RegisterScalableTarget, DescribeScalableTargets, DeregisterScalableTarget and the tags of targets."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, provisioned, refusal, serverless

COUNT = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"


def identity(endpoint: str = "endpoint", variant: str = "main", dimension: str = COUNT) -> dict[str, Any]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{variant}",
        "ScalableDimension": dimension,
    }


@pytest.fixture
def live(aws: Aws) -> Aws:
    """Endpoints of every kind."""
    aws.model()
    aws.config("config", provisioned(), ShadowProductionVariants=[provisioned("shadow")])
    aws.endpoint()
    aws.config("burstable", provisioned(InstanceType="ml.t2.medium"))
    aws.endpoint("burstable", "burstable")
    aws.config("serverless", serverless())
    aws.endpoint("serverless", "serverless")
    aws.config("warm", serverless(ProvisionedConcurrency=4))
    aws.endpoint("warm", "warm")
    aws.config("async", AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://b/o"}})
    aws.endpoint("async", "async")
    return aws


def _register(aws: Aws, minimum: int = 1, maximum: int = 9, **params: Any) -> str:
    request = {**identity(), "MinCapacity": minimum, "MaxCapacity": maximum, **params}
    arn: str = aws.autoscaling.register_scalable_target(**request)["ScalableTargetARN"]
    return arn


def _targets(aws: Aws, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker", **params)[
        "ScalableTargets"
    ]
    return found


def test_describes_what_was_registered(live: Aws) -> None:
    arn = _register(live, RoleARN="arn:aws:iam::123456789012:role/ignored")
    target = _targets(live)[0]
    del target["CreationTime"]
    assert target == {
        **identity(),
        "MinCapacity": 1,
        "MaxCapacity": 9,
        "RoleARN": "arn:aws:iam::123456789012:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
        "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
        "ScalableTargetARN": arn,
    }
    assert arn.startswith(live.arn("application-autoscaling", "scalable-target/"))


def test_a_shadow_variant_can_be_scaled(live: Aws) -> None:
    _register(live, **identity(variant="shadow"))
    assert _targets(live)[0]["ResourceId"] == "endpoint/endpoint/variant/shadow"


@pytest.mark.parametrize(
    ("params", "part"),
    [
        (
            identity(endpoint="none"),
            'Could not find endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/none".',
        ),
        (
            identity(variant="none"),
            "No SageMaker variant found for resource ID: endpoint/endpoint/variant/none",
        ),
        (
            identity("burstable"),
            "You cannot register a variant with ml.t2.medium instance type as a scalable target. This is because the "
            "burstable performance of these instances can lead to unpredictable behavior with Auto Scaling.",
        ),
        (identity("serverless"), "not supported for the serverless variant"),
        (identity("serverless", dimension=CONCURRENCY), "only for serverless variants with provisioned concurrency"),
        (identity(dimension=CONCURRENCY), "only for serverless variants with provisioned concurrency"),
        ({"ResourceId": "endpoint/endpoint"}, "Unsupported service namespace, resource type or scalable dimension"),
        (
            {
                "ResourceId": "inference-component/none",
                "ScalableDimension": "sagemaker:inference-component:DesiredCopyCount",
            },
            "Could not find inference component",
        ),
        ({"ServiceNamespace": "ecs"}, "Unsupported service namespace, resource type or scalable dimension"),
        (
            {"ScalableDimension": "sagemaker:inference-component:DesiredCopyCount"},
            "Unsupported service namespace, resource type or scalable dimension",
        ),
        ({"MinCapacity": 5, "MaxCapacity": 4}, "Maximum capacity cannot be less than minimum capacity"),
        ({"MinCapacity": -1}, "Minimum capacity cannot be less than 0"),
        ({"MinCapacity": 0}, "must be at least 1"),
        ({"MinCapacity": None}, "must be specified when registering a new scalable target"),
        ({"MaxCapacity": None}, "must be specified when registering a new scalable target"),
        ({"Tags": {"aws:x": ""}}, "reserved prefix aws:"),
        ({"ServiceNamespace": "none"}, "Member must satisfy enum value set"),
    ],
)
def test_refuses(live: Aws, params: dict[str, Any], part: str) -> None:
    request = {**identity(), "MinCapacity": 1, "MaxCapacity": 9, **params}
    request = {key: value for key, value in request.items() if value is not None}
    code, message = refusal(live.autoscaling.register_scalable_target, **request)
    assert code == "ValidationException"
    assert part in message
    assert _targets(live) == []


def test_async_may_scale_to_zero(live: Aws) -> None:
    _register(live, 0, **identity("async"))


def test_registering_again_changes_what_is_given(live: Aws) -> None:
    arn = _register(live)
    register = live.autoscaling.register_scalable_target
    assert register(**identity(), MaxCapacity=5)["ScalableTargetARN"] == arn
    register(**identity(), SuspendedState={"ScheduledScalingSuspended": True})
    target = _targets(live)[0]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 5)
    assert target["SuspendedState"]["ScheduledScalingSuspended"] is True
    assert target["SuspendedState"]["DynamicScalingInSuspended"] is False
    code, message = refusal(register, **identity(), MinCapacity=6)
    assert (code, message) == ("ValidationException", "Maximum capacity cannot be less than minimum capacity")


@pytest.mark.parametrize(("bounds", "count"), [((4, 9), 4), ((1, 1), 1), ((1, 9), 2)])
def test_moves_the_count_into_the_bounds(live: Aws, bounds: tuple[int, int], count: int) -> None:
    _register(live, *bounds)
    assert live.status() == ("InService" if count == 2 else "Updating")
    live.settle()
    variant = live.describe()["ProductionVariants"][0]
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (count, count)


def test_moves_the_concurrency_into_the_bounds(live: Aws) -> None:
    _register(live, 1, 3, **identity("warm", dimension=CONCURRENCY))
    live.settle()
    assert live.describe("warm")["ProductionVariants"][0]["CurrentServerlessConfig"]["ProvisionedConcurrency"] == 3


def test_leaves_a_busy_endpoint_alone(live: Aws) -> None:
    live.config("next", provisioned(), ShadowProductionVariants=[provisioned("new")])
    live.sagemaker.update_endpoint(EndpointName="endpoint", EndpointConfigName="next")
    _register(live, 5)
    live.settle()
    assert live.describe()["ProductionVariants"][0]["CurrentInstanceCount"] == 2


@pytest.mark.parametrize(("endpoint", "variant"), [("young", "main"), ("endpoint", "new")])
def test_a_variant_that_is_still_being_made_is_not_there(live: Aws, endpoint: str, variant: str) -> None:
    live.config("next", provisioned(), ShadowProductionVariants=[provisioned("new")])
    live.sagemaker.update_endpoint(EndpointName="endpoint", EndpointConfigName="next")
    live.sagemaker.create_endpoint(EndpointName="young", EndpointConfigName="config")
    key = identity(endpoint, variant)
    code, message = refusal(live.autoscaling.register_scalable_target, **key, MinCapacity=1, MaxCapacity=2)
    assert code == "ValidationException"
    assert message == f"No SageMaker variant found for resource ID: endpoint/{endpoint}/variant/{variant}"
    live.settle()
    _register(live, **key)


def test_refuses_an_endpoint_that_is_going(live: Aws) -> None:
    live.sagemaker.delete_endpoint(EndpointName="endpoint")
    assert (
        "in status Deleting"
        in refusal(live.autoscaling.register_scalable_target, **identity(), MinCapacity=1, MaxCapacity=2)[1]
    )


def test_finds_by_id_and_dimension(live: Aws) -> None:
    for variant in ("main", "shadow"):
        _register(live, **identity(variant=variant))
    assert len(_targets(live)) == 2
    wanted = identity()["ResourceId"]
    assert [item["ResourceId"] for item in _targets(live, ResourceIds=[wanted])] == [wanted]
    assert _targets(live, ResourceIds=[wanted], ScalableDimension=CONCURRENCY) == []
    describe = live.autoscaling.describe_scalable_targets
    assert describe(ServiceNamespace="ecs")["ScalableTargets"] == []
    assert (
        "resource ID must be specified" in refusal(describe, ServiceNamespace="sagemaker", ScalableDimension=COUNT)[1]
    )
    assert "between 1 and 50" in refusal(describe, ServiceNamespace="sagemaker", MaxResults=51)[1]
    assert refusal(describe, ServiceNamespace="sagemaker", ResourceIds=["x"] * 51)[0] == "ValidationException"
    assert refusal(describe, ServiceNamespace="sagemaker", NextToken="?")[0] == "InvalidNextTokenException"


def test_pages(live: Aws) -> None:
    for variant in ("main", "shadow"):
        _register(live, **identity(variant=variant))
    pages = live.autoscaling.get_paginator("describe_scalable_targets").paginate(
        ServiceNamespace="sagemaker", PaginationConfig={"PageSize": 1}
    )
    assert [len(page["ScalableTargets"]) for page in pages] == [1, 1]


def test_deregistering_takes_policies_actions_and_alarms(live: Aws) -> None:
    autoscaling = live.autoscaling
    _register(live)
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    autoscaling.put_scaling_policy(
        **identity(),
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 5, "PredefinedMetricSpecification": metric},
    )
    autoscaling.put_scheduled_action(
        **identity(),
        ScheduledActionName="a",
        Schedule="rate(1 day)",
        ScalableTargetAction={"MinCapacity": 1},
    )
    autoscaling.deregister_scalable_target(**identity())
    assert _targets(live) == []
    assert autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"] == []
    assert autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"] == []
    assert live.cloudwatch.describe_alarms()["MetricAlarms"] == []
    assert refusal(autoscaling.deregister_scalable_target, **identity()) == (
        "ObjectNotFoundException",
        "No scalable target registered for service namespace: sagemaker, "
        f"resource ID: endpoint/endpoint/variant/main, scalable dimension: {COUNT}",
    )


def test_deleting_the_endpoint_deregisters(live: Aws) -> None:
    _register(live)
    _register(live, **identity("async"))
    live.sagemaker.delete_endpoint(EndpointName="endpoint")
    assert [item["ResourceId"] for item in _targets(live)] == ["endpoint/async/variant/main"]


def test_tags_only_at_first_registration(live: Aws) -> None:
    arn = _register(live, Tags={"a": "1"})
    code, message = refusal(live.autoscaling.register_scalable_target, **identity(), Tags={"b": "2"})
    assert code == "ValidationException"
    assert message == (
        "The scalable target that you tried to tag already exists. To update tags on an existing scalable target, "
        "use the TagResource API."
    )
    live.autoscaling.tag_resource(ResourceARN=arn, Tags={"b": "2"})
    assert live.autoscaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"a": "1", "b": "2"}
    live.autoscaling.untag_resource(ResourceARN=arn, TagKeys=["a", "none"])
    assert live.autoscaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"b": "2"}


def test_tag_refusals(live: Aws) -> None:
    arn = _register(live)
    tag = live.autoscaling.tag_resource
    many = {f"k{number}": "" for number in range(51)}
    assert refusal(tag, ResourceARN=arn, Tags=many)[0] == "TooManyTagsException"
    assert "reserved prefix" in refusal(tag, ResourceARN=arn, Tags={"AWS:x": ""})[1]
    unknown = live.arn("application-autoscaling", "scalable-target/none")
    for function, params in (
        (tag, {"Tags": {}}),
        (live.autoscaling.untag_resource, {"TagKeys": []}),
        (live.autoscaling.list_tags_for_resource, {}),
    ):
        assert refusal(function, ResourceARN=unknown, **params)[0] == "ResourceNotFoundException"


def test_a_new_registration_has_a_new_arn(live: Aws) -> None:
    first = _register(live, Tags={"a": "1"})
    live.autoscaling.deregister_scalable_target(**identity())
    second = _register(live)
    assert first != second
    assert live.autoscaling.list_tags_for_resource(ResourceARN=second)["Tags"] == {}


def test_no_more_than_five_hundred(live: Aws) -> None:
    variants = [provisioned(f"v{number}") for number in range(10)]
    live.config("ten", *variants)
    for number in range(51):
        live.sagemaker.create_endpoint(EndpointName=f"e{number}", EndpointConfigName="ten")
    live.settle()
    wanted = [identity(f"e{number}", variant["VariantName"]) for number in range(51) for variant in variants]
    for item in wanted[:500]:
        _register(live, **item)
    last = {**wanted[500], "MinCapacity": 1, "MaxCapacity": 9}
    assert refusal(live.autoscaling.register_scalable_target, **last)[0] == "LimitExceededException"
    pages = live.autoscaling.get_paginator("describe_scalable_targets").paginate(ServiceNamespace="sagemaker")
    assert [len(page["ScalableTargets"]) for page in pages] == [50] * 10
    live.simulator.configure(target_quota=501)
    try:
        live.autoscaling.register_scalable_target(**last)
    finally:
        live.simulator.configure(target_quota=500)
