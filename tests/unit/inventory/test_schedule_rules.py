# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not go together in a schedule of an inventory."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput

ROLE = "arn:aws:iam::111122223333:role/inference"
MODEL = {
    "iam_role_arn": ROLE,
    "container_definitions": {"main": {"image": "registry/image:1", "model_data_location": "s3://bucket/m.tar.gz"}},
}
PATH = "endpoints.e.provisioned.production_variants.v.auto_scaling.schedules"


def problems(schedules: dict[str, t.Any]) -> list[str]:
    scaling = {
        "minimum_capacity": 1,
        "maximum_capacity": 4,
        "policies": {"p": {"expression": "CPUUtilization average = 70"}},
        "schedules": schedules,
    }
    variant = {"model_name": "m", "instance_type": "ml.m5.large", "auto_scaling": scaling}
    endpoint = {"provisioned": {"production_variants": {"v": variant}}}
    try:
        compile_inventory({"models": {"m": MODEL}, "endpoints": {"e": endpoint}})
    except InvalidInput as error:
        return [str(problem) for problem in error.problems]
    return []


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
        ("a:b", "its name in AWS, 'e.v.a:b', has a colon, a slash, a bar, a space at its end or a control character"),
        ("n" * 300, "its name in AWS has 304 characters; allowed: 256"),
    ],
)
def test_a_key_that_makes_no_name_of_a_scheduled_action(key: str, problem: str) -> None:
    (found,) = problems({key: {"at": "20:00", "maximum": 2}})
    assert problem in found
