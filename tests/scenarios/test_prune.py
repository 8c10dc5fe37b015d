# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pruning and destroying touch what is tagged with this deployment and nothing else; the journal is the witness."""

from __future__ import annotations

import typing as t

import pytest

from .harness import World
from .inventories import ERRORS, ROLE, inventory, model, provisioned, scaled, serverless, variant
from .test_scenarios import NEW_IMAGE
from .test_undeclared import alarm_names, alarms_of_others_are_there, hang_alarms_of_others

FULL = inventory(models={"m": model(), "n": model(4)}) | {
    "endpoints": {
        "e": provisioned(v=scaled(cloudwatch_alarms=ERRORS)),
        "f": provisioned(v=scaled(model_name="n", cloudwatch_alarms=ERRORS)),
        "g": serverless(),
    }
}
KEPT = inventory() | {"endpoints": {"e": FULL["endpoints"]["e"]}}
NOTHING: dict[str, t.Any] = {"models": {}, "endpoints": {}}
DELETED = [
    "DeregisterScalableTarget",
    "DeleteEndpoint",
    "DeleteEndpoint",
    "DeleteEndpointConfig",
    "DeleteEndpointConfig",
    "DeleteAlarms",
    "DeleteModel",
]


def names(world: World) -> dict[str, list[str]]:
    """Of everything in the account."""
    sagemaker = world.client("sagemaker")
    targets = world.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    return {
        "models": sorted(each["ModelName"] for each in sagemaker.list_models()["Models"]),
        "endpoints": sorted(each["EndpointName"] for each in sagemaker.list_endpoints()["Endpoints"]),
        "configs": sorted(each["EndpointConfigName"] for each in sagemaker.list_endpoint_configs()["EndpointConfigs"]),
        "targets": sorted(each["ResourceId"] for each in targets["ScalableTargets"]),
        "alarms": sorted(name for name in alarm_names(world) if not name.startswith("TargetTracking-")),
    }


def make_by_hand(world: World, prefix: str, tags: list[dict[str, str]]) -> None:
    """An endpoint with all that belongs to it, with just these tags."""
    client = world.client("sagemaker")
    container = {"Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
    client.create_model(ModelName=f"{prefix}-m", PrimaryContainer=container, ExecutionRoleArn=ROLE, Tags=tags)
    serves = {"VariantName": "v", "ModelName": f"{prefix}-m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName=f"{prefix}-e", ProductionVariants=[serves], Tags=tags)
    client.create_endpoint(EndpointName=f"{prefix}-e", EndpointConfigName=f"{prefix}-e", Tags=tags)
    world.simulator.advance(3600)


@pytest.fixture
def full(world: World) -> World:
    assert not world.apply(FULL).error
    make_by_hand(world, "untagged", [])
    make_by_hand(world, "foreign", [{"Key": "managed-by", "Value": "Ansible"}])
    assert not world.apply(
        {**FULL, "endpoints": {"h": serverless(model_name="o")}, "models": {"o": model()}}, deployment="other"
    ).error
    hang_alarms_of_others(world)
    world.simulator.advance(3600)
    world.simulator.clear_journal()
    return world


def test_what_is_no_longer_declared_goes_and_nothing_else(full: World) -> None:
    before = names(full)
    foretold = full.prune(KEPT, check=True)
    assert full.simulator.writes() == []
    done = full.prune(KEPT)
    assert not done.error
    assert [entry["operation"] for entry in full.simulator.writes()] == DELETED
    assert sorted(step.operation for step in foretold.planned) == sorted(DELETED)
    assert foretold.diff == done.diff
    after = names(full)
    assert {kind: sorted(set(before[kind]) - set(after[kind])) for kind in before} == {
        "models": ["n"],
        "endpoints": ["f", "g"],
        "configs": [name for name in before["configs"] if name[:2] in ("f-", "g-")],
        "targets": ["endpoint/f/variant/v"],
        "alarms": ["f/v/errors"],
    }
    full.simulator.clear_journal()
    assert not full.prune(KEPT).changed
    assert full.simulator.writes() == []
    assert not full.apply(KEPT).changed


def test_everything_of_the_deployment_can_be_pruned(full: World) -> None:
    assert not full.prune(NOTHING).error
    left = names(full)
    assert left["endpoints"] == ["foreign-e", "h", "untagged-e"]
    assert left["models"] == ["foreign-m", "o", "untagged-m"]
    alarms_of_others_are_there(full)


def test_a_model_that_others_use_stays(world: World) -> None:
    assert not world.apply(inventory(models={"m": model(), "n": model()})).error
    serves = {"VariantName": "v", "ModelName": "n", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client = world.client("sagemaker")
    client.create_endpoint_config(EndpointConfigName="theirs", ProductionVariants=[serves])
    client.create_endpoint(EndpointName="theirs", EndpointConfigName="theirs")
    world.simulator.advance(3600)
    done = world.prune(inventory())
    assert not done.error
    assert not done.changed
    assert names(world)["models"] == ["m", "n"]


def test_all_generations_go_and_what_was_half_made_too(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS)))).error
    assert not world.apply(NEW_IMAGE).error
    world.client("sagemaker").delete_endpoint(EndpointName="e")
    world.simulator.advance(3600)
    assert len(names(world)["configs"]) == len(names(world)["models"]) == 2
    assert not world.prune(NOTHING).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_a_failed_endpoint_goes(world: World) -> None:
    world.simulator.fault("rollout_fails", name="e", reason="no capacity")
    assert world.apply(inventory()).error
    assert not world.prune(NOTHING).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_destroying_leaves_what_others_use_and_names_it(full: World) -> None:
    client = full.client("sagemaker")
    serves = {"VariantName": "v", "ModelName": "n", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName="theirs", ProductionVariants=[serves])
    client.create_endpoint(EndpointName="theirs", EndpointConfigName="theirs")
    full.simulator.advance(3600)
    done = full.destroy(FULL)
    assert "n is used by endpoint theirs" in done.error
    assert "n" in names(full)["models"]
    assert "m" not in names(full)["models"]
    assert {"h", "foreign-e", "untagged-e", "theirs"} == set(names(full)["endpoints"])


def test_a_second_deployment_never_touches_the_first(full: World) -> None:
    before = names(full)
    assert "belongs to the deployment" in full.apply(FULL, deployment="third").error
    assert not full.destroy(FULL, deployment="third").error
    assert not full.prune(NOTHING, deployment="third").error
    assert full.simulator.writes() == []
    assert names(full) == before
