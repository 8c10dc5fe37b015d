# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of an endpoint that serves has been deleted: it is created again, and an outage comes last."""

from __future__ import annotations

import typing as t

import pytest

from .harness import Killed, World
from .inventories import asynchronous, inventory, provisioned, scaled, serverless, variant
from .observed import exists
from .scenario import MAKE_AGAIN, Scenario, play
from .test_scenarios import BASE, BIG, NEW_IMAGE, endpoint, has_count, made_by_terraform, serves_image, set_capacity

STAND_IN = "friendsofansible.sagemaker/stand-in"
AGAIN = ["CreateEndpointConfig"]
AFTER_STAND_IN = ["CreateEndpointConfig", "CreateEndpointConfig", "UpdateEndpoint"]
SCALED = inventory(provisioned(v=scaled()))
SERVERLESS = inventory(serverless(max_concurrency=5))
ASYNC = inventory(asynchronous())
OFFER = "; if AWS keeps refusing it, set allow_replace: true to delete and create the endpoint again (outage)"


def lose(world: World) -> None:
    world.client("sagemaker").delete_endpoint_config(EndpointConfigName=endpoint(world)["EndpointConfigName"])


def lose_and(*others: t.Callable[[World], object]) -> t.Callable[[World], None]:
    def happen(world: World) -> None:
        for other in others:
            other(world)
        lose(world)

    return happen


def refuse(operation: str, skip: int = 0) -> t.Callable[[World], object]:
    return lambda world: world.simulator.fault("error", operation=operation, skip=skip, count=1)


def config_is_there(world: World) -> None:
    client, name = world.client("sagemaker"), endpoint(world)["EndpointConfigName"]
    assert exists(client.describe_endpoint_config, EndpointConfigName=name)
    assert endpoint(world)["EndpointStatus"] == "InService"


def tags_of(world: World, name: str) -> dict[str, str]:
    client = world.client("sagemaker")
    found = client.describe_endpoint_config(EndpointConfigName=name)
    return {tag["Key"]: tag["Value"] for tag in client.list_tags(ResourceArn=found["EndpointConfigArn"])["Tags"]}


def took_it_over(world: World) -> None:
    """What Terraform has made is ours by now, but its configuration has gone."""
    made_by_terraform(world)
    assert not world.apply(BASE).error
    lose(world)


