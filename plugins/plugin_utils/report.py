# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole run has to tell to those who come next: data for plays and workflows, Markdown for people."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

from ..module_utils._aws.links import LINKS
from ..module_utils._engine.plan import Effect, Plan, as_text
from ..module_utils._engine.results import Data, ModuleResult, ResourceResult

_MOST_ROWS = 100
_MOST_DIFFERENCES = 5
_LONGEST_VALUE = 80
_LONGEST_FAILURE = 1000
_GRAVEST_FIRST = [str(effect) for effect in reversed(Effect)]
_HEADER = "| Effect | Kind | Name | What changes |\n|---|---|---|---|\n"


def report_of(result: ModuleResult, plans: t.Sequence[Plan], *, check_mode: bool) -> Data:
    """The report of a result; endpoints are those that are there."""
    changes = [_change(plan) for plan in plans]
    there = [each for each in result.resources.get("endpoints", ()) if each.facts.get("endpoint_arn")]
    return {
        "changed": result.changed,
        "failed": result.failed,
        "endpoints": {each.name: _endpoint(each) for each in there},
        "changes": [_line(change) for change in changes],
        "summary": _summary(_failures(result), changes, check_mode),
    }


def _change(plan: Plan) -> Data:
    """The plan as far as a report needs it; of what is deleted the whole goes, so nothing is said of its parts."""
    shown = () if plan.effect is Effect.DELETE else plan.differences
    return {
        "kind": plan.resource.kind,
        "name": plan.resource.name,
        "effect": str(plan.effect),
        "notes": list(plan.notes),
        "differences": [
            [each.where, _text(each.display_before), _text(each.display_after)] for each in shown[:_MOST_DIFFERENCES]
        ],
        "left_out": max(0, len(shown) - _MOST_DIFFERENCES),
    }


def _text(value: t.Any) -> str | None:
    return None if value is None else as_text(value)


def _endpoint(endpoint: ResourceResult) -> Data:
    facts = endpoint.facts
    links = {name: facts[name] for name in LINKS if name in facts}
    return {"name": endpoint.name, "arn": facts["endpoint_arn"], "status": facts["endpoint_status"], **links}


def _line(change: Data) -> str:
    return f"{change['kind']} {change['name']} ({'; '.join([change['effect'], *change['notes']])})"


def _failures(result: ModuleResult) -> list[str]:
    if not result.failed:
        return []
    return result.failure_lines() or ["no reason is known"]


def _summary(failures: t.Sequence[str], changes: t.Sequence[Data], check_mode: bool) -> str:
    """Markdown: what failed, how many changes there are of each effect, and a table of them, the gravest first."""
    parts = []
    if failures:
        parts.append("\n".join(["**Failed:**\n", *(f"- {_code(failure, _LONGEST_FAILURE)}" for failure in failures)]))
    if changes:
        parts.append(f"{_headline(changes, check_mode, bool(failures))}\n\n{_table(changes)}")
    elif not failures:
        parts.append("Nothing to change: everything is as declared.")
    return "\n\n".join(parts)


def _headline(changes: t.Sequence[Data], check_mode: bool, has_failed: bool) -> str:
    counts = Counter(change["effect"] for change in changes)
    effects = ", ".join(f"{counts[effect]} {effect}" for effect in _GRAVEST_FIRST if counts[effect])
    fate = "planned" if check_mode else "planned, though not all may have been made" if has_failed else "made"
    return f"**Changes {fate}: {len(changes)}** ({effects})"


def _table(changes: t.Sequence[Data]) -> str:
    rows = sorted(changes, key=lambda change: _GRAVEST_FIRST.index(change["effect"]))
    more = len(rows) - _MOST_ROWS
    end = f"\n\nand {more} more, which the output of the run shows" if more > 0 else ""
    return _HEADER + "\n".join(map(_row, rows[:_MOST_ROWS])) + end


def _row(change: Data) -> str:
    left_out = [f"and {change['left_out']} more"] if change["left_out"] else []
    what = [*map(_code, change["notes"]), *(_difference(*each) for each in change["differences"]), *left_out]
    return f"| {change['effect']} | {change['kind']} | {_code(change['name'])} | {'; '.join(what)} |"


def _difference(path: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"{_code(path)}: {_code(str(after))}"
    return f"{_code(path)}: {_code(before)} → {'removed' if after is None else _code(after)}"


def _code(text: str, longest: int = _LONGEST_VALUE) -> str:
    """The text as a code span, in which nothing is Markdown but the pipe of a table and the backtick that ends it."""
    text = " ".join(text.split()) or " "
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    padding = " " if "`" in text else ""
    escaped = re.sub(r"(\\*)\|", lambda match: rf"{match[1] * 2}\|", text)
    return f"{fence}{padding}{escaped}{padding}{fence}"
