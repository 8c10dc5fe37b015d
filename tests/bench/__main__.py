# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the role and its rivals, prints a table, and fails when a promise is broken."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import contests
from .page import PAGE, page
from .promises import promises
from .rows import Row, Rows
from .table import report

PARTS = ("fleets", "ping", "slow", "throttled", "paced", "hosts", "looped", "alarms")
WITH_EVERY_LATENCY = ("fleets", "slow")


def main() -> int:
    arguments = _parser().parse_args()
    rows = Rows()
    for row in _measured(arguments.sizes, arguments.host_sizes, arguments.latency_ms, arguments.only):
        rows.all.append(row)
        print(_progress(row), file=sys.stderr, flush=True)
    made = promises(rows)
    print(report(rows, made))
    if arguments.json:
        arguments.json.write_text(json.dumps([row.as_data() for row in rows.all], indent=1) + "\n")
    if arguments.docs:
        PAGE.write_text(page(rows, made, _command(arguments)))
    return 0 if all(promise.is_kept for promise in made) else 1


def _measured(sizes: list[int], host_sizes: list[int], latencies: list[int], parts: list[str]) -> Iterator[Row]:
    """What latency does shows in the fleets; everything else is measured once."""
    for latency in latencies:
        due = [part for part in parts if latency == latencies[0] or part in WITH_EVERY_LATENCY]
        for part in PARTS:
            if part in due:
                yield from _played(part, sizes, host_sizes, latency)


def _played(part: str, sizes: list[int], host_sizes: list[int], latency: int) -> Iterable[Row]:
    if part == "fleets":
        return (row for size in sizes for play in (contests.plain_boto3, contests.role) for row in play(size, latency))
    if part == "hosts":
        return contests.hosts(host_sizes, latency)
    if part in ("slow", "throttled") and contests.SLOW_SIZE not in sizes:
        return ()
    plays = {
        "ping": contests.pinged,
        "slow": contests.slow_deploy,
        "throttled": contests.throttled,
        "paced": contests.paced,
        "looped": contests.looped,
        "alarms": contests.alarms,
    }
    return plays[part](latency)


def _progress(row: Row) -> str:
    return f"{row.latency_ms} ms, {row.contestant}, {row.size}, {row.phase}: {row.cost.seconds:.1f} s"


def _command(arguments: argparse.Namespace) -> str:
    """The command that makes these measurements again."""
    options = {
        "sizes": arguments.sizes,
        "host-sizes": arguments.host_sizes,
        "latency-ms": arguments.latency_ms,
        "only": arguments.only,
    }
    given = [f" --{name} {','.join(str(each) for each in value)}" for name, value in options.items()]
    return f"python -m tests.bench{''.join(given)} --docs"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, default=[1, 10, 100, 1000], help="endpoints of the fleets")
    parser.add_argument("--host-sizes", type=_numbers, default=[20], help="endpoints of each host, of many hosts")
    parser.add_argument(
        "--latency-ms",
        type=_numbers,
        default=[0, 50],
        help="what is added to every call; all parts but fleets and slow run with the first only",
    )
    parser.add_argument("--only", type=_parts, default=list(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="file for the measurements")
    parser.add_argument("--docs", action="store_true", help=f"write {PAGE.parent.name}/{PAGE.name}")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _parts(text: str) -> list[str]:
    parts = text.split(",")
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return parts


if __name__ == "__main__":
    sys.exit(main())
