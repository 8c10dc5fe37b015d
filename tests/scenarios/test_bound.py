# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of all scenarios may do what docs/permissions.md allows, and nothing else."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from simulator.testing import refusal

from . import harness
from .exports import info
from .harness import World
from .inventories import inventory
from .policies import Document, example, narrowed, shown
from .test_rollback import roll_back

DENIED = "AccessDeniedException"
READS: dict[str, t.Callable[[World], object]] = {
    "plan": lambda world: world.apply(inventory(), check=True),
    "plan to prune": lambda world: world.prune(inventory(), check=True),
    "plan to destroy": lambda world: world.destroy(inventory(), check=True),
    "plan a way back": lambda world: roll_back(world, check=True),
    "export": info,
}
RUNS = READS | {
    "apply": lambda world: world.apply(inventory()),
    "prune": lambda world: world.prune(inventory()),
    "destroy": lambda world: world.destroy(inventory()),
    "roll back": roll_back,
}


@pytest.mark.parametrize("run", RUNS)
def test_a_run_reaches_only_what_was_declared(world: World, run: str) -> None:
    RUNS[run](world)
    assert refusal(world.run_client("sagemaker").delete_endpoint, EndpointName="f")[0] == DENIED
    assert refusal(world.client("sagemaker").delete_endpoint, EndpointName="f")[0] == "ValidationException"


@pytest.mark.parametrize("run", READS)
def test_a_run_that_is_to_read_may_not_write(world: World, run: str) -> None:
    assert not world.apply(inventory()).error
    READS[run](world)
    assert refusal(world.run_client("sagemaker").delete_endpoint, EndpointName="e")[0] == DENIED
    assert not world.apply(inventory()).changed
    world.run_client("sagemaker").delete_endpoint(EndpointName="e")


def test_without_one_action_of_the_policy_a_run_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    less = dataclasses.replace(shown(), applying=_without("sagemaker:CreateModel", shown().applying))
    monkeypatch.setattr(harness, "shown", lambda: less)
    assert "is not authorized to perform: sagemaker:CreateModel " in world.apply(inventory()).error


def _without(action: str, policy: Document) -> Document:
    less = [{**each, "Action": [name for name in each["Action"] if name != action]} for each in policy["Statement"]]
    assert less != policy["Statement"]
    return policy | {"Statement": less}


@pytest.mark.parametrize("purpose", ["planning", "reading", "applying"])
def test_nothing_on_the_page_is_lost_where_it_is_narrowed(purpose: str) -> None:
    policy = getattr(shown(), purpose)
    assert narrowed(policy, example()) == policy
