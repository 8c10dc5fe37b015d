# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many endpoints through many changes with faults; fails unless memory and open files of the runs stay flat."""

from __future__ import annotations

import argparse
import os
import random
import time
import typing as t
from pathlib import Path

import pytest

from simulator.process import running
from tests.scenarios.fault_matrix import new_world
from tests.scenarios.harness import World
from tests.scenarios.inventories import ERRORS, Inventory, model, provisioned, scaled

FAULTS = ("throttle", "error", "drop_before", "drop_after", "expired_token")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MOST_RUNS = 10
_MOST_GROWTH = 1.2


def declared(chance: random.Random, count: int) -> Inventory:
    def endpoint() -> Inventory:
        kind = chance.choice(["ml.m5.large", "ml.c5.large"])
        return provisioned(v=scaled(1, chance.randint(2, 4), instance_type=kind, cloudwatch_alarms=ERRORS))

    return {
        "models": {"m": model(chance.randint(1, 3))},
        "endpoints": {f"e{number}": endpoint() for number in range(count)},
        "additional_tags_all": chance.choice([{}, {"team": "a"}]),
    }


def memory_megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES / 1e6


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def soak(endpoints: int, changes: int, seed: int, tell: t.Callable[[str], None]) -> None:
    chance = random.Random(seed)
    with running(target_quota=endpoints + 1) as simulator, pytest.MonkeyPatch.context() as patch:
        world = new_world(simulator, patch)
        memory: list[float] = []
        files: list[int] = []
        for change in range(changes + 1):
            wanted, began, failures = declared(chance, endpoints), time.monotonic(), 0
            for kind in chance.sample(FAULTS, 2 if change else 0):
                simulator.fault(kind, skip=chance.randint(0, 20 * endpoints), count=3)
            while complaint := _complaint(world, wanted):
                failures += 1
                assert "Traceback" not in complaint
                assert failures < _MOST_RUNS, complaint
            simulator.clear_faults()
            simulator.clear_journal()
            quiet = world.apply(wanted, allow_replace=True)
            assert not quiet.changed
            assert not simulator.writes()
            assert not simulator.objections()
            seconds = time.monotonic() - began
            memory.append(memory_megabytes())
            files.append(open_files())
            tell(f"change {change}: {failures} runs hindered, {memory[-1]:.0f} MB, {files[-1]} files, {seconds:.0f} s")
        assert memory[-1] <= memory[0] * _MOST_GROWTH
        assert files[-1] <= files[0]


def _complaint(world: World, wanted: Inventory) -> str:
    """Why a run did not do all there is to do; one that could not look for what is superseded says so in a warning."""
    result = world.apply(wanted, allow_replace=True)
    return result.error or "\n".join(result.warnings)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoints", type=int, default=1000)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    soak(options.endpoints, options.changes, options.seed, lambda line: print(line, flush=True))
