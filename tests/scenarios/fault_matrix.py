# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call that the collection makes, with everything that can go wrong with it."""

from __future__ import annotations

import collections
import time
import typing as t
from dataclasses import dataclass

from simulator.client import Simulator

from .fault_kinds import KINDS, READ_TIMEOUT_SECONDS, FaultKind, is_read, wait_for_answers
from .harness import World
from .journeys import Call, Journey, ModuleResult, calls_of, journeys

CONVERGED = "converges"
WARNED = "converges with a warning"
FAILED = "fails clearly; the next run converges"
REPLACED = "fails clearly; converges once it may be replaced"
OUTCOMES = (CONVERGED, WARNED, FAILED, REPLACED)
NAMES = frozenset("efghmnvw")
"""Everything that a journey declares."""


class BrokenPromise(AssertionError):
    """A cell in which a promise was not kept."""


@dataclass(frozen=True)
class Cell:
    """One operation, one fault, and the journey in which they meet."""

    call: Call
    kind: FaultKind
    journey: Journey

    def __str__(self) -> str:
        return f"{self.call[1]} ({self.call[0]}) {self.kind.name}, in {self.journey.name}"


@dataclass(frozen=True)
class Track:
    """The calls of a journey on which nothing goes wrong."""

    journey: Journey
    calls: list[Call]
    writes: collections.Counter[str]


def tracks(world: World) -> list[Track]:
    found = []
    for journey in journeys():
        journey.prepare(world)
        result = journey.act(world)
        assert not result.error, result.error
        entries = world.simulator.journal()
        found.append(Track(journey, calls_of(entries), _signatures(each for each in entries if each["write"])))
    return found


def cells(found: t.Sequence[Track], is_whole: bool) -> list[Cell]:
    """Each operation in its first journey, or in every one that makes it."""
    chosen = []
    for call in sorted({call for track in found for call in track.calls}):
        users = [track.journey for track in found if call in track.calls]
        chosen += [
            Cell(call, kind, journey)
            for journey in (users if is_whole else users[:1])
            for kind in KINDS
            if not kind.cannot(call)
        ]
    return chosen


def play(world: World, cell: Cell, undisturbed: Track) -> str:
    """The outcome of the cell; BrokenPromise if a promise was not kept."""
    simulator = world.simulator
    cell.journey.prepare(world)
    cell.kind.strike(world, cell.call)
    result = cell.journey.act(world)
    entries = _settle(world, cell)
    _check_struck(cell, entries)
    _check_changed(cell, result, entries)
    if cell.kind.name == "access denied":
        surplus = _signatures(_accepted(entries)) - undisturbed.writes
        _promise(not surplus, f"denied, and yet it wrote {dict(surplus)}")
    if result.error:
        _check_clear(cell, result.error)
    simulator.clear_faults()
    simulator.advance(1000)
    return _converge(world, cell, result)


def _settle(world: World, cell: Cell) -> list[dict[str, t.Any]]:
    """The journal once a call that was given up has come to its end."""
    if cell.kind.name == "too slow":
        wait_for_answers(world, cell.call, 60)
        deadline = time.monotonic() + 10 * READ_TIMEOUT_SECONDS
        while not any(_is_late(each) for each in world.simulator.journal()) and time.monotonic() < deadline:
            time.sleep(0.02)
    return world.simulator.journal()


def _is_late(entry: dict[str, t.Any]) -> bool:
    return bool(entry["seconds"] >= 2 * READ_TIMEOUT_SECONDS)


def _check_struck(cell: Cell, entries: list[dict[str, t.Any]]) -> None:
    affected = [each for each in entries if (each["service"], each["operation"]) == cell.call]
    _promise(bool(affected), "the call was never made")
    if cell.kind.name not in ("gone meanwhile", "too slow"):
        _promise(any(each["result"] != "ok" for each in affected), "the fault never happened")


def _check_changed(cell: Cell, result: ModuleResult, entries: list[dict[str, t.Any]]) -> None:
    """What got no answer counts either way."""
    accepted = [each for each in _accepted(entries) if not (cell.kind.is_in_doubt and _is_late(each))]
    if cell.kind.name == "already exists":
        accepted = _without_twin(cell, accepted)
    is_doubtful = cell.kind.is_in_doubt and not is_read(cell.call)
    if accepted:
        _promise(result.changed, f"unchanged, and yet {[each['operation'] for each in accepted]} were accepted")
    elif not is_doubtful:
        _promise(not result.changed, "changed, and yet nothing was accepted")


def _without_twin(cell: Cell, accepted: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    (twin, *_later) = (each for each in accepted if (each["service"], each["operation"]) == cell.call)
    return [each for each in accepted if each is not twin]


def _check_clear(cell: Cell, error: str) -> None:
    _promise("Traceback" not in error, error)
    lines = error.splitlines()
    for line in lines if len(lines) == 1 else lines[1:]:
        words = set(line.replace(":", " ").replace("/", " ").replace('"', " ").replace(",", " ").split())
        _promise(bool(words & NAMES) or " of " in line or "no longer declared" in line, f"names no resource: {line}")
    if not cell.kind.is_of_others:
        _promise(cell.call[1] in error, f"does not name the operation: {error}")


def _converge(world: World, cell: Cell, result: ModuleResult) -> str:
    repaired, outcome = cell.journey.again(world), FAILED if result.error else WARNED if result.warnings else CONVERGED
    if "allow_replace" in repaired.error:
        repaired, outcome = cell.journey.again_replacing(world), REPLACED
    _promise(not repaired.error, f"after {result.error or 'success'!r} the next run fails: {repaired.error}")
    world.simulator.clear_journal()
    again = cell.journey.again(world)
    _promise(not again.error and not again.changed, f"the run after the next still changes something: {again}")
    _promise(not world.simulator.writes(), f"the run after the next wrote {world.simulator.operations()}")
    return outcome


def _accepted(entries: t.Iterable[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    return [each for each in entries if each["write"] and each["result"] == "ok"]


def _signatures(entries: t.Iterable[dict[str, t.Any]]) -> collections.Counter[str]:
    return collections.Counter(each["operation"] for each in entries)


def _promise(is_kept: bool, otherwise: str) -> None:
    if not is_kept:
        raise BrokenPromise(otherwise)


def new_world(simulator: Simulator, monkeypatch: t.Any, *, is_bound: bool = True) -> World:
    """A world in which an endpoint takes as long as in the other scenarios."""
    from .conftest import TIMES

    simulator.configure(**TIMES)
    return World(simulator, monkeypatch, is_bound=is_bound)
