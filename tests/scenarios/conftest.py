# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.client import Simulator
from simulator.process import running

from .harness import World
from .refereed import Refereed, RefereedHere, assert_no_objection, sentence

TIMES = {
    "create_seconds": 4,
    "update_seconds": 4,
    "weights_seconds": 2,
    "rollback_seconds": 2,
    "delete_seconds": 2,
    "tag_delay_seconds": 0,
}


@pytest.fixture(scope="session")
def server() -> Iterator[Simulator]:
    """A simulator behind a port, for what makes its own clients."""
    with running() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def here() -> Refereed:
    """A simulator in this process, which is a good deal faster."""
    return RefereedHere()


@pytest.fixture(autouse=True)
def _is_judged(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails too if the referee objects to what it has done on a simulator that many tests share."""
    yield
    objections: list[str] = []
    if "server" in request.fixturenames:
        server: Simulator = request.getfixturevalue("server")
        objections += map(sentence, server.objections())
    if "here" in request.fixturenames and "judged" not in request.fixturenames:
        here: Refereed = request.getfixturevalue("here")
        objections += here.all_objections()
        here.kept.clear()
    assert_no_objection(request.node.nodeid.rpartition("/")[2], objections)


@pytest.fixture
def judged(here: Refereed, request: pytest.FixtureRequest) -> Iterator[Refereed]:
    """The same, empty; a test in which the referee objects fails."""
    here.configure(**TIMES)
    here.start_over()
    yield here
    assert_no_objection(request.node.nodeid.rpartition("/")[2], here.all_objections())


@pytest.fixture
def world(judged: Refereed, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(judged, monkeypatch)
