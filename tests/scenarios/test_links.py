# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every result about an existing endpoint has its links."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.endpoint_descriptions import LINKS
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import Options

from .exports import info
from .harness import World
from .inventories import asynchronous, inventory, model, provisioned, variant

TWO = {"models": {"m": model()}, "endpoints": {"Now": provisioned(), "later": asynchronous(v=variant())}}


def links(found: list[Options]) -> dict[str, Options]:
    return {
        each["name"] if "name" in each else each["endpoint_name"]: {name: each[name] for name in LINKS if name in each}
        for each in found
    }


def test_links_are_reported_of_what_is_there(world: World) -> None:
    assert links(world.apply(TWO, check=True).data["endpoints"]) == {"Now": {}, "later": {}}
    made = links(world.apply(TWO).data["endpoints"])
    assert {name: each.keys() for name, each in made.items()} == {name: set(LINKS) for name in TWO["endpoints"]}
    assert made["Now"]["log_group"] == "/aws/sagemaker/Endpoints/Now"
    assert {name: each["invocation_url"].rpartition("/")[2] for name, each in made.items()} == {
        "Now": "invocations",
        "later": "async-invocations",
    }
    assert links(world.apply(TWO).data["endpoints"]) == links(world.apply(TWO, check=True).data["endpoints"]) == made
    assert links(info(world)["endpoints"]) == made
    assert links(world.destroy(TWO).data["endpoints"]) == {"Now": {}, "later": {}}


def test_a_failed_rollout_links_to_the_logs_and_the_console(world: World) -> None:
    assert not world.apply(inventory(provisioned())).error
    world.simulator.fault("rollout_fails", reason="x")
    failed = world.apply(inventory(provisioned(v=variant(instance_type="ml.c5.large"))))
    (result,) = links(failed.data["endpoints"]).values()
    assert f"log group {result['log_group']}; {result['console_url']}" in failed.error
