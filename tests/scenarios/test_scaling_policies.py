# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling policies that change their names or their metrics, of which AWS takes one for each metric of a target."""

from __future__ import annotations

import typing as t

import pytest

from .harness import World
from .inventories import Inventory, inventory, provisioned, variant
from .scenario import Scenario, assert_settled, play

DELETE, PUT = "DeleteScalingPolicy", "PutScalingPolicy"
REQUESTS, CPU, MEMORY = (
    "SageMakerVariantInvocationsPerInstance = 10",
    "CPUUtilization average = 70",
    "MemoryUtilization average = 70",
)
BUSIEST = "CPUUtilization maximum = 90"


def scaling_by(**expressions: str) -> Inventory:
    policies = {key: {"expression": expression} for key, expression in expressions.items()}
    scaling = {"minimum_capacity": 1, "maximum_capacity": 4, "policies": policies}
    return inventory(provisioned(v=variant(auto_scaling=scaling)))


def tracked(world: World) -> dict[str, str]:
    """The metric of each policy that there is."""
    client = world.client("application-autoscaling")
    found = client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    configurations = {each["PolicyName"]: each["TargetTrackingScalingPolicyConfiguration"] for each in found}
    return {
        name: each["PredefinedMetricSpecification"]["PredefinedMetricType"]
        if "PredefinedMetricSpecification" in each
        else each["CustomizedMetricSpecification"]["MetricName"]
        for name, each in configurations.items()
    }


def put_by_hand(world: World, name: str = "by-hand") -> None:
    world.client("application-autoscaling").put_scaling_policy(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/e/variant/v",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 5,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        },
    )


def step_by_hand(world: World) -> None:
    """Turns the policy of the inventory into one of another type."""
    client = world.client("application-autoscaling")
    key = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "PolicyName": "e/v/requests",
    }
    client.delete_scaling_policy(**key)
    steps = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
    }
    client.put_scaling_policy(**key, PolicyType="StepScaling", StepScalingPolicyConfiguration=steps)


SCENARIOS = [
    Scenario(
        "a policy is renamed",
        given=(scaling_by(requests=REQUESTS),),
        wanted=scaling_by(invocations=REQUESTS),
        effect="no change",
        writes=[DELETE, PUT],
        shows="auto_scaling.policies.requests: delete\n-expression: ",
    ),
    Scenario(
        "a policy is renamed beside another one that is new",
        given=(scaling_by(requests=REQUESTS),),
        wanted=scaling_by(invocations=REQUESTS, cpu=CPU),
        effect="no change",
        writes=[PUT, DELETE, PUT],
    ),
    Scenario(
        "two policies swap their metrics",
        given=(scaling_by(first=REQUESTS, second=CPU),),
        wanted=scaling_by(first=CPU, second=REQUESTS),
        effect="no change",
        writes=[DELETE, PUT, PUT],
    ),
    Scenario(
        "three policies pass their metrics on",
        given=(scaling_by(first=REQUESTS, second=CPU, third=MEMORY),),
        wanted=scaling_by(first=CPU, second=MEMORY, third=REQUESTS),
        effect="no change",
        writes=[DELETE, PUT, PUT, PUT],
    ),
    Scenario(
        "a policy takes over the metric of one that leaves",
        given=(scaling_by(first=REQUESTS, second=CPU),),
        wanted=scaling_by(first=CPU),
        effect="no change",
        writes=[DELETE, PUT],
    ),
    Scenario(
        "one metric is tracked with two statistics",
        wanted=scaling_by(most=CPU, busiest=BUSIEST),
        effect="create",
        writes=["CreateModel", "CreateEndpointConfig", "CreateEndpoint", "RegisterScalableTarget", PUT, PUT],
    ),
    Scenario(
        "somebody else made the policy one of another type",
        given=(scaling_by(requests=REQUESTS),),
        happened=step_by_hand,
        wanted=scaling_by(requests=REQUESTS),
        effect="no change",
        writes=[DELETE, PUT],
    ),
    Scenario(
        "somebody else has put a policy for the metric",
        given=(scaling_by(cpu=CPU),),
        happened=put_by_hand,
        wanted=scaling_by(cpu=CPU, requests=REQUESTS),
        effect="no change",
        writes=[],
        error='policy "by-hand", which is not declared here, tracks SageMakerVariantInvocationsPerInstance already',
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


CHANGES: list[tuple[str, Inventory, Inventory, int]] = [
    ("a rename", scaling_by(old=REQUESTS), scaling_by(new=REQUESTS), 1),
    ("a swap, at once", scaling_by(a=REQUESTS, b=CPU), scaling_by(a=CPU, b=REQUESTS), 1),
    ("a swap, half done", scaling_by(a=REQUESTS, b=CPU), scaling_by(a=CPU, b=REQUESTS), 2),
]


@pytest.mark.parametrize(("before", "wanted", "calls"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
@pytest.mark.parametrize("refusal", ["LimitExceededException", "ValidationException"])
def test_what_made_way_comes_back_when_the_other_is_refused(
    world: World, before: Inventory, wanted: Inventory, calls: int, refusal: str
) -> None:
    assert not world.apply(before).error
    there = tracked(world)
    fault: dict[str, t.Any] = {"code": refusal, "message": "not now", "status": 400}
    world.simulator.fault("error", operation=PUT, skip=calls - 1, count=1, **fault)
    refused = world.apply(wanted)
    assert "not now; scaling policy" in refused.error
    assert refused.error.endswith("was restored")
    assert tracked(world) == there
    again = world.apply(wanted)
    assert not again.error
    assert set(tracked(world)) == {f"e/v/{key}" for key in policies_of(wanted)}
    assert not world.apply(wanted).changed


def policies_of(declared: Inventory) -> Inventory:
    found = declared["endpoints"]["e"]["provisioned"]["production_variants"]["v"]["auto_scaling"]["policies"]
    return t.cast("Inventory", found)


def test_what_cannot_be_put_back_is_named(world: World) -> None:
    assert not world.apply(scaling_by(old=REQUESTS)).error
    world.simulator.fault("error", operation=PUT, count=2, code="ValidationException", message="not now", status=400)
    refused = world.apply(scaling_by(new=REQUESTS))
    assert "scaling policy e/v/old is missing and could not be restored" in refused.error
    assert tracked(world) == {}
    wanted = Scenario("it is put by the next run", wanted=scaling_by(new=REQUESTS), effect="no change", writes=[PUT])
    assert not wanted.run(world).error
    assert_settled(wanted, world, world.simulator)


def test_the_target_with_a_foreign_policy_fails_alone(world: World) -> None:
    both = scaling_by(cpu=CPU)
    both["endpoints"]["f"] = both["endpoints"]["e"]
    assert not world.apply(both).error
    put_by_hand(world)
    wanted = scaling_by(requests=REQUESTS)
    wanted["endpoints"]["f"] = wanted["endpoints"]["e"]
    result = world.apply(wanted)
    assert '"by-hand"' in result.error
    assert "1 of 2 targets failed" in result.error
    assert set(tracked(world)) == {"by-hand", "e/v/cpu", "f/v/requests"}
