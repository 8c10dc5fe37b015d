# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduled actions of one target: their requests, what changes of them, and the calls for it.

Bounds that a scheduled action has set are left until another one sets them, or the action ends.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t
import zoneinfo

from .._aws import autoscaling
from .._aws.autoscaling import SERVICE
from .._engine.canonical import Request, Rules
from .._engine.diff import Difference, differences
from .._engine.kind import by_name
from .._engine.ownership import PREFIX, TagRequest, Tags, is_adopted
from .._engine.plan import Step
from .._engine.requests import Options, request_of
from ..problems import InvalidInput, Problem
from .scaling_state import SCHEDULE, DesiredScaling, LiveScaling

Actions: t.TypeAlias = t.Mapping[str, Request]
"""By name."""

RULES = Rules(
    read_only=("ServiceNamespace", "ResourceId", "ScalableDimension", "ScheduledActionName"),
    # [D] PutScheduledAction.
    defaults={"Timezone": "UTC"},
)
_TIMES = ("StartTime", "EndTime")
_AT = re.compile(r"at\((.*)\)")
_CRON = re.compile(r"cron\((.*)\)")
_RATE = re.compile(r"rate\(([0-9]+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
BOUNDS = {"MinCapacity": "minimum", "MaxCapacity": "maximum"}
DECLARED = f"{PREFIX}declared-bounds"
"""On a target with schedules, which may set its bounds: those that the inventory has, such as ``1-4``."""


def requests_of(key: t.Mapping[str, str], actions: t.Sequence[Options], problems: list[Problem]) -> dict[str, Request]:
    """The requests of the scheduled actions by name; what is wrong with them is added to *problems*."""

    def read(options: Options) -> Request:
        request = request_of(SERVICE, SCHEDULE, {**key, **options}, RULES)
        comparable(request)
        return request

    found = by_name(actions, "scheduled_actions", read, lambda request: str(request["ScheduledActionName"]), problems)
    return {name: request for name, (_path, request) in found.items()}


def changes(
    target: Request, desired: Actions, live: Actions, to_delete: t.Sequence[str], now: datetime.datetime | None
) -> tuple[tuple[Difference, ...], tuple[Step, ...], tuple[str, ...]]:
    """The differences, calls and notes; an action in the past is not put, because AWS refuses that."""
    found: list[Difference] = []
    steps: list[Step] = []
    notes: list[str] = []
    for name, request in desired.items():
        before = live.get(name)
        differing = differences(RULES, comparable(before) if before else None, comparable(request))
        if differing and now is not None and is_over(request, now):
            notes.append(f'the scheduled action "{name}" is in the past and is ignored')
        elif differing:
            found += [
                Difference(("scheduled_actions", name, *item.path), item.before, item.after) for item in differing
            ]
            steps.append(Step(SERVICE, SCHEDULE, _put(request, before), "changed" if before else "missing"))
    for name in to_delete:
        found.append(Difference(("scheduled_actions", name), "present", None))
        parameters = autoscaling.key_of(target) | {"ScheduledActionName": name}
        steps.append(Step(SERVICE, "DeleteScheduledAction", parameters, "no longer declared"))
    return tuple(found), tuple(steps), tuple(notes)


def afterwards(desired: Actions, live: Actions, to_delete: t.Sequence[str], now: datetime.datetime) -> list[Request]:
    """The scheduled actions of today as a run leaves them."""
    kept = {name: action for name, action in live.items() if name not in to_delete}
    changed = {name: desired[name] for name in kept if name in desired and not is_over(desired[name], now)}
    return [*(kept | changed).values()]


def _put(request: Request, before: Request | None) -> Request:
    """[D] a time zone that is not sent stays, and StartTime and EndTime go."""
    is_kept = before is not None and "Timezone" in before and "Timezone" not in request
    return request | {"Timezone": "UTC"} if is_kept else request


def comparable(request: Request) -> Request:
    """The request with schedules and times that mean the same written alike; raises InvalidInput for no time."""
    problems = []
    found = {**request}
    if "Schedule" in request:
        found["Schedule"] = _canonical(request["Schedule"])
    for member in _TIMES:
        if member in request:
            try:
                found[member] = moment(request[member]).isoformat()
            except ValueError:
                option = "start_time" if member == "StartTime" else "end_time"
                problems.append(Problem(option, f'"{request[member]}" is not a time such as 2026-12-24T18:00:00Z'))
    if problems:
        raise InvalidInput(problems)
    return found


def moment(value: t.Any) -> datetime.datetime:
    """The time that a request or a description has, which is in UTC unless it says otherwise; raises ValueError."""
    found = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(str(value))
    return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)


def _canonical(schedule: str) -> str:
    if rate := _RATE.fullmatch(schedule):
        return f"rate({int(rate[1]) * _MINUTES[rate[2]]} minutes)"
    if cron := _CRON.fullmatch(schedule):
        return f"cron({' '.join(cron[1].upper().split())})"
    return schedule


def is_over(action: Request, now: datetime.datetime) -> bool:
    """Whether its only hour, or its end, has passed."""
    if "EndTime" in action and moment(action["EndTime"]) <= now:
        return True
    at = _AT.fullmatch(action.get("Schedule", ""))
    try:
        zone = zoneinfo.ZoneInfo(action.get("Timezone", "UTC"))
        return at is not None and datetime.datetime.fromisoformat(at[1]).replace(tzinfo=zone) <= now
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False


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
