# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people publish can be declared, and everything in it is made, kept, exported, adopted and deleted like the rest.

Each file in the folder ``published`` says what a public source says, which it names in its first lines.
"""

from __future__ import annotations

import typing as t
from functools import cache
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import DIGEST
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory

from .another_tool import made_by_another_tool
from .exports import as_read, assert_changes_nothing, exported, info
from .harness import Result, World
from .inventories import Inventory
from .pieces import Content, Name, Piece, change, delete, everything, is_watched, pieces, without
from .scenario import one_by_one
from .test_example_files import with_new_images

FOLDER = Path(__file__).parent / "published"
FILES = sorted(FOLDER.glob("*.yml"))
TAG_CALLS = {"AddTags", "TagResource"}
KINDS = {
    "alarm": "tourradar-alarms",
    "alarm of a step policy": "uktrade-phi-2",
    "band alarm": "ab-test",
    "bounds": "cdk-provisioned-concurrency",
    "composite alarm": "uktrade-phi-2",
    "math alarm": "tourradar-alarms",
    "PromQL alarm": "vllm-prefix-routing",
    "schedule": "tourradar-alarms",
    "step policy": "stable-diffusion-async",
    "tracking policy": "stable-diffusion-async",
}
"""What belongs to endpoints, each with a file that has it."""

Move = t.Callable[[World, Piece], None]
Files = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
Kinds = pytest.mark.parametrize("kind", KINDS)


@cache
def read(file: Path) -> Inventory:
    return t.cast("Inventory", yaml.safe_load(file.read_text()))


def deploy(world: World, file: Path) -> Inventory:
    """What is in the file is there."""
    world.start_with(file.stem, lambda: run(world, read(file)))
    return read(file)


def run(world: World, inventory: Inventory, **options: t.Any) -> Result:
    """A run that does what check mode foretells, after which a second one does nothing."""
    world.simulator.clear_journal()
    planned = world.apply(inventory, check=True, **options)
    assert (planned.error, world.simulator.writes()) == ("", [])
    done = world.apply(inventory, planned=planned, **options)
    assert (done.error, done.warnings) == ("", planned.warnings)
    assert (done.diff, done.changed) == (planned.diff, bool(world.simulator.writes()))
    assert sorted(step.operation for step in planned.steps) == sorted(writes(world))
    written = writes(world)
    again = world.apply(inventory, **options)
    assert (again.error, again.changed, writes(world)) == ("", False, written)
    return done


def writes(world: World) -> list[str]:
    return [each["operation"] for entry in world.simulator.writes() for each in one_by_one(entry)]


@Files
def test_it_is_declared_without_a_warning(file: Path) -> None:
    assert "https://" in file.read_text()
    assert not compile_inventory(read(file)).warnings


@Files
def test_it_is_made_as_foretold_and_exported_as_it_is(world: World, file: Path) -> None:
    inventory = deploy(world, file)
    found = exported(world, deployment="default")
    assert_changes_nothing(world, found)
    assert {kind: set(names) for kind, names in found.items()} == {kind: set(inventory[kind]) for kind in inventory}


@Files
def test_a_new_image_is_rolled_out(world: World, file: Path) -> None:
    inventory = deploy(world, file)
    done = run(world, with_new_images(inventory))
    assert all(done.effect(name) == "redeploy" for name in inventory["endpoints"])


@Files
@pytest.mark.parametrize("is_pruned", [True, False], ids=["pruned", "destroyed"])
def test_nothing_is_left_of_it(world: World, file: Path, is_pruned: bool) -> None:
    inventory = deploy(world, file)
    nothing: Inventory = {"models": {}, "endpoints": {}}
    planned = world.prune(nothing, check=True) if is_pruned else world.destroy(inventory, check=True)
    done = world.prune(nothing) if is_pruned else world.destroy(inventory)
    assert (planned.error, done.error, done.diff) == ("", "", planned.diff)
    assert everything(world) == {}


@Files
def test_what_another_tool_made_of_it_is_adopted_with_tags_alone(world: World, file: Path) -> None:
    inventory = read(file)
    made_by_another_tool(world, inventory)
    done = run(world, inventory, adopt=True)
    assert done.effects == {"tags only"}, done.diff
    assert set(writes(world)) <= TAG_CALLS
    found = info(world, deployment="default")
    # Nothing in AWS tells which key an only container has that was made without a host name; it is in the digest.
    assert {each["path"] for each in found["not_expressed"] if each["would_change"]} <= {f"tags.{DIGEST}"}
    assert world.apply(as_read(found["inventory"]), check=True).effects <= {"no change", "tags only"}
    assert not world.destroy(inventory).error
    assert everything(world) == {}


@Files
def test_what_another_tool_has_given_names_of_its_own_is_listed_and_left(world: World, file: Path) -> None:
    made_by_another_tool(world, read(file), "their-")
    before, theirs = everything(world), {piece.name for piece in pieces(world) if piece.name.startswith("their-")}
    found = info(world)
    assert not any(each["would_change"] for each in found["not_expressed"])
    assert all(any(name in f"{each['resource']} {each['path']}" for each in found["not_expressed"]) for name in theirs)
    done = run(world, as_read(found["inventory"]))
    assert done.effects == {"tags only"}, done.diff
    assert without_tags(everything(world)) == without_tags(before)


def without_tags(found: dict[Name, Content]) -> dict[Name, Content]:
    return {name: each for name, each in found.items() if name[0] != "tags"}


@pytest.mark.parametrize(
    ("stem", "text"),
    [
        ("hugging-face-terraform", 'policy "their-scaling-target", which is not declared here, tracks'),
        (
            "uktrade-phi-2",
            "step policies that are not declared here change the capacity too: their-nonzero-backlog, "
            "their-zero-backlog, their-high-cpu and 5 more; delete them, or leave out those that are declared",
        ),
    ],
)
def test_a_policy_beside_one_of_another_tool_is_reported(world: World, stem: str, text: str) -> None:
    inventory = read(FOLDER / f"{stem}.yml")
    made_by_another_tool(world, inventory, "their-")
    planned = world.apply(inventory, check=True, adopt=True)
    assert text in planned.error + planned.diff


@Files
def test_what_somebody_else_does_to_all_of_it_is_put_right(world: World, file: Path) -> None:
    inventory, before = deploy(world, file), everything(world)
    found = pieces(world)
    assert {piece.kind for piece in found} <= KINDS.keys()
    for piece in found:
        change(world, piece)
    assert run(world, inventory).changed == bool(found)
    assert everything(world) == before


@Kinds
@pytest.mark.parametrize("others", [change, delete])
def test_what_somebody_else_does_to_one_of_a_kind_is_put_right(world: World, kind: str, others: Move) -> None:
    inventory, before = deploy(world, FOLDER / f"{KINDS[kind]}.yml"), everything(world)
    found = pieces(world)
    piece = next(each for each in found if each.kind == kind and not is_watched(each, found))
    others(world, piece)
    assert everything(world) != before
    assert run(world, inventory).changed
    assert everything(world) == before


@Kinds
def test_one_of_a_kind_that_is_no_longer_declared_goes_alone(world: World, kind: str) -> None:
    inventory, before = deploy(world, FOLDER / f"{KINDS[kind]}.yml"), everything(world)
    piece = next(each for each in pieces(world) if each.kind == kind)
    left, names = without(inventory, piece)
    run(world, left)
    after = everything(world)
    assert {name for sort, name in before.keys() - after.keys() if sort != "tags"} == names
    assert after == {name: each for name, each in before.items() if name in after}
