# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema cannot express is listed, and whatever an apply would change is listed as such."""

from __future__ import annotations

import typing as t

import pytest

from .exports import as_read, info
from .harness import Result, World
from .inventories import ERRORS, inventory, provisioned, scaled
from .test_scenarios import endpoint, scaling_of_others, set_capacity

SCALED = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS)))


def scaling(world: World, operation: str, **parameters: t.Any) -> None:
    client = world.client("application-autoscaling")
    key = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/e/variant/v"}
    dimension = {"ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    getattr(client, operation)(**key, **dimension, **parameters)


def step_policy(world: World, name: str) -> None:
    steps = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
    }
    scaling(
        world, "put_scaling_policy", PolicyName=name, PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
    )


def alarm(world: World, name: str, **more: t.Any) -> None:
    request = {
        "AlarmName": name,
        "Namespace": "AWS/SageMaker",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": "v"}],
        "Statistic": "Sum",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 5.0,
        "Period": 60,
        "EvaluationPeriods": 1,
    }
    sent = {name: value for name, value in (request | more).items() if value is not None}
    world.client("cloudwatch").put_metric_alarm(**sent)


def math_alarm(world: World) -> None:
    dimensions = [{"Name": "EndpointName", "Value": "e"}]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": dimensions}
    query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False}
    filled = {"Id": "filled", "Expression": "FILL(q, 0)"}
    none = dict.fromkeys(("Namespace", "MetricName", "Dimensions", "Statistic", "Period"))
    alarm(world, "e/v/math", **none, Metrics=[query, filled])


def composite_alarm(world: World) -> None:
    world.client("cloudwatch").put_composite_alarm(AlarmName="theirs", AlarmRule='NOT OK("e/v/errors")')


def query_alarm(world: World) -> None:
    query = 'sum(DCGM_FI_DEV_GPU_UTIL{"aws.sagemaker.endpoint.name"="e"}) < 20'
    criteria = {"PromQLCriteria": {"Query": query}}
    world.client("cloudwatch").put_metric_alarm(AlarmName="theirs", EvaluationCriteria=criteria, EvaluationInterval=60)


def tag_endpoint(world: World, *, only_config: bool = False) -> None:
    client, found = world.client("sagemaker"), endpoint(world)
    config = client.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
    tags = [{"Key": "theirs", "Value": "1"}]
    for arn in [config["EndpointConfigArn"], *([] if only_config else [found["EndpointArn"]])]:
        client.add_tags(ResourceArn=arn, Tags=tags)


# What others do to the endpoint of SCALED, and what of it the inventory does not say: resource, path, whether an apply
# would change it.
FOREIGN: dict[str, tuple[t.Callable[[World], object], list[tuple[str, str, bool]]]] = {
    "scaled by others": (lambda world: set_capacity(world, DesiredInstanceCount=3), []),
    "weights by others": (lambda world: set_capacity(world, DesiredWeight=0.3), []),
    "tags of the endpoint": (
        tag_endpoint,
        [("alarm e/v/errors", "tags.theirs", True), ("scaling endpoint/e/variant/v", "tags.theirs", True)],
    ),
    "tags of the configuration": (
        lambda world: tag_endpoint(world, only_config=True),
        [("endpoint configuration", "tags.theirs", True)],
    ),
    "scaling of others": (
        scaling_of_others,
        [
            ("scaling endpoint/e/variant/v", "policies.theirs", False),
            ("scaling endpoint/e/variant/v", "scheduled_actions.nightly", False),
        ],
    ),
    "a step policy named as ours are": (
        lambda world: step_policy(world, "e/v/steps"),
        [("scaling endpoint/e/variant/v", "policies.e/v/steps", True)],
    ),
    "suspended scaling": (
        lambda world: scaling(world, "register_scalable_target", SuspendedState={"DynamicScalingInSuspended": True}),
        [],
    ),
    "a wider range": (lambda world: scaling(world, "register_scalable_target", MaxCapacity=9), []),
    "an alarm of others": (lambda world: alarm(world, "theirs"), [("alarm theirs", "", False)]),
    "an alarm named as ours are": (lambda world: alarm(world, "e/v/more"), []),
    "an alarm on another period": (lambda world: alarm(world, "e/v/odd", Period=43200), [("alarm e/v/odd", "", False)]),
    "an alarm of ours on another period": (
        lambda world: alarm(world, "e/v/errors", Period=43200),
        [("alarm e/v/errors", "", True)],
    ),
    "an alarm on mathematics": (math_alarm, [("alarm e/v/math", "", False)]),
    "a composite alarm of others": (composite_alarm, [("alarm theirs", "", False)]),
    "an alarm of others on a query": (query_alarm, [("alarm theirs", "", False)]),
    "an alarm of another variant": (lambda world: alarm(world, "e/w/more"), [("alarm e/w/more", "", False)]),
    "an alarm with more to do": (
        lambda world: alarm(world, "e/v/more", InsufficientDataActions=["arn:aws:sns:eu-west-1:111122223333:t"]),
        [],
    ),
    "an alarm on another endpoint": (
        lambda world: alarm(world, "e/v/other", Dimensions=[{"Name": "EndpointName", "Value": "other"}]),
        [],
    ),
    "a muted alarm": (
        lambda world: world.client("cloudwatch").disable_alarm_actions(AlarmNames=["e/v/errors"]),
        [],
    ),
}


