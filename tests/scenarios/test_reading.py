# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How few calls it takes to find that nothing has to be done, and that few calls do not mean less care."""

from __future__ import annotations

import collections

import pytest

from .harness import World
from .inventories import ERRORS, REQUESTS, inventory, model, provisioned, scaled
from .test_scenarios import BASE, endpoint

SIZE = 24
FLEET = {
    "models": {f"m{number:02}": model() for number in range(SIZE)},
    "endpoints": {
        f"e{number:02}": provisioned(v=scaled(model_name=f"m{number:02}", cloudwatch_alarms=ERRORS))
        for number in range(SIZE)
    },
}


def calls(world: World) -> collections.Counter[str]:
    return collections.Counter(entry["operation"] for entry in world.simulator.journal())


@pytest.fixture
def fleet(world: World) -> World:
    assert not world.apply(FLEET).error
    world.simulator.advance(48 * 3600)
    world.simulator.clear_journal()
    return world


def test_of_a_young_fleet_the_tags_are_read_one_by_one_and_nothing_is_described(world: World) -> None:
    assert not world.apply(FLEET).error
    world.simulator.clear_journal()
    assert not world.apply(FLEET).changed
    found = calls(world)
    assert (found["ListTags"], found["ListTagsForResource"]) == (3 * SIZE, 2 * SIZE)
    assert not {"DescribeModel", "DescribeEndpointConfig"} & found.keys()


def test_nothing_to_do_is_found_with_one_description_an_endpoint_and_few_lists(fleet: World) -> None:
    assert not fleet.apply(FLEET).changed
    assert calls(fleet) == {
        "ListModels": 2,
        # One of them finds endpoints that are not declared.
        "GetResources": 6,
        "DescribeAlarms": 1,
        "DescribeEndpoint": SIZE,
        "ListEndpointConfigs": 2,
        "DescribeScalableTargets": 2,
        "DescribeScalingPolicies": 3,
        "DescribeScheduledActions": 1,
    }


def test_full_verification_describes_everything(fleet: World) -> None:
    assert not fleet.apply(FLEET, verify="full").changed
    found = calls(fleet)
    assert "GetResources" not in found
    assert found["DescribeModel"] == found["DescribeEndpointConfig"] == SIZE
    assert found["ListTags"] == 3 * SIZE
    assert found["ListTagsForResource"] == 2 * SIZE


def test_without_the_permission_for_the_index_each_is_asked_and_one_warning_says_so(fleet: World) -> None:
    fleet.simulator.allow(["sagemaker:*", "cloudwatch:*", "application-autoscaling:*"])
    result = fleet.apply(FLEET)
    assert not result.changed
    assert not result.error
    (warning,) = set(result.warnings)
    assert "GetResources" in warning
    assert calls(fleet)["ListTags"] == 3 * SIZE


def test_an_index_that_lags_behind_costs_calls_and_changes_nothing(world: World) -> None:
    world.simulator.configure(tag_delay_seconds=3600)
    assert not world.apply(FLEET).error
    world.simulator.clear_journal()
    assert not world.apply(FLEET).changed
    assert world.simulator.writes() == []
    assert calls(world)["ListTags"] == 3 * SIZE


def test_a_tag_that_somebody_took_away_comes_back(fleet: World) -> None:
    client = fleet.client("sagemaker")
    arn = endpoint(fleet, "e03")["EndpointArn"]
    client.delete_tags(ResourceArn=arn, TagKeys=["managed-by"])
    fleet.simulator.advance(3600)
    fleet.simulator.clear_journal()
    assert fleet.apply(FLEET).effect("e03") == "tags only"
    assert [(entry["operation"], entry["parameters"]["ResourceArn"]) for entry in fleet.simulator.writes()] == [
        ("AddTags", arn)
    ]


@pytest.mark.parametrize("verify", ["tags", "full"])
def test_a_model_that_somebody_made_anew_under_its_tags(world: World, verify: str) -> None:
    """Only full verification sees through tags that lie."""
    assert not world.apply(BASE).error
    client = world.client("sagemaker")
    described = client.describe_model(ModelName="m")
    tags = client.list_tags(ResourceArn=described["ModelArn"])["Tags"]
    client.delete_model(ModelName="m")
    container = {"Image": "registry/other:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
    role = described["ExecutionRoleArn"]
    client.create_model(ModelName="m", PrimaryContainer=container, ExecutionRoleArn=role, Tags=tags)
    assert world.apply(BASE, verify=verify).changed == (verify == "full")


def test_drift_of_policies_and_counts_is_seen_through_the_lists(fleet: World) -> None:
    scaling = fleet.client("application-autoscaling")
    key = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e05/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    scaling.delete_scaling_policy(**key, PolicyName=f"e05/v/{next(iter(REQUESTS))}")
    fleet.simulator.clear_journal()
    assert not fleet.apply(FLEET).error
    assert [entry["operation"] for entry in fleet.simulator.writes()] == ["PutScalingPolicy"]


def test_a_single_endpoint_is_found_settled_without_describing_its_configuration(world: World) -> None:
    assert not world.apply(inventory()).error
    world.simulator.advance(3600)
    world.simulator.clear_journal()
    assert not world.apply(inventory()).changed
    assert calls(world)["DescribeEndpointConfig"] == 0
