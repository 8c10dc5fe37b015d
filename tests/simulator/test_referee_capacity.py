# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""No call of a run lowers what a serving variant has, unless the inventory has."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.client import Simulator
from simulator.testing import serverless

from .histories import OURS, THEIRS, History, inventory, pairs, scaled, target, v

LOWERED = [("Capacity", "e/v")]


@pytest.fixture
def history(simulator: Simulator) -> History:
    return History(simulator)


def _serverless(most: int, provisioned: int | None = None) -> dict[str, Any]:
    more = {} if provisioned is None else {"ProvisionedConcurrency": provisioned}
    return serverless("v", MaxConcurrency=most, **more) | {"ModelName": "m"}


def test_a_count_that_the_inventory_has_lowered_may_go_down_to_it(history: History) -> None:
    history.serve(v(3))
    with history.briefed(**inventory(v={"count": 3})):
        pass
    with history.briefed(**inventory(v={"count": 1})):
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == []


def test_it_may_not_go_below_it(history: History) -> None:
    history.serve(v(5))
    with history.briefed(**inventory(v={"count": 5})):
        pass
    with history.briefed(**inventory(v={"count": 3})):
        history.scale(history.run, DesiredInstanceCount=2)
    assert history.objections() == LOWERED


def test_a_count_that_somebody_else_has_raised_stays(history: History) -> None:
    history.serve(v(1))
    for _run in range(2):
        with history.briefed(**inventory(v={"count": 1})):
            pass
    history.scale(history.others, DesiredInstanceCount=4)
    with history.briefed(**inventory(v={"count": 1})):
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == LOWERED


def test_a_changed_count_that_was_reached_does_not_count_as_changed_again(history: History) -> None:
    history.serve(v(3))
    with history.briefed(**inventory(v={"count": 3})):
        pass
    with history.briefed(**inventory(v={"count": 1})):
        history.scale(history.run, DesiredInstanceCount=1)
    history.scale(history.others, DesiredInstanceCount=4)
    with history.briefed(**inventory(v={"count": 1})):
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == LOWERED


@pytest.mark.parametrize(
    ("end", "found"),
    [({"failed": ["e"]}, []), ({"is_cut_off": True}, []), ({}, LOWERED)],
)
def test_a_count_of_a_run_that_was_refused_is_still_to_be_set(
    history: History, end: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    history.serve(v(2))
    with history.briefed(**inventory(v=scaled(2, 4))):
        pass
    with history.briefed(end=end, **inventory(v={"count": 4})):
        pass
    history.scale(history.others, DesiredInstanceCount=7)
    with history.briefed(**inventory(v={"count": 4})):
        history.scale(history.run, DesiredInstanceCount=4)
    assert history.objections() == found


def test_a_changed_count_may_be_reached_by_a_later_run(history: History) -> None:
    history.serve(v(3))
    for count in (3, 1, 1):
        with history.briefed(**inventory(v={"count": count})):
            pass
    with history.briefed(**inventory(v={"count": 1})):
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == []


def test_a_lower_count_that_aws_has_rolled_back_may_be_set_again(history: History) -> None:
    history.serve(v(3))
    with history.briefed(**inventory(v={"count": 3})):
        pass
    for _run in range(2):
        history.simulator.fault("rollout_fails", reason="no capacity")
        with history.briefed(**inventory(v={"count": 1})):
            history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == []


def test_a_count_that_is_on_its_way_up_has_not_come_down_to_the_declared_one(history: History) -> None:
    history.serve(v(1))
    with history.briefed(**inventory(v=scaled(1, 5))):
        pass
    change = [{"VariantName": "v", "DesiredInstanceCount": 5}]
    history.others.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="e", DesiredWeightsAndCapacities=change
    )
    with history.briefed(**inventory(v={"count": 1})):
        history.others.settle()
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == []


def test_what_others_do_is_not_judged(history: History) -> None:
    history.serve(v(3))
    with history.briefed(**inventory(v={"count": 3})):
        history.scale(history.others, DesiredInstanceCount=1)
    assert history.objections() == []


@pytest.mark.parametrize(("live", "set_to", "found"), [(30, 1, LOWERED), (30, 9, []), (5, 4, LOWERED), (5, 6, [])])
def test_a_scaled_count_goes_down_into_the_bounds_alone(
    history: History, live: int, set_to: int, found: list[tuple[str, str]]
) -> None:
    """Whether the target is registered or not."""
    history.serve(v(live))
    with history.briefed(**inventory(v=scaled(1, 9))):
        history.scale(history.run, DesiredInstanceCount=set_to)
    assert history.objections() == found


def test_the_count_counts_once_the_variant_is_no_longer_scaled(history: History) -> None:
    history.serve(v(30))
    with history.briefed(**inventory(v=scaled(1, 40))):
        pass
    with history.briefed(**inventory(v={"count": 1})):
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == []


