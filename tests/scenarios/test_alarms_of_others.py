# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An update can be rolled back by an alarm of somebody else, which has to be there, and which no run writes to."""

from __future__ import annotations

import copy

from simulator.testing import alarm

from .harness import World
from .inventories import ERRORS, Inventory, inventory, model, provisioned, variant
from .scenario import UPDATE, Scenario, play

ROLLBACK = {"strategy": "canary", "size": "50%", "wait_interval": "1 minute"}
TOLD = "alarm slo-breach of rollback_on does not exist; create it, or remove it from rollback_on"


def guarded(version: int = 1) -> Inventory:
    endpoint = provisioned(v=variant(cloudwatch_alarms=ERRORS))
    endpoint["deployment"] = {**ROLLBACK, "rollback_on": ["errors", {"external": "slo-breach"}]}
    return inventory(endpoint, models={"m": model(version)})


def put_theirs(world: World) -> None:
    world.client("cloudwatch").put_metric_alarm(**alarm("slo-breach"))


def rollback_alarms(world: World) -> None:
    last = world.client("sagemaker").describe_endpoint(EndpointName="e")["LastDeploymentConfig"]
    names = [each["AlarmName"] for each in last["AutoRollbackConfiguration"]["Alarms"]]
    assert names == ["e/v/errors", "slo-breach"]
    tags = world.client("cloudwatch").list_tags_for_resource(
        ResourceARN=f"arn:aws:cloudwatch:{world.region}:{world.account}:alarm:slo-breach"
    )
    assert tags["Tags"] == []


def test_an_update_is_guarded_by_an_alarm_of_others(world: World) -> None:
    play(
        Scenario(
            "theirs",
            given=(guarded(),),
            happened=put_theirs,
            wanted=guarded(2),
            effect="redeploy",
            writes=["CreateModel", *UPDATE],
            ends=rollback_alarms,
        ),
        world,
    )


def test_nothing_begins_while_it_does_not_exist(world: World) -> None:
    assert not world.apply(guarded()).error
    served = world.client("sagemaker").describe_endpoint(EndpointName="e")["EndpointConfigName"]
    planned = world.apply(guarded(2), check=True)
    done = world.apply(guarded(2))
    assert TOLD in planned.error
    assert TOLD in done.error
    found = world.client("sagemaker").describe_endpoint(EndpointName="e")
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", served)
    put_theirs(world)
    assert world.apply(guarded(2)).effect("e") == "redeploy"


def test_it_is_not_asked_for_where_none_is_named(world: World) -> None:
    own = copy.deepcopy(guarded())
    own["endpoints"]["e"]["deployment"]["rollback_on"] = ["errors"]
    assert not world.apply(own).error
    world.simulator.clear_journal()
    assert not world.apply(own).changed
    asked = [entry["parameters"] for entry in world.simulator.journal() if entry["operation"] == "DescribeAlarms"]
    assert not [each for each in asked if "slo-breach" in each.get("AlarmNames", ())]


def test_it_stays_when_the_endpoint_goes(world: World) -> None:
    put_theirs(world)
    assert not world.apply(guarded()).error
    assert not world.destroy(guarded()).error
    left = world.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [each["AlarmName"] for each in left] == ["slo-breach"]


def test_a_rollback_by_it_is_reported(world: World) -> None:
    put_theirs(world)
    assert not world.apply(guarded()).error
    world.client("cloudwatch").set_alarm_state(AlarmName="slo-breach", StateValue="ALARM", StateReason="test")
    done = world.apply(guarded(2))
    assert "slo-breach" in done.error


def test_that_a_composite_alarm_may_not_roll_back_is_reported(world: World) -> None:
    put_theirs(world)
    world.client("cloudwatch").put_composite_alarm(AlarmName="any-breach", AlarmRule="ALARM(slo-breach)")
    wanted = copy.deepcopy(guarded())
    wanted["endpoints"]["e"]["deployment"]["rollback_on"] = [{"external": "any-breach"}]
    result = "composite alarm any-breach is in rollback_on, and AWS does not say whether one rolls an update back"
    assert result in "\n".join(world.apply(wanted, check=True).warnings)
