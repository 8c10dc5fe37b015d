# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan document as Markdown, for a pull request, a notification or the page of a workflow."""

from __future__ import annotations

import re
import typing as t

from ..module_utils._engine.plan import as_text
from ..module_utils._engine.results import Data
from .summary import intention, severity, sum_of

_MOST_ROWS = 100
_MOST_DIFFERENCES = 5
_LONGEST_VALUE = 80
_LONGEST_FAILURE = 1000
_HEADER = "| Action | Kind | Name | What changes |\n|---|---|---|---|\n"


def markdown_of(document: Data, failures: t.Sequence[str]) -> str:
    """The first line of the summary, what failed, and a table of the changes, failures and the most severe first.

    *failures* has a line for each cause.
    """
    parts = [f"**{_escaped(sum_of(document))}**"]
    if failures:
        parts.append("\n".join(f"- {_code(failure, _LONGEST_FAILURE)}" for failure in failures))
    if document["changes"]:
        parts.append(_table(sorted(document["changes"], key=severity)))
    return "\n\n".join(parts)


def _table(changes: t.Sequence[Data]) -> str:
    more = len(changes) - _MOST_ROWS
    end = f"\n\nand {more} more, which the output of the run shows" if more > 0 else ""
    return _HEADER + "\n".join(map(_row, changes[:_MOST_ROWS])) + end


def _row(change: Data) -> str:
    action = f"failed {intention(change)}".strip() if change["failed"] else change["action"]
    what = "; ".join([*map(_code, change["notes"]), *_differences(change)])
    return f"| {action} | {change['kind']} | {_code(change['name'])} | {what} |"


def _differences(change: Data) -> list[str]:
    """The first of them; of what is deleted the whole goes, so its parts are not listed."""
    if change["action"] == "delete":
        return []
    shown, more = change["differences"][:_MOST_DIFFERENCES], len(change["differences"]) - _MOST_DIFFERENCES
    return [*map(_difference, shown), *([f"and {more} more"] if more > 0 else [])]


def _difference(difference: Data) -> str:
    path, before, after = (difference[key] for key in ("path", "before", "after"))
    if before is None:
        return f"{_code(path)}: {_code(as_text(after))}"
    return f"{_code(path)}: {_code(as_text(before))} → {'removed' if after is None else _code(as_text(after))}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|&#])", r"\\\1", text)


def _code(text: str, longest: int = _LONGEST_VALUE) -> str:
    """The text as a code span, in which nothing is Markdown but the pipe of a table and the backtick that ends it."""
    text = " ".join(text.split()) or " "
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    padding = " " if "`" in text else ""
    escaped = re.sub(r"(\\*)\|", lambda match: rf"{match[1] * 2}\|", text)
    return f"{fence}{padding}{escaped}{padding}{fence}"
