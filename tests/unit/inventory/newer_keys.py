# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of an inventory is newer than the installed botocore, judged by its version alone."""

from __future__ import annotations

import copy
import typing as t

import botocore
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import Key
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.signals import SIGNALS, SINCE
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import Inventory, refused


def is_newer(version: str) -> bool:
    """Whether the version is newer than the installed one."""
    wanted, installed = (tuple(map(int, each.split("."))) for each in (version, botocore.__version__))
    return wanted > installed


def refusals(inventory: Inventory) -> list[str]:
    """The problems that the inventory has with this botocore, in its order; none with the newest."""
    return [problem for problem, _holder, _name in _too_new(INVENTORY, inventory, "")]


def without_newer(inventory: Inventory) -> Inventory:
    """The inventory without what is too new, and without what is nothing without that: alarms and endpoints."""
    left = copy.deepcopy(inventory)
    for _problem, holder, name in list(_too_new(INVENTORY, left, "")):
        holder.pop(name, None)
    for name, endpoint in list(left["endpoints"].items()):
        if refused({**left, "endpoints": {name: endpoint}}):
            del left["endpoints"][name]
    return left


def _too_new(key: Key, value: t.Any, path: str) -> t.Iterator[tuple[str, t.Any, str]]:
    """Each problem, with a map and the name in it that has to go."""
    for name, given in _items(value):
        child = key.by_name.get(name)
        where = f"{path}.{name}".lstrip(".")
        if child is None or given is None:
            continue
        if child.since and is_newer(child.since):
            yield _needs(where, "", child.since), value, name
        elif name == "cloudwatch_alarms":
            yield from _alarms(child, given, where)
        elif child.kind == "map of objects":
            for one, inner in _items(given):
                yield from _too_new(child, inner, f"{where}.{one}")
        elif child.keys:
            yield from _too_new(child, given, where)


def _alarms(key: Key, alarms: Inventory, path: str) -> t.Iterator[tuple[str, t.Any, str]]:
    for name, alarm in _items(alarms):
        found = [problem for problem, _holder, _key in _too_new(key, alarm, f"{path}.{name}")]
        expression = str(dict(_items(alarm)).get("expression"))
        if expression.partition(" ")[0] in SIGNALS and is_newer(SINCE):
            found.insert(0, _needs(f"{path}.{name}.expression", f"'{expression}' ", SINCE))
        yield from ((problem, alarms, name) for problem in found)


def _items(value: object) -> list[tuple[t.Any, t.Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _needs(path: str, what: str, version: str) -> str:
    return f"{path}: {what}needs botocore {version} or later; {botocore.__version__} is installed"
