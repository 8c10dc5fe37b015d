# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of the export on the simulator: what is exported and applied changes nothing."""

from __future__ import annotations

import collections
import json
import types
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.modules import sagemaker_inference_info
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.inventories import INVENTORIES
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import EVERYTHING
from hypothesis import HealthCheck, Phase, given, settings

from simulator.client import Simulator

from .harness import Ended, Options, World
from .inventories import (
    ERRORS,
    Inventory,
    asynchronous,
    inventory,
    model,
    provisioned,
    scaled,
    serverless,
    variant,
)

ALL_TAGS = {"additional_tags_all": {"stage": "test"}}


def info(world: World, **options: t.Any) -> Options:
    """The result of sagemaker_inference_info, by default of what the deployment of these tests owns."""

    def end(**answer: t.Any) -> t.NoReturn:
        raise Ended(**answer)

    told: list[str] = []
    module = types.SimpleNamespace(
        params={"endpoint_names": None, "deployment": None, "include_environment": True, "parallelism": 1} | options,
        client=lambda service, **_config: world.client(service),
        exit_json=end,
        fail_json=end,
        warn=told.append,
    )
    with pytest.raises(Ended) as ended:
        sagemaker_inference_info.run(t.cast("t.Any", module))
    return json.loads(json.dumps(ended.value.result | {"warnings": told}))


def exported(world: World, **options: t.Any) -> Inventory:
    found = info(world, **options)
    assert found["not_expressed"] == []
    return t.cast("Inventory", found["inventory"])


def assert_changes_nothing(world: World, wanted: Inventory, **options: t.Any) -> None:
    world.simulator.clear_journal()
    for verify in ("tags", "full"):
        foretold = world.apply(wanted, check=True, verify=verify, **options)
        assert not foretold.error
        assert not foretold.changed, foretold.diff
    assert world.simulator.writes() == []


def test_every_key_of_the_schema_is_exported_as_it_was(world: World) -> None:
    assert not world.apply(EVERYTHING).error
    found = exported(world, deployment="default")
    assert_changes_nothing(world, found)
    assert {name: list(part) for name, part in found.items()} == {
        "models": sorted(EVERYTHING["models"]),
        "endpoints": sorted(EVERYTHING["endpoints"]),
        "additional_tags_all": ["stage"],
    }
