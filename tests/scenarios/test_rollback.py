# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back to the configuration that was served before, and the way forward again."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.rollback import (
    RollbackKind,
)

from .harness import Options, World
from .inventories import inventory, model, provisioned, scaled, serverless, variant
from .observed import has_saved_scaling
from .test_scenarios import (
    BASE,
    NEW_IMAGE,
    SCALED,
    endpoint,
    live,
    scaling_of_others,
    scaling_of_others_is_back,
    set_capacity,
)


def roll_back(world: World, *, check: bool = False, **more: object) -> Options:
    options = [{"endpoint_name": "e", **more}]
    kind = RollbackKind(Scope("default"), {})
    return world.run(ENDPOINT, kind, options, check, state="rolled_back")


def config_of(world: World) -> str:
    return str(endpoint(world)["EndpointConfigName"])


def test_back_and_forward(world: World) -> None:
    assert not world.apply(BASE).error
    before = config_of(world)
    assert not world.apply(NEW_IMAGE).error
    after = config_of(world)
    world.simulator.clear_journal()
    planned = roll_back(world, check=True)
    assert world.simulator.writes() == []
    done = roll_back(world)
    assert [entry["operation"] for entry in world.simulator.writes()] == ["UpdateEndpoint"]
    assert "that has served is kept" in roll_back(world)["msg"], "back from there leads nowhere, and never forward"
    assert config_of(world) == before
    assert planned["diff"] == done["diff"]
    assert f"from {after} to {before}" in done["diff"][0]["after_header"]
    assert done["endpoints"][0]["endpoint_config_name"] == config_of(world) == before
    assert world.apply(NEW_IMAGE).effect("e") == "redeploy"
    assert config_of(world) == after
    assert not world.apply(NEW_IMAGE).changed
    assert not roll_back(world).get("failed")
    assert config_of(world) == before


@pytest.mark.parametrize("seconds", [5, 3600])
def test_what_is_made_again_is_made_again_however_short_the_slices_are(world: World, seconds: int) -> None:
    """Between two of them the endpoint is gone, with all that only its tags and its status say."""
    assert not world.apply(SCALED).error
    before = config_of(world)
    assert not world.apply(inventory(provisioned(v=scaled()), {"m": model(2)})).error
    sagemaker = world.client("sagemaker")
    arn = endpoint(world)["EndpointArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "cost-center", "Value": "by hand"}])
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    world.simulator.put_endpoint("e", "Failed", None, "a test says so")
    world.simulator.configure(create_seconds=20, delete_seconds=20)
    done = world.roll_back("e", slice_seconds=seconds)
    assert not done.failed, done.failure_message()
    assert (endpoint(world)["EndpointStatus"], config_of(world)) == ("InService", before)
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == tags
    assert targets_of(world) == ["endpoint/e/variant/v"]
    assert not has_saved_scaling(world)


@pytest.mark.parametrize("seconds", [5, 3600])
def test_the_note_of_restored_scaling_goes_however_short_the_slices_are(world: World, seconds: int) -> None:
    """One that stays would say that the scaling is missing."""
    assert not world.apply(inventory(provisioned(v=scaled(instance_type="ml.c5.large")))).error
    assert not world.apply(SCALED).error
    world.simulator.configure(update_seconds=20)
    done = world.roll_back("e", slice_seconds=seconds)
    assert not done.failed, done.failure_message()
    assert targets_of(world) == ["endpoint/e/variant/v"]
    assert not has_saved_scaling(world)


def targets_of(world: World) -> list[str]:
    found = world.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    return [each["ResourceId"] for each in found["ScalableTargets"]]


def test_an_inventory_put_right_finds_nothing_to_do(world: World) -> None:
    assert not world.apply(BASE).error
    assert not world.apply(NEW_IMAGE).error
    assert not roll_back(world).get("failed")
    assert not world.apply(BASE).changed


def test_counts_and_weights_of_now_go_along(world: World) -> None:
    small = inventory(provisioned(v=variant(initial_instance_count=1, initial_weight=1)))
    big = inventory(provisioned(v=variant(initial_instance_count=3, initial_weight=2)), {"m": model(2)})
    assert not world.apply(small).error
    assert not world.apply(big).error
    set_capacity(world, DesiredInstanceCount=4)
    assert not roll_back(world).get("failed")
    assert (live(world)["CurrentInstanceCount"], live(world)["CurrentWeight"]) == (4, 2)


def test_what_somebody_has_raised_is_not_taken_for_declared(world: World) -> None:
    """Seed 510035: the rollback noted the live count as the declared one, and the next run lowered it."""
    assert not world.apply(BASE).error
    assert not world.apply(NEW_IMAGE).error
    set_capacity(world, DesiredInstanceCount=4)
    assert not roll_back(world).get("failed")
    assert not world.apply(NEW_IMAGE).error
    assert live(world)["CurrentInstanceCount"] == 4


def test_a_weight_that_is_retained_is_not_set_again(world: World) -> None:
    """SageMaker stores it in single precision."""
    weighted = inventory(provisioned(v=variant(initial_weight=0.3)))
    assert not world.apply(weighted).error
    world.simulator.clear_journal()
    assert not world.apply(weighted | {"models": {"m": model(2)}}).error
    assert "UpdateEndpointWeightsAndCapacities" not in {entry["operation"] for entry in world.simulator.writes()}


def test_scaling_stands_aside_and_comes_back(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=scaled(instance_type="ml.c5.large")))).error
    assert not world.apply(SCALED).error
    scaling_of_others(world)
    done = roll_back(world)
    assert not done.get("failed")
    assert done["endpoints"][0]["effect"] == "redeploy with scaling"
    scaling_of_others_is_back(world)


