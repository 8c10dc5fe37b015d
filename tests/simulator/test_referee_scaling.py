# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What scaled an endpoint before a run exists after it, unless the inventory has changed it or the result names it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator.client import Simulator

from .histories import THEIRS, History, inventory, scaled, target, v

AWAY = ("Scaling", "endpoint/e/variant/v")
NAMED = "e: the scaling of variant v is missing; the next run restores it"
DECLARED = inventory(v=scaled()) | {"policies": ["e/v/requests"]}


@pytest.fixture
def history(simulator: Simulator) -> History:
    """A scaled endpoint of ours, on whose target somebody has hung a policy and a schedule."""
    made = History(simulator)
    made.serve(v(2))
    made.register(made.others)
    made.put_step_policy(made.others, "theirs")
    made.others.autoscaling.put_scheduled_action(**target(), **NIGHTLY)
    return made


NIGHTLY: dict[str, Any] = {
    "ScheduledActionName": "nightly",
    "Schedule": "rate(1 day)",
    "ScalableTargetAction": {"MinCapacity": 2},
}


def deregister(history: History) -> None:
    history.run.autoscaling.deregister_scalable_target(**target())


def restore(history: History) -> None:
    history.register(history.run)
    history.put_step_policy(history.run, "theirs")
    history.run.autoscaling.put_scheduled_action(**target(), **NIGHTLY)


def test_what_stands_aside_and_comes_back_is_nothing_to_object_to(history: History) -> None:
    with history.briefed(**DECLARED):
        deregister(history)
        restore(history)
    assert history.objections() == []


def test_a_target_that_is_away_has_to_be_named(history: History) -> None:
    with history.briefed(text="e: UpdateEndpoint: ResourceLimitExceeded", end={"failed": ["e"]}, **DECLARED):
        deregister(history)
    assert history.objections() == [AWAY] * 3


@pytest.mark.parametrize(
    "message", [NAMED, "autoscaling of e/v is left to the next run", "e: autoscaling of v is missing"]
)
def test_one_that_is_named_need_not_be_there(history: History, message: str) -> None:
    with history.briefed(text=message, **DECLARED):
        deregister(history)
    assert history.objections() == []


@pytest.mark.parametrize("message", ["f: the scaling of variant v is missing", "e: the scaling of w is missing", "e v"])
def test_another_name_will_not_do(history: History, message: str) -> None:
    with history.briefed(text=message, **DECLARED):
        deregister(history)
    assert AWAY in history.objections()


def test_with_the_target_back_each_of_the_others_has_to_be_named(history: History) -> None:
    with history.briefed(text="e: variant v is without policy theirs", **DECLARED):
        deregister(history)
        history.register(history.run)
    assert [each["problem"].split(" of ")[0] for each in history.simulator.objections()] == ["scheduled action nightly"]


def test_what_an_earlier_run_reported_missing_stays_missing(history: History) -> None:
    with history.briefed(text=NAMED, **DECLARED):
        deregister(history)
    with history.briefed(text="e: no capacity", end={"failed": ["e"]}, **DECLARED):
        pass
    assert history.objections() == []
    with history.briefed(**DECLARED):
        history.register(history.run)
    assert len(history.objections()) == 2


def test_check_mode_neither_brings_it_back_nor_has_to_name_it(history: History) -> None:
    with history.briefed(text=NAMED, **DECLARED):
        deregister(history)
    with history.briefed(check=True, **DECLARED):
        pass
    assert history.objections() == []


def test_a_run_over_alarms_or_models_alone_need_not_name_it_and_the_next_one_must(history: History) -> None:
    with history.briefed(text=NAMED, **DECLARED):
        deregister(history)
    with history.briefed(reads_endpoints=False, **DECLARED):
        pass
    assert history.objections() == []
    with history.briefed(**DECLARED):
        pass
    assert history.objections() == [AWAY] * 3


def test_but_one_that_takes_it_away_itself_must(history: History) -> None:
    with history.briefed(reads_endpoints=False, **DECLARED):
        deregister(history)
    assert history.objections() == [AWAY] * 3


def test_what_a_later_run_brings_back_is_missing_no_more(history: History) -> None:
    with history.briefed(end={"is_cut_off": True}, **DECLARED):
        deregister(history)
    with history.briefed(**DECLARED):
        restore(history)
    assert history.objections() == []


