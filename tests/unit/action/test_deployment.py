# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action hands to the module sagemaker_deployment, and what it refuses before."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.action.sagemaker_deployment import ActionModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import SEALED, sealed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import ROLE
from ansible_collections.friendsofansible.sagemaker.tests.unit.action.actions import action_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import README

INVENTORY = yaml.safe_load(README)

Facts = dict[str, t.Any]


def run(
    variables: Facts, answer: Facts | None = None, *, role: str | None = None, **args: t.Any
) -> tuple[Facts, list[Facts]]:
    """The result of the action, and the options of each call of the module, with whether it may only plan."""
    called: list[Facts] = []
    plugin = action_of(ActionModule, args, variables, name="deployment", role=role)

    def execute(module_name: str, module_args: Facts, task_vars: Facts) -> Facts:
        called.append(module_args | {"check_mode": plugin._task.check_mode})
        result = answer or {"changed": False, "endpoints": []}
        return result if SEALED in result else sealed(result)

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


REDEPLOYED = plan("endpoint", "e", ["endpoints", "e"], ["kms_key_id"], "k", "l")
REDEPLOYS: Facts = {"changed": True, "plans": [REDEPLOYED], "endpoints": [{"name": "e", "effect": "redeploy"}]}


@pytest.mark.parametrize(
    ("tags", "parts", "reason"),
    [
        (["all"], ["models", "alarms", "endpoints", "scaling", "prune"], None),
        (["alarms"], ["alarms"], None),
        (["typo"], None, "--tags typo selects none of its parts (models, alarms, endpoints, scaling, prune)"),
    ],
)
def test_a_task_of_the_role_does_what_the_tags_select(
    tags: list[str], parts: list[str] | None, reason: str | None
) -> None:
    result, called = run(INVENTORY | {"ansible_run_tags": tags}, role=ROLE, source="inventory")
    assert [options["parts"] for options in called] == ([parts] if parts else [])
    assert result.get("skipped_reason") == reason


@pytest.mark.parametrize("state", ["present", "rolled_back"])
def test_a_blank_variable_of_the_role_is_a_problem_of_the_inventory(state: str) -> None:
    variables = INVENTORY | {"sagemaker_inference_plan_file": " ", "sagemaker_inference_rollback": "a,"}
    result, called = run(variables, role=ROLE, source="inventory", state=state)
    assert (result["failed"], called) == (True, [])
    assert "- sagemaker_inference_plan_file: ' ' is blank" in result["msg"]
    assert ("sagemaker_inference_rollback" in result["msg"]) == (state == "rolled_back")


def test_a_task_with_options_of_its_own_may_not_prune_blindly() -> None:
    result, called = run({}, prune=True, deployment="prod")
    assert (result["failed"], called) == (True, [])
    assert result["msg"].startswith("Invalid options; no AWS call was made:")


@pytest.mark.parametrize(
    "variables",
    [INVENTORY, {"models": {"demo-model": 1}, "endpoints": []}],
    ids=["valid inventory", "faulty inventory"],
)
def test_a_rollback_gets_the_names_of_the_declared_models(variables: Facts) -> None:
    endpoints = [{"endpoint_name": "e"}]
    _result, (options,) = run(variables, source="inventory", state="rolled_back", endpoints=endpoints)
    assert (options["models"], options["endpoints"]) == ([{"model_name": "demo-model"}], endpoints)


def test_a_rollback_by_options_needs_no_inventory() -> None:
    _result, (options,) = run({}, state="rolled_back", endpoints=[{"endpoint_name": "e"}])
    assert "models" not in options


def test_a_rollback_is_of_endpoints_alone() -> None:
    result, called = run(INVENTORY, state="rolled_back", alarms=[], models=[])
    assert (result["msg"], called) == ("these options cannot be combined with state=rolled_back: alarms, models", [])


def test_a_plan_is_written_in_the_requested_formats(tmp_path: Path) -> None:
    file = tmp_path / "new" / "plan.json"
    result, _called = run({}, REDEPLOYS, plan_file=str(file), plan_formats=["json", "markdown", "html"])
    assert sorted(each.name for each in file.parent.iterdir()) == ["plan.html", "plan.json", "plan.md"]
    assert json.loads(file.read_text())["digest"] == result["report"]["digest"]
    assert (tmp_path / "new" / "plan.md").read_text() == result["report"]["summary"] + "\n"


def test_a_plan_that_cannot_be_written_is_a_failure_after_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result, called = run({}, REDEPLOYS, plan_file=str(tmp_path / "file" / "plan.json"))
    assert (result["failed"], result["changed"], len(called)) == (True, True, 1)
    assert result["msg"].startswith("the plan could not be written: ")


def test_the_approved_plan_is_planned_again_and_then_carried_out(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    planned, _called = run({}, REDEPLOYS, plan_file=str(file))
    for approved in (str(file), planned["report"]["digest"]):
        result, called = run({}, REDEPLOYS, approved_plan=approved)
        assert not result.get("failed")
        assert [options["check_mode"] for options in called] == [True, False]


@pytest.mark.parametrize(
    ("approved", "answer", "message"),
    [
        ("0" * 64, REDEPLOYS, "the plan differs from the approved one: its digest is now "),
        ("0" * 64, {"changed": False, "failed": True, "msg": "no such role"}, "no such role"),
        ("/no/such/file", REDEPLOYS, "the approved plan cannot be read: "),
    ],
    ids=["another plan", "no plan", "no file"],
)
def test_what_is_not_the_approved_plan_changes_nothing(approved: str, answer: Facts, message: str) -> None:
    result, called = run({}, answer, approved_plan=approved)
    assert result["failed"]
    assert result["msg"].startswith(message)
    assert all(options["check_mode"] for options in called)