def test_nor_does_it_matter_that_autoscaling_is_at_work_when_the_run_begins(history: History) -> None:
    history.serve(v(1))
    history.register(history.others, 1, 40)
    with history.briefed(**inventory(v=scaled(1, 40))):
        pass
    history.simulator.autoscale("e", "v", 30)
    with history.briefed(**inventory(v={"count": 4})):
        history.others.settle()
        history.scale(history.run, DesiredInstanceCount=4)
    assert history.objections() == []


@pytest.mark.parametrize(("tags", "found"), [(OURS, []), (THEIRS, LOWERED)])
def test_nor_that_it_moves_the_variant_until_its_target_is_taken_away(
    history: History, tags: dict[str, str], found: list[tuple[str, str]]
) -> None:
    """The target of others may be at work for ever, so that the count was reached for good."""
    history.serve(v(2))
    history.register(history.others, 1, 9, tags=tags)
    with history.briefed(**inventory(v=scaled(1, 9))):
        pass
    with history.briefed(**inventory(v={"count": 3})):
        pass
    history.simulator.autoscale("e", "v", 4)
    history.others.settle()
    with history.briefed(**inventory(v={"count": 3})):
        history.others.autoscaling.deregister_scalable_target(**target())
        history.scale(history.run, DesiredInstanceCount=3)
    assert history.objections() == found


def test_registering_with_a_maximum_that_is_not_declared_lowers(history: History) -> None:
    history.serve(v(8))
    with history.briefed(**inventory(v=scaled(4, 40))):
        history.register(history.run, 1, 4)
    assert LOWERED[0] in history.objections()


@pytest.mark.parametrize(("retain", "found"), [(False, LOWERED), (True, [])])
def test_a_rollout_keeps_the_count(history: History, retain: bool, found: list[tuple[str, str]]) -> None:
    """It dips when the rollout takes effect, and the call that began it is to blame."""
    history.serve(v(1))
    history.scale(history.others, DesiredInstanceCount=5)
    history.config("e-00000001", v(1))
    with history.briefed(**inventory(v=scaled())):
        history.update("e-00000001", retain=retain)
    assert history.objections() == found
    assert all(each["call"] == "UpdateEndpoint e" for each in history.simulator.objections())


def test_a_rollout_that_is_not_waited_for_is_judged_when_it_takes_effect(history: History) -> None:
    history.serve(v(5))
    history.config("e-00000001", v(1))
    with history.briefed(**inventory(v=scaled())):
        history.run.sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="e-00000001")
    assert history.objections() == []
    history.others.settle()
    assert history.objections() == LOWERED


def test_a_rollout_that_fails_lowers_nothing(history: History) -> None:
    history.serve(v(5))
    history.config("e-00000001", v(1))
    history.simulator.fault("rollout_fails")
    with history.briefed(**inventory(v=scaled())):
        history.update("e-00000001", retain=False)
    assert history.objections() == []


@pytest.mark.parametrize(("live", "starts", "found"), [(1, 2, []), (1, 1, [("Capacity", "e/w")])])
def test_a_new_scaled_variant_starts_at_its_minimum(
    history: History, live: int, starts: int, found: list[tuple[str, str]]
) -> None:
    history.serve(v(live))
    history.config("e-00000001", v(live), v(starts, "w"))
    with history.briefed(**inventory(v={"count": live}, w=scaled(2, 9))):
        history.update("e-00000001")
    assert history.objections() == found


@pytest.mark.parametrize(("starts", "found"), [(2, [("Capacity", "e/w")]), (6, []), (9, [])])
def test_a_renamed_scaled_variant_takes_over_the_count(
    history: History, starts: int, found: list[tuple[str, str]]
) -> None:
    history.serve(v(6))
    history.config("e-00000001", v(starts, "w"))
    with history.briefed(**inventory(w=scaled(2, 9))):
        history.update("e-00000001")
    assert history.objections() == found


def test_a_scaled_variant_of_a_new_endpoint_starts_at_its_minimum(history: History) -> None:
    history.others.model("m")
    history.config("e", v(1))
    with history.briefed(**inventory(v=scaled(2, 9))):
        history.run.endpoint("e", "e")
    assert history.objections() == LOWERED


def test_a_variant_that_the_inventory_drops_may_go(history: History) -> None:
    history.serve(v(3), v(3, "w"))
    history.config("e-00000001", v(3))
    with history.briefed(**inventory(v={"count": 3})):
        history.update("e-00000001")
    assert history.objections() == []


@pytest.mark.parametrize(("changed", "found"), [(5, []), (100, LOWERED)])
def test_serverless_concurrency_is_a_capacity_too(history: History, changed: int, found: list[tuple[str, str]]) -> None:
    history.serve(_serverless(100))
    with history.briefed(**inventory(v={"max_concurrency": 100})):
        pass
    with history.briefed(**inventory(v={"max_concurrency": changed})):
        history.scale(history.run, ServerlessUpdateConfig={"MaxConcurrency": 5})
    assert history.objections() == found


