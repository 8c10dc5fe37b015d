# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside a declared endpoint the inventory is the whole truth, for what is ours; what others hung on it stays."""

from __future__ import annotations

import typing as t

import pytest

from .harness import World
from .inventories import ERRORS, REQUESTS, inventory, provisioned, scaled, serverless, variant
from .scenario import IN_PLACE, RECORD, UPDATE, Scenario, play

LATENCY = {"latency": {"expression": "ModelLatency p99 > 500000"}}
BOTH = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS | LATENCY)))
DEREGISTER = "DeregisterScalableTarget"


def hang_alarms_of_others(world: World) -> None:
    """An alarm without tags, one of another deployment, and what scaling made for itself."""
    for name, tags in (
        ("e/v/by-hand", []),
        ("e/v/theirs", [{"Key": "friendsofansible.sagemaker/deployment", "Value": "other"}]),
        ("e-other/v/ours", [{"Key": "friendsofansible.sagemaker/deployment", "Value": "default"}]),
    ):
        world.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/SageMaker",
            MetricName="Invocations",
            Dimensions=[{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": "v"}],
            Statistic="Sum",
            ComparisonOperator="GreaterThanThreshold",
            Threshold=1,
            Period=60,
            EvaluationPeriods=1,
            Tags=tags,
        )


def alarms_of_others_are_there(world: World) -> None:
    assert {"e/v/by-hand", "e/v/theirs", "e-other/v/ours"} <= alarm_names(world)


def alarm_names(world: World) -> set[str]:
    return {each["AlarmName"] for each in world.client("cloudwatch").describe_alarms()["MetricAlarms"]}


def hang_target_of_others(world: World) -> None:
    register(world, {})


def register(world: World, tags: dict[str, str]) -> None:
    world.client("application-autoscaling").register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/e/variant/v",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=2,
        Tags=tags,
    )


SCENARIOS = [
    Scenario(
        "an alarm that is no longer declared",
        given=(BOTH,),
        happened=hang_alarms_of_others,
        wanted=inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS))),
        effect="no change",
        writes=["DeleteAlarms"],
        shows="cloudwatch_alarms.latency: delete\n-expression: ModelLatency",
        ends=alarms_of_others_are_there,
    ),
    Scenario(
        "the last alarms",
        given=(inventory(serverless(cloudwatch_alarms=ERRORS | LATENCY)),),
        wanted=inventory(serverless()),
        effect="no change",
        writes=["DeleteAlarms"],
    ),
    Scenario(
        "the alarms of a variant that leaves, once it has left",
        given=(inventory(provisioned(v=variant(), w=variant(cloudwatch_alarms=ERRORS))),),
        wanted=inventory(provisioned(v=variant())),
        effect="redeploy",
        writes=[*UPDATE, "DeleteAlarms"],
    ),
    Scenario(
        "scaling that is no longer declared",
        given=(BOTH,),
        wanted=inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS | LATENCY))),
        effect="in place",
        writes=[DEREGISTER],
        shows="production_variants.v.auto_scaling: delete\n-",
    ),
    Scenario(
        "scaling that gives way to a count",
        given=(BOTH,),
        wanted=inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS | LATENCY, initial_instance_count=3))),
        effect="in place",
        writes=[DEREGISTER, RECORD, IN_PLACE],
    ),
    Scenario(
        "scaling that goes while the instance type changes",
        given=(BOTH,),
        wanted=inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS | LATENCY, instance_type="ml.c5.large"))),
        effect="redeploy",
        writes=[DEREGISTER, *UPDATE],
    ),
    Scenario(
        "scaling that somebody else has set up",
        given=(inventory(),),
        happened=hang_target_of_others,
        wanted=inventory(),
        effect="no change",
        writes=[],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_scaling_that_stood_aside_does_not_come_back_when_it_is_declared_no_more(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=scaled()))).error
    bigger: dict[str, t.Any] = {"instance_type": "ml.c5.large"}
    assert not world.apply(inventory(provisioned(v=scaled(**bigger))), wait=False).error
    world.simulator.advance(100)
    wanted = inventory(provisioned(v=variant(**bigger)))
    assert not world.apply(wanted).error
    client = world.client("application-autoscaling")
    assert client.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []
    assert not world.apply(wanted).changed


