# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS does not delete what a composite alarm depends on: only such an alarm fails, and everything else continues."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ALARM
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind

from simulator.testing import alarm

from .harness import Result, World
from .inventories import ERRORS, Inventory, inventory, model, provisioned, scaled, variant
from .test_undeclared import alarm_names

LATENCY = {"latency": {"expression": "ModelLatency p99 > 500000"}}
OVERHEAD = {"overhead": {"expression": "OverheadLatency p99 > 500000"}}
CHANGED = {"latency": {"expression": "ModelLatency p99 > 600000"}}
FULL = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS | LATENCY | OVERHEAD)))
STAYS = "AWS does not delete it while composite alarm on-call depends on it; remove it from that rule first"


def put_over(world: World, *names: str, composite: str = "on-call") -> None:
    rule = " OR ".join(f'ALARM("{name}")' for name in names)
    world.client("cloudwatch").put_composite_alarm(AlarmName=composite, AlarmRule=rule)


def writes(world: World) -> list[str]:
    return [entry["operation"] for entry in world.simulator.writes()]


def maximum(world: World, endpoint: str = "e") -> int:
    found = world.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[f"endpoint/{endpoint}/variant/v"]
    )
    return int(found["ScalableTargets"][0]["MaxCapacity"])


def test_an_alarm_that_is_declared_no_more_fails_alone(world: World) -> None:
    assert not world.apply(FULL | {"models": {"m": model(), "n": model(4)}}).error
    put_over(world, "e/v/latency", "e/v/errors")
    put_over(world, "e/v/errors", composite="of-the-service")
    wanted = inventory(provisioned(v=scaled(maximum=7)))
    world.simulator.clear_journal()
    planned = world.prune(wanted, check=True)
    assert writes(world) == []
    done = world.prune(wanted)
    assert writes(world) == ["DeleteAlarms", "RegisterScalableTarget", "DeleteModel"]
    assert alarm_names(world) >= {"e/v/latency", "e/v/errors"}
    assert "e/v/overhead" not in alarm_names(world)
    assert maximum(world) == 7
    assert done.effect("e") == "no change"
    for result in (planned.error, done.error):
        assert f"alarm e/v/latency: {STAYS}" in result
        assert (
            "alarm e/v/errors: AWS does not delete it while composite alarm of-the-service, on-call depends" in result
        )
    assert planned.diff == done.diff
    world.client("cloudwatch").delete_alarms(AlarmNames=["on-call"])
    world.client("cloudwatch").delete_alarms(AlarmNames=["of-the-service"])
    assert not world.apply(wanted).error
    assert not world.apply(wanted).changed


def test_a_rollout_goes_on_although_the_alarm_of_its_endpoint_stays(world: World) -> None:
    assert not world.apply(FULL).error
    put_over(world, "e/v/latency")
    wanted = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS)), models={"m": model(2)})
    done = world.apply(wanted)
    assert done.effect("e") == "redeploy"
    assert done.error == f"alarm e/v/latency: {STAYS}"
    again = world.apply(wanted)
    assert (again.error, again.changed) == (done.error, False)


def test_a_composite_alarm_that_was_put_meanwhile(world: World) -> None:
    assert not world.apply(FULL).error
    wanted = inventory(provisioned(v=scaled(maximum=7)))
    message = "Cannot delete e/v/latency as there are composite alarm(s) depending on it."
    world.simulator.fault(
        "error",
        operation="DeleteAlarms",
        name="e/v/latency",
        code="ValidationError",
        message=message,
        status=400,
        # Once for the call that takes all of them, and once for this alarm alone.
        count=2,
    )
    done = world.apply(wanted)
    assert done.error == f"alarm e/v/latency: DeleteAlarms: ValidationError: {message.rstrip('.')}"
    assert maximum(world) == 7
    assert {name for name in alarm_names(world) if name.startswith("e/")} == {"e/v/latency"}


def test_a_composite_alarm_over_another_name_that_is_alike_holds_nothing(world: World) -> None:
    both = FULL | {"endpoints": {"e": FULL["endpoints"]["e"], "e-2": FULL["endpoints"]["e"]}}
    assert not world.apply(both).error
    world.client("cloudwatch").put_metric_alarm(**alarm("more-e/v/latency-too"))
    put_over(world, "more-e/v/latency-too")
    wanted = both | {"endpoints": {"e": provisioned(v=scaled()), "e-2": FULL["endpoints"]["e"]}}
    assert not world.apply(wanted).error
    assert not [name for name in alarm_names(world) if name.startswith("e/")]


