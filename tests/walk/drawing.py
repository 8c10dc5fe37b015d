# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Histories by chance, the same ones for the same seed."""

from __future__ import annotations

import typing as t
from random import Random

from . import inventories, moves, troubles
from .history import APPLY, DESTROY, MODULE, ROLL_BACK, Data, History, Stride

_DELAYS = (0, 0, 0, 60, 7200)
_RESTS = (0, 0, 10, 3600)
_PARTS = (
    ["models"],
    ["endpoints"],
    ["alarms"],
    ["scaling"],
    ["endpoints", "scaling"],
    ["alarms", "endpoints", "prune"],
)
"""What tags of a role choose of a run."""


def history(seed: int) -> History:
    chance = Random(seed)
    strides: list[Stride] = []
    known: list[Data] = [inventories.drawn(chance)]
    delay = chance.choice(_DELAYS)
    for _stride in range(chance.randint(2, 7)):
        strides.append(_stride_of(chance, known, delay))
    return tuple(strides)


def _stride_of(chance: Random, known: list[Data], delay: float) -> Stride:
    if chance.random() < 0.08:
        return Stride(inventories.of_others(chance), deployment="other", tag_delay=delay, rest=chance.choice(_RESTS))
    act = chance.choices(tuple(_OPTIONS), (80, 7, 7, 6))[0]
    return Stride(
        wanted=_next(chance, known),
        act=act,
        options=_OPTIONS[act](chance),
        before=tuple(_moves(chance)),
        faults=tuple(troubles.drawn(chance)),
        quotas=troubles.quotas(chance),
        kill_before=chance.randint(5, 60) if chance.random() < 0.15 else None,
        slice_seconds=chance.choice((0, 1, 3)) if chance.random() < 0.3 else None,
        tag_delay=delay,
        rest=chance.choice(_RESTS),
    )


def _next(chance: Random, known: list[Data]) -> Data:
    """The same inventory again, an earlier one, another, or one with a part gone or something more."""
    kind = chance.random()
    if kind < 0.3:
        return known[-1]
    if kind < 0.5:
        wanted = chance.choice(known)
    elif kind < 0.65:
        wanted = inventories.with_a_part_gone(chance, known[-1])
    elif kind < 0.8:
        wanted = inventories.with_something_more(chance, known[-1])
    else:
        wanted = inventories.drawn(chance)
    known.append(wanted)
    return wanted


def _options(chance: Random) -> Data:
    options: Data = {}
    if chance.random() < 0.25:
        options["allow_replace"] = True
    if chance.random() < 0.2:
        options |= {"prune": True} | _confirmation(chance)
    if chance.random() < 0.15:
        options["wait"] = False
    elif chance.random() < 0.1:
        options["wait_timeout"] = chance.choice((1, 3))
    if chance.random() < 0.2:
        options["keep_generations"] = chance.choice((0, 2))
    if chance.random() < 0.15:
        options["parts"] = chance.choice(_PARTS)
    return options


def _confirmation(chance: Random) -> Data:
    """What lets a run delete protected endpoints."""
    return {"confirm": "default"} if chance.random() < 0.3 else {}


def _of_module(chance: Random) -> Data:
    """What a task says that uses the module for one kind of resource."""
    options: Data = {"plural": chance.choice(("models", "alarms", "endpoints", "targets"))}
    if chance.random() < 0.2:
        options["state"] = "absent"
    if chance.random() < 0.3:
        options["allow_replace"] = True
    return options


_OPTIONS: dict[str, t.Callable[[Random], Data]] = {
    APPLY: _options,
    DESTROY: _confirmation,
    ROLL_BACK: lambda chance: {},
    MODULE: _of_module,
}


def _moves(chance: Random) -> list[Data]:
    drawn = [moves.drawn(chance) for _move in range(chance.choice((0, 0, 1, 2)))]
    return [*drawn, moves.special(chance)] if chance.random() < 0.15 else drawn