SCENARIOS = [
    # Under the name that the wanted one has, it is what it was.
    Scenario(
        "nothing else has changed",
        BASE,
        "in place",
        AGAIN,
        given=(BASE,),
        happened=lose,
        shows="has been deleted: it is created again",
        ends=config_is_there,
    ),
    Scenario(
        "a replacement is allowed, and not needed",
        BASE,
        "in place",
        AGAIN,
        given=(BASE,),
        happened=lose,
        options={"allow_replace": True},
        ends=config_is_there,
    ),
    Scenario(
        "a count that somebody has raised meanwhile stays",
        BASE,
        "in place",
        [*AGAIN, "AddTags"],
        given=(BASE,),
        happened=lose_and(lambda world: set_capacity(world, DesiredInstanceCount=4)),
        shows="variant v keeps 4 instances",
        ends=has_count(4),
    ),
    Scenario(
        "a scaled variant is left to its scaling",
        SCALED,
        "in place",
        AGAIN,
        given=(SCALED,),
        happened=lose_and(lambda world: set_capacity(world, DesiredInstanceCount=3)),
        ends=has_count(3),
    ),
    Scenario("a serverless endpoint", SERVERLESS, "in place", AGAIN, given=(SERVERLESS,), happened=lose),
    Scenario("an asynchronous endpoint", ASYNC, "in place", AGAIN, given=(ASYNC,), happened=lose),
    # Under another name it stands in for what nobody knows.
    Scenario(
        "the configuration has changed too",
        BIG,
        "redeploy",
        AFTER_STAND_IN,
        given=(BASE,),
        happened=lose,
        shows="has been deleted: a stand-in for it lets AWS update the endpoint",
        ends=config_is_there,
    ),
    Scenario(
        "the model has changed too",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *AFTER_STAND_IN],
        given=(BASE,),
        happened=lose,
        ends=serves_image(2),
    ),
    Scenario(
        "what is wanted is kept from before",
        BASE,
        "redeploy",
        ["CreateEndpointConfig", "UpdateEndpoint"],
        given=(BASE, NEW_IMAGE),
        happened=lose,
        ends=serves_image(1),
    ),
    Scenario(
        "another tool had made it",
        BASE,
        "redeploy",
        AFTER_STAND_IN,
        happened=took_it_over,
        ends=config_is_there,
    ),
    Scenario(
        "the count has changed too, and a live one is not lowered",
        inventory(provisioned(v=variant(instance_type="ml.m5.4xlarge", initial_instance_count=2))),
        "redeploy",
        AFTER_STAND_IN,
        given=(BASE,),
        happened=lose_and(lambda world: set_capacity(world, DesiredInstanceCount=4)),
        ends=has_count(4),
    ),
    # Where it does not help
    Scenario(
        "it cannot be made",
        BASE,
        "in place",
        ["CreateEndpointConfig"],
        given=(BASE,),
        happened=lose_and(refuse("CreateEndpointConfig")),
        error=OFFER,
    ),
    Scenario(
        "the update is refused all the same",
        BIG,
        "redeploy",
        [*AFTER_STAND_IN, "AddTags"],
        given=(BASE,),
        happened=lose_and(refuse("UpdateEndpoint")),
        error=OFFER,
        check_mode=False,
    ),
    Scenario(
        "no update leads from what it shows to what is wanted",
        BASE,
        "no change",
        [],
        given=(SERVERLESS,),
        happened=lose,
        error="AWS cannot update a serverless endpoint to a real-time one; set allow_replace: true",
    ),
    Scenario(
        "no update leads there, and it may be replaced",
        BASE,
        "replace with outage",
        MAKE_AGAIN,
        given=(ASYNC,),
        happened=lose,
        options={"allow_replace": True},
        ends=config_is_there,
    ),
    Scenario(
        "what is made in its place has as many instances as it had",
        SCALED,
        "replace with outage",
        [*MAKE_AGAIN, "RegisterScalableTarget", "PutScalingPolicy"],
        given=(ASYNC,),
        happened=lose_and(lambda world: set_capacity(world, DesiredInstanceCount=3)),
        options={"allow_replace": True},
        ends=has_count(3),
    ),
    Scenario(
        "it no longer serves",
        BASE,
        "no change",
        [],
        given=(BASE,),
        happened=lose_and(lambda world: world.simulator.put_endpoint("e", "OutOfService", None, "a test says so")),
        error="the endpoint is OutOfService",
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def lost_and_changed(world: World) -> str:
    """The name of the configuration that was deleted while the endpoint serves it."""
    assert not world.apply(BASE).error
    name = endpoint(world)["EndpointConfigName"]
    lose(world)
    return str(name)


def test_a_stand_in_says_what_it_is_and_is_no_way_back(world: World) -> None:
    name = lost_and_changed(world)
    assert not world.apply(BIG).error
    tags = tags_of(world, name)
    assert tags.pop(STAND_IN) == "made"
    assert tags == {
        "friendsofansible.sagemaker/deployment": "default",
        "friendsofansible.sagemaker/generation-of": "e",
        "managed-by": "Ansible",
    }
    huge = inventory(provisioned(v=variant(instance_type="ml.m5.24xlarge")))
    assert not world.apply(huge).error
    assert not exists(world.client("sagemaker").describe_endpoint_config, EndpointConfigName=name)


def test_what_is_refused_is_tried_again_unless_it_may_be_replaced(world: World) -> None:
    lost_and_changed(world)
    for _attempt in range(2):
        refuse("UpdateEndpoint")(world)
        assert OFFER in world.apply(BIG).error
    planned = world.apply(BIG, check=True, allow_replace=True)
    assert planned.effect("e") == "replace with outage"
    assert "AWS cannot update it, although its configuration" in planned.diff
    assert world.apply(BIG).effect("e") == "redeploy"
    assert not world.apply(BIG, allow_replace=True).changed


def test_an_update_that_is_rolled_back_is_no_reason_to_replace(world: World) -> None:
    """AWS has taken it; that the new fleet does not come up has another reason."""
    lost_and_changed(world)
    world.simulator.fault("rollout_fails", reason="no capacity")
    assert "no capacity" in world.apply(BIG, allow_replace=True).error
    assert world.apply(BIG, check=True, allow_replace=True).effect("e") == "redeploy"
    assert not world.apply(BIG, allow_replace=True).error
    config_is_there(world)


def test_a_run_that_dies_on_the_way_is_finished_by_the_next_without_an_outage(world: World) -> None:
    lost_and_changed(world)
    world.simulator.clear_journal()
    before = world.calls
    assert not world.apply(BIG, check=True).error
    for calls in range(1, world.calls - before + 30):
        world.kill_before = world.calls + calls
        try:
            done = world.apply(BIG, allow_replace=True)
        except Killed:
            continue
        finally:
            world.kill_before = None
        assert not done.error
        break
    assert "DeleteEndpoint" not in world.simulator.counts()
    assert not world.apply(BIG).changed
    config_is_there(world)
