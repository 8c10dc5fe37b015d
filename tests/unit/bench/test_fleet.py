# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleets of the benchmark are what it says they are."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.tests.bench import fleet


@pytest.mark.parametrize("size", [1, 10])
def test_a_fleet_is_a_valid_inventory_without_a_warning(size: int) -> None:
    compiled = compile_inventory(fleet.inventory(size), strict=True)
    policies = [policy for target in compiled.targets for policy in target["policies"]]
    parts = (compiled.models, compiled.endpoints, compiled.targets, policies, compiled.alarms)
    assert [len(part) for part in parts] == [size, size, size, 2 * size, 4 * size]
    assert sum(len(part) for part in parts) == fleet.RESOURCES_OF_AN_ENDPOINT * size


def test_another_release_changes_every_model_and_nothing_else() -> None:
    before, after = (compile_inventory(fleet.inventory(3, release), strict=True) for release in (1, 2))
    assert all(old != new for old, new in zip(before.models, after.models, strict=True))
    assert (before.endpoints, before.targets, before.alarms) == (after.endpoints, after.targets, after.alarms)
