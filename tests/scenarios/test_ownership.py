# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a resource is, whatever it is tagged with besides: nothing of others is written to or deleted."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.spellings import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import DEPLOYMENT, GENERATION_OF, Scope

from .harness import World
from .inventories import inventory, model
from .test_prune import names
from .test_scenarios import NEW_IMAGE, endpoint

NEWEST_IMAGE = inventory(models={"m": model(3)})
NOTHING: dict[str, t.Any] = {"models": {}, "endpoints": {}}
POLICIES_OF_COMPANIES = [
    {"managed-by": "ansible"},
    {"managed-by": ""},
    {"managed-by": "platform-team", "cost center": "4711"},
]


def tags_of(world: World, kind: str, name: str) -> dict[str, str]:
    """The tags of a SageMaker resource, such as an ``endpoint-config``."""
    arn = f"arn:aws:sagemaker:eu-west-1:{world.account}:{kind}/{name.lower()}"
    found = world.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
    return {each["Key"]: each["Value"] for each in found}


@pytest.mark.parametrize("tags", POLICIES_OF_COMPANIES, ids=lambda tags: tags["managed-by"] or "blank")
def test_old_generations_and_what_is_declared_no_more_go_whatever_managed_by_says(
    world: World, tags: dict[str, str]
) -> None:
    for wanted in (inventory(), NEW_IMAGE, NEWEST_IMAGE):
        assert not world.apply(wanted | {"additional_tags_all": tags}).error
    assert {len(names(world)[kind]) for kind in ("models", "configs")} == {2}
    assert tags_of(world, "endpoint", "e")["managed-by"] == tags["managed-by"]
    assert not world.prune(NOTHING | {"additional_tags_all": tags}).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_destroying_goes_by_the_deployment_too(world: World) -> None:
    assert not world.apply(inventory(additional_tags_all={"managed-by": "ansible"})).error
    assert not world.destroy(inventory()).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_a_change_of_managed_by_is_a_change_of_tags_and_gives_nothing_away(world: World) -> None:
    assert not world.apply(inventory()).error
    tagged = world.apply(inventory(additional_tags_all={"managed-by": "ansible"}))
    assert tagged.effects == {"tags only"}
    assert not world.apply(inventory()).error
    assert tags_of(world, "endpoint", "e")["managed-by"] == "Ansible"


def serve_also(world: World, name: str) -> str:
    """Makes another endpoint on the configuration of endpoint ``e``, and tells which one that is."""
    config = str(endpoint(world)["EndpointConfigName"])
    world.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=config)
    world.simulator.advance(100)
    return config


def test_two_endpoints_on_one_configuration_settle(world: World) -> None:
    """It is marked as a generation of the first and stays so; each run moved it to the other before."""
    assert not world.apply(inventory()).error
    config = serve_also(world, "f")
    one = inventory()["endpoints"]["e"]
    wanted = inventory(additional_tags_all={"stage": "test"}) | {"endpoints": {"e": one, "f": one}}
    assert world.apply(wanted).effects == {"tags only"}
    assert not world.apply(wanted).changed
    assert tags_of(world, "endpoint-config", config)[GENERATION_OF] == "e"


def test_a_configuration_of_another_deployment_keeps_its_tags(world: World) -> None:
    assert not world.apply(inventory(), deployment="other").error
    world.declare({}, ["f"])
    config = serve_also(world, "f")
    before = tags_of(world, "endpoint-config", config)
    one = {"variant_name": "v", "model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}
    options = {"endpoint_name": "f", "production_variants": [one], "tags": {"stage": "test"}}
    for is_changed in (True, False):
        told = world.run(ENDPOINT, EndpointKind(Scope("default"), {}), [options])
        assert not told.get("failed")
        assert told["changed"] == is_changed
    assert tags_of(world, "endpoint", "f")[DEPLOYMENT] == "default"
    assert tags_of(world, "endpoint-config", config) == before
    assert before[DEPLOYMENT] == "other"
