# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployment guardrails, from the inventory to the call and back."""

from __future__ import annotations

import typing as t

import pytest

from .harness import World
from .inventories import ERRORS, Inventory, inventory, model, provisioned, scaled, variant
from .scenario import IN_PLACE, RECORD, UPDATE, Scenario, play

CANARY = {"strategy": "canary", "size": "10%", "wait_interval": "5 minutes", "rollback_on": "all"}
LINEAR = {"strategy": "linear", "size": "10%", "wait_interval": "10 minutes"}
ROLLING = {"strategy": "rolling", "size": "50%", "wait_interval": "1 minute"}


def guarded(deployment: Inventory | None, version: int = 1, **more: t.Any) -> Inventory:
    endpoint = provisioned(v=variant(cloudwatch_alarms=ERRORS, **more))
    return inventory(endpoint | ({"deployment": deployment} if deployment else {}), {"m": model(version)})


def update_of(world: World) -> Inventory:
    (update,) = (entry for entry in world.simulator.journal() if entry["operation"] == "UpdateEndpoint")
    return t.cast("Inventory", update["parameters"])


def sends_canary(world: World) -> None:
    config = update_of(world)["DeploymentConfig"]
    routing = config["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert routing["Type"] == "CANARY"
    assert routing["CanarySize"] == {"Type": "CAPACITY_PERCENT", "Value": 10}
    assert routing["WaitIntervalInSeconds"] == 300
    assert config["AutoRollbackConfiguration"] == {"Alarms": [{"AlarmName": "e/v/errors"}]}


def sends_rolling(world: World) -> None:
    policy = update_of(world)["DeploymentConfig"]["RollingUpdatePolicy"]
    assert policy["MaximumBatchSize"] == {"Type": "CAPACITY_PERCENT", "Value": 50}


def alarm_comes_first(world: World) -> None:
    operations = [entry["operation"] for entry in world.simulator.writes()]
    assert operations.index("PutMetricAlarm") < operations.index("UpdateEndpoint")
    sends_canary(world)


def alarm_rings_and_rollout_fails(world: World) -> None:
    world.client("cloudwatch").set_alarm_state(AlarmName="e/v/errors", StateValue="ALARM", StateReason="a test")
    world.simulator.fault("rollout_fails", reason="alarms")


SCENARIOS = [
    Scenario(
        "a canary",
        guarded(CANARY, 2),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(guarded(CANARY),),
        ends=sends_canary,
    ),
    Scenario(
        "rolling takes fewer extra instances",
        guarded(ROLLING, 2, initial_instance_count=4),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(guarded(ROLLING, initial_instance_count=4),),
        shows="+2 ml.m5.large while both fleets run",
        ends=sends_rolling,
    ),
    Scenario("a changed deployment alone", guarded(LINEAR), "no change", [], given=(guarded(CANARY),)),
    Scenario("a new deployment alone", guarded(LINEAR), "no change", [], given=(guarded(None),)),
    Scenario(
        "a change in place needs no deployment",
        guarded(CANARY, initial_instance_count=2),
        "in place",
        [RECORD, IN_PLACE],
        given=(guarded(CANARY),),
    ),
    Scenario(
        "an alarm that is new too is there before the update",
        guarded(CANARY, 2),
        "redeploy",
        ["CreateModel", "PutMetricAlarm", *UPDATE],
        given=(inventory(),),
        ends=alarm_comes_first,
    ),
    Scenario(
        "a renamed variant",
        inventory(provisioned(w=variant()) | {"deployment": LINEAR}),
        "no change",
        [],
        given=(inventory(),),
        error="needs the same variants before and after the update, and they change from v to w; remove it from",
    ),
    Scenario(
        "an alarm rolls back",
        guarded(CANARY, 2),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(guarded(CANARY),),
        happened=alarm_rings_and_rollout_fails,
        error="in ALARM: e/v/errors",
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_pauses_that_were_asked_for_do_not_count_against_the_time_limit(world: World) -> None:
    assert not world.apply(guarded(None, initial_instance_count=10)).error
    world.simulator.configure(update_seconds=7000)
    assert "before it was in service" in world.apply(guarded(None, 2, initial_instance_count=10)).error
    world.simulator.advance(10000)
    assert not world.apply(guarded(LINEAR, 3, initial_instance_count=10)).error


def test_scaled_variants_count_with_their_live_instances(world: World) -> None:
    endpoint = provisioned(v=scaled()) | {"deployment": ROLLING}
    assert not world.apply(inventory(endpoint)).error
    world.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName="e", DesiredWeightsAndCapacities=[{"VariantName": "v", "DesiredInstanceCount": 4}]
    )
    world.simulator.advance(100)
    assert "+2 ml.m5.large" in world.apply(inventory(endpoint, {"m": model(2)}), check=True).diff


@pytest.mark.parametrize("seconds", [None, 5])
@pytest.mark.parametrize("operation", ["PutMetricAlarm", "DescribeAlarms"])
def test_an_update_waits_for_the_alarms_that_are_to_roll_it_back(
    world: World, operation: str, seconds: float | None
) -> None:
    """What the plan has shown would be stopped sooner than by the alarm as it still is."""
    assert not world.apply(guarded(CANARY)).error
    wanted = guarded(CANARY, 2)
    sooner = {"errors": {"expression": "Invocation5XXErrors sum >= 5"}}
    wanted["endpoints"]["e"]["provisioned"]["production_variants"]["v"]["cloudwatch_alarms"] = sooner
    planned = world.apply(wanted, check=True)
    world.simulator.clear_journal()
    world.simulator.put_endpoint("e", "SystemUpdating", 30)
    world.simulator.fault("error", operation=operation, code="ServiceUnavailable", status=503)
    done = world.apply(wanted, planned=planned, slice_seconds=seconds)
    assert "- e: skipped: alarm e/v/errors of rollback_on failed" in done.error
    assert "UpdateEndpoint" not in {entry["operation"] for entry in world.simulator.writes()}
    assert not world.apply(wanted).error
    assert update_of(world)["DeploymentConfig"]["AutoRollbackConfiguration"]
