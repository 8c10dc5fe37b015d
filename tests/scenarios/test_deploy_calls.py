# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a first deploy calls: what a run has just created with tags is not asked for them again."""

from __future__ import annotations

import pytest

from tests.bench import fleet

from .harness import World

SIZE = 20
TAGS = ("ListTags", "ListTagsForResource")
CALLS = 14
"""Of each endpoint at most, 10 of which write."""


def counts_of_deploy(world: World, verify: str = "tags") -> dict[str, int]:
    assert not world.apply(fleet.inventory(SIZE), verify=verify).error
    return world.simulator.counts()


def test_a_first_deploy_reads_no_tags(world: World) -> None:
    counts = counts_of_deploy(world)
    assert not {*TAGS, "DescribeEndpointConfig"} & counts.keys()
    assert counts["DescribeEndpoint"] == 2 * SIZE, "before it is made, and when it is ready"
    assert sum(counts.values()) <= CALLS * SIZE, counts


def test_full_verification_reads_them(world: World) -> None:
    counts = counts_of_deploy(world, verify="full")
    assert (counts["ListTags"], counts["ListTagsForResource"]) == (3 * SIZE, 5 * SIZE)


@pytest.mark.parametrize("number", [1, 3])
def test_what_was_there_before_is_asked_for_its_tags(world: World, number: int) -> None:
    """Also in a run that creates others beside it."""
    assert not world.apply(fleet.inventory(number)).error
    world.simulator.clear_journal()
    counts = counts_of_deploy(world)
    assert counts["ListTags"] >= 3 * number
    assert counts["ListTagsForResource"] >= 5 * number
    assert counts["ListTags"] < 3 * SIZE


def test_the_next_run_has_nothing_to_do(world: World) -> None:
    counts_of_deploy(world)
    again = world.apply(fleet.inventory(SIZE))
    assert (again.changed, again.error) == (False, "")
