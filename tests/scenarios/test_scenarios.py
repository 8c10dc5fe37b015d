# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest

from .harness import World
from .inventories import asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .observed import exists
from .scenario import CREATE, IN_PLACE, MARK, RECORD, REPLACE, UPDATE, Scenario, play

BASE = inventory()
NEW_IMAGE = inventory(models={"m": model(2)})
BIG = inventory(provisioned(v=variant(instance_type="ml.m5.4xlarge")))
SCALED = inventory(provisioned(v=scaled()))
TUNED = inventory(
    provisioned(
        v=variant(
            inference_ami_version="al2-ami-sagemaker-inference-gpu-2",
            routing_strategy="least_outstanding_requests",
            enable_ssm_access=True,
        )
    )
)
TWO = inventory(provisioned(v=variant(), w=variant()))
SERVERLESS = inventory(serverless(max_concurrency=5))
WARM = inventory(serverless(max_concurrency=5, provisioned_concurrency=2))
ASYNC = inventory(asynchronous())
MANY_TAGS = {f"tag{number}": "x" for number in range(46)}
SCALING_BACK = ["RegisterScalableTarget", "PutScalingPolicy", "DeleteTags"]
PRUNED = ["DeleteEndpointConfig", "DeleteModel"]


def endpoint(world: World, name: str = "e") -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", world.client("sagemaker").describe_endpoint(EndpointName=name))


def live(world: World, name: str = "v") -> dict[str, t.Any]:
    (found,) = (each for each in endpoint(world)["ProductionVariants"] if each["VariantName"] == name)
    return t.cast("dict[str, t.Any]", found)


def set_capacity(world: World, **capacity: t.Any) -> None:
    world.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName="e", DesiredWeightsAndCapacities=[{"VariantName": "v", **capacity}]
    )
    world.simulator.advance(100)


def has_count(count: int, name: str = "v") -> t.Callable[[World], None]:
    def check(world: World) -> None:
        assert live(world, name)["CurrentInstanceCount"] == count

    return check


def serves_image(version: int) -> t.Callable[[World], None]:
    def check(world: World) -> None:
        client = world.client("sagemaker")
        config = client.describe_endpoint_config(EndpointConfigName=endpoint(world)["EndpointConfigName"])
        found = client.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
        assert found["Containers"][0]["Image"] == f"registry/image:{version}"
        assert [each["VariantName"] for each in endpoint(world)["ProductionVariants"]] == ["v"]

    return check


def retained(world: World) -> None:
    (update,) = (entry for entry in world.simulator.journal() if entry["operation"] == "UpdateEndpoint")
    assert update["parameters"]["RetainAllVariantProperties"] is True


def generations(configs: int, models: int) -> t.Callable[[World], None]:
    def check(world: World) -> None:
        client = world.client("sagemaker")
        assert len(client.list_endpoint_configs(NameContains="e")["EndpointConfigs"]) == configs
        assert len(client.list_models(NameContains="m")["Models"]) == models

    return check


def use_elsewhere(world: World) -> None:
    """Another team's endpoint on the configuration that is served now."""
    client = world.client("sagemaker")
    client.create_endpoint(EndpointName="other", EndpointConfigName=endpoint(world)["EndpointConfigName"])
    world.simulator.advance(100)


def look_like_generations(world: World) -> None:
    """Another team's objects whose names look like old generations of ours."""
    client = world.client("sagemaker")
    for name in ("m-00000001", "m-00000002", "m-00000003"):
        client.create_model(ModelName=name, PrimaryContainer={"Image": "theirs"})
    one = {"VariantName": "v", "ModelName": "m-00000001", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    for name in ("e-00000001", "e-00000002", "e-00000003"):
        client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[one])


def made_by_terraform(world: World) -> None:
    """The same endpoint under plain names, without tags of ours."""
    client = world.client("sagemaker")
    container = {"ContainerHostname": "main", "Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
    client.create_model(
        ModelName="m", ExecutionRoleArn="arn:aws:iam::111122223333:role/sagemaker", Containers=[container]
    )
    one = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName="e", ProductionVariants=[one])
    client.create_endpoint(EndpointName="e", EndpointConfigName="e", Tags=[{"Key": "managed-by", "Value": "Terraform"}])
    world.simulator.advance(100)


