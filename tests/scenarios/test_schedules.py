# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules and suspended scaling of the inventory: made, changed, deleted, adopted, exported, restored, pruned."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from .exports import as_read, assert_changes_nothing, exported, info
from .harness import Result, World
from .inventories import REQUESTS, Inventory, inventory, provisioned, variant
from .scenario import MARK, Scenario, play

KEY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/e/variant/v",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
PUT, DELETE = "PutScheduledAction", "DeleteScheduledAction"
NIGHT = {"at": "20:00 MON-FRI", "time_zone": "Europe/Berlin", "minimum": 1, "maximum": 1}
DAY = {"cron": "0 8 ? * MON-FRI *", "minimum": 2, "maximum": 4}
PLACE = "endpoints.e.provisioned.production_variants.v.auto_scaling"
ZONE = "schedules.night.time_zone: Europe/Berlin"


def scheduled(schedules: Inventory | None = None, instance_type: str = "ml.m5.large", **more: t.Any) -> Inventory:
    scaling = {"minimum_capacity": 1, "maximum_capacity": 4, "policies": REQUESTS, **more}
    if schedules is not None:
        scaling["schedules"] = schedules
    return inventory(provisioned(v=variant(auto_scaling=scaling, instance_type=instance_type)))


PLAIN = scheduled()
BOTH = scheduled({"night": NIGHT, "day": DAY})


def actions(world: World) -> dict[str, t.Any]:
    found = world.client("application-autoscaling").describe_scheduled_actions(ServiceNamespace="sagemaker")
    return {each["ScheduledActionName"]: each for each in found["ScheduledActions"]}


def target(world: World) -> dict[str, t.Any]:
    found = world.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    (one,) = found["ScalableTargets"]
    return t.cast("dict[str, t.Any]", one)


def suspended(world: World) -> list[str]:
    return [name for name, value in target(world)["SuspendedState"].items() if value]


def has_both(world: World) -> None:
    found = actions(world)
    night, day = found["e.v.night"], found["e.v.day"]
    assert (night["Schedule"], night["Timezone"]) == ("cron(0 20 ? * MON-FRI *)", "Europe/Berlin")
    assert night["ScalableTargetAction"] == {"MinCapacity": 1, "MaxCapacity": 1}
    assert day["Schedule"] == "cron(0 8 ? * MON-FRI *)"
    assert day["ScalableTargetAction"] == {"MinCapacity": 2, "MaxCapacity": 4}


def _is(found: object, wanted: object) -> None:
    assert found == wanted


def others_put_one(world: World) -> None:
    world.client("application-autoscaling").put_scheduled_action(
        **KEY, ScheduledActionName="nightly", Schedule="cron(0 3 * * ? *)", ScalableTargetAction={"MinCapacity": 1}
    )


def changed_by_hand(world: World) -> None:
    world.client("application-autoscaling").put_scheduled_action(
        **KEY, ScheduledActionName="e.v.night", ScalableTargetAction={"MinCapacity": 3}
    )


def deleted_by_hand(world: World) -> None:
    world.client("application-autoscaling").delete_scheduled_action(**KEY, ScheduledActionName="e.v.night")