@pytest.mark.parametrize("is_refused", [False, True])
def test_scaling_that_comes_back_brings_down_no_count_that_somebody_has_raised(world: World, is_refused: bool) -> None:
    assert not world.apply(inventory(provisioned(v=scaled(instance_type="ml.c5.large")))).error
    assert not world.apply(SCALED).error
    set_capacity(world, DesiredInstanceCount=8)
    if is_refused:
        world.simulator.fault("access_denied", operation="UpdateEndpoint")
    assert bool(roll_back(world).get("failed")) is is_refused
    world.simulator.advance(100)
    assert live(world)["DesiredInstanceCount"] == 8


def test_where_there_is_no_way_back_nothing_is_done(world: World) -> None:
    assert "the endpoint does not exist" in roll_back(world)["msg"]
    assert not world.apply(BASE).error
    assert "that has served is kept" in roll_back(world)["msg"]
    assert "tags: cannot be combined with state=rolled_back" in roll_back(world, tags={})["msg"]


def test_an_update_in_flight_is_waited_for_and_then_undone(world: World) -> None:
    assert not world.apply(BASE).error
    before = config_of(world)
    assert not world.apply(NEW_IMAGE, wait=False).error
    assert not roll_back(world).get("failed")
    assert config_of(world) == before


def test_a_way_back_that_fails_is_a_failure(world: World) -> None:
    assert not world.apply(BASE).error
    assert not world.apply(NEW_IMAGE).error
    after = config_of(world)
    world.simulator.fault("rollout_fails", reason="no capacity")
    assert ": no capacity; run again to retry" in roll_back(world)["msg"]
    assert config_of(world) == after


def test_what_a_replacement_leaves_is_kept_as_a_way_back(world: World) -> None:
    assert not world.apply(BASE).error
    left = config_of(world)
    assert not world.apply(inventory(serverless()), allow_replace=True).error
    third = inventory(provisioned(v=variant(instance_type="ml.c5.large")))
    planned = world.apply(third, check=True, allow_replace=True)
    second = config_of(world)
    assert not world.apply(third, planned=planned, allow_replace=True).error
    names = {
        each["EndpointConfigName"] for each in world.client("sagemaker").list_endpoint_configs()["EndpointConfigs"]
    }
    assert names == {config_of(world), second}
    assert left not in names


def test_a_deployment_rolls_back_several_endpoints_at_once(world: World) -> None:
    both = {"endpoints": {"e": provisioned(), "f": provisioned()}}
    assert not world.apply(inventory() | both).error
    before = {name: endpoint(world, name)["EndpointConfigName"] for name in ("e", "f")}
    assert not world.apply(NEW_IMAGE | both).error
    done = world.roll_back("e", "f")
    assert not done.failed
    assert {name: endpoint(world, name)["EndpointConfigName"] for name in ("e", "f")} == before
    assert [each.effect for each in done.resources["endpoints"]] == ["redeploy", "redeploy"]
    assert (done.resources["models"], done.resources["alarms"], done.resources["targets"]) == ([], [], [])


def test_a_deployment_rolls_back_only_what_it_can_and_names_the_rest(world: World) -> None:
    assert not world.apply(BASE).error
    assert not world.apply(NEW_IMAGE).error
    done = world.roll_back("e", "missing")
    assert done.failed
    assert "missing: the endpoint does not exist" in done.failure_message()
    assert [each.effect for each in done.resources["endpoints"]] == ["redeploy", "no change"]


def test_a_rollback_of_a_deployment_needs_names(world: World) -> None:
    assert "empty; name at least one endpoint to roll back" in world.roll_back().failure_message()
    assert "is declared twice" in world.roll_back("e", "e").failure_message()
    assert world.simulator.counts() == {}
