# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a rollout is, as AWS reports it."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.waits import (
    instances_of,
    seconds_to_next_step,
    stage_of,
)

NOW = datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.UTC)
Facts = dict[str, t.Any]


def on_its_way(*statuses: Facts, **counts: int) -> Facts:
    variant = {"VariantName": "v", "VariantStatus": list(statuses), **counts}
    return {"EndpointStatus": "Updating", "PendingDeploymentSummary": {"ProductionVariants": [variant]}}


def at(status: str, seconds: float | None = None, **more: str) -> Facts:
    start = {} if seconds is None else {"StartTime": NOW - datetime.timedelta(seconds=seconds)}
    return {"Status": status, **start, **more}


def test_the_stage_is_in_aws_words_each_once() -> None:
    assert stage_of({"EndpointStatus": "Updating"}) == ""
    assert stage_of(on_its_way(at("Baking"), at("Baking"), at("Updating"))) == "Baking, Updating"
    assert stage_of(on_its_way(at("Creating", StatusMessage="pulling\n the image"))) == "Creating: pulling the image"


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"CurrentInstanceCount": 2, "DesiredInstanceCount": 4}, "2 of 4"),
        ({"CurrentInstanceCount": 2}, ""),
        ({}, ""),
        ({"CurrentInstanceCount": 0, "DesiredInstanceCount": 0}, ""),
    ],
)
def test_instances_are_reported_where_aws_tells_both_numbers(counts: dict[str, int], shown: str) -> None:
    assert instances_of(on_its_way(at("Creating"), **counts)) == shown


@pytest.mark.parametrize(
    ("status", "pause", "left"),
    [
        (at("Baking", 30), 300, 270),
        (at("Baking", 400), 300, 0),
        (at("Baking", -0.5), 300, 300),
        (at("Baking", 30), 0, None),
        (at("Baking"), 300, None),
        (at("ActivatingTraffic", 30), 300, None),
    ],
)
def test_a_pause_takes_as_long_as_the_policy_says(status: Facts, pause: float, left: float | None) -> None:
    assert seconds_to_next_step(on_its_way(status), pause, NOW) == left
