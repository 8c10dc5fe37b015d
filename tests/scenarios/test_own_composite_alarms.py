# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composite alarms of an endpoint's own: made after the alarms that they watch, deleted before them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ALARM
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import DEPLOYMENT, Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind

from simulator.testing import alarm

from .exports import exported
from .harness import World
from .inventories import ERRORS, Inventory, inventory, model, provisioned, serverless, variant
from .scenario import Scenario, play
from .test_composite_alarms import LATENCY, put_over, writes

TOPIC = "arn:aws:sns:eu-west-1:111122223333:on-call"
ANY = {"any_of": ["v/errors", "v/latency"]}
ALL = {"all_of": ["v/errors", "v/latency"]}
RULE = 'ALARM("e/v/errors") OR ALARM("e/v/latency")'
BOTH = ERRORS | LATENCY
CREATES = ["CreateModel", "PutMetricAlarm", "PutMetricAlarm", "PutCompositeAlarm", "CreateEndpointConfig"]


def composed(alarms: Inventory = BOTH, **composites: t.Any) -> Inventory:
    """An endpoint with these alarms and composite alarms."""
    endpoint = provisioned(v=variant(cloudwatch_alarms=alarms)) | {"composite_alarms": composites}
    return inventory(endpoint)


def live(world: World, name: str = "e/any") -> dict[str, t.Any]:
    answer = world.client("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])
    (found,) = answer["CompositeAlarms"]
    return t.cast("dict[str, t.Any]", found)


def names(world: World) -> set[str]:
    answer = world.client("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm", "MetricAlarm"])
    return {each["AlarmName"] for kind in ("CompositeAlarms", "MetricAlarms") for each in answer[kind]}


@pytest.mark.parametrize(
    ("written", "rule"),
    [(ANY, RULE), (ALL, RULE.replace("OR", "AND")), ({"any_of": ["errors"]}, RULE.split(" OR ")[0])],
)
def test_it_is_put_after_what_it_watches(world: World, written: t.Any, rule: str) -> None:
    wanted = composed(any=written | {"description": "Trouble", "notification_sns_topic": TOPIC})
    planned = world.apply(wanted, check=True)
    done = world.apply(wanted)
    assert not done.error
    assert planned.diff == done.diff
    assert "endpoints.e.composite_alarms.any" in done.diff
    assert writes(world)[: len(CREATES)] == CREATES
    alarm = live(world)
    assert (alarm["AlarmRule"], alarm["AlarmDescription"]) == (rule, "Trouble")
    assert (alarm["AlarmActions"], alarm["OKActions"]) == ([TOPIC], [TOPIC])
    world.simulator.clear_journal()
    assert not world.apply(wanted).changed
    asked = [entry["operation"] for entry in world.simulator.journal()]
    # Once for what is declared, of both types, and once for what is no longer declared.
    assert asked.count("DescribeAlarms") == 2


def _to_all(world: World) -> None:
    world.client("cloudwatch").put_composite_alarm(AlarmName="e/any", AlarmRule=RULE.replace("OR", "AND"))


def _muted(world: World) -> None:
    world.client("cloudwatch").disable_alarm_actions(AlarmNames=["e/any"])


def _gone(world: World) -> None:
    world.client("cloudwatch").delete_alarms(AlarmNames=["e/any"])


def _disowned(world: World) -> None:
    world.client("cloudwatch").untag_resource(ResourceARN=live(world)["AlarmArn"], TagKeys=[DEPLOYMENT])


@pytest.mark.parametrize(
    ("happened", "expected", "message"),
    [
        (_to_all, ["PutCompositeAlarm"], "-all_of: v/errors, v/latency\n+any_of: v/errors, v/latency"),
        (_gone, ["PutCompositeAlarm"], "composite_alarms.any: create"),
        (_muted, [], ""),
        (_disowned, ["TagResource"], "tags only"),
    ],
)
def test_what_others_did(world: World, happened: t.Any, expected: list[str], message: str) -> None:
    wanted = composed(any=ANY)
    play(
        Scenario(
            "x", given=(wanted,), happened=happened, wanted=wanted, effect="no change", writes=expected, shows=message
        ),
        world,
    )


def test_another_operator_is_a_change_in_place(world: World) -> None:
    play(
        Scenario(
            "all instead of any",
            given=(composed(any=ANY),),
            wanted=composed(any=ALL),
            effect="no change",
            writes=["PutCompositeAlarm"],
            shows="e.composite_alarms.any: in place\n-any_of: v/errors, v/latency\n+all_of: v/errors, v/latency",
        ),
        world,
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (composed(), ["DeleteAlarms"]),
        # The composite alarm goes before what it watches, and alone.
        (composed({}), ["DeleteAlarms", "DeleteAlarms"]),
        (composed(ERRORS, any={"any_of": ["errors"]}), ["PutCompositeAlarm", "DeleteAlarms"]),
    ],
)
def test_what_is_declared_no_more_goes(world: World, wanted: Inventory, expected: list[str]) -> None:
    play(
        Scenario("gone", given=(composed(any=ANY),), wanted=wanted, effect="no change", writes=expected),
        world,
    )
    left = {
        f"e/v/{key}" for key in wanted["endpoints"]["e"]["provisioned"]["production_variants"]["v"]["cloudwatch_alarms"]
    }
    assert names(world) == left | {f"e/{key}" for key in wanted["endpoints"]["e"]["composite_alarms"]}


