# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan of the role names the class of each change and the path of the inventory that causes it."""

from __future__ import annotations

import re
import typing as t

import pytest

from .harness import Result, World
from .inventories import ERRORS, Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant

V = "endpoints.e.provisioned.production_variants.v"
S = "endpoints.e.serverless.variant"


def paths(result: Result) -> dict[str, set[str]]:
    """By what changes and how, the paths that change; tags have none."""
    return {
        header: {path for path in (line.split(": ")[0] for line in lines) if not path.startswith("tags.")}
        for entry in result.told["diff"]
        for header, lines in [(entry["after_header"], [*entry["before"].splitlines(), *entry["after"].splitlines()])]
    }


def alarmed(threshold: int) -> Inventory:
    return {"cloudwatch_alarms": {"errors": {"expression": f"Invocation5XXErrors sum >= {threshold}"}}}


REALTIME = inventory(provisioned(v=variant()))
CASES: list[tuple[str, Inventory, Inventory, dict[str, set[str]]]] = [
    (
        "instance type",
        REALTIME,
        inventory(provisioned(v=variant(instance_type="ml.m5.4xlarge"))),
        {"endpoint e (redeploy": {f"{V}.instance_type"}},
    ),
    (
        "instance type of a scaled variant",
        inventory(provisioned(v=scaled())),
        inventory(provisioned(v=scaled(instance_type="ml.m5.4xlarge"))),
        {"endpoint e (redeploy with scaling": {f"{V}.instance_type"}},
    ),
    (
        "count",
        REALTIME,
        inventory(provisioned(v=variant(initial_instance_count=2))),
        {"endpoint e (in place": {f"{V}.initial_instance_count"}},
    ),
    (
        "image of the model",
        REALTIME,
        inventory(provisioned(v=variant()), {"m": model(2)}),
        {
            "model m (create": {"models.m.container_definitions.main.image"},
            "endpoint e (redeploy": {"models.m"},
        },
    ),
    (
        "most instances of scaling",
        inventory(provisioned(v=scaled())),
        inventory(provisioned(v=scaled(maximum=5))),
        {"scaling endpoint/e/variant/v (in place": {f"{V}.auto_scaling.maximum_capacity"}},
    ),
    (
        "alarm",
        inventory(provisioned(v=variant(**alarmed(10)))),
        inventory(provisioned(v=variant(**alarmed(20)))),
        {"alarm e/v/errors (in place": {f"{V}.cloudwatch_alarms.errors.expression"}},
    ),
    (
        "alarm of a serverless variant",
        inventory(serverless(**alarmed(10))),
        inventory(serverless(**alarmed(20))),
        {"alarm e/m/errors (in place": {f"{S}.cloudwatch_alarms.errors.expression"}},
    ),
    (
        "memory of a serverless variant",
        inventory(serverless()),
        inventory(serverless(memory_size=2048)),
        {"endpoint e (redeploy": {f"{S}.memory_size"}},
    ),
    (
        "model of a serverless variant",
        inventory(serverless(), {"m": model(), "n": model()}),
        inventory(serverless(model_name="n"), {"m": model(), "n": model()}),
        {"endpoint e (redeploy": {f"{S}.model_name"}},
    ),
    (
        "key of volumes",
        REALTIME,
        inventory({**provisioned(v=variant()), "encryption_key": "alias/one"}),
        {"endpoint e (redeploy": {"endpoints.e.encryption_key"}},
    ),
    (
        "tag",
        REALTIME,
        inventory({**provisioned(v=variant()), "additional_tags": {"team": "search"}}),
        {"endpoint e (tags only": set()},
    ),
]


@pytest.mark.parametrize(("given", "wanted", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_plan_names_the_class_and_the_cause(
    world: World, given: Inventory, wanted: Inventory, told: dict[str, set[str]]
) -> None:
    assert not world.apply(given).error
    foretold = paths(world.apply(wanted, check=True))
    assert {re.split(r"[;)]", header)[0]: found for header, found in foretold.items()} == told
    done = paths(world.apply(wanted))
    assert {header: done[header] for header in foretold} == foretold


@pytest.mark.parametrize(
    ("wanted", "filled_in"),
    [
        (inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS))), set()),
        (inventory(asynchronous(v=scaled())), set()),
        (inventory(serverless(cloudwatch_alarms=ERRORS)), {"production_variants.m.volume_size_in_gb"}),
    ],
    ids=["provisioned", "asynchronous", "serverless"],
)
def test_all_that_is_made_and_deleted_is_named_by_the_inventory(
    world: World, wanted: Inventory, filled_in: set[str]
) -> None:
    """But for what AWS fills in where the inventory has no key for it."""
    made = _all_paths(world.apply(wanted))
    assert _unknown(made, wanted) == set()
    assert _unknown(_all_paths(world.destroy(wanted)), wanted) == filled_in


def _all_paths(result: Result) -> set[str]:
    return set().union(*paths(result).values())


def _unknown(found: set[str], wanted: Inventory) -> set[str]:
    """The paths that do not begin as the inventory does; its defaults need not be written."""
    return {path for path in found if not _begins(wanted, path.partition(" (")[0].split("."))}


def _begins(tree: t.Any, parts: list[str]) -> bool:
    while len(parts) > 1:
        if not isinstance(tree, dict) or parts[0] not in tree:
            return False
        tree = tree[parts.pop(0)]
    return True