def test_with_another_inventory_it_is_still_missing(history: History) -> None:
    with history.briefed(end={"is_cut_off": True}, **DECLARED):
        deregister(history)
    with history.briefed(**inventory(v=scaled(2, 3) | {"instance_type": "ml.c5.large"})):
        history.register(history.run, 2, 3)
    assert len(history.objections()) == 2


def test_an_inventory_without_scaling_lets_our_target_go(history: History) -> None:
    with history.briefed(**inventory(v={"count": 2})):
        deregister(history)
    assert history.objections() == []


def test_but_not_somebody_elses(simulator: Simulator) -> None:
    history = History(simulator)
    history.serve(v(2))
    history.register(history.others, tags={})
    with history.briefed(**inventory(v={"count": 2})):
        deregister(history)
    assert history.objections() == [AWAY]


def test_a_variant_that_has_left_takes_its_scaling_along(history: History) -> None:
    history.config("e-00000001", v(2, "w"))
    with history.briefed(**inventory(w={"count": 2})):
        deregister(history)
        history.update("e-00000001")
    assert history.objections() == []


def test_also_while_another_variant_is_scaled(history: History) -> None:
    history.config("e-00000001", v(2, "w"))
    with history.briefed(**inventory(w={"count": 3})):
        deregister(history)
        history.update("e-00000001")
        changes = [{"VariantName": "w", "DesiredInstanceCount": 3}]
        history.run.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName="e", DesiredWeightsAndCapacities=changes
        )
    assert history.objections() == []


def test_also_while_the_endpoint_is_being_replaced(history: History) -> None:
    with history.briefed(**inventory(w={"count": 3}), outages=["e"]):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
    assert history.objections() == []


def test_one_that_was_to_leave_and_has_not_keeps_it(history: History) -> None:
    history.config("e-00000001", v(2, "w"))
    history.simulator.fault("rollout_fails", reason="no capacity")
    with history.briefed(text="e: no capacity", end={"failed": ["e"]}, **inventory(w={"count": 2})):
        deregister(history)
        history.update("e-00000001")
    assert AWAY in history.objections()


def test_one_that_is_leaving_still_is_not_judged_yet(history: History) -> None:
    history.config("e-00000001", v(2, "w"))
    with history.briefed(**inventory(w={"count": 2})):
        deregister(history)
        history.run.sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="e-00000001")
    assert history.objections() == []


def test_a_policy_of_ours_that_is_no_longer_declared_may_go(history: History) -> None:
    history.put_step_policy(history.others, "e/v/requests")
    with history.briefed(**DECLARED | {"policies": []}):
        history.run.autoscaling.delete_scaling_policy(**target(), PolicyName="e/v/requests")
    assert history.objections() == []


@pytest.mark.parametrize("name", ["e/v/requests", "theirs"])
def test_a_declared_one_and_somebody_elses_may_not(history: History, name: str) -> None:
    history.put_step_policy(history.others, "e/v/requests")
    with history.briefed(**DECLARED):
        history.run.autoscaling.delete_scaling_policy(**target(), PolicyName=name)
    assert history.objections() == [AWAY]


def test_bounds_are_those_that_are_declared(history: History) -> None:
    with history.briefed(**inventory(v=scaled(2, 5))):
        history.run.autoscaling.register_scalable_target(**target(), MinCapacity=2, MaxCapacity=5)
    assert history.objections() == []
    with history.briefed(**inventory(v=scaled(2, 5))):
        history.run.autoscaling.register_scalable_target(**target(), MinCapacity=1, MaxCapacity=5)
    assert history.objections() == [AWAY]


def test_one_that_a_schedule_has_set_may_stay_beside_a_declared_one(history: History) -> None:
    history.simulator.run_schedule("e", "v", "nightly")
    history.others.settle()
    with history.briefed(**inventory(v=scaled(1, 5))):
        history.run.autoscaling.register_scalable_target(**target(), MinCapacity=2, MaxCapacity=5)
    assert history.objections() == []


