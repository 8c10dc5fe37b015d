# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks on until so many runs are made; prints each history that ends in trouble, as short as it can be."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from .aftermaths import aftermaths
from .drawing import history
from .history import as_text, from_text
from .playing import Player
from .shortening import shortened


def main() -> int:
    arguments = _parser().parse_args()
    with pytest.MonkeyPatch.context() as patch:
        player = Player(patch)
        if arguments.replay:
            trouble = player.play(from_text(arguments.replay.read_text(encoding="utf-8")))
            print(trouble or "no objection")
            return 1 if trouble else 0
        return _aftermaths(player, arguments) if arguments.aftermaths else _walk(player, arguments)


def _aftermaths(player: Player, arguments: argparse.Namespace) -> int:
    known = list(aftermaths().items())[arguments.seed :: arguments.aftermaths]
    found = 0
    for name, each in known:
        if trouble := player.play(each):
            found += 1
            print(f"{name}: {trouble}\n{as_text(each)}\n", flush=True)
    print(f"{player.runs} runs in {len(known)} histories: {found} objections")
    return 1 if found else 0


def _walk(player: Player, arguments: argparse.Namespace) -> int:
    began, made, seed = time.monotonic(), 0, arguments.seed
    found: Counter[str] = Counter()
    while made < arguments.runs and time.monotonic() - began < arguments.minutes * 60:
        before, drawn = player.runs, history(seed)
        trouble = player.play(drawn)
        made += player.runs - before
        if trouble:
            short, trouble = (drawn, trouble) if arguments.long else shortened(player, drawn, trouble)
            found[trouble.rule] += 1
            text = as_text(short)
            print(f"seed {seed}: {trouble}\n{text}\n", flush=True)
            if arguments.keep:
                (arguments.keep / f"seed-{seed}.json").write_text(text + "\n", encoding="utf-8")
        seed += 1
    seconds = time.monotonic() - began
    print(
        f"{made} runs in {seed - arguments.seed} histories, seeds {arguments.seed} to {seed - 1}, in {seconds:.0f} s "
        f"({made / seconds:.1f} runs a second): {sum(found.values())} objections {dict(found) or ''}"
    )
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description=__doc__)
    parser.add_argument("--runs", type=int, default=500, help="runs that may write, without those in check mode")
    parser.add_argument("--seed", type=int, default=1, help="of the first history; the next one has the next number")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after that time in any case")
    parser.add_argument("--aftermaths", type=int, metavar="N", help="play each Nth of the listed histories instead")
    parser.add_argument("--long", action="store_true", help="do not shorten a history that ends in trouble")
    parser.add_argument("--keep", type=Path, help="folder for the histories that end in trouble")
    parser.add_argument("--replay", type=Path, help="play the history in this file, and nothing else")
    return parser


if __name__ == "__main__":
    sys.exit(main())
