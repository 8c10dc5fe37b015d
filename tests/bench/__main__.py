# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the role and its rivals, prints a table, and fails when a promise is broken."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from . import contests
from .page import PAGE, page
from .promises import promises
from .rows import Row, Rows
from .table import report

PARTS = ("fleets", "slow", "throttled", "paced", "hosts", "looped", "alarms")


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
    for latency in latencies:
        if "fleets" in parts:
            for size in sizes:
                yield from contests.plain_boto3(size, latency)
                yield from contests.role(size, latency)
        if "slow" in parts and contests.SLOW_SIZE in sizes:
            yield from contests.slow_deploy(latency)
        if "throttled" in parts and contests.SLOW_SIZE in sizes:
            yield from contests.throttled(latency)
        if "paced" in parts:
            yield from contests.paced(latency)
        if "hosts" in parts:
            yield from contests.hosts(host_sizes, latency)
        if "looped" in parts:
            yield from contests.looped(latency)
        if "alarms" in parts:
            yield from contests.alarms(latency)


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
    parser.add_argument("--host-sizes", type=_numbers, default=[2, 20], help="endpoints of each host, of many hosts")
    parser.add_argument("--latency-ms", type=_numbers, default=[0, 50], help="what is added to every call")
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