def test_they_may_be_those_of_a_declared_schedule(history: History) -> None:
    declared = inventory(v={**scaled(2, 5), "scheduled": [{"min": 3}, {"max": 7}]})
    with history.briefed(**declared):
        history.run.autoscaling.register_scalable_target(**target(), MinCapacity=3, MaxCapacity=7)
    assert history.objections() == []
    with history.briefed(**declared):
        history.run.autoscaling.register_scalable_target(**target(), MinCapacity=4, MaxCapacity=5)
    assert history.objections() == [AWAY]


def test_a_suspension_comes_back_too(history: History) -> None:
    suspended = {"DynamicScalingInSuspended": True}
    history.others.autoscaling.register_scalable_target(**target(), SuspendedState=suspended)
    with history.briefed(**DECLARED):
        deregister(history)
        restore(history)
    assert [each["problem"].split(" of ")[0] for each in history.simulator.objections()] == [
        "suspension DynamicScalingInSuspended"
    ]


def test_an_alarm_has_to_call_a_policy_that_was_put_again(history: History) -> None:
    old = history.put_step_policy(history.others, "theirs")
    history.put_alarm(history.others, "busy", AlarmActions=[old])
    with history.briefed(**DECLARED):
        deregister(history)
        restore(history)
    assert [each["problem"].split(" of ")[0] for each in history.simulator.objections()] == ["alarm action busy"]


def test_it_may_be_pointed_there_whosever_it_is(history: History) -> None:
    old = history.put_step_policy(history.others, "theirs")
    history.put_alarm(history.others, "busy", THEIRS, AlarmActions=[old, "arn:aws:sns:eu-west-1:123456789012:t"])
    with history.briefed(**DECLARED):
        deregister(history)
        restore(history)
        new = history.put_step_policy(history.run, "theirs")
        history.put_alarm(history.run, "busy", AlarmActions=[new, "arn:aws:sns:eu-west-1:123456789012:t"])
    assert history.objections() == []


def test_a_replaced_endpoint_gets_its_scaling_back(history: History) -> None:
    history.config("e-00000001", v(2))
    with history.briefed(**DECLARED, outages=["e"]):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
        history.others.settle()
        history.run.endpoint("e", "e-00000001")
        history.register(history.run)
    assert len(history.objections()) == 2


def test_with_an_endpoint_that_is_to_go_all_of_it_goes(history: History) -> None:
    with history.briefed(state="absent", outages=["e"], **DECLARED):
        deregister(history)
        history.run.sagemaker.delete_endpoint(EndpointName="e")
    with history.briefed(prune=True, outages=["e"], endpoints={}, models=[], alarms=[]):
        pass
    assert history.objections() == []


def test_what_others_take_away_is_not_missing(history: History) -> None:
    with history.briefed(**DECLARED):
        history.others.autoscaling.deregister_scalable_target(**target())
    assert history.objections() == []


def test_nor_what_a_colleague_takes_away_between_two_calls(history: History) -> None:
    call = {"actor": "call", "service": "application-autoscaling", "operation": "DeleteScheduledAction"}
    history.simulator.before("PutScalingPolicy", {**call, "parameters": {**target(), "ScheduledActionName": "nightly"}})
    with history.briefed(**DECLARED):
        history.put_step_policy(history.run, "theirs")
    assert history.objections() == []


def test_what_was_away_when_he_took_all_of_it_is_not_missing_either(history: History) -> None:
    with history.briefed(**DECLARED):
        deregister(history)
        history.register(history.run)
        history.others.autoscaling.deregister_scalable_target(**target())
    assert history.objections() == []


def test_a_schedule_that_has_passed_need_not_come_back(history: History) -> None:
    now = datetime.fromtimestamp(history.simulator.now(), UTC)
    in_a_while = (now + timedelta(days=2)).isoformat(timespec="seconds").partition("+")[0]
    once = {"Schedule": f"at({in_a_while})", "ScalableTargetAction": {"MinCapacity": 1}}
    history.others.autoscaling.put_scheduled_action(**target(), ScheduledActionName="once", **once)
    with history.briefed(**DECLARED):
        deregister(history)
        history.simulator.advance(3 * 24 * 3600)
        restore(history)
    assert history.objections() == []


def test_without_an_inventory_nobody_knows_what_is_to_be_there(history: History) -> None:
    with history.briefed():
        deregister(history)
    assert history.objections() == []
