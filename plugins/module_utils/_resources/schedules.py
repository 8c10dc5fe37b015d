# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds that a scheduled action has set: they are left until another one sets them, or the action ends."""

from __future__ import annotations

import datetime
import typing as t

from .._engine.canonical import Request
from .scheduled_actions import moment

BOUNDS = {"MinCapacity": "minimum", "MaxCapacity": "maximum"}


def in_force(actions: t.Sequence[Request], now: datetime.datetime) -> list[Request]:
    """The scheduled actions that may have set the bounds of now: those that have begun and not ended."""
    return [
        action
        for action in actions
        if moment(action.get("StartTime", now)) <= now <= moment(action.get("EndTime", now))
    ]


def held_bounds(actions: t.Sequence[Request], live: Request, desired: Request) -> dict[str, str]:
    """The bounds that are not as declared because of one of *actions*, with the name of that action."""
    held = {
        member: action["ScheduledActionName"]
        for member in BOUNDS
        for action in actions
        if desired.get(member, live[member]) != live[member] == action.get("ScalableTargetAction", {}).get(member)
    }
    low, high = ((live if member in held or member not in desired else desired)[member] for member in BOUNDS)
    if held and low > high:
        return dict.fromkeys(BOUNDS, next(iter(held.values())))
    return held


def moved_bounds(
    before: t.Sequence[Request], after: t.Sequence[Request], live: Request, desired: Request
) -> dict[str, int]:
    """The bounds that follow the new numbers of the action that has set those of today."""
    held = held_bounds(after, live, desired)
    numbers = {action["ScheduledActionName"]: action.get("ScalableTargetAction", {}) for action in after}
    moved = {
        member: numbers[name][member]
        for member, name in held_bounds(before, live, desired).items()
        if member not in held and member in numbers.get(name, {})
    }
    goal = live | desired | moved | {member: live[member] for member in held}
    low, high = (goal[member] for member in BOUNDS)
    return moved if low <= high else {}


def note_of(held: t.Mapping[str, str], live: Request) -> tuple[str, ...]:
    """What a person has to know of them."""
    return tuple(
        f'{BOUNDS[member]} {live[member]} is set by the scheduled action "{name}" and left while that is in force'
        for member, name in held.items()
    )
