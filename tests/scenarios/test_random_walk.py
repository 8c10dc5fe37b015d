# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever was declared before, and whatever went wrong on the way: a run ends where a fresh deploy would."""

from __future__ import annotations

import itertools
import typing as t

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from simulator.client import Simulator

from .harness import Killed, World
from .inventories import ERRORS, Inventory, asynchronous, model, provisioned, scaled, serverless, variant
from .observed import Facts, assert_nothing_in_use_is_missing, has_saved_scaling, served

ACCOUNTS = (f"{number:012}" for number in itertools.count(1))

SETTINGS = st.fixed_dictionaries(
    {
        "model_name": st.sampled_from(["m", "n"]),
        "instance_type": st.sampled_from(["ml.m5.large", "ml.c5.large"]),
        "initial_weight": st.sampled_from([0.3, 1, 2]),
    },
    optional={"volume_size": st.sampled_from([10, 20])},
)
SCALED = st.builds(lambda more, high: scaled(1, high, cloudwatch_alarms=ERRORS, **more), SETTINGS, st.integers(2, 4))
FIXED = st.builds(lambda more, count: variant(**more, initial_instance_count=count), SETTINGS, st.integers(1, 3))
ENDPOINTS = st.one_of(
    st.builds(lambda v: provisioned(v=v), SCALED),
    st.builds(lambda v, w: provisioned(v=v, w=w), SCALED, FIXED),
    st.builds(lambda w: provisioned(w=w), FIXED),
    st.builds(lambda w: asynchronous(w=w), FIXED),
    st.builds(lambda number: serverless(max_concurrency=number), st.integers(3, 6)),
    st.builds(lambda number: serverless(max_concurrency=6, provisioned_concurrency=number), st.integers(1, 3)),
)
INVENTORIES = st.fixed_dictionaries(
    {
        "models": st.fixed_dictionaries(
            {"m": st.builds(model, st.integers(1, 3)), "n": st.builds(model, st.integers(4, 5))}
        ),
        "endpoints": st.dictionaries(st.sampled_from(["e", "f"]), ENDPOINTS, min_size=1),
        "additional_tags_all": st.sampled_from([{}, {"team": "a"}, {"team": "b", "cost": "1"}]),
    }
)
TROUBLE = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["rollout_fails", "rollback_fails"]), "reason": st.just("bad luck")}
        ),
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["throttle", "error", "drop_before", "drop_after"]), "skip": st.integers(0, 30)}
        ),
    ),
    max_size=2,
)


class Walk(RuleBasedStateMachine):
    """An account that lives through one inventory after another."""

    simulator: t.ClassVar[Simulator]

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.simulator.reset()
        self.world = World(self.simulator, self.patch, next(ACCOUNTS))

    def teardown(self) -> None:
        self.patch.undo()

    @rule(wanted=INVENTORIES, trouble=TROUBLE, dies_before=st.one_of(st.none(), st.integers(1, 60)))
    def declare(self, wanted: Inventory, trouble: list[Facts], dies_before: int | None) -> None:
        self.run_into(wanted, trouble, dies_before)
        assert_nothing_in_use_is_missing(self.world)
        done = self.world.apply(wanted, allow_replace=True)
        assert not done.error
        assert facts(self.world, wanted) == self.fresh(wanted)
        assert not has_saved_scaling(self.world)
        before = len(self.simulator.writes())
        assert not self.world.apply(wanted, allow_replace=True).changed
        assert len(self.simulator.writes()) == before

    def run_into(self, wanted: Inventory, trouble: list[Facts], dies_before: int | None) -> None:
        """A run that goes wrong, or may."""
        for fault in trouble:
            self.simulator.fault(**fault)
        self.world.calls, self.world.kill_before = 0, dies_before
        try:
            self.world.apply(wanted, allow_replace=True)
        except Killed:
            pass
        finally:
            self.world.kill_before = None
            self.simulator.clear_faults()
            if any("reason" in fault for fault in trouble):
                # A rollout that is bound to fail would be joined, and rightly told as a failure.
                self.simulator.advance(1000)

    def fresh(self, wanted: Inventory) -> Facts:
        other = World(self.simulator, self.patch, next(ACCOUNTS))
        assert not other.apply(wanted).error
        return facts(other, wanted)


def facts(world: World, wanted: Inventory) -> Facts:
    """What the declared endpoints serve, with what is declared of scaling and alarms."""
    found = {name: served(world, name) for name in wanted["endpoints"]}
    for name, endpoint in wanted["endpoints"].items():
        variants = endpoint.get("provisioned", {}).get("production_variants", {})
        names = [
            f"{name}/{key}/{alarm}" for key, each in variants.items() for alarm in each.get("cloudwatch_alarms", {})
        ]
        found[name]["alarms"] = {alarm: found[name]["alarms"][alarm] for alarm in names}
    return found


def test_any_walk_ends_where_a_fresh_deploy_would(judged: Simulator) -> None:
    Walk.simulator = judged
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    rules = settings(max_examples=8, stateful_step_count=4, deadline=None, suppress_health_check=checks, phases=phases)
    run_state_machine_as_test(Walk, settings=rules)
