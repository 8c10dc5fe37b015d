# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a role are the same in its defaults, its argument specs, its README, its tasks and the code."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import MADE, PREFIX, ROLE, SETTINGS

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted((ROOT / "roles").iterdir())
COLLECTION, _dot, INFERENCE = ROLE.rpartition(".")
CONNECTION = {f"group/{COLLECTION}.role": f"{{{{ {PREFIX}connection }}}}"}
_ROW = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`)? *\| (.+) \|$", re.MULTILINE)


SUMMARY = f"{COLLECTION}.sagemaker_inference_summary"
"""What calls nothing in AWS."""
INVOKE = f"{COLLECTION}.sagemaker_endpoint_invoke"
"""What asks an endpoint, whoever owns it."""


def _specified(role: Path) -> dict[str, dict[str, t.Any]]:
    """The options of all entry points of the role."""
    return {name: option for spec in _specs(role).values() for name, option in spec["options"].items()}


def _specs(role: Path) -> dict[str, dict[str, t.Any]]:
    """The entry points of the role, by name."""
    specs: dict[str, dict[str, t.Any]] = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())
    return specs["argument_specs"]


def _defaults(role: Path) -> dict[str, t.Any]:
    defaults: dict[str, t.Any] = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    return defaults


def _as_written(default: object) -> str:
    return default if isinstance(default, str) else json.dumps(default)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_are_those_of_the_argument_specs(role: Path) -> None:
    stated = {name: option["default"] for name, option in _specified(role).items() if "default" in option}
    assert _defaults(role) == stated


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_readme_has_each_variable_with_its_default(role: Path) -> None:
    rows = {name: default for name, default, _meaning in _ROW.findall((role / "README.md").read_text())}
    defaults = _defaults(role)
    assert rows == {name: _as_written(defaults[name]) if name in defaults else "" for name in _specified(role)}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_tasks_use_each_default_and_no_undeclared_variable(role: Path) -> None:
    tasks = "".join(path.read_text() for folder in ("tasks", "templates") for path in (role / folder).iterdir())
    inner = yaml.safe_load((role / "vars" / "main.yml").read_text())
    local = {
        name
        for task in _tasks(role)
        for name in [task.get("register"), *task.get("vars", ()), *task.get("ansible.builtin.set_fact", ())]
    }
    used = set(re.findall(rf"(?<!\.)\b{role.name}_\w+", tasks + str(inner))) - (local - set(_specified(role)))
    assert set(_defaults(role)) <= used - inner.keys() <= set(_specified(role))


def test_the_code_knows_each_variable_that_users_set_and_each_that_the_role_makes() -> None:
    """Whatever else begins like these is refused as a slip."""
    role = ROOT / "roles" / INFERENCE
    files = [*(role / "tasks").iterdir(), *(role / "templates").iterdir(), *(ROOT / "playbooks").iterdir()]
    named = set(re.findall(rf"(?<![.\w]){PREFIX}\w+", "".join(path.read_text() for path in files)))
    inner = set(yaml.safe_load((role / "vars" / "main.yml").read_text()))
    settings = {PREFIX + name for name in SETTINGS}
    made = {
        name
        for task in _tasks(role)
        for name in [task.get("register"), *task.get("vars", ()), *task.get("ansible.builtin.set_fact", ())]
        if str(name).startswith(PREFIX)
    } - settings
    assert settings == {*_specified(role), *(named - inner - made)}
    assert {PREFIX + name for name in MADE} == inner | made


def test_every_task_reaches_aws_where_the_host_says() -> None:
    """The modules are called by the role alone, and all in the same way, so that none asks whatever is at hand."""
    calling = [task for task in _tasks(ROOT / "roles" / INFERENCE) if _module_of(task)]
    assert len(calling) == len(_specs(ROOT / "roles" / INFERENCE))
    for task in calling:
        assert task["module_defaults"] == CONNECTION
        assert _module_of(task) == INVOKE or f"{PREFIX}owner" in task[_module_of(task)]["deployment"]
        assert not {"region", "profile"} & task[_module_of(task)].keys()
    (group,) = (name.removeprefix("group/").rpartition(".")[2] for name in CONNECTION)
    called = {_module_of(task).rpartition(".")[2] for task in calling}
    assert called == set(yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"][group])
    for path in (ROOT / "playbooks").iterdir():
        assert set(re.findall(rf"{re.escape(COLLECTION)}\.\w+", path.read_text())) == {ROLE}


def _module_of(task: dict[str, t.Any]) -> str:
    """The module of the collection that the task calls, or nothing."""
    return next((name for name in task if name.startswith(f"{COLLECTION}.") and name != SUMMARY), "")


def _tasks(role: Path) -> t.Iterator[dict[str, t.Any]]:
    for path in (role / "tasks").iterdir():
        yield from _flat(yaml.safe_load(path.read_text()))


def _flat(tasks: list[dict[str, t.Any]]) -> t.Iterator[dict[str, t.Any]]:
    """The tasks, with those of their blocks."""
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from _flat(task.get(part, []))
