# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds that a scheduled action has set: they are left until another one sets them, or the action ends."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t

from .._engine.canonical import Request
from .._engine.ownership import PREFIX, TagRequest, Tags, is_adopted
from .desired_scaling import DesiredScaling
from .live_scaling import LiveScaling
from .scheduled_actions import moment

BOUNDS = {"MinCapacity": "minimum", "MaxCapacity": "maximum"}
DECLARED = f"{PREFIX}declared-bounds"
"""On a target with schedules, which may set its bounds: those that the inventory has, such as ``1-4``."""


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


def with_declared_bounds(desired: DesiredScaling, live: LiveScaling, is_changing: bool) -> TagRequest:
    """The tags of a target, which record its declared bounds if it has schedules, because AWS does not.

    If they do not record them yet, nothing else changes and it is not adopted, they stay as they are.
    """
    if desired.actions_are_given and not desired.scheduled_actions:
        return dataclasses.replace(desired.tags, dropped=(DECLARED,))
    is_written = is_changing or not live.exists or is_adopted(live.tags, desired.tags.wanted)
    if (is_written or DECLARED in live.tags) and desired.scheduled_actions and desired.target.keys() >= BOUNDS.keys():
        return desired.tags.with_own({DECLARED: "-".join(str(desired.target[member]) for member in BOUNDS)})
    return desired.tags


def are_recorded_otherwise(desired: Request, tags: Tags) -> bool:
    """Whether the tags record other bounds than are declared."""
    recorded = declared_bounds(tags)
    return any(desired.get(member, value) != value for member, value in recorded.items())


def declared_bounds(tags: Tags) -> dict[str, int]:
    """The bounds that the tags record; nothing if they record none."""
    found = re.fullmatch(r"([0-9]+)-([0-9]+)", tags.get(DECLARED, ""))
    return dict(zip(BOUNDS, map(int, found.groups()), strict=True)) if found else {}


def as_declared(live: LiveScaling) -> Request:
    """The target with the bounds that are declared for it, as far as it is known that a schedule has set others."""
    declared = declared_bounds(live.tags)
    return live.target | {member: declared[member] for member in bounds_of_schedules(live)}


def bounds_of_schedules(live: LiveScaling) -> dict[str, str]:
    """The bounds that are not those which the tags record because of an action, with the name of that action."""
    return held_bounds(actions_in_force(live), live.target, live.target | declared_bounds(live.tags))


def actions_in_force(live: LiveScaling) -> list[Request]:
    """Those of the target that were in force when it was read."""
    return in_force([*live.scheduled_actions.values()], live.read_at or datetime.datetime.now(datetime.UTC))


def note_of(held: t.Mapping[str, str], live: Request) -> tuple[str, ...]:
    """What the plan says about them."""
    return tuple(
        f'{BOUNDS[member]} {live[member]} is set by the scheduled action "{name}", and stays while that action is in '
        f"force"
        for member, name in held.items()
    )
