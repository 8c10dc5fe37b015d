# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible sends with every call of a module is what its files import; each file takes time at every start."""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
MODULE_UTILS = PLUGINS / "module_utils"
_ABSOLUTE = "ansible_collections.friendsofansible.sagemaker.plugins.module_utils."


def _imported(path: Path) -> t.Iterator[Path]:
    """The files of the collection that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom):
            continue
        module = node.module or ""
        if node.level:
            folder = path.parents[node.level - 1].joinpath(*filter(None, module.split(".")))
        elif module.startswith(_ABSOLUTE):
            folder = MODULE_UTILS.joinpath(*module.removeprefix(_ABSOLUTE).split("."))
        else:
            continue
        places = [folder.with_suffix(".py"), *((folder / each.name).with_suffix(".py") for each in node.names)]
        yield from (place for place in places if place.is_file())


def shipped(module: str) -> set[str]:
    """The files below module_utils that are sent with the module."""
    found: set[Path] = set()
    left = [PLUGINS / "modules" / f"{module}.py"]
    while left:
        new = {*_imported(left.pop())} - found
        found |= new
        left += new
    return {str(path.relative_to(MODULE_UTILS)) for path in found}


def test_the_deployment_does_without_the_inventory() -> None:
    """Its action plugin compiles the inventory and shows the plans in its words."""
    files = shipped("sagemaker_deployment")
    assert {"_deployment/run.py", "_resources/endpoint/planning.py", "_engine/plan.py"} <= files
    assert not [name for name in files if name.startswith(("_inventory", "_export"))]


def test_an_export_needs_both() -> None:
    folders = {name.partition("/")[0] for name in shipped("sagemaker_inference_info")}
    assert {"_inventory", "_export"} <= folders


def test_what_no_module_needs_is_in_plugin_utils() -> None:
    needed = {name for module in (PLUGINS / "modules").glob("*.py") for name in shipped(module.stem)}
    present = {str(path.relative_to(MODULE_UTILS)) for path in MODULE_UTILS.rglob("*.py")}
    assert not {name for name in present - needed if not name.endswith("__init__.py")}
