# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies that track a value computed from metrics behave like those on one metric."""

from __future__ import annotations

import typing as t

import pytest

from .exports import exported
from .harness import World
from .inventories import Inventory, inventory, provisioned, serverless, variant
from .scenario import Scenario, play

DELETE, PUT = "DeleteScalingPolicy", "PutScalingPolicy"
LOAD = "(CPUUtilization average / 2 + MemoryUtilization p90) / 2 = 60"
CPU = "CPUUtilization average = 70"
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/e/variant/v",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


def scaled(**expressions: str) -> Inventory:
    policies = {key: {"expression": expression} for key, expression in expressions.items()}
    return inventory(provisioned(v=variant(auto_scaling={"maximum_capacity": 4, "policies": policies})))


WANTED = scaled(load=LOAD)


def tracking(world: World) -> dict[str, t.Any]:
    client = world.client("application-autoscaling")
    (found,) = client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    return t.cast("dict[str, t.Any]", found["TargetTrackingScalingPolicyConfiguration"])


def queries(world: World) -> list[dict[str, t.Any]]:
    return t.cast("list[dict[str, t.Any]]", tracking(world)["CustomizedMetricSpecification"]["Metrics"])


def put(world: World, found: list[dict[str, t.Any]], name: str = "e/v/load") -> None:
    """Somebody puts the policy with these queries."""
    configuration = tracking(world) | {"CustomizedMetricSpecification": {"Metrics": found}}
    world.client("application-autoscaling").put_scaling_policy(
        **TARGET,
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=configuration,
    )


def other_statistic(world: World) -> None:
    found = queries(world)
    found[0]["MetricStat"]["Stat"] = "Maximum"
    put(world, found)


def other_expression(world: World) -> None:
    found = queries(world)
    found[2]["Expression"] = "MAX([m1, m2])"
    put(world, found)


def turned(world: World) -> None:
    """In another order, and with a default left out."""
    found = queries(world)[::-1]
    del found[0]["ReturnData"]
    for query in found[1:]:
        query["MetricStat"]["Metric"]["Dimensions"].reverse()
    put(world, found)


def other_ids(world: World) -> None:
    """As other tools name and label them."""
    found = queries(world)
    for query, name in zip(found, ("cpu", "memory", "load"), strict=True):
        query["Id"] = name
    found[2] |= {"Expression": "(cpu / 2 + memory) / 2", "Label": "Load"}
    put(world, found)


def tracks_math(world: World) -> None:
    assert [(each["Id"], each["ReturnData"]) for each in queries(world)] == [("m1", False), ("m2", False), ("e1", True)]
    assert queries(world)[2]["Expression"] == "(m1 / 2 + m2) / 2"
    stat = queries(world)[1]["MetricStat"]
    assert (stat["Metric"]["MetricName"], stat["Stat"]) == ("MemoryUtilization", "p90")
    assert "Period" not in stat
    assert tracking(world)["TargetValue"] == 60


SCENARIOS = [
    Scenario(
        "it is made",
        given=(inventory(provisioned(v=variant())),),
        wanted=WANTED,
        effect="no change",
        writes=["RegisterScalableTarget", PUT],
        ends=tracks_math,
    ),
    Scenario("nothing happened", given=(WANTED,), wanted=WANTED, effect="no change", writes=[], ends=tracks_math),
    Scenario(
        "somebody takes another statistic",
        given=(WANTED,),
        happened=other_statistic,
        wanted=WANTED,
        effect="no change",
        writes=[PUT],
        shows=f"-policies.load.expression: (CPUUtilization Maximum / 2 + MemoryUtilization p90) / 2 = 60\n"
        f"+policies.load.expression: {LOAD.replace('average', 'Average')}\n",
        ends=tracks_math,
    ),
    Scenario(
        "somebody computes what no expression says",
        given=(WANTED,),
        happened=other_expression,
        wanted=WANTED,
        effect="no change",
        writes=[PUT],
        shows="MAX([m1, m2])",
        ends=tracks_math,
    ),
    Scenario(
        "the order of queries and dimensions means nothing",
        given=(WANTED,),
        happened=turned,
        wanted=WANTED,
        effect="no change",
        writes=[],
    ),
    Scenario(
        "ids and labels mean nothing",
        given=(WANTED,),
        happened=other_ids,
        wanted=WANTED,
        effect="no change",
        writes=[],
    ),
    Scenario(
        "it computes something else",
        given=(scaled(load="CPUUtilization average / 2 = 60"),),
        wanted=WANTED,
        effect="no change",
        writes=[PUT],
        ends=tracks_math,
    ),
    Scenario(
        "it was on one metric",
        given=(scaled(load=CPU),),
        wanted=WANTED,
        effect="no change",
        writes=[PUT],
        ends=tracks_math,
    ),
    Scenario(
        "it becomes one on one metric", given=(WANTED,), wanted=scaled(load=CPU), effect="no change", writes=[PUT]
    ),
    Scenario(
        "it is renamed, and AWS takes one policy for the same math",
        given=(WANTED,),
        wanted=scaled(busy=LOAD),
        effect="no change",
        writes=[DELETE, PUT],
        ends=tracks_math,
    ),
    Scenario(
        "another one beside it has the same metrics",
        given=(WANTED,),
        wanted=scaled(load=LOAD, sum="CPUUtilization average / 2 + MemoryUtilization p90 = 120"),
        effect="no change",
        writes=[PUT],
    ),
    Scenario(
        "it is no longer declared",
        given=(scaled(load=LOAD, cpu=CPU),),
        wanted=scaled(cpu=CPU),
        effect="no change",
        writes=[DELETE],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_it_is_exported_as_it_was_written(world: World) -> None:
    assert not world.apply(WANTED).error
    found = exported(world, deployment="default")
    variants = found["endpoints"]["e"]["provisioned"]["production_variants"]
    assert variants["v"]["auto_scaling"]["policies"] == {"load": {"expression": LOAD.replace("average", "Average")}}
    assert not world.apply(found, check=True).changed
    assert not world.apply(found).changed


def test_a_serverless_variant_keeps_its_name_in_every_query(world: World) -> None:
    policies = {"busy": {"expression": "ServerlessProvisionedConcurrencyUtilization average * 100 = 70"}}
    scaling = {"maximum_capacity": 4, "policies": policies}
    settings = {"max_concurrency": 10, "provisioned_concurrency": 1, "auto_scaling": scaling}
    assert not world.apply(inventory(serverless(variant_name="AllTraffic", **settings))).error
    play(Scenario("kept", wanted=inventory(serverless(**settings)), effect="no change", writes=[]), world)
    dimensions = queries(world)[0]["MetricStat"]["Metric"]["Dimensions"]
    assert {"Name": "VariantName", "Value": "AllTraffic"} in dimensions
