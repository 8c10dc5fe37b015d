# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the fault matrix and prints it; --docs writes docs/fault-matrix.md, --whole (minutes) plays all journeys."""

from __future__ import annotations

import argparse
import sys
import typing as t
from pathlib import Path

import pytest

from simulator.process import running
from tests.scenarios.fault_kinds import KINDS, FaultKind
from tests.scenarios.fault_matrix import OUTCOMES, Broken, Cell, cells, new_world, play, tracks
from tests.scenarios.journeys import Call

PAGE = Path(__file__).resolve().parents[1] / "docs" / "fault-matrix.md"
SIGNS = dict(zip(OUTCOMES, ("converges", "warns", "fails", "replace"), strict=True))
_NEVER = "\N{EN DASH}"
_TOLD_EVERY = 100

Outcomes = dict[tuple[Call, str], set[str]]

_HEAD = """# What happens when a call to AWS fails

Every operation that the collection calls, struck once by everything that can go wrong with it, on the simulator.
Written by `python -m tools.fault_matrix --docs`; {count} cells were played, each in the
first run that makes the call (with `--whole` in every run that does). The tests play a part of them.

{legend}

In each cell it holds that the run ends without a traceback, that an error names its resource (and, unless somebody else
is at work, the operation), that `changed` is told if and only if AWS has accepted a write (a write that got no answer
may count either way), that a denied read leads to no write that would not have been made anyhow, and that the run after
the next writes nothing.

The clients retry nothing here: a throttled call stands for one that botocore has given up. Where a cell has two words,
the operation is called for different purposes. What users have, clients that retry, gets where it should when each of
CreateModel, CreateEndpointConfig, CreateEndpoint, RegisterScalableTarget and PutMetricAlarm, or UpdateEndpoint, is once
throttled, refused with 503, dropped before or after it took effect, or too slow; the tests play that apart.
"""
_LEGEND = {
    "converges": "the run goes on and gets where it should",
    "warns": "the same, and a warning tells what was left out",
    "fails": "one clear error; the next run gets there",
    "replace": "one clear error; the next run refuses until `allow_replace` permits an outage, then gets there",
}


def played(found: t.Iterable[tuple[Cell, str]]) -> Outcomes:
    outcomes: Outcomes = {}
    for cell, outcome in found:
        outcomes.setdefault((cell.call, cell.kind.name), set()).add(SIGNS[outcome])
    return outcomes


def page(outcomes: Outcomes, count: int) -> str:
    legend = "\n".join(f"- **{word}**: {meaning}" for word, meaning in _LEGEND.items())
    calls = sorted({call for call, _kind in outcomes})
    head = [_HEAD.format(count=count, legend=legend), _line(["Operation", *(kind.name for kind in KINDS)])]
    rows = [_line([f"{operation} ({service})", *_row(outcomes, (service, operation))]) for service, operation in calls]
    return "\n".join([*head, _line(["---"] * (len(KINDS) + 1)), *rows, "", *_reasons(calls)])


def _row(outcomes: Outcomes, call: Call) -> list[str]:
    return [_NEVER if kind.cannot(call) else " / ".join(sorted(outcomes[call, kind.name])) for kind in KINDS]


def _line(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _reasons(calls: list[Call]) -> list[str]:
    """Why there are cells that were not played."""
    lines = [f"{_NEVER} cannot occur:", ""]
    for kind in KINDS:
        for reason in dict.fromkeys(kind.cannot(call) for call in calls if kind.cannot(call)):
            lines.append(f"- {kind.name}: the operation {reason}")
    return [*lines, ""]


def rows_of(text: str) -> dict[tuple[str, str], str]:
    """What a page says, by operation and fault."""
    table = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    (_first, *kinds), _rule, *rows = table
    return {(row[0], kind): word for row in rows for kind, word in zip(kinds, row[1:], strict=True)}


def label(call: Call, kind: FaultKind) -> tuple[str, str]:
    return f"{call[1]} ({call[0]})", kind.name


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    found: list[tuple[Cell, str]] = []
    broken: list[str] = []
    with running() as simulator, pytest.MonkeyPatch.context() as patch:
        world = new_world(simulator, patch)
        known = tracks(world)
        undisturbed = {track.journey.name: track for track in known}
        chosen = cells(known, options.whole)
        for number, cell in enumerate(chosen):
            if number % _TOLD_EVERY == 0:
                print(f"{number} of {len(chosen)} cells", file=sys.stderr, flush=True)
            try:
                found.append((cell, play(world, cell, undisturbed[cell.journey.name])))
            except Broken as broke:
                broken.append(f"{cell}: {broke}")
                print(broken[-1], file=sys.stderr, flush=True)
    if broken:
        return 1
    text = page(played(found), len(found))
    if options.docs:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
