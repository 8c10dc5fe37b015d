# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of the role names the class of each change and the path of the inventory that causes it."""

from __future__ import annotations

import typing as t

import pytest

from .harness import Result, World
from .inventories import ERRORS, Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant

E = "endpoints.e"
P = "provisioned.production_variants.v"
S = "serverless.variant"


def paths(result: Result) -> dict[str, tuple[str, set[str]]]:
    """By the path of what changes, how it does, and the keys that change."""
    return {
        entry["before_header"]: (
            entry["after_header"].partition(";")[0],
            {line.split(": ")[0] for line in [*entry["before"].splitlines(), *entry["after"].splitlines()]},
        )
        for entry in result.data["diff"]
    }


def alarmed(threshold: int) -> Inventory:
    return {"cloudwatch_alarms": {"errors": {"expression": f"Invocation5XXErrors sum >= {threshold}"}}}


REALTIME = inventory(provisioned(v=variant()))
CASES: list[tuple[str, Inventory, Inventory, dict[str, tuple[str, set[str]]]]] = [
    (
        "instance type",
        REALTIME,
        inventory(provisioned(v=variant(instance_type="ml.m5.4xlarge"))),
        {E: ("redeploy", {f"{P}.instance_type"})},
    ),
    (
        "instance type of a scaled variant",
        inventory(provisioned(v=scaled())),
        inventory(provisioned(v=scaled(instance_type="ml.m5.4xlarge"))),
        {E: ("redeploy with scaling", {f"{P}.instance_type"})},
    ),
    (
        "count",
        REALTIME,
        inventory(provisioned(v=variant(initial_instance_count=2))),
        {E: ("in place", {f"{P}.initial_instance_count"})},
    ),
    (
        "image of the model",
        REALTIME,
        inventory(provisioned(v=variant()), {"m": model(2)}),
        {
            "models.m": ("create", {"container_definitions.main.image"}),
            E: ("redeploy", {f"{P}.model_name"}),
        },
    ),
    (
        "most instances of scaling",
        inventory(provisioned(v=scaled())),
        inventory(provisioned(v=scaled(maximum=5))),
        {f"{E}.{P}.auto_scaling": ("in place", {"maximum_capacity"})},
    ),
    (
        "alarm",
        inventory(provisioned(v=variant(**alarmed(10)))),
        inventory(provisioned(v=variant(**alarmed(20)))),
        {f"{E}.{P}.cloudwatch_alarms.errors": ("in place", {"expression"})},
    ),
    (
        "alarm of a serverless variant",
        inventory(serverless(**alarmed(10))),
        inventory(serverless(**alarmed(20))),
        {f"{E}.{S}.cloudwatch_alarms.errors": ("in place", {"expression"})},
    ),
    (
        "memory of a serverless variant",
        inventory(serverless()),
        inventory(serverless(memory_size=2048)),
        {E: ("redeploy", {f"{S}.memory_size"})},
    ),
    (
        "model of a serverless variant",
        inventory(serverless(), {"m": model(), "n": model()}),
        inventory(serverless(model_name="n"), {"m": model(), "n": model()}),
        {E: ("redeploy", {f"{S}.model_name"})},
    ),
    (
        "key of volumes",
        REALTIME,
        inventory({**provisioned(v=variant()), "encryption_key": "alias/one"}),
        {E: ("redeploy", {"encryption_key"})},
    ),
    (
        "tag",
        REALTIME,
        inventory({**provisioned(v=variant()), "additional_tags": {"team": "search"}}),
        {E: ("tags only", {"additional_tags.team"})},
    ),
]


@pytest.mark.parametrize(("given", "wanted", "result"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_plan_names_the_class_and_the_cause(
    world: World, given: Inventory, wanted: Inventory, result: dict[str, tuple[str, set[str]]]
) -> None:
    assert not world.apply(given).error
    planned = paths(world.apply(wanted, check=True))
    assert planned == result
    done = paths(world.apply(wanted))
    assert {header: done[header] for header in planned} == planned


@pytest.mark.parametrize(
    "wanted",
    [
        inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS))),
        inventory(asynchronous(v=scaled())),
        inventory(serverless(cloudwatch_alarms=ERRORS)),
    ],
    ids=["provisioned", "asynchronous", "serverless"],
)
def test_all_that_is_made_and_deleted_is_named_by_the_inventory(world: World, wanted: Inventory) -> None:
    assert _unknown(world.apply(wanted), wanted) == set()
    left = _unknown(world.destroy(wanted), wanted)
    # Of endpoints and models, whose content a deletion does not read, it names what goes with them.
    assert {path.split(".")[2] for path in left} <= {"generations", "endpoint_configs", "scaling"}


def _unknown(result: Result, wanted: Inventory) -> set[str]:
    """The paths that do not begin as the inventory does; its defaults need not be written."""
    found = {f"{where}.{key}" for where, (_how, keys) in paths(result).items() for key in keys}
    assert found
    return {path for path in found if not _begins(wanted, path.split("."))}


def _begins(tree: t.Any, parts: list[str]) -> bool:
    while len(parts) > 1:
        if not isinstance(tree, dict) or parts[0] not in tree:
            return False
        tree = tree[parts.pop(0)]
    return True
