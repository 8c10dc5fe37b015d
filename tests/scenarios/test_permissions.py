# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of docs/permissions.md are enough, and nothing in them is too much."""

from __future__ import annotations

import contextlib
import copy
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed

from simulator.testing import Aws, refusal
from tools.permissions import PURPOSES, page

from .exports import info
from .fault_matrix import new_world
from .harness import World
from .journeys import Journey, journeys
from .needed import READINGS, Needed, applied, calls, document, looked_at, needed, planned, prepare, watched
from .policies import PAGE, Document
from .refereed import Refereed

DEGRADES = {"tag:GetResources"}
EXPORT_DEGRADES = {*DEGRADES, "sagemaker:ListEndpointConfigs"}
"""What a run does without, with a warning."""


@pytest.fixture(scope="module")
def seen(here: Refereed) -> t.Iterator[tuple[Needed, Needed]]:
    """What planning and what applying needed."""
    with pytest.MonkeyPatch.context() as patch:
        world = new_world(here, patch, is_bound=False)
        yield needed(planned(world)), needed(applied(world))


@pytest.fixture(scope="module")
def reading(here: Refereed) -> t.Iterator[Needed]:
    """What the export needed."""
    with pytest.MonkeyPatch.context() as patch:
        yield needed(looked_at(new_world(here, patch, is_bound=False)))


@pytest.fixture(scope="module")
def used(here: Refereed) -> t.Iterator[dict[str, Needed]]:
    """What each journey needs."""
    with pytest.MonkeyPatch.context() as patch:
        world = new_world(here, patch, is_bound=False)
        yield {each.name: needed(calls(world, each, each.act)) for each in journeys()}


def policy(world: World, found: Needed) -> Document:
    names = watched(world.account)
    return document(found, names, names)


def test_the_page_is_current(seen: tuple[Needed, Needed], reading: Needed, world: World) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(*seen, reading, watched(world.account))


@pytest.mark.parametrize("journey", journeys(), ids=lambda journey: journey.name)
def test_the_policies_are_enough(world: World, seen: tuple[Needed, Needed], journey: Journey) -> None:
    for found, act in zip(seen, (journey.plan, journey.act), strict=True):
        prepare(world, journey)
        world.simulator.allow(policy(world, found))
        result = act(world)
        assert not result.error
        assert not result.warnings
        assert not any("Denied" in each.get("code", "") for each in world.simulator.journal())


def test_the_policy_of_the_export_is_enough_and_none_of_it_too_much(world: World, reading: Needed) -> None:
    (journey,) = (each for each in journeys() if each.name == "update scaled")
    prepare(world, journey)
    world.simulator.allow(policy(world, reading))
    for options in READINGS:
        found = info(world, **options)
        assert found["inventory"]["endpoints"]
        assert not found["warnings"]
    for action in reading:
        world.simulator.allow(policy(world, {name: found for name, found in reading.items() if name != action}))
        result = [info(world, **options) for options in READINGS]
        assert any(action in str(each.get("msg")) or action in str(each["warnings"]) for each in result), action
        assert (action in EXPORT_DEGRADES) == ("msg" not in str(result)), action
    assert world.simulator.writes() == []


def test_planning_and_the_export_are_not_allowed_to_write(seen: tuple[Needed, Needed], reading: Needed) -> None:
    planning, _applying = seen
    assert all(action.split(":")[1].startswith(("Describe", "List", "Get")) for action in {*planning, *reading})


@pytest.mark.parametrize("action", sorted(PURPOSES))
def test_no_action_is_too_much(world: World, seen: tuple[Needed, Needed], used: dict[str, Needed], action: str) -> None:
    """Without it, one of the journeys that use it meets a refusal."""
    _planning, applying = seen
    less = policy(world, {name: found for name, found in applying.items() if name != action})
    journey = next(each for each in journeys() if action in used[each.name])
    prepare(world, journey)
    world.simulator.allow(less)
    with contextlib.suppress(CallFailed):
        journey.act(world)
    answers = [f"{each.get('code', '')} {each.get('message', '')}" for each in world.simulator.journal()]
    assert any(action in answer for answer in answers)


def test_a_name_that_is_not_declared_is_out_of_reach(aws_of: Aws, world: World, seen: tuple[Needed, Needed]) -> None:
    world.simulator.allow(policy(world, seen[1]))
    code, _message = refusal(aws_of.sagemaker.delete_endpoint, EndpointName="theirs-e")
    assert code == "AccessDeniedException"
    code, _message = refusal(aws_of.sagemaker.delete_endpoint_config, EndpointConfigName="e-other")
    assert code == "AccessDeniedException"
    code, _message = refusal(aws_of.cloudwatch.delete_alarms, AlarmNames=["e/v/errors", "theirs"])
    assert code == "AccessDenied"


@pytest.fixture
def aws_of(world: World) -> Aws:
    return Aws(world.simulator, access_key=world.account)


@pytest.mark.parametrize("action", sorted(DEGRADES))
def test_what_is_optional_is_missed_with_a_warning(world: World, seen: tuple[Needed, Needed], action: str) -> None:
    (journey,) = (each for each in journeys() if each.name == "deploy many")
    prepare(world, journey)
    assert not journey.act(world).error
    # The index is asked only of what is old enough.
    world.simulator.advance(48 * 3600)
    less = copy.copy(seen[1])
    del less[action]
    world.simulator.allow(policy(world, less))
    result = journey.act(world)
    assert not result.error
    assert any(action in warning for warning in result.warnings)
    assert not journey.act(world).changed


def test_the_wait_does_without_the_list_of_endpoints(world: World, seen: tuple[Needed, Needed]) -> None:
    (journey,) = (each for each in journeys() if each.name == "deploy many")
    prepare(world, journey)
    world.simulator.allow(
        policy(world, {name: found for name, found in seen[1].items() if name != "sagemaker:ListEndpoints"})
    )
    result = journey.act(world)
    assert result.changed
    (statuses,) = (each["endpoints"] for each in world.simulator.state() if each["account"] == world.account)
    assert {each["status"] for name, each in statuses.items() if name in "efgh"} == {"InService"}
