# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a history on a simulator in this process, and reports the first thing that is wrong."""

from __future__ import annotations

import traceback
import typing as t
from dataclasses import dataclass

import pytest

from simulator.here import LocalSimulator
from tests.scenarios.conftest import TIMES
from tests.scenarios.harness import Killed, Result, World
from tests.scenarios.refereed import sentence

from . import end, modules
from .history import DESTROY, Data, History, Stride
from .special_moves import begin, make

_LONG = 20_000


@dataclass(frozen=True)
class Trouble:
    """What went wrong in a history: the rule that was broken, where, and what was said."""

    rule: str
    stride: int
    text: str

    def __str__(self) -> str:
        return f"{self.rule}, run {self.stride + 1}: {self.text}"


class Player:
    """Plays one history after another; `runs` counts those that may write."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.simulator = LocalSimulator()
        self._fresh = World(self.simulator, patch, "000000000001", is_bound=False)
        """An account in which there is nothing until the end."""
        self.world = World(self.simulator, patch, is_bound=False)
        self.runs = 0

    def play(self, history: History) -> Trouble | None:
        self.simulator.configure(**TIMES)
        self.simulator.reset()
        for world in (self.world, self._fresh):
            begin(world)
        for number, stride in enumerate(history):
            if trouble := self._stride(number, stride):
                return trouble
        return self._end(len(history), history)

    def _stride(self, number: int, stride: Stride) -> Trouble | None:
        simulator = self.simulator
        simulator.configure(tag_delay_seconds=stride.tag_delay)
        for move in stride.before:
            make(self.world, move)
        planned = None if _is_unforeseen(stride) or self._is_busy() else self._planned_run(stride)
        for instance_type, limit in stride.quotas.items():
            simulator.quota(instance_type, limit)
        for fault in stride.faults:
            simulator.fault(**fault)
        self.world.calls, self.world.kill_before = 0, stride.kill_before
        text = ""
        try:
            text = self._run(stride, planned)
        except Killed:
            pass
        except Exception:
            return Trouble("Crash", number, traceback.format_exc())
        finally:
            self.world.kill_before = None
            simulator.clear_faults()
            for instance_type in stride.quotas:
                simulator.quota(instance_type, None)
        if "Traceback" in text:
            return Trouble("Crash", number, text)
        simulator.advance(stride.rest)
        return self._objection(number)

    def _run(self, stride: Stride, planned: Result | None) -> str:
        """The error message of the run."""
        self.runs += 1
        return self._deploy(stride, planned).error

    def _deploy(self, stride: Stride, planned: Result | None, *, check: bool = False) -> Result:
        if stride.act in modules.ACTS:
            return modules.run(self.world, stride, planned, check)
        more: dict[str, t.Any] = {"deployment": stride.deployment, "planned": planned, "check": check}
        if not check:
            more["slice_seconds"] = stride.slice_seconds
        if stride.act == DESTROY:
            return self.world.destroy(stride.wanted, **more, **stride.options)
        return self.world.apply(stride.wanted, **more, **stride.options)

    def _planned_run(self, stride: Stride) -> Result | None:
        try:
            return self._deploy(stride, None, check=True)
        except Exception:
            return None

    def _is_busy(self) -> bool:
        """Whether an endpoint is on its way, so that no plan knows what it will find."""
        regions = self.simulator.state()
        return any(endpoint["progress"] for region in regions for endpoint in region["endpoints"].values())

    def _objection(self, number: int) -> Trouble | None:
        found = self.simulator.objections()
        return Trouble(found[0]["rule"], number, "\n".join(map(sentence, found))) if found else None

    def _end(self, number: int, history: History) -> Trouble | None:
        """Nothing goes wrong any more, nobody else acts: a run reaches the inventory, another finds nothing to do."""
        last = next((each for each in reversed(history) if each.deployment == "default"), None)
        if last is None:
            return None
        wanted = Stride(_without_orders(last.wanted), options=_ALL_ALLOWED)
        if last.act == DESTROY:
            wanted = Stride(_all_of(history), DESTROY, options={"confirm": "default"})
        self.simulator.advance(_LONG)
        end.leave_alone(self.world)
        self.runs += 2
        try:
            if last.act != DESTROY and _is_protected(history):
                # What takes a protection off does not replace the endpoint.
                self.runs += 1
                self._deploy(wanted, None)
            first = self._deploy(wanted, None)
            before = len(self.simulator.writes())
            second = self._deploy(wanted, None)
        except Exception:
            return Trouble("Crash", number, traceback.format_exc())
        if trouble := self._objection(number):
            return trouble
        writes: list[Data] = self.simulator.writes()[before:]
        problem = end.unexpected_changes(first, second, writes) or end.reached(self.world, self._fresh, wanted, history)
        # Models that no endpoint uses are found by the tag index alone, and one that lags is not the export's fault.
        self.simulator.configure(tag_delay_seconds=0)
        problem = problem or end.exported(self.world, wanted)
        return Trouble("Converges", number, problem) if problem else None


_ALL_ALLOWED = {"allow_replace": True, "adopt": True}


def _all_of(history: History) -> Data:
    """Everything that was ever declared: a model that an endpoint of ours still uses cannot be destroyed without it."""
    ours = [each.wanted for each in history if each.deployment == "default"]
    endpoints = {name: endpoint for wanted in ours for name, endpoint in wanted["endpoints"].items()}
    return {**ours[-1], "endpoints": endpoints}


def _is_protected(history: History) -> bool:
    return any("deletion_protection" in each for stride in history for each in stride.wanted["endpoints"].values())


def _without_orders(wanted: Data) -> Data:
    """The same, with every endpoint free to be replaced, and to be updated in any way."""
    endpoints = {name: each | {"deletion_protection": False} for name, each in wanted["endpoints"].items()}
    for each in endpoints.values():
        each.pop("deployment", None)
    return {**wanted, "endpoints": endpoints}


def _is_unforeseen(stride: Stride) -> bool:
    """Whether somebody acts during the run, or AWS says that somebody does."""
    return any(fault["kind"] in ("act", "error", "not_visible") for fault in stride.faults)
