# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.client import Simulator
from simulator.process import running

from .harness import World

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
    with running() as simulator:
        yield simulator


@pytest.fixture
def world(server: Simulator, monkeypatch: pytest.MonkeyPatch) -> World:
    server.configure(**TIMES)
    server.reset()
    return World(server, monkeypatch)
