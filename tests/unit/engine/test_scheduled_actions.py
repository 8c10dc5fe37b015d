# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which scheduled actions are over, or in force, and which bounds they hold."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scheduled_actions import (
    comparable,
    held_bounds,
    in_force,
    is_over,
    moved_bounds,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput

NOW = datetime.datetime(2026, 12, 24, 18, tzinfo=datetime.UTC)
EARLIER, LATER = "2026-12-24T17:59:00Z", "2026-12-24T18:01:00Z"

Request = dict[str, t.Any]


def action(name: str = "a", minimum: int | None = None, maximum: int | None = None, **more: t.Any) -> Request:
    bounds = {"MinCapacity": minimum, "MaxCapacity": maximum}
    numbers = {member: number for member, number in bounds.items() if number is not None}
    return {"ScheduledActionName": name, "ScalableTargetAction": numbers} | more


def bounds(low: int, high: int) -> Request:
    return {"MinCapacity": low, "MaxCapacity": high}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"EndTime": EARLIER}, True),
        ({"EndTime": LATER}, False),
        ({"Schedule": "at(2026-12-24T17:59:00)"}, True),
        ({"Schedule": "at(2026-12-24T18:01:00)"}, False),
        ({"Schedule": "at(2026-12-24T18:30:00)", "Timezone": "Europe/Berlin"}, True),
        ({"Schedule": "at(2026-12-24T17:30:00)", "Timezone": "America/New_York"}, False),
        ({"Schedule": "at(2026-12-24T17:30:00)", "Timezone": "No/Where"}, False),
        ({"Schedule": "at(soon)"}, False),
        ({"Schedule": "cron(0 20 * * ? *)"}, False),
        ({}, False),
    ],
)
def test_what_is_over(given: Request, expected: bool) -> None:
    assert is_over(given, NOW) is expected


def test_what_is_in_force_has_begun_and_not_ended() -> None:
    actions = [
        action("always"),
        action("begun", StartTime=EARLIER),
        action("not begun", StartTime=LATER),
        action("ended", EndTime=EARLIER),
    ]
    assert [each["ScheduledActionName"] for each in in_force(actions, NOW)] == ["always", "begun"]


@pytest.mark.parametrize(
    ("actions", "live", "desired", "held"),
    [
        ([action(maximum=8)], bounds(1, 8), bounds(1, 4), {"MaxCapacity": "a"}),
        ([action(maximum=8)], bounds(1, 4), bounds(1, 4), {}),
        ([action(maximum=9)], bounds(1, 8), bounds(1, 4), {}),
        ([action(minimum=6)], bounds(6, 8), bounds(1, 4), {"MinCapacity": "a", "MaxCapacity": "a"}),
        ([action(maximum=2)], bounds(1, 2), {}, {}),
    ],
    ids=["set by it", "as declared", "set by others", "one without the other is impossible", "nothing declared"],
)
def test_bounds_that_an_action_has_set_are_held(
    actions: list[Request], live: Request, desired: Request, held: dict[str, str]
) -> None:
    assert held_bounds(actions, live, desired) == held


def test_held_bounds_follow_the_new_numbers_of_their_action() -> None:
    live, desired = bounds(1, 8), bounds(1, 4)
    assert moved_bounds([action(maximum=8)], [action(maximum=6)], live, desired) == {"MaxCapacity": 6}
    assert moved_bounds([action(maximum=8)], [action(maximum=8)], live, desired) == {}
    assert moved_bounds([action(maximum=8)], [], live, desired) == {}
    assert moved_bounds([action(maximum=8)], [action(maximum=0)], live, desired) == {}, "below the minimum"


def test_what_means_the_same_is_the_same() -> None:
    one = {"Schedule": "rate(2 hours)", "StartTime": "2026-12-24T19:00:00+01:00"}
    other = {"Schedule": "rate(120 minutes)", "StartTime": datetime.datetime(2026, 12, 24, 18)}
    assert comparable(one) == comparable(other)
    assert comparable({"Schedule": "cron(0 20  ? * mon *)"}) == {"Schedule": "cron(0 20 ? * MON *)"}
    assert comparable({"Schedule": "at(2026-12-24T18:00:00)"}) == {"Schedule": "at(2026-12-24T18:00:00)"}


def test_all_that_is_no_time_is_named() -> None:
    with pytest.raises(InvalidInput) as refusal:
        comparable({"StartTime": "soon", "EndTime": "later"})
    assert [problem.path for problem in refusal.value.problems] == ["start_time", "end_time"]
