# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario as data: what was declared, what happened, what is wanted now, and what the result has to be."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Step

from simulator.client import Simulator

from .briefs import is_unknown
from .harness import Result, World
from .inventories import Inventory

CREATE = ["CreateEndpointConfig", "CreateEndpoint"]
MARK = "AddTags"
"""Marks what is served now, so that a rollback can go to it."""
UPDATE = ["CreateEndpointConfig", MARK, "UpdateEndpoint"]
IN_PLACE = "UpdateEndpointWeightsAndCapacities"
RECORD = "AddTags"
"""Records a number that is changed in place in a tag of the configuration, which was created with another number."""
REPLACE = ["CreateEndpointConfig", MARK, "DeleteEndpoint", "CreateEndpoint"]
MAKE_AGAIN = ["CreateEndpointConfig", "DeleteEndpoint", "CreateEndpoint"]
"""The same if no rollback may go to what is replaced."""


@dataclass(frozen=True)
class Scenario:
    """Check mode must show every call; unless the run fails, a second one must find nothing to do."""

    why: str
    wanted: Inventory
    effect: str
    writes: list[str]
    given: tuple[Inventory, ...] = ()
    """Applied before, one after the other."""
    happened: t.Callable[[World], object] | None = None
    """What others did in between."""
    options: dict[str, t.Any] = field(default_factory=dict)
    error: str = ""
    """What the failure says."""
    shows: str = ""
    """What the plan says."""
    ends: t.Callable[[World], object] | None = None
    is_destroyed: bool = False
    check_mode: bool = True
    """False where a plan cannot know what happens while it waits."""

    def run(self, world: World, *, check: bool = False, planned: Result | None = None) -> Result:
        if self.is_destroyed:
            return world.destroy(self.wanted, check=check, planned=planned)
        return world.apply(self.wanted, check=check, planned=planned, **self.options)


def play(scenario: Scenario, world: World) -> None:
    """Plays the scenario and compares plan, journal and end with each other."""
    for given in scenario.given:
        assert not world.apply(given).error
    if scenario.happened:
        scenario.happened(world)
    simulator = world.simulator
    simulator.clear_journal()
    planned = scenario.run(world, check=True)
    assert simulator.writes() == [], "check mode wrote"
    done = scenario.run(world, planned=planned if scenario.check_mode else None)
    writes = [entry["operation"] for entry in simulator.writes()]
    assert scenario.error in done.error
    assert bool(scenario.error) == bool(done.error), done.error
    assert writes == scenario.writes, writes
    assert done.effect("e") == scenario.effect
    assert scenario.shows in planned.diff, planned.diff
    if scenario.check_mode:
        assert_as_planned(planned.steps, simulator.writes())
        assert planned.effect("e") == scenario.effect
    if scenario.ends:
        scenario.ends(world)
    if not scenario.error:
        if scenario.check_mode:
            assert planned.changed == done.changed == bool(writes)
            assert planned.diff == done.diff
        assert_settled(scenario, world, simulator)


def one_by_one(entry: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    """A call of the journal; one that deletes several alarms as if there were one for each."""
    names = entry["parameters"].get("AlarmNames")
    return [{**entry, "parameters": {"AlarmNames": [name]}} for name in names] if names else [entry]


def assert_as_planned(planned: list[Step], writes: list[dict[str, t.Any]]) -> None:
    """Every call that was made is a planned one, in order and to the letter; a failed run may stop early.

    Alarms that are planned one by one may go in one call.
    """
    writes = [each for entry in writes for each in one_by_one(entry)]
    assert [step.operation for step in planned][: len(writes)] == [entry["operation"] for entry in writes]
    for step, entry in zip(planned, writes, strict=False):
        known = {name: value for name, value in step.parameters.items() if not is_unknown(value)}
        assert json.loads(json.dumps(known, default=str)) == {name: entry["parameters"][name] for name in known}


def assert_settled(scenario: Scenario, world: World, simulator: Simulator) -> None:
    simulator.clear_journal()
    again = scenario.run(world)
    assert not again.error
    assert not again.changed
    assert simulator.writes() == []
