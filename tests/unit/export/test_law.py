# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of the export: what an inventory makes is exported as an inventory that makes the same."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import canonical
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.exporter import export
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources import (
    alarm,
    model,
    model_requests,
    policies,
    scaling,
    scaling_state,
    scheduled_actions,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import config, kind
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.fleets import fleet_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.inventories import INVENTORIES
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import Inventory
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import KNOWN
from hypothesis import given, settings

Requests = dict[tuple[str, ...], t.Any]


def requests_of(inventory: Inventory) -> Requests:
    """Every request that the inventory makes, in canonical form, with its tags."""
    compiled, scope = compile_inventory(inventory), Scope("default")
    found: Requests = {}
    for options in compiled.models:
        made = model.ModelKind(scope).desired(options, False)
        found["model", made.name] = (
            canonical(model_requests.RULES, model_requests.normalised(made.request)),
            made.tags.wanted,
        )
    for options in compiled.endpoints:
        endpoint = kind.EndpointKind(scope, {}).desired(options, False)
        found["endpoint", endpoint.name] = canonical(config.RULES, endpoint.config), endpoint.config_tags
    for options in compiled.targets:
        target = scaling.ScalingKind(scope).desired(options, False)
        found["target", target.name] = canonical(scaling_state.TARGET_RULES, target.target), target.tags.wanted
        for name, policy in target.policies.items():
            found["policy", target.name, name] = canonical(policies.RULES, policy)
        for name, caller in target.alarms.items():
            found["alarm", name] = canonical(alarm.RULES, caller.request), caller.tags.wanted
        for name, action in target.scheduled_actions.items():
            found["action", target.name, name] = canonical(scheduled_actions.RULES, action)
    for options in compiled.alarms:
        each = alarm.AlarmKind(scope).desired(options, False)
        found["alarm", each.name] = canonical(alarm.RULES, each.request), each.tags.wanted
    return found


def assert_lawful(inventory: Inventory) -> None:
    exported = export(fleet_of(inventory), has_environment=True)
    assert exported.not_expressed == ()
    assert requests_of(exported.inventory) == requests_of(inventory)


@settings(max_examples=300)
@given(INVENTORIES)
def test_an_inventory_survives(inventory: Inventory) -> None:
    assert_lawful(inventory)


def test_every_key_of_the_schema_survives() -> None:
    assert_lawful(KNOWN)


@given(INVENTORIES)
def test_an_export_of_an_export_is_the_same(inventory: Inventory) -> None:
    once = export(fleet_of(inventory), has_environment=True).inventory
    assert export(fleet_of(once), has_environment=True).inventory == once