BACK = ["RegisterScalableTarget", "PutScalingPolicy", PUT, PUT, "DeleteTags"]
SCENARIOS = [
    Scenario(
        "schedules are declared",
        given=(PLAIN,),
        wanted=BOTH,
        effect="no change",
        writes=[PUT, PUT, "TagResource"],
        shows="schedules.night.at: ",
        ends=has_both,
    ),
    Scenario(
        "a schedule goes, that of somebody else stays",
        given=(scheduled({"night": NIGHT}),),
        happened=others_put_one,
        wanted=PLAIN,
        effect="no change",
        writes=[DELETE, "UntagResource"],
        shows=f"{PLACE}.schedules.night: delete\n",
        ends=lambda world: _is(list(actions(world)), ["nightly"]),
    ),
    Scenario(
        "a schedule drifts",
        given=(BOTH,),
        happened=changed_by_hand,
        wanted=BOTH,
        effect="no change",
        writes=[PUT],
        shows="schedules.night.minimum: 3",
        ends=has_both,
    ),
    Scenario(
        "a schedule was deleted by hand",
        given=(BOTH,),
        happened=deleted_by_hand,
        wanted=BOTH,
        effect="no change",
        writes=[PUT],
        ends=has_both,
    ),
    Scenario(
        "a time zone goes, which AWS would keep",
        given=(scheduled({"night": NIGHT}),),
        wanted=scheduled({"night": {**NIGHT, "time_zone": None}}),
        effect="no change",
        writes=[PUT],
        shows=ZONE,
        ends=lambda world: _is(actions(world)["e.v.night"]["Timezone"], "UTC"),
    ),
    Scenario(
        "a start goes",
        given=(scheduled({"night": {**NIGHT, "start": "2099-01-01 00:00"}}),),
        wanted=scheduled({"night": NIGHT}),
        effect="no change",
        writes=[PUT],
        shows="-schedules.night.start: 2099-01-01",
        ends=lambda world: _is("StartTime" in actions(world)["e.v.night"], False),
    ),
    Scenario(
        "schedules and suspensions are restored after another instance type",
        given=(scheduled({"night": NIGHT, "day": DAY}, suspended=["in"]),),
        wanted=scheduled({"night": NIGHT, "day": DAY}, "ml.c5.large", suspended=["in"]),
        effect="redeploy with scaling",
        writes=["CreateEndpointConfig", MARK, "DeregisterScalableTarget", "UpdateEndpoint", *BACK],
        ends=has_both,
    ),
    Scenario(
        "scaling is suspended",
        given=(PLAIN,),
        wanted=scheduled(suspended=["in", "scheduled"]),
        effect="no change",
        writes=["RegisterScalableTarget"],
        shows="+suspended: ",
        ends=lambda world: _is(suspended(world), ["DynamicScalingInSuspended", "ScheduledScalingSuspended"]),
    ),
    Scenario(
        "all scaling is resumed",
        given=(scheduled(suspended=["in", "out"]),),
        wanted=scheduled(suspended=[]),
        effect="no change",
        writes=["RegisterScalableTarget"],
        ends=lambda world: _is(suspended(world), []),
    ),
    Scenario(
        "what is suspended stays so without the key",
        given=(scheduled(suspended=["in", "out"]), PLAIN),
        wanted=PLAIN,
        effect="no change",
        writes=[],
        ends=lambda world: _is(suspended(world), ["DynamicScalingInSuspended", "DynamicScalingOutSuspended"]),
    ),
    Scenario(
        "everything goes",
        given=(BOTH,),
        wanted=BOTH,
        effect="delete",
        writes=["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"],
        is_destroyed=True,
        ends=lambda world: _is(actions(world), {}),
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_the_bounds_are_the_schedules_while_they_are_as_it_set_them(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.run_schedule("e", "v", "e.v.night")
    world.simulator.clear_journal()
    done = world.apply(BOTH)
    assert world.simulator.writes() == []
    message = "\n".join(done.warnings)
    assert 'maximum 1 is set by the scheduled action "e.v.night", and stays while that action is in force' in message
    assert (target(world)["MinCapacity"], target(world)["MaxCapacity"]) == (1, 1)


def test_the_bounds_of_a_schedule_that_goes_go_with_it(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.run_schedule("e", "v", "e.v.night")
    planned = world.apply(PLAIN, check=True)
    assert not world.apply(PLAIN, planned=planned).error
    assert (target(world)["MinCapacity"], target(world)["MaxCapacity"]) == (1, 4)
    assert not world.apply(PLAIN).changed


def test_a_schedule_for_once_is_left_out_when_its_time_has_passed(world: World) -> None:
    soon = datetime.datetime.fromtimestamp(world.simulator.now(), datetime.UTC) + datetime.timedelta(hours=1)
    sale = scheduled({"sale": {"at": f"{soon:%Y-%m-%d %H:%M}", "minimum": 3}})
    assert not world.apply(sale).error
    world.simulator.advance(7200)
    assert not world.apply(sale).changed
    world.client("application-autoscaling").delete_scheduled_action(**KEY, ScheduledActionName="e.v.sale")
    done = world.apply(sale)
    assert not done.error
    assert not done.changed
    assert 'the scheduled action "e.v.sale" is in the past and is ignored' in "\n".join(done.warnings)


def disown(world: World) -> None:
    """The target is as another tool has made it."""
    keys = ["friendsofansible.sagemaker/deployment", "managed-by"]
    world.client("application-autoscaling").untag_resource(ResourceARN=target(world)["ScalableTargetARN"], TagKeys=keys)


def test_what_is_equal_is_adopted(world: World) -> None:
    assert not world.apply(BOTH).error
    disown(world)
    world.simulator.clear_journal()
    assert not world.apply(BOTH).error
    assert [each["operation"] for each in world.simulator.writes()] == ["TagResource"]
    assert not world.apply(BOTH).changed


def test_schedules_go_with_an_endpoint_that_is_pruned(world: World) -> None:
    assert not world.apply(BOTH).error
    nothing: Inventory = {"models": {}, "endpoints": {}}
    assert not world.prune(nothing).error
    assert actions(world) == {}
    found = world.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    assert found["ScalableTargets"] == []


def test_what_differs_and_is_nobodys_is_left_alone(world: World) -> None:
    assert not world.apply(PLAIN).error
    disown(world)
    assert "to take it over, set adopt: true" in world.apply(BOTH).error
    assert actions(world) == {}


def test_it_is_exported_as_it_was_declared(world: World) -> None:
    declared = scheduled({"night": NIGHT, "day": {**DAY, "end": "2099-01-01 00:00"}}, suspended=["out"])
    assert not world.apply(declared).error
    found = exported(world)
    scaling = found["endpoints"]["e"]["provisioned"]["production_variants"]["v"]["auto_scaling"]
    assert scaling["suspended"] == ["out"]
    assert scaling["schedules"] == {
        "night": NIGHT,
        "day": {"at": "08:00 MON-FRI", "minimum": 2, "maximum": 4, "end": "2099-01-01 00:00"},
    }
    assert not world.apply(found).changed


def _settled(world: World, wanted: Inventory) -> Result:
    """Check mode shows the run, and a second one finds nothing to do."""
    planned = world.apply(wanted, check=True)
    done = world.apply(wanted, planned=planned)
    assert not done.error
    assert planned.diff == done.diff
    again = world.apply(wanted)
    assert not again.changed, again.diff
    return done


@pytest.mark.parametrize(
    ("change", "bounds"),
    [
        ({"minimum": 3}, (3, 4)),
        ({"minimum": 3, "maximum": 9}, (3, 4)),
        ({"minimum": None, "maximum": 4}, (1, 4)),
        ({"minimum": 6, "maximum": None}, (1, 4)),
        ({"start": "2098-01-01 00:00"}, (1, 4)),
        ({"cron": "0 9 ? * MON-FRI *"}, (2, 4)),
    ],
    ids=str,
)
def test_the_bounds_of_a_schedule_follow_its_numbers(world: World, change: Inventory, bounds: tuple[int, int]) -> None:
    """A bound that it has set is never lowered to the declared one while the schedule asks for more."""
    assert not world.apply(scheduled({"day": DAY})).error
    world.simulator.run_schedule("e", "v", "e.v.day")
    assert (target(world)["MinCapacity"], target(world)["MaxCapacity"]) == (2, 4)
    done = _settled(world, scheduled({"day": DAY | change}))
    assert ("-minimum_capacity: 2" in done.diff) == (bounds[0] != 2)
    assert (f"+minimum_capacity: {bounds[0]}" in done.diff) == (bounds[0] != 2)
    assert (target(world)["MinCapacity"], target(world)["MaxCapacity"]) == bounds


def test_a_bound_that_is_held_is_no_difference_of_a_run_that_changes_something_else(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.run_schedule("e", "v", "e.v.night")
    done = world.apply(scheduled({"night": NIGHT, "day": DAY}, suspended=["in"]))
    assert not done.error
    assert "+suspended: " in done.diff
    assert "maximum_capacity" not in done.diff


def bounds_of(found: Inventory) -> tuple[int, int]:
    scaling = found["endpoints"]["e"]["provisioned"]["production_variants"]["v"]["auto_scaling"]
    return scaling.get("minimum_capacity", 1), scaling["maximum_capacity"]


def test_the_export_has_the_declared_bounds_while_a_schedule_is_in_force(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.run_schedule("e", "v", "e.v.night")
    found = info(world)
    inventory = t.cast("Inventory", as_read(found["inventory"]))
    assert bounds_of(inventory) == (1, 4)
    assert found["not_expressed"] == [
        {
            "resource": "scaling endpoint/e/variant/v",
            "path": "max_capacity",
            "value": 1,
            "would_change": False,
            "reason": 'the scheduled action "e.v.night" has set it; the inventory contains the declared value, 4, '
            "and an apply leaves it unchanged while that action is in force",
        }
    ]
    assert_changes_nothing(world, inventory)


def test_the_export_tells_that_bounds_may_be_those_of_a_schedule(world: World) -> None:
    """What another tool has registered has no note of what was declared."""
    assert not world.apply(BOTH).error
    world.simulator.run_schedule("e", "v", "e.v.day")
    without_tags(world)
    found = info(world)
    assert bounds_of(t.cast("Inventory", as_read(found["inventory"]))) == (2, 4)
    result = {each["path"]: each for each in found["not_expressed"]}
    assert result.keys() == {"min_capacity", "max_capacity"}
    assert result["min_capacity"] == {
        "resource": "scaling endpoint/e/variant/v",
        "path": "min_capacity",
        "value": 2,
        "would_change": False,
        "reason": 'the scheduled action "e.v.day" sets this value; the declared value is not known and may be a '
        "different one",
    }


def without_tags(world: World) -> None:
    """As if another tool had registered the target."""
    client = world.client("application-autoscaling")
    tags = client.list_tags_for_resource(ResourceARN=arn(world))["Tags"]
    client.untag_resource(ResourceARN=arn(world), TagKeys=list(tags))


def test_the_export_knows_the_declared_bounds_of_what_was_adopted(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.run_schedule("e", "v", "e.v.night")
    without_tags(world)
    assert _settled(world, BOTH).effect("endpoint/e/variant/v", "targets") == "tags only"
    assert bounds_of(t.cast("Inventory", as_read(info(world)["inventory"]))) == (1, 4)


def test_the_export_has_bounds_that_no_schedule_has_set(world: World) -> None:
    assert not world.apply(BOTH).error
    world.client("application-autoscaling").register_scalable_target(**KEY, MinCapacity=3, MaxCapacity=8)
    assert bounds_of(exported(world)) == (3, 8)


def test_the_note_of_the_declared_bounds_follows_them_and_goes_with_the_schedules(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.run_schedule("e", "v", "e.v.night")
    wider = scheduled({"night": NIGHT, "day": DAY}, maximum_capacity=6)
    assert _settled(world, wider).changed
    assert bounds_of(t.cast("Inventory", as_read(info(world)["inventory"]))) == (1, 6)
    _settled(world, PLAIN)
    tags = world.client("application-autoscaling").list_tags_for_resource(ResourceARN=arn(world))["Tags"]
    assert tags == {"friendsofansible.sagemaker/deployment": "default", "managed-by": "Ansible"}
    assert bounds_of(exported(world)) == (1, 4)


def arn(world: World) -> str:
    return str(target(world)["ScalableTargetARN"])
