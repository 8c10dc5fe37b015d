# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not go together in a schedule of an inventory."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example, refused

SCALING = "endpoints.e.provisioned.production_variants.m.auto_scaling"
PATH = f"{SCALING}.schedules"


def problems(schedules: dict[str, t.Any]) -> list[str]:
    return refused(change(example("realtime"), PATH, schedules))


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ({"maximum": 2}, ": exactly one of at, cron and rate must be given; none is"),
        (
            {"at": "20:00", "rate": "2 hours", "maximum": 2},
            ": exactly one of at, cron and rate must be given; at and rate are",
        ),
        ({"at": "20:00"}, ": at least one of minimum and maximum must be given"),
        ({"at": "20:00", "minimum": 3, "maximum": 2}, ".minimum: 3 is more than maximum, 2"),
        ({"rate": "90 seconds", "maximum": 2}, ".rate: '1 minute 30 seconds' is not in whole minutes"),
        ({"rate": "2 hours", "maximum": 2, "time_zone": "Europe/Berlin"}, ".time_zone: allowed only with at and cron"),
        (
            {"at": "20:00", "maximum": 2, "start": "2026-12-24 18:00", "end": "2026-12-24 18:00"},
            ".start: is not before end",
        ),
    ],
)
def test_what_does_not_go_together(schedule: dict[str, t.Any], problem: str) -> None:
    assert problems({"s": schedule}) == [f"{PATH}.s{problem}"]


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("a:b", "its name in AWS, 'e.m.a:b', has a colon, a slash, a bar, a space at its end or a control character"),
        ("n" * 300, "its name in AWS has 304 characters; allowed: 256"),
    ],
)
def test_a_key_that_makes_no_name_of_a_scheduled_action(key: str, problem: str) -> None:
    (found,) = problems({key: {"at": "20:00", "maximum": 2}})
    assert problem in found


def test_a_schedule_stays_within_the_concurrency_of_the_endpoint() -> None:
    path = "endpoints.e.serverless.variant"
    inventory = change(example("serverless"), f"{path}.max_concurrency", 5)
    schedules = {"s": {"at": "20:00", "maximum": 9}}
    scaling = {"minimum_capacity": 1, "maximum_capacity": 4, "policies": {}, "schedules": schedules}
    found = refused(change(inventory, f"{path}.auto_scaling", scaling))
    assert f"{path}.auto_scaling.schedules.s.maximum: 9 is more than max_concurrency, 5" in found