def stays_on_config(name: str) -> t.Callable[[World], None]:
    def check(world: World) -> None:
        assert endpoint(world)["EndpointConfigName"] == name

    return check


def scaling_of_others(world: World) -> None:
    """A policy and a scheduled action that the inventory does not know, and more instances than it says."""
    client = world.client("application-autoscaling")
    key = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    steps = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
    }
    client.put_scaling_policy(
        **key, PolicyName="theirs", PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
    )
    client.put_scheduled_action(
        **key, ScheduledActionName="nightly", Schedule="rate(1 day)", ScalableTargetAction={"MinCapacity": 2}
    )
    set_capacity(world, DesiredInstanceCount=3)


def scaling_of_others_is_back(world: World) -> None:
    policies_of_others_are_back(world)
    has_count(3)(world)


def policies_of_others_are_back(world: World) -> None:
    client = world.client("application-autoscaling")
    policies = client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert {policy["PolicyName"] for policy in policies} == {"e/v/requests", "theirs"}
    (action,) = client.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"]
    assert (action["ScheduledActionName"], action["ScalableTargetAction"]["MinCapacity"]) == ("nightly", 2)


def lose_endpoint(world: World) -> None:
    world.client("sagemaker").delete_endpoint(EndpointName="e")
    world.simulator.advance(100)


def lose_config_and_model(world: World) -> None:
    client = world.client("sagemaker")
    client.delete_endpoint_config(EndpointConfigName=endpoint(world)["EndpointConfigName"])
    client.delete_model(ModelName="m")


