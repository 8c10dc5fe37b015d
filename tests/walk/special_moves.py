# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves of others for which they look at what there is."""

from __future__ import annotations

import contextlib
import typing as t

from botocore.exceptions import ClientError

from simulator.testing import alarm
from tests.scenarios.harness import World
from tests.scenarios.inventories import ROLE

from .history import Data
from .more_keys import EXTERNAL_ALARM, SUPPRESSOR
from .moves import COUNT

_PLAIN = ("m", "n")
TEAM = "team"
"""What another team's configuration is called."""


def begin(world: World) -> None:
    """What others have from the start."""
    for name in (EXTERNAL_ALARM, SUPPRESSOR):
        world.client("cloudwatch").put_metric_alarm(**alarm(name, Namespace="AWS/SageMaker", MetricName="Invocations"))


def make(world: World, move: Data) -> None:
    """Makes the move now; what AWS refuses is not made."""
    if "actor" in move:
        world.simulator.act(move, world.account)
        return
    with contextlib.suppress(ClientError):
        _SPECIAL[move["does"]](world, move["endpoint"])


def _live_config(world: World, endpoint: str) -> Data:
    client = world.client("sagemaker")
    name = client.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    return t.cast("Data", client.describe_endpoint_config(EndpointConfigName=name))


def _live_model(world: World, endpoint: str) -> str:
    return str(_live_config(world, endpoint)["ProductionVariants"][0]["ModelName"])


def _hang_an_alarm(world: World, endpoint: str) -> None:
    client = world.client("application-autoscaling")
    found = client.describe_scaling_policies(
        ServiceNamespace="sagemaker", ResourceId=f"endpoint/{endpoint}/variant/v", ScalableDimension=COUNT
    )["ScalingPolicies"]
    for policy in found:
        if policy["PolicyName"] == "theirs":
            on_invocations = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations"}
            theirs = alarm(f"busy-{endpoint}", **on_invocations, AlarmActions=[policy["PolicyARN"]])
            world.client("cloudwatch").put_metric_alarm(**theirs)


def _share_a_model(world: World, endpoint: str) -> None:
    """Another team has an endpoint that it makes from this configuration when it needs one."""
    variant = {"VariantName": "t", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    variants = [{**variant, "ModelName": _live_model(world, endpoint)}]
    world.client("sagemaker").create_endpoint_config(EndpointConfigName=TEAM, ProductionVariants=variants)


def _delete_config(world: World, endpoint: str) -> None:
    name = _live_config(world, endpoint)["EndpointConfigName"]
    world.client("sagemaker").delete_endpoint_config(EndpointConfigName=name)


def _delete_model(world: World, endpoint: str) -> None:
    world.client("sagemaker").delete_model(ModelName=_live_model(world, endpoint))


def _make_model_anew(world: World, endpoint: str) -> None:
    """Under the same name, if it is a plain one, there is something else, which is somebody else's."""
    name = _live_model(world, endpoint)
    if name not in _PLAIN:
        return
    world.client("sagemaker").delete_model(ModelName=name)
    world.client("sagemaker").create_model(
        ModelName=name, PrimaryContainer={"Image": "somebody/else:1"}, ExecutionRoleArn=ROLE
    )


def _tag(world: World, endpoint: str) -> None:
    arn = world.client("sagemaker").describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    world.client("sagemaker").add_tags(ResourceArn=arn, Tags=[{"Key": "theirs", "Value": "1"}])


_SPECIAL: dict[str, t.Callable[[World, str], None]] = {
    "hang an alarm on their policy": _hang_an_alarm,
    "share a model": _share_a_model,
    "delete the configuration": _delete_config,
    "delete a model": _delete_model,
    "make a model anew": _make_model_anew,
    "tag": _tag,
}