def applied(world: World, found: dict[str, t.Any]) -> Result:
    """What an apply of the export would do; it is refused where the list says so, until it may adopt."""
    inventory = as_read(found["inventory"])
    is_refused = any("with adopt: true" in each["reason"] for each in found["not_expressed"])
    refusal = world.apply(inventory, check=True).error
    assert bool(refusal) == ("to take it over, set adopt: true" in refusal) == is_refused
    planned = world.apply(inventory, check=True, adopt=True)
    assert not planned.error
    return planned


@pytest.mark.parametrize("name", FOREIGN)
def test_what_others_did_is_exported_or_listed(world: World, name: str) -> None:
    """Whatever an apply would change is listed as such, and nothing else is."""
    happen, listed = FOREIGN[name]
    assert not world.apply(SCALED).error
    happen(world)
    found = info(world, deployment="default")
    not_expressed = found["not_expressed"]
    assert [(each["resource"].split(" e-")[0], each["path"], each["would_change"]) for each in not_expressed] == listed
    assert all(each["reason"] for each in not_expressed)
    planned = applied(world, found)
    would_change = any(would for _resource, _path, would in listed)
    is_adopted = "tags only" in planned.effects
    assert planned.changed == (would_change or is_adopted), planned.diff


def make(world: World, variant_more: dict[str, t.Any] | None = None, **more: t.Any) -> None:
    """An endpoint as others make it."""
    client = world.client("sagemaker")
    container = {"ContainerHostname": "main", "Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
    container |= more.pop("container", {})
    role = {"ExecutionRoleArn": "arn:aws:iam::111122223333:role/sagemaker"}
    sent = {name: value for name, value in container.items() if value is not None}
    client.create_model(ModelName="m", Containers=[sent], **(role | more.pop("model", {})))
    one = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(
        EndpointConfigName="e", ProductionVariants=[one | (variant_more or {})], **more.pop("config", {})
    )
    client.create_endpoint(EndpointName="e", EndpointConfigName="e", **more)
    world.simulator.advance(100)


V = "production_variants.v"
# What others have made: how, the paths that the inventory does not say, and whether an apply would change them.
STRANGE: dict[str, tuple[dict[str, t.Any], dict[str, bool]]] = {
    "plain": ({}, {}),
    "routing": (
        {"variant_more": {"RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"}}},
        {},
    ),
    "routing by prefix": ({"variant_more": {"RoutingConfig": {"RoutingStrategy": "KV_AWARE"}}}, {}),
    "a machine image": ({"variant_more": {"InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2"}}, {}),
    "no shell": ({"variant_more": {"EnableSSMAccess": False}}, {}),
    "core dumps": (
        {"variant_more": {"CoreDumpConfig": {"DestinationS3Uri": "s3://bucket/"}}},
        {},
    ),
    "metrics": (
        {"config": {"MetricsConfig": {"EnableEnhancedMetrics": True}}},
        {},
    ),
    "no host name": ({"container": {"ContainerHostname": None}}, {}),
    "a registry in a VPC": (
        {
            "container": {"ImageConfig": {"RepositoryAccessMode": "Platform"}},
        },
        {},
    ),
    "a capture that is off": (
        {
            "config": {
                "DataCaptureConfig": {
                    "EnableCapture": False,
                    "InitialSamplingPercentage": 5,
                    "DestinationS3Uri": "s3://bucket/captured",
                    "CaptureOptions": [{"CaptureMode": "Input"}],
                }
            }
        },
        {},
    ),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_others_have_made_is_exported_or_listed(world: World, name: str) -> None:
    made, listed = STRANGE[name]
    make(world, **made)
    found = info(world, endpoint_names=["e"])
    assert {each["path"]: each["would_change"] for each in found["not_expressed"]} == listed
    planned = applied(world, found)
    effects = planned.effects
    assert (effects <= {"tags only", "no change"}) == (not any(listed.values())), planned.diff