SCENARIOS = [
    Scenario("an empty account", BASE, "create", ["CreateModel", *CREATE]),
    Scenario(
        "an empty account, with scaling",
        SCALED,
        "create",
        ["CreateModel", *CREATE, "RegisterScalableTarget", "PutScalingPolicy"],
    ),
    Scenario("nothing changed", BASE, "no change", [], given=(BASE,)),
    # Generations
    Scenario(
        "a changed model",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        shows="+1 ml.m5.large while both fleets run",
        ends=serves_image(2),
    ),
    Scenario(
        "a changed model and back: what is kept is used again",
        BASE,
        "redeploy",
        [MARK, "UpdateEndpoint"],
        given=(BASE, NEW_IMAGE),
        ends=serves_image(1),
    ),
    Scenario("a changed configuration", BIG, "redeploy", UPDATE, given=(BASE,), ends=retained),
    Scenario(
        "another machine image, routing and a shell",
        TUNED,
        "redeploy",
        UPDATE,
        given=(BASE,),
        shows="provisioned.production_variants.v.routing_strategy: least_outstanding_requests",
    ),
    Scenario(
        "access by Systems Manager that is off as it was",
        inventory(provisioned(v=variant(enable_ssm_access=False))),
        "no change",
        [],
        given=(BASE,),
    ),
    Scenario(
        "a third generation drops the first",
        inventory(models={"m": model(3)}),
        "redeploy",
        ["CreateModel", *UPDATE, *PRUNED],
        given=(BASE, NEW_IMAGE),
        ends=generations(2, 2),
    ),
    Scenario(
        "no generation is to be kept",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE, *PRUNED],
        given=(BASE,),
        options={"keep_generations": 0},
        ends=generations(1, 1),
    ),
    Scenario(
        "three generations are to be kept",
        inventory(models={"m": model(3)}),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE, NEW_IMAGE),
        options={"keep_generations": 3},
        ends=generations(3, 3),
    ),
    Scenario(
        "another endpoint uses the old configuration",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        happened=use_elsewhere,
        options={"keep_generations": 0},
        ends=generations(2, 2),
    ),
    Scenario(
        "another team's objects look like old generations",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE, *PRUNED],
        given=(BASE,),
        happened=look_like_generations,
        options={"keep_generations": 0},
        ends=generations(4, 4),
    ),
    Scenario(
        "two endpoints share a model",
        inventory(models={"m": model(2)}) | {"endpoints": {"e": provisioned(), "f": provisioned()}},
        "redeploy",
        ["CreateModel", *UPDATE, *UPDATE, "DeleteEndpointConfig", *PRUNED],
        given=(inventory() | {"endpoints": {"e": provisioned(), "f": provisioned()}},),
        options={"keep_generations": 0},
    ),
    Scenario(
        "a volume size that is no longer declared",
        BASE,
        "redeploy",
        UPDATE,
        given=(inventory(provisioned(v=variant(volume_size=100))),),
        shows="-provisioned.production_variants.v.volume_size: 100",
    ),
    # Adoption
    Scenario(
        "equal, made by another tool",
        BASE,
        "tags only",
        ["AddTags"] * 3,
        happened=made_by_terraform,
        ends=stays_on_config("e"),
    ),
    Scenario(
        "different, made by another tool: not without adopt",
        NEW_IMAGE,
        "no change",
        ["CreateModel"],
        happened=made_by_terraform,
        error="endpoint e exists, belongs to no deployment and differs from the declaration in "
        "production_variants.v.model_name; to take it over, set adopt: true; otherwise choose another name",
        ends=serves_image(1),
    ),
    Scenario(
        "different, made by another tool",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", "CreateEndpointConfig", "UpdateEndpoint", "AddTags"],
        happened=made_by_terraform,
        options={"adopt": True},
        ends=serves_image(2),
    ),
    Scenario(
        "different, made by another tool, and the endpoint says so itself",
        inventory({**provisioned(v=variant(initial_weight=3)), "adopt": True}),
        "in place",
        ["AddTags", IN_PLACE, "AddTags", "AddTags"],
        happened=made_by_terraform,
        ends=stays_on_config("e"),
    ),
    Scenario("tags only", inventory(additional_tags_all={"a": "b"}), "tags only", ["AddTags"] * 3, given=(BASE,)),
    Scenario("a tag goes", BASE, "tags only", ["DeleteTags"] * 3, given=(inventory(additional_tags_all={"a": "b"}),)),
    # In place
    Scenario(
        "a weight",
        inventory(provisioned(v=variant(initial_weight=3), w=variant())),
        "in place",
        [IN_PLACE],
        given=(TWO,),
    ),
    Scenario(
        "a count",
        inventory(provisioned(v=variant(initial_instance_count=3))),
        "in place",
        [RECORD, IN_PLACE],
        given=(BASE,),
        ends=has_count(3),
    ),
    Scenario(
        "weights and counts of two variants",
        inventory(
            provisioned(
                v=variant(initial_instance_count=2, initial_weight=0.3),
                w=variant(initial_instance_count=3, initial_weight=0.7),
            )
        ),
        "in place",
        [RECORD, *[IN_PLACE] * 3],
        given=(TWO,),
    ),
    Scenario(
        "a count that somebody else raised",
        BASE,
        "tags only",
        [RECORD],
        given=(BASE,),
        happened=lambda world: set_capacity(world, DesiredInstanceCount=4),
        ends=has_count(4),
    ),
    Scenario(
        "a count that somebody else raised, and the inventory changes",
        inventory(provisioned(v=variant(initial_instance_count=2))),
        "in place",
        [IN_PLACE, RECORD],
        given=(BASE,),
        happened=lambda world: set_capacity(world, DesiredInstanceCount=4),
        shows="variant v: 4 \N{RIGHTWARDS ARROW} 2 instances",
        ends=has_count(2),
    ),
    Scenario(
        "a count that somebody else lowered",
        inventory(provisioned(v=variant(initial_instance_count=3))),
        "in place",
        [IN_PLACE],
        given=(inventory(provisioned(v=variant(initial_instance_count=3))),),
        happened=lambda world: set_capacity(world, DesiredInstanceCount=2),
        ends=has_count(3),
    ),
    Scenario(
        "a weight that somebody else changed",
        TWO,
        "in place",
        [IN_PLACE],
        given=(TWO,),
        happened=lambda world: set_capacity(world, DesiredWeight=9),
    ),
    Scenario(
        "the count of a scaled variant is not ours",
        SCALED,
        "no change",
        [],
        given=(SCALED,),
        happened=lambda world: set_capacity(world, DesiredInstanceCount=4),
        ends=has_count(4),
    ),
    Scenario(
        "serverless concurrency",
        inventory(serverless(max_concurrency=9)),
        "in place",
        [RECORD, IN_PLACE],
        given=(SERVERLESS,),
    ),
    Scenario(
        "provisioned concurrency",
        inventory(serverless(max_concurrency=5, provisioned_concurrency=4)),
        "in place",
        [RECORD, IN_PLACE],
        given=(WARM,),
    ),
    Scenario("provisioned concurrency comes", WARM, "redeploy", UPDATE, given=(SERVERLESS,)),
    Scenario("provisioned concurrency goes", SERVERLESS, "redeploy", UPDATE, given=(WARM,)),
    Scenario(
        "serverless memory",
        inventory(serverless(max_concurrency=5, memory_size=2048)),
        "redeploy",
        UPDATE,
        given=(SERVERLESS,),
    ),
    Scenario(
        "serverless memory and concurrency",
        inventory(serverless(max_concurrency=7, memory_size=2048)),
        "redeploy",
        UPDATE,
        given=(SERVERLESS,),
    ),
    # What a redeploy retains, and what the user changed in the same run
    Scenario(
        "a changed model leaves a scaled count alone",
        inventory(provisioned(v=scaled()), {"m": model(2)}),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(SCALED,),
        happened=lambda world: set_capacity(world, DesiredInstanceCount=4),
        shows="+4 ml.m5.large while both fleets run",
        ends=has_count(4),
    ),
    Scenario(
        "a changed model and a changed count",
        inventory(provisioned(v=variant(initial_instance_count=2)), {"m": model(2)}),
        "redeploy",
        ["CreateModel", *UPDATE, IN_PLACE],
        given=(BASE,),
        ends=has_count(2),
    ),
    Scenario(
        "a changed model and a changed weight",
        inventory(provisioned(v=variant(initial_weight=2), w=variant()), {"m": model(2)}),
        "redeploy",
        ["CreateModel", *UPDATE, IN_PLACE],
        given=(TWO,),
    ),
    Scenario("a variant comes", TWO, "redeploy", UPDATE, given=(BASE,)),
    Scenario("a variant goes", BASE, "redeploy", UPDATE, given=(TWO,)),
    Scenario(
        "a variant moves to another model and keeps its name",
        inventory(provisioned(v=variant(model_name="n")), {"m": model(), "n": model(7)}),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        ends=serves_image(7),
    ),
    # Scaled variants
    Scenario(
        "the instance type of a scaled variant",
        inventory(provisioned(v=scaled(instance_type="ml.c5.large"))),
        "redeploy with scaling",
        ["CreateEndpointConfig", MARK, "DeregisterScalableTarget", "UpdateEndpoint", *SCALING_BACK],
        given=(SCALED,),
    ),
    Scenario(
        "what others hung on the scaling comes back, the count stays",
        inventory(provisioned(v=scaled(instance_type="ml.c5.large"))),
        "redeploy with scaling",
        [
            "CreateEndpointConfig",
            MARK,
            "DeregisterScalableTarget",
            "UpdateEndpoint",
            "RegisterScalableTarget",
            "PutScalingPolicy",
            "PutScalingPolicy",
            "PutScheduledAction",
            "DeleteTags",
        ],
        given=(SCALED,),
        happened=scaling_of_others,
        ends=scaling_of_others_is_back,
    ),
    Scenario(
        "the instance type of a scaled variant with too many tags to save its scaling",
        inventory(provisioned(v=scaled(instance_type="ml.c5.large")), additional_tags_all=MANY_TAGS),
        "no change",
        [],
        given=(inventory(provisioned(v=scaled()), additional_tags_all=MANY_TAGS),),
        error="tags to save the scaling, but AWS allows 50",
    ),
    Scenario(
        "the instance type of a scaled variant and back",
        SCALED,
        "redeploy with scaling",
        ["AddTags", MARK, "DeregisterScalableTarget", "UpdateEndpoint", *SCALING_BACK],
        given=(SCALED, inventory(provisioned(v=scaled(instance_type="ml.c5.large")))),
    ),
    Scenario(
        "a scaled variant goes",
        inventory(provisioned(v=scaled())),
        "redeploy with scaling",
        ["CreateEndpointConfig", MARK, "DeregisterScalableTarget", "UpdateEndpoint", "DeleteTags"],
        given=(inventory(provisioned(v=scaled(), w=scaled())),),
    ),
    Scenario(
        "the instance type of a variant beside a scaled one",
        inventory(provisioned(v=scaled(), w=variant(instance_type="ml.c5.large"))),
        "redeploy",
        UPDATE,
        given=(inventory(provisioned(v=scaled(), w=variant())),),
    ),
    Scenario(
        "a scaling range",
        inventory(provisioned(v=scaled(2, 8))),
        "no change",
        ["RegisterScalableTarget"],
        given=(SCALED,),
    ),
    # Replacement
    Scenario(
        "provisioned to serverless is refused",
        SERVERLESS,
        "no change",
        [],
        given=(BASE,),
        error="AWS cannot update a real-time endpoint to a serverless one; set allow_replace",
    ),
    Scenario(
        "provisioned to serverless is allowed",
        SERVERLESS,
        "replace with outage",
        REPLACE,
        given=(BASE,),
        options={"allow_replace": True},
        shows="replaced because AWS cannot update",
    ),
    Scenario("serverless to provisioned is refused", BASE, "no change", [], given=(SERVERLESS,), error="allow_replace"),
    Scenario(
        "serverless to provisioned is allowed",
        BASE,
        "replace with outage",
        REPLACE,
        given=(SERVERLESS,),
        options={"allow_replace": True},
    ),
    Scenario(
        "real-time to asynchronous is refused",
        ASYNC,
        "no change",
        [],
        given=(BASE,),
        error="AWS cannot update a real-time endpoint to an asynchronous one",
    ),
    Scenario(
        "asynchronous to real-time is allowed",
        BASE,
        "replace with outage",
        REPLACE,
        given=(ASYNC,),
        options={"allow_replace": True},
    ),
    Scenario(
        "a scaled endpoint is replaced",
        SERVERLESS,
        "replace with outage",
        REPLACE,
        given=(SCALED,),
        options={"allow_replace": True},
    ),
    # Deleting
    Scenario(
        "destroy",
        SCALED,
        "delete",
        ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"],
        given=(SCALED,),
        is_destroyed=True,
        ends=generations(0, 0),
    ),
    Scenario(
        "destroy all generations",
        NEW_IMAGE,
        "delete",
        ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteEndpointConfig", "DeleteModel", "DeleteModel"],
        given=(BASE, NEW_IMAGE),
        is_destroyed=True,
        ends=generations(0, 0),
    ),
    Scenario("destroy nothing", BASE, "no change", [], is_destroyed=True),
    Scenario(
        "destroy what another tool made: not ours",
        BASE,
        "no change",
        [],
        happened=made_by_terraform,
        is_destroyed=True,
        ends=generations(1, 1),
    ),
    Scenario(
        "destroy while another endpoint uses configuration and model",
        BASE,
        "delete",
        ["DeleteEndpoint"],
        given=(BASE,),
        happened=use_elsewhere,
        is_destroyed=True,
        error="m is used by endpoint configuration e-",
        ends=generations(1, 1),
    ),
    Scenario(
        "destroy what is half gone: the endpoint",
        BASE,
        "delete",
        PRUNED,
        given=(BASE,),
        happened=lose_endpoint,
        is_destroyed=True,
        ends=generations(0, 0),
    ),
    Scenario(
        "destroy what is half gone: the configuration and the model",
        BASE,
        "delete",
        ["DeleteEndpoint"],
        given=(BASE,),
        happened=lose_config_and_model,
        is_destroyed=True,
        ends=lambda world: not exists(world.client("sagemaker").describe_endpoint, EndpointName="e"),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)
