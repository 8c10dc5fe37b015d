# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing in the plugins fetches code, starts a process or runs text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "plugins").rglob("*.py"))
MODULES = {
    "ctypes", "ftplib", "http", "importlib", "marshal", "multiprocessing", "pickle", "pip", "pty", "requests", "runpy",
    "shelve", "shutil", "socket", "subprocess", "tempfile", "telnetlib", "urllib", "urllib3", "yaml",
}  # fmt: skip
HARMLESS = {"from multiprocessing import parent_process"}
CALLS = {"__import__", "compile", "eval", "exec", "execfile", "open_url", "run_command", "fetch_url", "system", "popen"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_from_elsewhere(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {each.name.partition(".")[0] for each in node.names} & MODULES, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and not node.level and ast.unparse(node) not in HARMLESS:
            assert (node.module or "").partition(".")[0] not in MODULES, ast.unparse(node)
        elif isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            is_pattern = ast.unparse(node.func) == "re.compile"
            assert called not in CALLS or is_pattern, ast.unparse(node)
