# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release makes in AWS, as a file that later releases must leave as it is: `python -m tests.scenarios.releases`.

The file is written once, for the version in galaxy.yml, and never again.
"""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from simulator.process import running

from .harness import World
from .inventories import Inventory

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).with_name("made_by")
SERVICES = ("sagemaker", "application-autoscaling", "cloudwatch")
READS = ("Describe", "List", "Get")
CHANGED = "-next"
"""What the images have at the end of their names in the second of two deployments."""


class Made(t.TypedDict):
    """*calls* are the writes of a run that deploys and of one that redeploys, as service, operation and parameters."""

    inventory: Inventory
    calls: list[tuple[str, str, dict[str, t.Any]]]


def examples() -> Inventory:
    """The documented example and those in examples/endpoints as one inventory."""
    files = [ROOT / "examples" / "basic" / "group_vars" / "sagemaker.yml", *(ROOT / "examples" / "endpoints").iterdir()]
    merged: Inventory = {"models": {}, "endpoints": {}, "additional_tags_all": {"team": "vision"}}
    for file in sorted(files):
        for part, entries in yaml.safe_load(file.read_text()).items():
            merged[part] |= entries
    return merged


def with_other_images(inventory: Inventory) -> Inventory:
    """The same, with another tag of each image."""
    changed: Inventory = json.loads(json.dumps(inventory))
    for model in changed["models"].values():
        for container in model["container_definitions"].values():
            container["image"] += CHANGED
    return changed


def record(world: World, inventory: Inventory) -> Made:
    """Deploys the inventory, and then with other images, so that there is a way back, too."""
    calls: list[tuple[str, str, dict[str, t.Any]]] = []

    def note(params: dict[str, t.Any], model: t.Any, **_more: t.Any) -> None:
        if not model.name.startswith(READS):
            calls.append((str(model.service_model.service_name), str(model.name), json.loads(json.dumps(params))))

    for service in SERVICES:
        world.run_client(service).meta.events.register("before-parameter-build", note)
    last = with_other_images(inventory)
    for each in (inventory, last):
        assert not world.apply(each).error
    return {"inventory": last, "calls": calls}


def replay(world: World, made: Made) -> None:
    """Makes in the account what the release has made, a moment after the other."""
    for service, operation, parameters in made["calls"]:
        world.simulator.advance(60)
        world.client(service)._make_api_call(operation, parameters)
    world.simulator.advance(60)


def main() -> int:
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    file = FOLDER / f"{version}.json"
    if file.exists():
        print(f"{file.name} is there, and never written again", file=sys.stderr)
        return 1
    with running() as simulator, pytest.MonkeyPatch.context() as patch:
        made = record(World(simulator, patch), examples())
    FOLDER.mkdir(exist_ok=True)
    file.write_text(json.dumps(made, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
