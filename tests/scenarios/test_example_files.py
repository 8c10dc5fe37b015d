# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each file in examples/endpoints is deployed as it stands, changed and destroyed, and is on the page of examples."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.tools import example_docs

from simulator.testing import alarm

from .harness import World
from .inventories import Inventory

POLICIES = {"canary": "BlueGreenUpdatePolicy", "rolling": "RollingUpdatePolicy"}
"""The member of the rollout policy by which AWS knows the strategy."""


def inventory_of(file: Path) -> Inventory:
    return t.cast("Inventory", yaml.safe_load(file.read_text()))


def with_new_images(inventory: Inventory) -> Inventory:
    """The same, with another tag of each image and version of each package."""
    changed = copy.deepcopy(inventory)
    for model in changed["models"].values():
        for container in model["container_definitions"].values():
            if package := container.get("model_package"):
                container["model_package"] = package.rpartition("/")[0] + "/4"
            else:
                container["image"] += "-next"
    return changed


def alarms_of_others(inventory: Inventory) -> list[str]:
    """Those that guard an update and are somebody else's, which must be there."""
    policies = [endpoint.get("deployment", {}) for endpoint in inventory["endpoints"].values()]
    wanted = [word for policy in policies for word in policy.get("rollback_on", ()) if isinstance(word, dict)]
    return [word["external"] for word in wanted]


def test_every_file_is_on_the_page() -> None:
    assert sorted(example_docs.FILES) == sorted((example_docs.ROOT / "examples" / "endpoints").iterdir())
    assert example_docs.PAGE.read_text() == example_docs.page(), "run: python -m tools.example_docs"


@pytest.mark.parametrize("file", example_docs.FILES, ids=lambda file: file.stem)
def test_an_example_is_deployed_changed_and_destroyed(world: World, file: Path) -> None:
    inventory = inventory_of(file)
    assert not compile_inventory(inventory).warnings
    for name in alarms_of_others(inventory):
        world.client("cloudwatch").put_metric_alarm(**alarm(name))
    deployed = world.apply(inventory)
    assert (deployed.error, deployed.changed) == ("", True)
    assert not deployed.warnings
    assert not world.apply(inventory).changed
    changed = world.apply(with_new_images(inventory))
    for name, endpoint in inventory["endpoints"].items():
        assert changed.effect(name).startswith("redeploy")
        if policy := endpoint.get("deployment"):
            assert POLICIES[policy["strategy"]] in update_of(world)["DeploymentConfig"]
    world.destroy(with_new_images(inventory))
    assert world.client("sagemaker").list_endpoints()["Endpoints"] == []


def update_of(world: World) -> Inventory:
    (update,) = (entry for entry in world.simulator.journal() if entry["operation"] == "UpdateEndpoint")
    return t.cast("Inventory", update["parameters"])
