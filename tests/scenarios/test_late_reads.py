# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that show for a while what was before a write: no change may be taken for one that failed."""

from __future__ import annotations

import pytest

from .harness import World
from .inventories import Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .observed import exists, has_saved_scaling
from .test_rollback import roll_back
from .test_slices import in_slices

LAG_SECONDS = 10.0
SCALED = inventory(provisioned(v=scaled()))
CHANGES: dict[str, tuple[Inventory, Inventory]] = {
    "redeploy": (inventory(), inventory(models={"m": model(2)})),
    "redeploy with scaling": (SCALED, inventory(provisioned(v=scaled(instance_type="ml.c5.large")))),
    "weight": (inventory(), inventory(provisioned(v=variant(initial_weight=3)))),
    "count": (inventory(), inventory(provisioned(v=variant(initial_instance_count=3)))),
    "weights and counts": (
        inventory(provisioned(v=variant(), w=variant())),
        inventory(
            provisioned(
                v=variant(initial_weight=3, initial_instance_count=2),
                w=variant(initial_weight=2, initial_instance_count=3),
            )
        ),
    ),
    "concurrency": (inventory(serverless()), inventory(serverless(max_concurrency=7))),
    "replace with outage": (SCALED, inventory(asynchronous(v=scaled()))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_is_not_visible_yet_has_not_failed(world: World, change: str) -> None:
    before, after = CHANGES[change]
    assert not world.apply(before).error
    world.simulator.fault("late", operation="DescribeEndpoint", seconds=LAG_SECONDS, count=None)
    done = world.apply(after, allow_replace=True)
    assert not done.error
    assert done.changed
    assert not has_saved_scaling(world)
    world.simulator.advance(LAG_SECONDS)
    world.simulator.clear_journal()
    assert not world.apply(after).changed
    assert world.simulator.writes() == []


def test_a_failed_endpoint_is_made_again(world: World) -> None:
    world.simulator.fault("rollout_fails", reason="no capacity")
    assert "no capacity" in world.apply(SCALED).error
    world.simulator.fault("late", operation="DescribeEndpoint", seconds=LAG_SECONDS, count=None)
    assert not world.apply(SCALED).error


@pytest.mark.parametrize("change", ["redeploy", "redeploy with scaling", "weight"])
def test_a_change_that_has_failed_is_reported_once_that_is_visible(world: World, change: str) -> None:
    before, after = CHANGES[change]
    assert not world.apply(before).error
    world.simulator.fault("late", operation="DescribeEndpoint", seconds=LAG_SECONDS, count=None)
    world.simulator.fault("rollout_fails", reason="no capacity")
    assert "no capacity" in world.apply(after).error
    world.simulator.advance(LAG_SECONDS)
    assert not world.apply(after).error


@pytest.mark.parametrize("seconds", [-30, 2])
def test_it_is_waited_for_over_pauses_that_report_progress(world: World, seconds: int) -> None:
    before, after = CHANGES["redeploy"]
    assert not world.apply(before).error
    world.simulator.fault("late", operation="DescribeEndpoint", seconds=LAG_SECONDS, count=None)
    done, calls = in_slices(world, seconds, after)
    assert not done.failed, done.failure_message()
    assert len(calls) > 1


def test_a_rollback_that_is_not_visible_yet_has_not_failed(world: World) -> None:
    for wanted in CHANGES["redeploy"]:
        assert not world.apply(wanted).error
    world.simulator.fault("late", operation="DescribeEndpoint", seconds=LAG_SECONDS, count=None)
    assert not roll_back(world).get("failed")


def test_a_deregistration_that_sagemaker_does_not_see_yet_fails_no_update(world: World) -> None:
    before, after = CHANGES["redeploy with scaling"]
    assert not world.apply(before).error
    text = 'The variant(s) "[v]" must be deregistered as AutoScaling targets before they can be removed or updated.'
    refusal = {"code": "ValidationException", "message": text, "status": 400}
    world.simulator.fault("error", operation="UpdateEndpoint", count=3, **refusal)
    assert not world.apply(after).error
    assert not has_saved_scaling(world)


def test_what_is_to_go_is_waited_for(world: World) -> None:
    assert not world.apply(SCALED).error
    world.simulator.fault("late", operation="DescribeEndpoint", seconds=LAG_SECONDS, count=None)
    assert not world.destroy(SCALED).error
    world.simulator.clear_faults()
    assert not exists(world.client("sagemaker").describe_endpoint, EndpointName="e")
