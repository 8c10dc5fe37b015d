# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A run writes to nothing and deletes nothing that its inventory does not name and its deployment does not own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.client import Simulator
from simulator.testing import refusal

from .histories import OURS, THEIRS, History, create_model, inventory, pairs, target, v

Calls = Callable[[History], Any]
INVENTORY = inventory() | {"alarms": ["e/v/errors"]}


@pytest.fixture
def history(simulator: Simulator) -> History:
    made = History(simulator)
    made.serve()
    for name, tags in (("x", {}), ("m-00000001", {}), ("theirs", THEIRS), ("ours", OURS), ("n", {})):
        create_model(made.others, name, tags)
    made.put_alarm(made.others, "by-hand")
    made.put_alarm(made.others, "watched")
    compose(made.others, "theirs/any")
    return made


def compose(actor: Any, name: str) -> None:
    actor.cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule="ALARM(watched)")


def deletes(model: str) -> Calls:
    return lambda history: history.run.sagemaker.delete_model(ModelName=model)


def tags_model(name: str) -> Calls:
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:model/{name}"
    return lambda history: history.run.sagemaker.add_tags(ResourceArn=arn, Tags=pairs(OURS))


def makes_config(name: str) -> Calls:
    return lambda history: history.run.config(name, v())


REFUSED: dict[str, tuple[Calls, str]] = {
    "what nobody owns and nobody names": (deletes("x"), "x"),
    "what looks like a generation of ours": (deletes("m-00000001"), "m-00000001"),
    "another deployment's": (deletes("theirs"), "theirs"),
    "tags on what nobody names": (tags_model("x"), "x"),
    "a new model that nobody names": (lambda history: create_model(history.run, "y"), "y"),
    "a new configuration that nobody names": (makes_config("f-00000001"), "f-00000001"),
    "an alarm of somebody": (lambda history: history.put_alarm(history.run, "by-hand"), "by-hand"),
    "a composite alarm of somebody": (lambda history: compose(history.run, "theirs/any"), "theirs/any"),
    "a composite alarm that goes": (
        lambda history: history.run.cloudwatch.delete_alarms(AlarmNames=["theirs/any"]),
        "theirs/any",
    ),
    "an alarm that goes": (lambda history: history.run.cloudwatch.delete_alarms(AlarmNames=["by-hand"]), "by-hand"),
}
ACCEPTED: dict[str, Calls] = {
    "what we own": deletes("ours"),
    "a new generation": lambda history: create_model(history.run, "m-12345678"),
    "a new configuration": makes_config("e-12345678"),
    "a declared alarm": lambda history: history.put_alarm(history.run, "e/v/errors"),
    "the declared endpoint": lambda history: history.scale(history.run, DesiredWeight=2),
    "scaling of the declared endpoint": lambda history: history.register(history.run),
    "what somebody has made meanwhile": lambda history: refusal(
        history.run.sagemaker.create_model, ModelName="m-00000001", PrimaryContainer={"Image": "image:1"}
    ),
    "what somebody has deleted meanwhile": lambda history: refusal(
        history.run.sagemaker.delete_model, ModelName="gone"
    ),
    "alarms that are not there": lambda history: history.run.cloudwatch.disable_alarm_actions(AlarmNames=["none"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_objects(history: History, case: str) -> None:
    calls, resource = REFUSED[case]
    with history.briefed(**INVENTORY):
        calls(history)
    assert history.objections() == [("Ownership", resource)]


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepts(history: History, case: str) -> None:
    with history.briefed(**INVENTORY):
        ACCEPTED[case](history)
    assert history.objections() == []


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_deployment_without_a_name_owns_nothing(history: History, name: str | None) -> None:
    with history.briefed(**INVENTORY | {"deployment": name, "prune": True}):
        deletes("ours")(history)
    assert history.objections() == [("Ownership", "ours")]


def test_an_endpoint_of_another_deployment_is_not_ours_by_its_name(simulator: Simulator) -> None:
    history = History(simulator)
    history.serve(tags=THEIRS)
    with history.briefed(**INVENTORY):
        history.scale(history.run, DesiredWeight=2)
    assert history.objections() == [("Ownership", "e")]


def test_a_target_of_another_deployment_is_not_ours_by_its_endpoint(history: History) -> None:
    history.register(history.others, tags=THEIRS)
    with history.briefed(text="e: the scaling of variant v is missing", **INVENTORY):
        history.run.autoscaling.deregister_scalable_target(**target())
    assert history.objections() == [("Ownership", "endpoint/e/variant/v")]


@pytest.mark.parametrize(("endpoints", "found"), [({"e": None}, []), ({}, [("Ownership", "served")])])
def test_what_a_declared_endpoint_serves_may_be_adopted(
    simulator: Simulator, endpoints: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    history = History(simulator)
    create_model(history.others, "served", {})
    history.others.config("c", v() | {"ModelName": "served"})
    history.others.endpoint("e", "c")
    with history.briefed(endpoints=endpoints, models=["m"], alarms=[]):
        tags_model("served")(history)
    assert history.objections() == found


def test_the_configuration_of_a_declared_endpoint_may_be_made_again(simulator: Simulator) -> None:
    history = History(simulator)
    history.serve(config="by-hand")
    history.others.sagemaker.delete_endpoint_config(EndpointConfigName="by-hand")
    with history.briefed(**INVENTORY):
        makes_config("by-hand")(history)
    assert history.objections() == []


def test_a_shortened_name_is_a_generation(history: History) -> None:
    long = "m" * 60
    with history.briefed(**inventory(models=(long,))):
        create_model(history.run, f"{long[:54]}-12345678")
        create_model(history.run, f"{long[:40]}-12345678")
    assert history.objections() == [("Ownership", f"{long[:40]}-12345678")]
