# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements and promises as Markdown."""

from __future__ import annotations

import typing as t

from .measure import Cost
from .promises import Promise
from .rows import (
    AWS_TASK,
    BESIDE_PING,
    CLOUDWATCH_ALARM,
    LOOPED,
    MANY_HOSTS,
    PACED_DEPLOY,
    PHASES,
    PING,
    PLAIN,
    ROLE,
    SAGEMAKER_ALARM,
    SLOW_DEPLOY,
    STARTED,
    THROTTLED,
    YOUNG,
    Rows,
)

NOT_RUN = "-"
_OTHERS = (PING, AWS_TASK, MANY_HOSTS, LOOPED, CLOUDWATCH_ALARM, SAGEMAKER_ALARM, STARTED)


def markdown(header: t.Sequence[str], lines: t.Iterable[t.Sequence[str]], texts: int = 1) -> str:
    """A table whose first *texts* columns are text and whose others are numbers."""
    rule = ["---"] * texts + ["---:"] * (len(header) - texts)
    return "".join(f"| {' | '.join(line)} |\n" for line in (header, rule, *lines))


def fleets(rows: Rows, latency_ms: int) -> str:
    """The role beside plain boto3, for every size and phase."""
    header = ["Endpoints, phase", "s", "Calls", "Writes", "Peak MB", "boto3: s", "Calls", "Peak MB"]
    lines = []
    for size in rows.sizes():
        for phase in (PHASES[0], YOUNG, PHASES[1], BESIDE_PING, *PHASES[2:], SLOW_DEPLOY, *THROTTLED, PACED_DEPLOY):
            role, plain = (rows.find(contestant, phase, size, latency_ms) for contestant in (ROLE, PLAIN))
            if role or plain:
                ours = _cells(role, "seconds", "calls", "writes", "peak_mb")
                lines.append([f"{size:,}, {phase}", *ours, *_cells(plain, "seconds", "calls", "peak_mb")])
    return markdown(header, lines) if lines else ""


def others(rows: Rows, latency_ms: int) -> str:
    """What is measured at one size only."""
    lines = [
        [
            row.contestant,
            row.phase,
            f"{row.size:,}",
            *_cells(row.cost, "seconds", "calls", "peak_mb"),
            _together(row.cost),
        ]
        for row in rows.all
        if row.latency_ms == latency_ms and row.contestant in _OTHERS
    ]
    header = ["What", "Phase", "Size", "s", "Calls", "Peak MB", "All processes MB"]
    return markdown(header, lines, texts=2) if lines else ""


def _together(cost: Cost) -> str:
    return _cell(cost.together_mb) if cost.together_mb else NOT_RUN


def kept(promises: t.Sequence[Promise]) -> str:
    """The promises, one line each."""
    return "".join(f"- {promise}\n" for promise in promises)


def report(rows: Rows, promises: t.Sequence[Promise]) -> str:
    """All tables and the promises."""
    parts = []
    for latency in rows.latencies():
        title = f"{latency} ms added to every call" if latency else "Nothing added to a call"
        parts += [f"## {title}\n", fleets(rows, latency), others(rows, latency)]
    count = sum(promise.is_kept for promise in promises)
    parts += ["## Promises\n", f"{count} of {len(promises)} promises are kept.\n", kept(promises)]
    return "\n".join(part for part in parts if part)


def _cells(cost: Cost | None, *names: str) -> list[str]:
    return [_cell(getattr(cost, name)) if cost else NOT_RUN for name in names]


def _cell(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
