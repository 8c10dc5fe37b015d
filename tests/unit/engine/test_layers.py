# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders of module_utils import one another in one direction only, as CONTRIBUTING.md says."""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODULE_UTILS = ROOT / "plugins" / "module_utils"
LAYERS = (
    "version",
    "problems",
    "paths",
    "_aws",
    "_engine",
    "_resources",
    "_inventory",
    "_export",
    "_deployment",
    "_ansible",
)
"""Each imports only from those before it."""


def imports(path: Path) -> t.Iterator[str]:
    """The folders, or files beside them, that the file imports from."""
    package = path.relative_to(MODULE_UTILS).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package[: len(package) - (node.level - 1)]
            modules = [node.module] if node.module else [each.name for each in node.names]
            yield from ((*above, module.partition(".")[0])[0] for module in modules)


def test_imports_lead_down() -> None:
    upward = set()
    for path in MODULE_UTILS.rglob("*.py"):
        own = path.relative_to(MODULE_UTILS).parts[0].removesuffix(".py")
        upward |= {(own, other) for other in imports(path) if LAYERS.index(other) > LAYERS.index(own)}
    assert upward == set()


def test_every_folder_has_its_layer() -> None:
    names = {path.name.removesuffix(".py") for path in MODULE_UTILS.iterdir() if path.name != "__pycache__"}
    assert names == set(LAYERS)


def test_the_page_names_every_folder_in_this_order() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("## The map")[2].partition("Next to these")[0]
    folders = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `_")]
    assert folders == [name for name in LAYERS if name.startswith("_")]
