# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of the fault matrix, and that its page is whole; `python -m tools.fault_matrix --whole` plays all of it."""

from __future__ import annotations

import ast
import os
import typing as t
from pathlib import Path

import pytest
from botocore.session import Session

from tools.fault_matrix import PAGE, SIGNS, WALKS, label, rows_of, seen_faults

from .fault_kinds import KINDS, is_read
from .fault_matrix import Track, cells, new_world, play, tracks
from .harness import World
from .refereed import Refereed
from .seen_faults import SEEN, SeenFault

SERVICES = ("sagemaker", "application-autoscaling", "cloudwatch", "resourcegroupstaggingapi")
TESTS = Path(__file__).resolve().parents[1]
PLUGINS = TESTS.parent / "plugins"
EVERY = int(os.environ.get("FAULT_MATRIX_EVERY", "11"))
"""Each how manieth cell is played; 1 for all."""


@pytest.fixture(scope="module")
def known(here: Refereed) -> t.Iterator[list[Track]]:
    with pytest.MonkeyPatch.context() as patch:
        yield tracks(new_world(here, patch))


def test_the_page_has_a_row_for_each_operation_and_a_column_for_each_fault(known: list[Track]) -> None:
    seen = {call for track in known for call in track.calls}
    assert set(rows_of(PAGE.read_text(encoding="utf-8"))) == {label(call, kind) for call in seen for kind in KINDS}


def test_the_page_ends_with_the_faults_that_were_seen_and_the_histories_by_chance() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(seen_faults() + WALKS)


@pytest.mark.parametrize("fault", SEEN, ids=lambda fault: fault.was)
def test_each_fault_that_was_seen_has_its_tests(fault: SeenFault) -> None:
    for test in fault.tests:
        path, _colons, name = test.partition("::")
        name, _bracket, case = name.removesuffix("]").partition("[")
        text = (TESTS / path).read_text(encoding="utf-8")
        assert f"def {name}(" in text, test
        assert f'"{case}"' in text or not case, test


def test_the_journeys_make_every_call_that_the_source_names(known: list[Track]) -> None:
    session = Session()
    operations = {name for each in SERVICES for name in session.get_service_model(each).operation_names}
    texts = {
        node.value
        for path in PLUGINS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert texts & operations == {operation for track in known for _service, operation in track.calls}


def test_cells_end_as_the_page_says(world: World, known: list[Track]) -> None:
    result = rows_of(PAGE.read_text(encoding="utf-8"))
    undisturbed = {track.journey.name: track for track in known}
    for cell in cells(known, is_whole=False)[::EVERY]:
        outcome = play(world, cell, undisturbed[cell.journey.name])
        assert SIGNS[outcome] in result[label(cell.call, cell.kind)].split(" / "), str(cell)


def test_a_denied_read_is_never_taken_for_absence(world: World, known: list[Track]) -> None:
    """On an account in which there is nothing to do, nothing is done."""
    (deploy,) = (track.journey for track in known if track.journey.name == "deploy")
    deploy.prepare(world)
    assert not deploy.act(world).error
    world.simulator.clear_journal()
    deploy.again(world)
    reads = {(each["service"], each["operation"]) for each in world.simulator.journal()}
    assert all(map(is_read, reads))
    for service, operation in sorted(reads):
        world.simulator.clear_journal()
        world.simulator.fault("access_denied", service=service, operation=operation, count=None)
        result = deploy.again(world)
        assert result.error or result.warnings, operation
        assert not result.changed
        assert world.simulator.writes() == []
        world.simulator.clear_faults()
