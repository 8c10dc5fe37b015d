# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Destroying a fleet: what it costs in calls, what a refusal leaves alone, and whose tags decide."""

from __future__ import annotations

from .harness import World
from .inventories import ERRORS, Inventory, inventory, model, scaled

SIZE = 12
"""More than are asked for one by one."""
OLD_SECONDS = 2 * 86400
ALARMS = {f"latency-{number}": {"expression": f"ModelLatency p99 > {number}"} for number in range(3)} | ERRORS
TARGETS = "application-autoscaling"


def fleet(release: int = 1) -> Inventory:
    """Each endpoint with a model of its own, a scaled variant and four alarms."""
    names = [f"{number:02}" for number in range(SIZE)]
    endpoints = {
        f"e-{name}": {
            "provisioned": {
                "production_variants": {"v": scaled(model_name=f"m-{name}", cloudwatch_alarms=ALARMS)},
            }
        }
        for name in names
    }
    return {"models": {f"m-{name}": model(release) for name in names}, "endpoints": endpoints}


def calls_of_destroy(world: World, last_release: int) -> float:
    """For each endpoint, however old the fleet is."""
    for release in range(1, last_release + 1):
        assert not world.apply(fleet(release)).error
    world.simulator.advance(OLD_SECONDS)
    world.simulator.clear_journal()
    assert not world.destroy(fleet(last_release), confirm="default").error
    calls = sum(world.simulator.counts().values())
    assert not world.client("sagemaker").list_models()["Models"]
    assert not world.client(TARGETS).describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    return calls / SIZE


def test_a_destroy_takes_two_calls_for_each_resource(world: World) -> None:
    """The tags of each are read from its service, for the index may be late, and it is deleted; alarms 100 a call."""
    assert calls_of_destroy(world, 1) <= 12.5


def test_a_kept_generation_costs_four_calls(world: World) -> None:
    assert calls_of_destroy(world, 2) <= 16.5


def test_an_endpoint_that_cannot_be_deleted_keeps_its_scaling(world: World) -> None:
    wanted = inventory({"provisioned": {"production_variants": {"v": scaled(cloudwatch_alarms=ERRORS)}}})
    assert not world.apply(wanted).error
    world.simulator.fault("access_denied", operation="DeleteEndpoint")
    done = world.destroy(wanted)
    assert "DeleteEndpoint" in done.error
    (target,) = world.client(TARGETS).describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert target["ResourceId"] == "endpoint/e/variant/v"
    assert not world.destroy(wanted).error
    assert not world.client(TARGETS).describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]


def test_what_was_given_to_another_deployment_stays_though_the_index_is_late(world: World) -> None:
    assert not world.apply(fleet()).error
    world.simulator.advance(OLD_SECONDS)
    world.simulator.configure(tag_delay_seconds=3600)
    client = world.client("sagemaker")
    (config,) = client.list_endpoint_configs(NameContains="e-00")["EndpointConfigs"]
    theirs = [{"Key": "friendsofansible.sagemaker/deployment", "Value": "theirs"}]
    for arn in (client.describe_model(ModelName="m-00")["ModelArn"], config["EndpointConfigArn"]):
        client.add_tags(ResourceArn=arn, Tags=theirs)
    assert not world.destroy(fleet(), confirm="default").error
    assert [each["ModelName"] for each in client.list_models()["Models"]] == ["m-00"]
    assert client.list_endpoint_configs()["EndpointConfigs"][0]["EndpointConfigName"] == config["EndpointConfigName"]


def test_alarms_that_went_though_no_answer_came_are_a_change(world: World) -> None:
    wanted = inventory({"provisioned": {"production_variants": {"v": scaled(cloudwatch_alarms=ALARMS)}}})
    assert not world.apply(wanted).error
    world.simulator.fault("drop_after", operation="DeleteAlarms")
    done = world.apply(inventory({"provisioned": {"production_variants": {"v": scaled()}}}))
    assert not done.error
    assert done.changed


def test_who_does_not_wait_keeps_what_the_endpoint_still_uses(world: World) -> None:
    assert not world.apply(inventory()).error
    world.simulator.configure(delete_seconds=50)
    world.simulator.clear_journal()
    begun = world.destroy(inventory(), wait=False)
    assert not begun.error
    assert [each["operation"] for each in world.simulator.writes()] == ["DeleteEndpoint"]
    assert "model m: kept: m is used by endpoint configuration e-" in "\n".join(begun.warnings)
    world.simulator.advance(100)
    assert not world.destroy(inventory()).error
    assert {each["operation"] for each in world.simulator.writes()} >= {"DeleteEndpointConfig", "DeleteModel"}
