# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message that the page of troubleshooting quotes is one of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUOTED = re.findall(r"^### `(.*)`$", (ROOT / "docs" / "troubleshooting.md").read_text(), re.MULTILINE)


def _texts() -> Iterator[str]:
    """All texts of the plugins, with ``…`` for what is put into them."""
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


TEXTS = list(_texts())


@pytest.mark.parametrize("message", QUOTED)
def test_a_message_on_the_page_is_one_of_the_code(message: str) -> None:
    assert any(message in text for text in TEXTS)


def test_the_page_quotes_messages() -> None:
    assert QUOTED
