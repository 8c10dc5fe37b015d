# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What an inventory leaves unnamed is judged under the name that is there."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.client import Simulator
from simulator.testing import serverless

from .histories import History, create_model


@pytest.fixture
def history(simulator: Simulator) -> History:
    """A serverless endpoint whose variant is called as the SageMaker SDK calls it."""
    made = History(simulator)
    create_model(made.others, "model")
    made.others.config("e", serverless("AllTraffic", MaxConcurrency=10))
    made.others.endpoint("e", "e")
    return made


def inventory(**concurrency: int) -> dict[str, Any]:
    variant = {"max_concurrency": 10, **concurrency}
    return {"endpoints": {"e": {"model": variant}}, "models": ["model"], "alarms": ["e/model/busy"], "unnamed": ["e"]}


def lower(history: History, most: int) -> None:
    history.scale(history.run, "AllTraffic", ServerlessUpdateConfig={"MaxConcurrency": most})


def test_its_alarms_have_the_name_that_is_there(history: History) -> None:
    with history.briefed(**inventory()):
        history.put_alarm(history.run, "e/AllTraffic/busy")
    assert history.objections() == []
    with history.briefed(**inventory()):
        history.put_alarm(history.run, "e/model/busy")
    assert history.objections() == [("Ownership", "e/model/busy")]


def test_its_numbers_are_those_of_the_inventory(history: History) -> None:
    with history.briefed(**inventory()):
        pass
    with history.briefed(**inventory(max_concurrency=5)):
        lower(history, 5)
    assert history.objections() == []
    with history.briefed(**inventory(max_concurrency=5)):
        lower(history, 2)
    ((rule, _resource),) = history.objections()
    assert rule == "Capacity"


def test_what_is_named_is_another_variant(history: History) -> None:
    with history.briefed(**inventory() | {"unnamed": []}):
        history.put_alarm(history.run, "e/AllTraffic/busy")
    assert history.objections() == [("Ownership", "e/AllTraffic/busy")]
