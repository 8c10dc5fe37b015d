# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t
from pathlib import Path

import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import Key, leaves
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import refused
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.newer_keys import refusals, without_newer
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_leaves import NOTHING_TO_SET

EVERYTHING: dict[str, t.Any] = yaml.safe_load(Path(__file__).with_name("everything.yml").read_text())
KNOWN = without_newer(EVERYTHING)
"""Of everything, what the installed botocore knows."""


def written(key: Key, value: dict[str, t.Any], path: str = "") -> t.Iterator[str]:
    for child in key.keys:
        if child.name not in value:
            continue
        here = f"{path}.{child.name}".lstrip(".")
        if not child.keys:
            yield here
        elif child.kind == "object":
            yield from written(child, value[child.name], here)
        else:
            for inner in value[child.name].values():
                yield from written(child, inner, f"{here}.*")


def test_it_has_every_leaf() -> None:
    assert set(written(INVENTORY, EVERYTHING)) | NOTHING_TO_SET == {leaf for leaf, _key in leaves(INVENTORY)}


def test_it_compiles_without_a_warning() -> None:
    compiled = compile_inventory(KNOWN, strict=True)
    assert {options["endpoint_name"] for options in compiled.endpoints} == set(KNOWN["endpoints"])
    if KNOWN == EVERYTHING:
        assert [len(part) for part in (compiled.models, compiled.endpoints, compiled.alarms, compiled.targets)] == [
            4,
            7,
            13,
            3,
        ]


def test_an_old_botocore_is_set_of_each_key_that_it_lacks() -> None:
    """With the newest there is none."""
    assert refused(EVERYTHING) == refusals(EVERYTHING)
    assert len(KNOWN["endpoints"]) >= 5