def test_more_alarms_than_one_call_takes(world: World) -> None:
    many = {f"a{number}": {"expression": f"Invocation5XXErrors sum >= {number + 1}"} for number in range(120)}
    assert not world.apply(inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS | many)))).error
    put_over(world, "e/v/a7")
    done = world.apply(inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS))))
    assert done.error == f"alarm e/v/a7: {STAYS}"
    assert alarm_names(world) == {"e/v/errors", "e/v/a7"}


@pytest.mark.parametrize("is_pruned", [True, False])
def test_alarms_of_endpoints_that_go(world: World, is_pruned: bool) -> None:
    assert not world.apply(FULL).error
    put_over(world, "e/v/latency")
    nothing: dict[str, t.Any] = {"models": {}, "endpoints": {}}
    planned = world.prune(nothing, check=True) if is_pruned else world.destroy(FULL, check=True)
    done = world.prune(nothing) if is_pruned else world.destroy(FULL)
    for result in (planned, done):
        assert result.error.splitlines() == ["1 of 3 alarms failed:", f"- e/v/latency: {STAYS}"]
    assert alarm_names(world) == {"e/v/latency"}
    assert world.client("sagemaker").list_endpoints()["Endpoints"] == []
    assert world.client("sagemaker").list_models()["Models"] == []


def test_the_module_names_what_depends_on_an_alarm(world: World) -> None:
    assert not world.apply(FULL).error
    put_over(world, "e/v/latency")
    names = [{"alarm_name": name} for name in ("e/v/latency", "e/v/errors")]
    result = world.run(ALARM, AlarmKind(Scope("default")), names, state="absent")
    assert [each.get("error") for each in result["alarms"]] == [STAYS, None]
    assert "e/v/errors" not in alarm_names(world)


def region_reads(world: World) -> int:
    """How often all composite alarms of the region were read."""
    reads = [entry["parameters"] for entry in world.simulator.journal() if entry["operation"] == "DescribeAlarms"]
    return sum(each.get("AlarmTypes") == ["CompositeAlarm"] and "ParentsOfAlarmName" not in each for each in reads)


STEPS = {"steps": {"expression": "CPUUtilization average >= 70 then +1"}}


def three(alarms: Inventory, policies: Inventory, **others: Inventory) -> Inventory:
    """An endpoint with these alarms, one with these policies, and others."""
    stepped = variant(auto_scaling={"minimum_capacity": 1, "maximum_capacity": 4, "policies": policies})
    endpoints = {"e": provisioned(v=scaled(cloudwatch_alarms=alarms)), "f": provisioned(v=stepped), **others}
    return {"models": FULL["models"], "endpoints": endpoints}


ALARMS = ERRORS | LATENCY | OVERHEAD
THREE = three(ALARMS, STEPS, g=provisioned(v=scaled(cloudwatch_alarms=ERRORS)))
OTHER = provisioned(v=scaled() | {"model_name": "n"})
NOTHING: dict[str, t.Any] = {"models": {}, "endpoints": {}}
RUNS: dict[str, tuple[t.Callable[[World], Result], int]] = {
    "nothing changes": (lambda world: world.apply(THREE), 0),
    "alarms change": (lambda world: world.apply(three(ALARMS | CHANGED, STEPS)), 0),
    "alarms go": (lambda world: world.apply(three({}, STEPS)), 1),
    "the alarm of a step policy goes": (lambda world: world.apply(three(ALARMS, {})), 1),
    "alarms and an endpoint go": (lambda world: world.prune(three({}, {})), 1),
    "endpoints go": (lambda world: world.prune(NOTHING), 1),
    "all goes": (lambda world: world.destroy(THREE), 1),
    "there is nothing": (lambda world: world.destroy({"models": {"n": model()}, "endpoints": {"h": OTHER}}), 0),
}


@pytest.mark.parametrize(("run", "times"), RUNS.values(), ids=RUNS)
def test_the_composite_alarms_of_the_region_are_read_once_where_alarms_are_deleted(
    world: World, run: t.Callable[[World], Result], times: int
) -> None:
    assert not world.apply(THREE).error
    world.client("cloudwatch").put_metric_alarm(**alarm("more-e/v/latency-too"))
    put_over(world, "more-e/v/latency-too")
    world.simulator.clear_journal()
    assert not run(world).error
    assert region_reads(world) == times
