# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of CONTRIBUTING.md name files that exist, and functions that are in them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
WAY = TEXT.partition("### From `models` to CreateModel")[2].partition("### Where is")[0]
WHERE = TEXT.partition("### Where is")[2].partition("### Tests")[0]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("plugins", "roles")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".yml")
)


def found(name: str) -> list[str]:
    """The files that a name on the page may mean."""
    return [path for path in FILES if f"/{path}".endswith(f"/{name}")]


def test_every_file_that_the_tables_name_exists() -> None:
    names = re.findall(r"`([\w/]+\.(?:py|yml))`", WAY + WHERE)
    assert len(names) > 100
    assert [name for name in names if not found(name)] == []


def test_every_function_on_the_way_is_in_its_file() -> None:
    stations = re.findall(r"\| `([\w/]+\.py)`: `(\w+)` \|", WAY)
    assert len(stations) == 12
    missing = [(name, function) for name, function in stations if function not in _defined(found(name))]
    assert missing == []


def _defined(paths: list[str]) -> set[str]:
    (path,) = paths
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
