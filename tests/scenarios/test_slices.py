# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in slices, as ansible-playbook makes them for the lines of progress: each goes on where the last one stopped."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.resource_spec import PROGRESS
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory

from .harness import World
from .inventories import ERRORS, Inventory, model, provisioned, scaled

COUNT = 15
FLEET: Inventory = {
    "models": {"m": model()},
    "endpoints": {f"e{number}": provisioned(v=scaled(cloudwatch_alarms=ERRORS)) for number in range(COUNT)},
}


def in_slices(
    world: World, seconds: int, inventory: Inventory | None = None, **options: t.Any
) -> tuple[ModuleResult, list[Counter[str]]]:
    """The joined result, and how often each slice called what."""
    compiled = compile_inventory(inventory or FLEET)
    told = ModuleResult()
    calls: list[Counter[str]] = []
    progress: dict[str, t.Any] = {"slice_seconds": seconds}
    while True:
        world.simulator.clear_journal()
        more: dict[str, t.Any] = {**options, PROGRESS: progress}
        result = world.deploy(compiled, False, deployment="default", **more)
        calls.append(Counter(world.simulator.counts()))
        told = told.merged_with(ModuleResult.from_data(result.told))
        assert "Traceback" not in told.failure_message()
        if not told.pending:
            return told, calls
        assert len(calls) < 60
        progress |= {"pending": told.pending, "carried": told.carried}


@pytest.mark.parametrize("seconds", [-30, 5])
def test_a_fleet_gets_there_however_short_the_slices_are(world: World, seconds: int) -> None:
    """Where reading a fleet takes longer than a slice, nothing is left of the slice to wait in."""
    world.simulator.configure(create_seconds=20, delete_seconds=20)
    made, calls = in_slices(world, seconds)
    assert not made.failed
    assert (len(made.resources["endpoints"]), len(made.resources["targets"])) == (COUNT, COUNT)
    assert {each.facts["endpoint_status"] for each in made.resources["endpoints"]} == {"InService"}
    assert not world.apply(FLEET).changed
    between = calls[1:-1]
    assert between
    for slice_ in between:
        assert set(slice_) <= {"ListEndpoints", "DescribeEndpoint"}
        assert slice_["DescribeEndpoint"] <= 10
    gone, _calls = in_slices(world, seconds, state="absent")
    assert not gone.failed
    assert not world.destroy(FLEET).changed