@pytest.mark.parametrize("may_ask_index", [True, False])
def test_of_many_endpoints_the_undeclared_alarms_are_found_too(world: World, may_ask_index: bool) -> None:
    names = [f"e{number:02}" for number in range(12)]
    full = {name: provisioned(v=variant(cloudwatch_alarms=ERRORS | LATENCY)) for name in names}
    less = {name: provisioned(v=variant(cloudwatch_alarms=ERRORS)) for name in names}
    assert not world.apply(inventory() | {"endpoints": full}).error
    hang_alarms_of_others(world)
    world.simulator.advance(3600)
    if not may_ask_index:
        world.simulator.allow(["sagemaker:*", "cloudwatch:*", "application-autoscaling:*"])
    assert not world.apply(inventory() | {"endpoints": less}).error
    assert alarm_names(world) == {f"{name}/v/errors" for name in names} | {
        "e/v/by-hand",
        "e/v/theirs",
        "e-other/v/ours",
    }
    assert not world.apply(inventory() | {"endpoints": less}).changed


def test_policies_of_ours_go_and_the_target_stays(world: World) -> None:
    more = {"more": {"expression": "CPUUtilization average = 70"}}
    with_more = scaled()
    with_more["auto_scaling"] = with_more["auto_scaling"] | {"policies": REQUESTS | more}
    assert not world.apply(inventory(provisioned(v=with_more))).error
    assert not world.apply(inventory(provisioned(v=scaled()))).error
    policies = world.client("application-autoscaling").describe_scaling_policies(ServiceNamespace="sagemaker")
    assert [each["PolicyName"] for each in policies["ScalingPolicies"]] == ["e/v/requests"]


def test_a_run_over_alarms_alone_deletes_those_that_are_declared_no_more(world: World) -> None:
    assert not world.apply(BOTH).error
    hang_alarms_of_others(world)
    wanted = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS)))
    planned = world.apply(wanted, check=True, parts=["alarms"])
    assert planned.effect("e/v/latency", "alarms") == "delete"
    assert "e/v/latency" in alarm_names(world)
    done = world.apply(wanted, planned=planned, parts=["alarms"])
    assert "cloudwatch_alarms.latency: delete\n-expression: ModelLatency" in done.diff
    assert done.warnings == []
    assert "e/v/latency" not in alarm_names(world)
    alarms_of_others_are_there(world)
    assert not world.apply(wanted, parts=["alarms"]).changed


def test_a_run_over_alarms_alone_leaves_those_of_an_endpoint_that_is_updated(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.put_endpoint("e", "Updating", None)
    result = world.apply(inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS))), parts=["alarms"])
    assert not result.error
    assert result.warnings == [
        "alarms that are no longer declared are kept while their endpoints are being updated: e/v/latency"
    ]
    assert "e/v/latency" in alarm_names(world)


def test_a_run_over_alarms_alone_that_cannot_list_them_says_so(world: World) -> None:
    assert not world.apply(BOTH).error
    world.simulator.fault("error", operation="DescribeEndpoint", name="e", count=1)
    result = world.apply(inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS))), parts=["alarms"])
    assert (
        "alarms that are no longer declared were not deleted, because reading them failed: DescribeEndpoint"
        in result.error
    )
    assert "e/v/latency" in alarm_names(world)


def test_a_run_over_scaling_alone_tells_of_that_which_is_declared_no_more(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=scaled()))).error
    result = world.apply(inventory(provisioned(v=variant())), parts=["scaling"])
    assert not result.changed
    assert result.warnings == ["scaling of e/v is no longer declared; a run that includes endpoints removes it"]


def test_a_run_that_cannot_look_for_undeclared_endpoints_warns(world: World) -> None:
    world.apply(inventory())
    world.simulator.fault("throttle", operation="GetResources", count=None)
    result = world.apply(inventory())
    (warning,) = result.warnings
    assert (result.error, warning.partition(": ")[0]) == ("", "could not look for endpoints that are not declared")
