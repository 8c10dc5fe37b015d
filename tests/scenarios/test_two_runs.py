# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once: the second comes in between any two calls of the first, and does all that it has to do."""

from __future__ import annotations

import os
import typing as t

import pytest

from .harness import World
from .inventories import ERRORS, Inventory, inventory, model, provisioned, scaled, variant
from .observed import assert_nothing_in_use_is_missing, has_saved_scaling, served

BASE = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS), w=variant()))
NEWER = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS, volume_size=10), w=variant()), {"m": model(2)})
OTHER_TYPE = inventory(provisioned(v=scaled(instance_type="ml.c5.large", cloudwatch_alarms=ERRORS), w=variant()))
CASES: dict[str, tuple[Inventory | None, Inventory, Inventory]] = {
    "both deploy": (None, BASE, BASE),
    "both update to the same": (BASE, NEWER, NEWER),
    "each updates to its own": (BASE, NEWER, OTHER_TYPE),
    "one suspends scaling": (BASE, OTHER_TYPE, BASE),
}
STEP = int(os.environ.get("TWO_RUNS_EVERY", "8"))
"""Each how manieth gap between two calls is tried."""


class Intruder:
    """Lets a second run happen before a given call of the first."""

    def __init__(self, world: World, before: int, run: t.Callable[[], object]) -> None:
        self.before, self.run, self.calls = before, run, 0
        self.has_come = False
        self._events = [world.run_client(each).meta.events for each in SERVICES]
        for events in self._events:
            events.register("before-parameter-build", self._count)

    def leave(self) -> None:
        for events in self._events:
            events.unregister("before-parameter-build", self._count)

    def _count(self, **_call: t.Any) -> None:
        if self.has_come:
            return
        self.calls += 1
        if self.calls == self.before:
            self.has_come = True
            self.run()


SERVICES = ("sagemaker", "application-autoscaling", "cloudwatch", "resourcegroupstaggingapi")


def meetings(world: World, given: Inventory | None, first: Inventory, second: t.Callable[[], t.Any]) -> t.Iterator[str]:
    """Every meeting: what the first run had to say in the end."""
    for number in range(1, 200, STEP):
        world.simulator.reset()
        if given is not None:
            assert not world.apply(given).error
        intruder = Intruder(world, number, second)
        error = world.apply(first).error
        intruder.leave()
        if not intruder.has_come:
            return
        yield error
    pytest.fail("the run never ended")


@pytest.mark.parametrize("case", CASES)
def test_at_worst_one_fails_clearly_and_the_next_run_converges(world: World, case: str) -> None:
    given, first, second = CASES[case]
    others: list[str] = []
    meetings_seen = 0
    for error in meetings(world, given, first, lambda: others.append(world.apply(second).error)):
        meetings_seen += 1
        assert "Traceback" not in error
        assert not (error and others[-1]), (error, others[-1])
        world.simulator.advance(1000)
        assert_nothing_in_use_is_missing(world)
        assert not world.apply(first).error
        assert served(world, "e")["status"] == "InService"
        assert not has_saved_scaling(world)
        assert_nothing_in_use_is_missing(world)
        world.simulator.clear_journal()
        assert not world.apply(first).changed
        assert world.simulator.writes() == []
    assert meetings_seen > 3


def test_destroying_what_another_run_updates_leaves_nothing_or_a_whole_endpoint(world: World) -> None:
    for error in meetings(world, BASE, NEWER, lambda: world.destroy(NEWER)):
        assert "Traceback" not in error
        world.simulator.advance(1000)
        assert not world.apply(NEWER).error
        assert_nothing_in_use_is_missing(world)
        assert not world.apply(NEWER).changed


def test_one_deployment_never_deletes_what_another_has_begun_to_use(world: World) -> None:
    theirs = inventory(provisioned(x=variant(model_name="o")), {"o": model(7)})
    theirs["endpoints"] = {"f": theirs["endpoints"]["e"]}
    for error in meetings(world, BASE, NEWER, lambda: world.apply(theirs, deployment="other")):
        assert not error
        assert_nothing_in_use_is_missing(world)
        assert not world.apply(theirs, deployment="other").changed
