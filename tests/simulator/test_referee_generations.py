# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What is in use stays, what serves goes on serving, and the way back leads to what has served."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.client import Simulator

from .histories import OURS, THEIRS, History, create_model, inventory, pairs, v

NEXT, REFUSED = "e-00000001", "e-00000002"
BACK: dict[str, Any] = {"state": "rolled_back", "endpoints": {"e": None}, "models": [], "alarms": []}


@pytest.fixture
def history(simulator: Simulator) -> History:
    """Endpoint e on e and model m, two configurations beside it that have never served."""
    made = History(simulator)
    made.serve()
    for volume, name in enumerate((NEXT, REFUSED), start=1):
        made.config(name, v(VolumeSizeInGB=volume))
    return made


def delete_config(history: History, name: str) -> None:
    history.run.sagemaker.delete_endpoint_config(EndpointConfigName=name)


# In use


def test_a_configuration_that_serves_stays(history: History) -> None:
    with history.briefed(**inventory()):
        delete_config(history, "e")
    assert ("In use", "e") in history.objections()


def test_so_does_the_one_that_an_endpoint_is_moving_to(history: History) -> None:
    with history.briefed(**inventory()):
        history.run.sagemaker.update_endpoint(EndpointName="e", EndpointConfigName=NEXT)
        delete_config(history, NEXT)
    assert history.objections() == [("In use", NEXT)]


def test_one_that_is_superseded_may_go(history: History) -> None:
    with history.briefed(**inventory()):
        history.update(NEXT)
        delete_config(history, "e")
        delete_config(history, REFUSED)
    assert history.objections() == []


def test_those_of_an_endpoint_that_is_deleted_may_go(history: History) -> None:
    with history.briefed(state="absent", outages=["e"], **inventory()):
        history.run.sagemaker.delete_endpoint(EndpointName="e")
        for name in ("e", NEXT, REFUSED):
            delete_config(history, name)
        history.run.sagemaker.delete_model(ModelName="m")
    assert history.objections() == []


def test_a_model_that_serves_stays(history: History) -> None:
    with history.briefed(**inventory()):
        history.run.sagemaker.delete_model(ModelName="m")
    assert history.objections() == [("In use", "m")]


@pytest.mark.parametrize(("tags", "found"), [({}, [("In use", "n")]), (THEIRS, [("In use", "n")])])
def test_a_model_in_a_configuration_of_others_stays(
    history: History, tags: dict[str, str], found: list[tuple[str, str]]
) -> None:
    """Of a stopped endpoint."""
    create_model(history.others, "n")
    history.config("nightly", v() | {"ModelName": "n"}, tags=tags)
    with history.briefed(**inventory()):
        history.run.sagemaker.delete_model(ModelName="n")
    assert history.objections() == found


def test_a_model_that_nothing_names_may_go(history: History) -> None:
    create_model(history.others, "n")
    with history.briefed(**inventory()):
        history.run.sagemaker.delete_model(ModelName="n")
    assert history.objections() == []


# In service


def delete_endpoint(history: History) -> None:
    history.run.sagemaker.delete_endpoint(EndpointName="e")
    history.others.settle()


def test_an_endpoint_that_serves_is_not_deleted_without_a_word(history: History) -> None:
    with history.briefed(outages=[], **inventory()):
        delete_endpoint(history)
    assert history.objections() == [("In service", "e")]


def test_an_outage_may_be_announced_before_and_at_the_end(history: History) -> None:
    with history.briefed(outages=["e"], state="absent", **inventory()):
        delete_endpoint(history)
    history.others.endpoint("e", "e")
    with history.briefed(end={"outages": ["e"]}, state="absent", **inventory()):
        delete_endpoint(history)
    assert history.objections() == []


def test_at_the_end_it_has_to_be_reported(history: History) -> None:
    with history.briefed(end={"outages": []}, **inventory()):
        delete_endpoint(history)
    assert history.objections() == [("In service", "e")]


def test_what_does_not_serve_may_go(history: History) -> None:
    history.simulator.put_endpoint("e", "Failed")
    with history.briefed(outages=[], **inventory()):
        delete_endpoint(history)
    assert history.objections() == []


# Way back


def test_the_way_back_leads_to_what_has_served(history: History) -> None:
    history.update(NEXT, history.others)
    with history.briefed(**BACK):
        history.update("e")
    assert history.objections() == []


def test_it_does_not_lead_to_what_never_has(history: History) -> None:
    history.update(NEXT, history.others)
    with history.briefed(**BACK):
        history.update(REFUSED)
    assert history.objections() == [("Way back", REFUSED)]


def test_nor_to_what_a_failed_rollout_has_tried(history: History) -> None:
    history.simulator.fault("rollout_fails")
    history.update(NEXT, history.others)
    with history.briefed(**BACK):
        history.update(NEXT)
    assert history.objections() == [("Way back", NEXT)]


def test_a_second_way_back_does_not_lead_forward_again(history: History) -> None:
    history.update(NEXT, history.others)
    for name in ("e", NEXT):
        with history.briefed(**BACK):
            history.update(name)
    assert history.objections() == [("Way back", NEXT)]


def test_from_what_was_deployed_again_it_leads_to_what_served_before(history: History) -> None:
    history.update(NEXT, history.others)
    history.update("e", history.others)
    with history.briefed(**BACK):
        history.update(NEXT)
    assert history.objections() == []


def test_another_configuration_under_the_name_has_not_served(history: History) -> None:
    history.update(NEXT, history.others)
    history.others.sagemaker.delete_endpoint_config(EndpointConfigName="e")
    history.config("e", v(VolumeSizeInGB=3))
    with history.briefed(**BACK):
        history.update("e")
    assert history.objections() == [("Way back", "e")]


def test_one_that_differs_only_in_how_much_it_serves_has_served(history: History) -> None:
    history.update(NEXT, history.others)
    history.config("e-00000003", v(9))
    with history.briefed(**BACK):
        history.update("e-00000003")
    assert history.objections() == []


OBSERVED = {"EnableDetailedObservability": True}
"""What a configuration has that says nothing of metrics; beside it AWS fills in the other members."""


@pytest.mark.parametrize(
    ("metrics", "found"),
    [
        (OBSERVED, []),
        ({**OBSERVED, "MetricPublishFrequencyInSeconds": 60, "EnableEnhancedMetrics": False}, []),
        ({**OBSERVED, "MetricPublishFrequencyInSeconds": 10}, [("Way back", "e-00000003")]),
        ({"EnableDetailedObservability": False}, [("Way back", "e-00000003")]),
    ],
)
def test_one_that_says_of_metrics_what_aws_does_anyway_has_served(
    history: History, metrics: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    history.update(NEXT, history.others)
    history.others.config("e-00000003", v(), MetricsConfig=metrics, Tags=pairs(OURS))
    with history.briefed(**BACK):
        history.update("e-00000003")
    assert history.objections() == found


def test_what_has_served_is_not_deleted_while_what_never_has_is_kept(history: History) -> None:
    with history.briefed(**inventory()):
        history.update(NEXT)
        delete_config(history, "e")
    assert history.objections() == [("Way back", "e")]


def test_what_could_not_be_deleted_is_not_kept_on_purpose(history: History) -> None:
    with history.briefed(**inventory()):
        history.update(NEXT)
        delete_config(history, "e")
        history.simulator.fault("access_denied")
        with pytest.raises(Exception, match="not authorized"):
            delete_config(history, REFUSED)
    assert history.objections() == []
