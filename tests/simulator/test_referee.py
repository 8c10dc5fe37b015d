# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Whose calls the referee judges, by what, and until when it remembers; and that everything was planned."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.client import Simulator

from .histories import History, create_model, inventory, target

UPDATE: dict[str, Any] = {
    "service": "sagemaker",
    "operation": "UpdateEndpointWeightsAndCapacities",
    "parameters": {"EndpointName": "e"},
}


@pytest.fixture
def history(simulator: Simulator) -> History:
    made = History(simulator)
    made.serve()
    return made


@pytest.mark.parametrize(("planned", "found"), [([UPDATE], []), ([], [("Planned", UPDATE["operation"] + " e")])])
def test_every_write_stood_in_the_plan(
    history: History, planned: list[dict[str, Any]], found: list[tuple[str, str]]
) -> None:
    with history.briefed(planned=planned, **inventory()):
        history.scale(history.run, DesiredWeight=2)
    assert history.objections() == found


def test_with_the_resource_that_it_names(history: History) -> None:
    with history.briefed(planned=[{**UPDATE, "parameters": {"EndpointName": "f"}}], **inventory()):
        history.scale(history.run, DesiredWeight=2)
    assert [rule for rule, _resource in history.objections()] == ["Planned"]


def test_what_a_plan_cannot_know_it_need_not_say(history: History) -> None:
    tag = {"service": "sagemaker", "operation": "AddTags", "parameters": {"ResourceArn": None}}
    with history.briefed(planned=[tag], **inventory()):
        arn = history.others.arn("sagemaker", "endpoint/e")
        history.run.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert history.objections() == []


def test_a_plan_that_was_made_again_is_another(history: History) -> None:
    with history.briefed(text="e: was busy, planned again", planned=[], **inventory()):
        history.scale(history.run, DesiredWeight=2)
    assert history.objections() == []


def test_many_alarms_may_go_in_several_calls(history: History) -> None:
    for name in "ab":
        history.put_alarm(history.others, name)
    names = {"service": "cloudwatch", "operation": "DeleteAlarms", "parameters": {"AlarmNames": ["a", "b"]}}
    with history.briefed(planned=[names], **inventory() | {"alarms": ["a", "b"]}):
        history.run.cloudwatch.delete_alarms(AlarmNames=["b"])
    assert history.objections() == []


def test_check_mode_writes_nothing(history: History) -> None:
    with history.briefed(check=True, **inventory()):
        history.scale(history.run, DesiredWeight=2)
    assert [rule for rule, _resource in history.objections()] == ["Planned"]


def test_only_calls_with_the_key_of_the_run_are_judged(history: History) -> None:
    with history.briefed(planned=[], **inventory()):
        history.others.model("x")
        history.run.sagemaker.describe_endpoint(EndpointName="e")
    assert history.objections() == []


def test_after_its_end_a_run_is_judged_no_more(history: History) -> None:
    with history.briefed(planned=[], **inventory()):
        pass
    create_model(history.run, "x")
    assert history.objections() == []


def test_of_two_runs_the_inner_one_calls(history: History) -> None:
    with history.briefed(planned=[], **inventory()):
        with history.briefed(**inventory()):
            history.scale(history.run, DesiredWeight=2)
        assert history.objections() == []
        history.scale(history.run, DesiredWeight=3)
    assert len(history.objections()) == 1


def test_what_another_run_has_taken_aside_is_not_missing_while_that_one_goes_on(history: History) -> None:
    history.register(history.others)
    declared = inventory(v={"count": 1, "scaled": {"min": 1, "max": 9}})
    with history.briefed(**declared):
        history.run.autoscaling.deregister_scalable_target(**target())
        with history.briefed(**declared):
            pass
        assert history.objections() == []
        history.register(history.run)
    assert history.objections() == []


def test_an_objection_says_rule_call_resource_and_what_is_wrong(history: History) -> None:
    with history.briefed(**inventory()):
        create_model(history.run, "x")
    assert history.simulator.objections() == [
        {
            "rule": "Ownership",
            "call": "CreateModel x",
            "resource": "x",
            "problem": "model x is neither named by the inventory nor owned by ours",
        }
    ]


@pytest.mark.parametrize("forget", ["reset", "clear_referee"])
def test_it_remembers_until_it_is_asked_to_forget(history: History, forget: str) -> None:
    with history.briefed(**inventory()):
        create_model(history.run, "x")
    assert history.objections()
    getattr(history.simulator, forget)()
    assert history.objections() == []


@pytest.mark.parametrize(
    ("brief", "problem"),
    [
        ({}, "missing members"),
        ({"access_key": "a", "state": "gone"}, "state must be one of"),
        ({"access_key": "a", "endpoint": {}}, "unknown members"),
    ],
)
def test_a_brief_that_says_nothing_sensible_is_refused(
    simulator: Simulator, brief: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        simulator.referee_begin(brief)


def test_the_end_of_no_run_is_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="no run"):
        simulator.referee_end("")
