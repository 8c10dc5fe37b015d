# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a role are the same in its defaults, its argument specs, its README and its tasks."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml

ROLES = sorted((Path(__file__).resolve().parents[3] / "roles").iterdir())
_ROW = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`)? *\| (.+) \|$", re.MULTILINE)


def _specified(role: Path) -> dict[str, dict[str, t.Any]]:
    """The options of all entry points of the role."""
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return {name: option for spec in specs.values() for name, option in spec["options"].items()}


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
    tasks = "".join(path.read_text() for path in (role / "tasks").iterdir())
    inner = yaml.safe_load((role / "vars" / "main.yml").read_text())
    local = {
        name
        for task in _tasks(role)
        for name in [task.get("register"), *task.get("vars", ()), *task.get("ansible.builtin.set_fact", ())]
    }
    used = set(re.findall(rf"(?<!\.)\b{role.name}_\w+", tasks + str(inner))) - local - inner.keys()
    assert set(_defaults(role)) <= used <= set(_specified(role))


def _tasks(role: Path) -> t.Iterator[dict[str, t.Any]]:
    for path in (role / "tasks").iterdir():
        yield from _flat(yaml.safe_load(path.read_text()))


def _flat(tasks: list[dict[str, t.Any]]) -> t.Iterator[dict[str, t.Any]]:
    """The tasks, with those of their blocks."""
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from _flat(task.get(part, []))
