# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever was declared, whatever went wrong, whoever acted meanwhile: no run does harm, and the last one arrives.

`python -m tests.walk` goes further.
"""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import leaves
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_leaves import NOTHING_TO_SET

from tests.walk.aftermaths import aftermaths
from tests.walk.drawing import history
from tests.walk.history import Stride, as_data, as_text, from_data, from_text
from tests.walk.more_keys import DRAWN_OTHERWISE, VALUES
from tests.walk.playing import Player
from tests.walk.shortening import shortened

from .inventories import model, provisioned
from .known_objections import KNOWN
from .refereed import assert_no_objection

KEPT = sorted((Path(__file__).resolve().parents[1] / "walk" / "kept").glob("*.json"))
"""Histories that ended in an objection once."""
HISTORIES = int(os.environ.get("WALK_HISTORIES", "20"))


@pytest.fixture(scope="module")
def player() -> t.Iterator[Player]:
    with pytest.MonkeyPatch.context() as patch:
        yield Player(patch)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_history_that_ended_in_an_objection_once(player: Player, path: Path, request: pytest.FixtureRequest) -> None:
    trouble = player.play(from_text(path.read_text(encoding="utf-8")))
    assert_no_objection(request.node.nodeid.rpartition("/")[2], [str(trouble)] if trouble else [])


@pytest.mark.parametrize("seed", range(1, HISTORIES + 1))
def test_any_history_ends_well(player: Player, seed: int, request: pytest.FixtureRequest) -> None:
    drawn, test = history(seed), request.node.nodeid.rpartition("/")[2]
    trouble = player.play(drawn)
    if trouble and test not in KNOWN:
        short, trouble = shortened(player, drawn, trouble)
        pytest.fail(f"{trouble}\n{as_text(short)}")
    assert_no_objection(test, [str(trouble)] if trouble else [])


AFTERMATHS = list(aftermaths().items())[:: int(os.environ.get("WALK_AFTERMATHS", "401"))]
"""Each so manieth; 1 for all, which takes hours."""


@pytest.mark.parametrize("name", [name for name, _history in AFTERMATHS])
def test_what_a_run_has_left_away_is_named_or_comes_back(player: Player, name: str) -> None:
    assert player.play(dict(AFTERMATHS)[name]) is None


def test_the_end_compares_what_the_models_of_pools_are(player: Player) -> None:
    """Whichever generations they are: an account with a past has others than a fresh one."""
    pools = [{"instance_type": "ml.c5.large", "model_name": "n"}]
    pooled = provisioned(v={"model_name": "m", "instance_pools": pools, "initial_instance_count": 1})
    past, present = ({"models": {"m": model(), "n": model(each)}, "endpoints": {"e": pooled}} for each in (4, 5))
    assert player.play((Stride(past), Stride(present))) is None


def test_every_key_of_the_schema_is_drawn() -> None:
    paths = {path for path, key in leaves(INVENTORY) if key.name not in DRAWN_OTHERWISE}
    assert paths - VALUES.keys() == NOTHING_TO_SET, "everything.yml of the unit tests has a value for each"


def test_a_seed_is_a_history_that_can_be_written_down() -> None:
    drawn = history(7)
    assert drawn == history(7) != history(8)
    assert from_data(as_data(drawn)) == from_text(as_text(drawn)) == drawn
