# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a history that ends in trouble shorter, as long as it ends in trouble of the same kind."""

from __future__ import annotations

import dataclasses
import typing as t

from .history import History, Stride
from .playing import Player, Trouble

_MOST_TRIES = 300


def shortened(player: Player, history: History, trouble: Trouble) -> tuple[History, Trouble]:
    """Without every stride, move, fault and option that the trouble does not need."""
    history = history[: trouble.stride + 1]
    tries = 0
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for shorter in _shorter(history):
            tries += 1
            if tries > _MOST_TRIES:
                return history, trouble
            found = player.play(shorter)
            if found and found.rule == trouble.rule:
                history, trouble, is_shorter = shorter[: found.stride + 1], found, True
                break
    return history, trouble


def _shorter(history: History) -> t.Iterator[History]:
    for number, stride in enumerate(history):
        if len(history) > 1:
            yield history[:number] + history[number + 1 :]
        for simpler in _simpler(stride):
            yield (*history[:number], simpler, *history[number + 1 :])


def _simpler(stride: Stride) -> t.Iterator[Stride]:
    for name in ("before", "faults"):
        items = getattr(stride, name)
        for index in range(len(items)):
            yield dataclasses.replace(stride, **{name: items[:index] + items[index + 1 :]})
    for option in stride.options:
        options = {name: value for name, value in stride.options.items() if name != option}
        yield dataclasses.replace(stride, options=options)
    plain: tuple[tuple[str, t.Any], ...] = (("kill_before", None), ("quotas", {}), ("tag_delay", 0.0), ("rest", 0.0))
    for name, value in plain:
        if getattr(stride, name) != value:
            yield dataclasses.replace(stride, **{name: value})
    for name in stride.wanted["endpoints"] if len(stride.wanted["endpoints"]) > 1 else ():
        endpoints = {key: value for key, value in stride.wanted["endpoints"].items() if key != name}
        yield dataclasses.replace(stride, wanted={**stride.wanted, "endpoints": endpoints})
