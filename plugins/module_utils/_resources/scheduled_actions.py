# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduled actions of one target: their requests, what changes of them, and the calls for it."""

from __future__ import annotations

import datetime
import re
import typing as t
import zoneinfo

from .._aws import autoscaling
from .._aws.autoscaling import SERVICE
from .._engine.canonical import Request, Rules
from .._engine.declared import by_name
from .._engine.diff import Difference, differences
from .._engine.plan import Step
from .._engine.requests import Options, request_of
from ..problems import InvalidInput, Problem
from .live_scaling import SCHEDULE

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


def requests_of(key: t.Mapping[str, str], actions: t.Sequence[Options], problems: list[Problem]) -> dict[str, Request]:
    """The requests of the scheduled actions by name; what is wrong with them is added to *problems*."""

    def read(options: Options) -> Request:
        request = request_of(SERVICE, SCHEDULE, {**key, **options}, RULES)
        comparable(request)
        return request

    found = by_name(actions, "scheduled_actions", read, lambda request: str(request["ScheduledActionName"]), problems)
    return {name: request for name, (_path, request) in found.items()}


def changes(
    target: Request, desired: Actions, live: Actions, leaving: t.Sequence[str], now: datetime.datetime | None
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
    for name in leaving:
        found.append(Difference(("scheduled_actions", name), "present", None))
        parameters = autoscaling.key_of(target) | {"ScheduledActionName": name}
        steps.append(Step(SERVICE, "DeleteScheduledAction", parameters, "no longer declared"))
    return tuple(found), tuple(steps), tuple(notes)


def afterwards(desired: Actions, live: Actions, leaving: t.Sequence[str], now: datetime.datetime) -> list[Request]:
    """The scheduled actions of today as a run leaves them."""
    kept = {name: action for name, action in live.items() if name not in leaving}
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
        return bool(at) and datetime.datetime.fromisoformat(at[1]).replace(tzinfo=zone) <= now if at else False
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