def test_several_that_go_are_deleted_one_by_one(world: World) -> None:
    assert not world.apply(composed(any=ANY, all=ALL)).error
    world.simulator.clear_journal()
    assert not world.apply(composed({})).error
    calls = [entry["parameters"]["AlarmNames"] for entry in world.simulator.writes()]
    assert sorted(calls[:2]) == [["e/all"], ["e/any"]]
    assert sorted(calls[2]) == ["e/v/errors", "e/v/latency"]


@pytest.mark.parametrize("is_pruned", [True, False])
def test_it_goes_with_its_endpoint(world: World, is_pruned: bool) -> None:
    wanted = composed(any=ANY)
    assert not world.apply(wanted).error
    nothing: dict[str, t.Any] = {"models": {}, "endpoints": {}}
    planned = world.prune(nothing, check=True) if is_pruned else world.destroy(wanted, check=True)
    done = world.prune(nothing) if is_pruned else world.destroy(wanted)
    assert (planned.error, done.error) == ("", "")
    assert planned.diff == done.diff
    assert names(world) == set()


def test_one_that_another_watches_stays_with_what_it_watches(world: World) -> None:
    wanted = composed(any=ANY)
    assert not world.apply(wanted).error
    put_over(world, "e/any")
    done = world.destroy(wanted)
    assert "e/any: AWS does not delete it while composite alarm on-call depends on it" in done.error
    assert names(world) == {"e/any", "on-call", "e/v/errors", "e/v/latency"}


def test_it_is_exported_as_it_was_written(world: World) -> None:
    written: dict[str, t.Any] = {
        "any": ANY | {"description": "Trouble", "notification_sns_topic": TOPIC},
        "both": ALL | {"actions_enabled": False, "actions": {"alarm": [TOPIC]}},
    }
    wanted = composed(**written)
    assert not world.apply(wanted).error
    found = exported(world, deployment="default")["endpoints"]["e"]
    assert found["composite_alarms"] == written
    assert not world.apply(wanted | {"endpoints": {"e": found}}).changed


def test_a_serverless_variant_keeps_its_name_in_the_rule(world: World) -> None:
    alarm = {"cloudwatch_alarms": {"a": {"expression": "Invocations sum > 5"}}}
    composites = {"composite_alarms": {"any": {"any_of": ["a"]}}}
    assert not world.apply(inventory(serverless(variant_name="AllTraffic", **alarm) | composites)).error
    unnamed = inventory(serverless(**alarm) | composites)
    play(Scenario("kept", wanted=unnamed, effect="no change", writes=[]), world)
    assert live(world)["AlarmRule"] == 'ALARM("e/AllTraffic/a")'


def test_a_new_generation_waits_for_nothing_of_it(world: World) -> None:
    assert not world.apply(composed(any=ANY)).error
    done = world.apply(composed(any=ANY) | {"models": {"m": model(2)}})
    assert (done.error, done.effect("e")) == ("", "redeploy")


def test_the_module_puts_and_deletes_both_in_order(world: World) -> None:
    assert not world.apply(composed()).error
    alarms = [{"alarm_name": "e/any", "alarm_rule": RULE}]
    result = world.run(ALARM, AlarmKind(Scope("default")), alarms)
    assert [each["effect"] for each in result["alarms"]] == ["create"]
    assert result["alarms"][0]["alarm_rule"] == RULE
    everything = [{"alarm_name": name} for name in ("e/v/errors", "e/any", "e/v/latency")]
    result = world.run(ALARM, AlarmKind(Scope("default")), everything, state="absent")
    assert [each["effect"] for each in result["alarms"]] == ["delete"] * 3
    assert names(world) == set()


def test_one_type_does_not_become_the_other(world: World) -> None:
    assert not world.apply(composed(any=ANY)).error
    alarms = [{"alarm_name": "e/v/errors", "alarm_rule": 'ALARM("e/v/latency")'}]
    result = world.run(ALARM, AlarmKind(Scope("default")), alarms)
    assert (
        "it is a metric alarm; AWS cannot turn it into a composite alarm; delete it first"
        in result["alarms"][0]["error"]
    )


def test_a_destroy_by_another_inventory_deletes_what_an_earlier_one_declared(world: World) -> None:
    """Seed 710105: the composite alarm stayed, and so did the alarm in its rule, in each run."""
    assert not world.apply(composed(any=ANY)).error
    world.client("cloudwatch").put_metric_alarm(**alarm("e/v/of-others"))
    later = inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS)))
    planned = world.destroy(later, check=True)
    world.simulator.clear_journal()
    done = world.destroy(later)
    assert not done.error
    assert names(world) == {"e/v/of-others"}
    assert {"e/any", "e/v/latency", "e/v/errors"} <= {
        name for name in str(planned.data).split("'") if name.startswith("e/")
    }
    assert not world.destroy(later).changed
