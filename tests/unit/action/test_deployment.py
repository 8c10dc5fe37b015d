# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action hands to the module sagemaker_deployment, and what it refuses before."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.action.sagemaker_deployment import ActionModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import SEALED, sealed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.tests.unit.action.actions import action_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import README

INVENTORY = yaml.safe_load(README)

Facts = dict[str, t.Any]


def run(variables: Facts, answer: Facts | None = None, **args: t.Any) -> tuple[Facts, list[Facts]]:
    """The result of the action, and the options of each call of the module."""
    called: list[Facts] = []

    def execute(module_name: str, module_args: Facts, task_vars: Facts) -> Facts:
        called.append(module_args)
        result = answer or {"changed": False, "endpoints": []}
        return result if SEALED in result else sealed(result)

    plugin = action_of(ActionModule, args, variables, name="deployment")
    plugin._execute_module = execute
    return plugin.run(task_vars=variables), called


def test_the_inventory_of_the_play_is_compiled_for_the_module() -> None:
    result, (options,) = run(INVENTORY, {"changed": True, "warnings": ["of the module"]}, source="inventory")
    compiled = compile_inventory(INVENTORY)
    assert {name: options[name] for name in compiled.lists} == compiled.lists
    assert result["changed"] is True
    assert result["warnings"] == [*map(str, compiled.warnings), "of the module"]


def test_options_are_handed_on_as_they_are() -> None:
    result, (options,) = run(INVENTORY, models=[{"model_name": "m"}])
    assert options["models"] == [{"model_name": "m"}]
    assert "warnings" not in result


@pytest.mark.parametrize(
    ("variables", "args", "message"),
    [
        ({"models": {"m": 1}}, {}, "The inventory has one problem; nothing was sent to AWS:\n- models.m: "),
        (INVENTORY, {"strict": "yes"}, "The inventory has 4 problems; nothing was sent to AWS:\n- "),
        (
            INVENTORY,
            {"models": [], "alarms": []},
            "these options cannot be combined with source=inventory: alarms, models",
        ),
    ],
)
def test_what_is_wrong_is_reported_before_the_module_starts(variables: Facts, args: Facts, message: str) -> None:
    result, called = run(variables, source="inventory", **args)
    assert (result["failed"], called) == (True, [])
    assert result["msg"].startswith(message)


def plan(kind: str, name: str, declared: list[str], path: list[str], before: t.Any, after: t.Any) -> Facts:
    difference = {"path": path, "before": before, "after": after, "is_detail": False}
    return {
        "kind": kind,
        "name": name,
        "effect": "redeploy",
        "notes": [],
        "path": declared,
        "differences": [difference],
    }


def test_plans_are_shown_as_the_module_tells_them() -> None:
    endpoint = ["endpoints", "realtime-endpoint"]
    plans = [
        plan("endpoint", endpoint[1], endpoint, ["provisioned", "instance_type"], "ml.m5.large", "ml.c5.large"),
        plan("endpoint configuration", "old", [], ["kms_key_id"], "k", None),
    ]
    result, _called = run(INVENTORY, {"changed": True, "plans": plans}, source="inventory")
    assert [entry["before_header"] for entry in result["diff"]] == [".".join(endpoint), "endpoint configuration old"]
    assert [entry["before"].partition(": ")[0] for entry in result["diff"]] == [
        "provisioned.instance_type",
        "kms_key_id",
    ]
    assert "plans" not in result


def test_an_answer_that_was_changed_on_its_way_is_a_failure() -> None:
    broken = sealed({"changed": True, "endpoints": [{"name": "e", "effect": "redeploy"}]})
    result, called = run(INVENTORY, broken | {"endpoints": []}, source="inventory")
    assert (result["failed"], result["changed"], len(called)) == (True, True, 1)
    assert "it cannot be trusted" in result["msg"]
    assert result["report"]["failed"] is True