def test_a_kept_configuration_with_a_lower_concurrency_dips(history: History) -> None:
    history.serve(_serverless(100))
    history.config("e-00000001", _serverless(5))
    with history.briefed(state="rolled_back", endpoints={"e": None}):
        history.update("e-00000001")
    assert LOWERED[0] in history.objections()


def test_an_endpoint_that_is_replaced_gets_back_what_it_had(history: History) -> None:
    for live, found in ((4, []), (1, LOWERED)):
        history.simulator.reset()
        history.serve(v(4))
        history.config("e-00000001", v(live))
        with history.briefed(**inventory(v=scaled(1, 9)), outages=["e"]):
            history.run.sagemaker.delete_endpoint(EndpointName="e")
            history.others.settle()
            history.run.endpoint("e", "e-00000001")
        assert history.objections() == found


def test_one_that_is_replaced_may_get_a_count_that_the_inventory_has_lowered(history: History) -> None:
    history.serve(v(4))
    history.config("e-00000001", v(1))
    with history.briefed(**inventory(v={"count": 4})):
        pass
    with history.briefed(**inventory(v={"count": 1}), outages=["e"]):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
        history.others.settle()
        history.run.endpoint("e", "e-00000001")
    assert history.objections() == []


def test_one_that_somebody_else_makes_under_that_name_is_no_replacement(history: History) -> None:
    history.serve(v(4))
    history.config("e-00000001", v(1), tags=THEIRS)
    with history.briefed(**inventory(v=scaled(1, 9)), outages=["e"]):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
        history.others.settle()
    with history.briefed(**inventory(v={"count": 1}), deployment="theirs"):
        history.run.endpoint("e", "e-00000001", Tags=pairs(THEIRS))
    with history.briefed(**inventory(v=scaled(1, 9))):
        pass
    assert history.objections() == []


@pytest.mark.parametrize(("state", "found"), [("absent", []), ("present", LOWERED)])
def test_one_that_is_destroyed_before_it_is_made_again_starts_anew(
    history: History, state: str, found: list[tuple[str, str]]
) -> None:
    """Where AWS has refused to make it, there is no endpoint left that destroying it would delete."""
    history.serve(v(4))
    history.config("e-00000001", v(1))
    with history.briefed(**inventory(v=scaled(1, 9)), outages=["e"]):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
        history.others.settle()
    with history.briefed(**inventory(v=scaled(1, 9)), state=state):
        pass
    with history.briefed(**inventory(v=scaled(1, 9))):
        history.run.endpoint("e", "e-00000001")
    assert history.objections() == found


def test_that_somebody_elses_run_ends_meanwhile_changes_nothing(history: History) -> None:
    history.serve(v(4))
    history.config("e-00000001", v(1))
    with history.briefed(**inventory(v=scaled(1, 9)), outages=["e"]):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
        history.others.settle()
        history.run.endpoint("e", "e-00000001")
        with history.briefed(deployment="theirs", endpoints={}, models=[], alarms=[]):
            pass
    assert history.objections() == LOWERED


def test_one_that_was_to_go_and_comes_again_is_a_new_one(history: History) -> None:
    history.serve(v(4))
    history.config("e-00000001", v(1))
    with history.briefed(**inventory(v=scaled(1, 9)), state="absent", outages=["e"]):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
        history.others.settle()
    with history.briefed(**inventory(v=scaled(1, 9))):
        history.run.endpoint("e", "e-00000001")
    assert history.objections() == []


@pytest.mark.parametrize(("set_to", "found"), [(1, LOWERED), (4, [])])
def test_without_an_inventory_registered_variants_are_judged(
    history: History, set_to: int, found: list[tuple[str, str]]
) -> None:
    history.serve(v(6))
    history.others.autoscaling.register_scalable_target(**target(), MinCapacity=1, MaxCapacity=9)
    history.scale(history.others, DesiredInstanceCount=4)
    with history.briefed():
        history.scale(history.run, DesiredInstanceCount=set_to)
    assert history.objections() == found


def test_without_an_inventory_others_are_not(history: History) -> None:
    history.serve(v(6))
    with history.briefed():
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == []


@pytest.mark.parametrize(("made", "found"), [(2, []), (1, LOWERED)])
def test_the_first_inventory_may_change_what_the_configuration_says(
    history: History, made: int, found: list[tuple[str, str]]
) -> None:
    history.serve(v(made))
    history.scale(history.others, DesiredInstanceCount=3)
    with history.briefed(**inventory(v={"count": 1})):
        history.scale(history.run, DesiredInstanceCount=1)
    assert history.objections() == found
