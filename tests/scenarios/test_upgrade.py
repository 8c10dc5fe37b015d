# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier release has made stays as it is: no redeploy, no new tag, no new name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .harness import World
from .releases import CHANGED, FOLDER, Made, replay

RELEASES = sorted(FOLDER.glob("*.json"))
DAYS = 2 * 24 * 3600
"""After two days, tags are read from the index."""


@pytest.fixture(params=RELEASES, ids=[file.stem for file in RELEASES])
def made(world: World, request: pytest.FixtureRequest) -> Made:
    file: Path = request.param
    found: Made = json.loads(file.read_text())
    world.start_with(file.stem, lambda: replay(world, found))
    return found


@pytest.mark.parametrize("verify", ["tags", "full"])
@pytest.mark.parametrize("age", [0, DAYS])
def test_a_run_of_today_changes_nothing(world: World, made: Made, verify: str, age: int) -> None:
    world.simulator.advance(age)
    world.simulator.clear_journal()
    kept = world.apply(made["inventory"], verify=verify, prune=True, deployment="default")
    assert not kept.error
    assert kept.effects == {"no change"}
    assert not kept.changed
    assert world.simulator.writes() == []


def test_what_it_kept_as_the_way_back_still_is_one(world: World, made: Made) -> None:
    before = json.loads(json.dumps(made["inventory"]).replace(CHANGED, ""))
    back = world.apply(before)
    assert not back.error
    created = {entry["operation"] for entry in world.simulator.writes() if entry["operation"].startswith("Create")}
    assert created == set(), "the generations of before are found by their digests, and not made again"


def test_the_first_release_is_there() -> None:
    assert "0.1.0" in {file.stem for file in RELEASES}


def test_a_release_has_made_every_kind_of_resource(made: Made) -> None:
    assert {operation for _service, operation, _parameters in made["calls"]} >= {
        "CreateModel",
        "CreateEndpointConfig",
        "CreateEndpoint",
        "UpdateEndpoint",
        "RegisterScalableTarget",
        "PutScalingPolicy",
        "PutScheduledAction",
        "PutMetricAlarm",
    }
