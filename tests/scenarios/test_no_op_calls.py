# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark promises about the calls of a run that has nothing to do."""

from __future__ import annotations

from tests.bench import fleet
from tests.bench.contests import OLD_SECONDS
from tests.bench.promises import NO_OP_CALLS

from .harness import World


def test_a_run_with_nothing_to_do_on_a_hundred_old_endpoints_makes_few_calls(world: World) -> None:
    wanted = fleet.inventory(100)
    assert not world.apply(wanted).error
    world.simulator.advance(OLD_SECONDS)
    world.simulator.clear_journal()
    assert not world.apply(wanted).changed
    counts = world.simulator.counts()
    assert sum(counts.values()) <= NO_OP_CALLS, counts
