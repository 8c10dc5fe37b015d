# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""One simulator for all tests of a process; every test starts with nothing in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from simulator.client import Simulator
from simulator.freedoms.choices import Freedoms
from simulator.process import running
from simulator.testing import Aws

_DEFAULTS = {
    **dataclasses.asdict(Freedoms()),
    "create_seconds": 60,
    "update_seconds": 60,
    "weights_seconds": 30,
    "rollback_seconds": 30,
    "delete_seconds": 10,
    "tag_delay_seconds": 0,
    "latency_seconds": 0,
    "seed": 0,
}


@pytest.fixture(scope="session")
def _process() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def _clients(_process: Simulator) -> Aws:
    return Aws(_process)


@pytest.fixture
def simulator(_process: Simulator) -> Simulator:
    """Empty, and slow enough that nothing happens unless a test moves the clock."""
    _process.reset()
    _process.configure(**_DEFAULTS)
    return _process


@pytest.fixture
def aws(simulator: Simulator, _clients: Aws) -> Aws:
    return _clients
