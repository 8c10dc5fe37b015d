# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A protected endpoint is deleted by nobody who has not named its deployment."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.client import Simulator

from .histories import OURS, History, inventory

TAG = "friendsofansible.sagemaker/deletion-protection"
DESTROY: dict[str, Any] = {"state": "absent", "outages": ["e"], **inventory()}
PRUNE: dict[str, Any] = {"prune": True, "outages": ["e"], **inventory(), "endpoints": {}}

REPLACE: dict[str, Any] = {"outages": ["e"], **inventory()}


@pytest.fixture
def history(simulator: Simulator) -> History:
    """Endpoint e is protected."""
    made = History(simulator)
    made.serve(tags={**OURS, TAG: "true"})
    return made


def delete(history: History) -> None:
    history.run.sagemaker.delete_endpoint(EndpointName="e")


def lift(history: History) -> None:
    arn = history.run.sagemaker.describe_endpoint(EndpointName="e")["EndpointArn"]
    history.run.sagemaker.delete_tags(ResourceArn=arn, TagKeys=[TAG])


@pytest.mark.parametrize(
    ("brief", "is_confirmed", "may_go"),
    [
        (DESTROY, True, True),
        (DESTROY, False, False),
        (PRUNE, True, True),
        (PRUNE, False, False),
        (REPLACE, True, False),
        (REPLACE, False, False),
    ],
)
def test_it_goes_only_where_the_deployment_is_named_and_never_to_be_replaced(
    history: History, brief: dict[str, Any], is_confirmed: bool, may_go: bool
) -> None:
    with history.briefed(**brief, is_confirmed=is_confirmed):
        delete(history)
    assert history.objections() == ([] if may_go else [("Protection", "e")])


def test_one_that_has_failed_may_be_made_again(history: History) -> None:
    history.simulator.put_endpoint("e", "Failed")
    with history.briefed(**inventory()):
        delete(history)
    assert history.objections() == []


def test_it_is_taken_off_only_where_the_inventory_says_so(history: History) -> None:
    with history.briefed(**inventory()):
        lift(history)
    assert history.objections() == [("Protection", "e")]


def test_what_takes_it_off_does_not_delete(history: History) -> None:
    with history.briefed(unprotected=["e"], outages=["e"], **inventory()):
        lift(history)
        assert history.objections() == []
        delete(history)
    assert history.objections() == [("Protection", "e")]


def test_a_later_run_may(history: History) -> None:
    with history.briefed(unprotected=["e"], **inventory()):
        lift(history)
    with history.briefed(**DESTROY):
        delete(history)
    assert history.objections() == []
