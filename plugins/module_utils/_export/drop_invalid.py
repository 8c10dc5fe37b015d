# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves out of an inventory what the compiler refuses, one resource at a time."""

from __future__ import annotations

import copy
import typing as t

from .._engine.canonical import without
from .._inventory.compiler import compile_inventory
from .._inventory.reader import Tree
from .._resources.names import VariantId
from ..problems import InvalidInput
from .omissions import DELETED, SKIPPED, Omission, left_out


class _Part(t.NamedTuple):
    """Something of an endpoint that it can do without; *path* is where it stands."""

    resource: str
    path: tuple[str, ...]
    value: Tree
    fate: str = SKIPPED


def fitted(inventory: Tree, fates: t.Mapping[str, str]) -> tuple[Tree, list[Omission]]:
    """The inventory without what the compiler refuses, and that; *fates* as in the draft."""
    if not _faults(inventory):
        return inventory, []
    fit: Tree = {**inventory, "models": {}, "endpoints": {}}
    unfit = []
    for key, model in inventory["models"].items():
        if faults := _faults({"models": {key: model}}):
            resource = f"model {key}"
            unfit.append(left_out(resource, faults, fates[resource]))
        else:
            fit["models"][key] = model
    for name, endpoint in inventory["endpoints"].items():
        unfit += list(_fit_endpoint(fit, name, endpoint, fates))
    return fit, unfit


def _fit_endpoint(fit: Tree, name: str, endpoint: Tree, fates: t.Mapping[str, str]) -> t.Iterator[Omission]:
    """Puts the endpoint into *fit*, with those of its parts that the compiler takes."""
    bare, parts = _taken_apart(name, endpoint)
    if faults := _faults({**fit, "endpoints": {name: bare}}):
        resource = f"endpoint {name}"
        yield left_out(resource, faults, fates[resource])
        return
    for part in parts:
        candidate = _with(bare, part)
        if candidate is None:
            continue
        if faults := _faults({**fit, "endpoints": {name: candidate}}):
            yield left_out(part.resource, faults, fates.get(part.resource, part.fate))
        else:
            bare = candidate
    fit["endpoints"][name] = bare


def _taken_apart(name: str, endpoint: Tree) -> tuple[Tree, list[_Part]]:
    bare = copy.deepcopy(endpoint)
    parts: list[_Part] = []
    for path in _variant_paths(endpoint):
        variant = _at(bare, path)
        of_serverless = str(variant.get("variant_name") or variant.get("model_name"))
        of = VariantId(name, of_serverless if path[0] == "serverless" else path[-1])
        scaling = variant.pop("auto_scaling", None)
        if scaling:
            bounds = {**without(("schedules",), scaling), "policies": {}}
            parts.append(_Part(f"scaling {of.resource_id}", (*path, "auto_scaling"), bounds))
            for key, policy in scaling.get("policies", {}).items():
                where = (*path, "auto_scaling", "policies", key)
                parts.append(_Part(f"scaling policy {of.named(key)}", where, policy, DELETED))
            for key, schedule in scaling.get("schedules", {}).items():
                where = (*path, "auto_scaling", "schedules", key)
                parts.append(_Part(f"scheduled action {of.action_named(key)}", where, schedule, DELETED))
        for key, alarm in variant.get("cloudwatch_alarms", {}).items():
            parts.append(_Part(f"alarm {of.named(key)}", (*path, "cloudwatch_alarms", key), alarm))
        if "cloudwatch_alarms" in variant:
            variant["cloudwatch_alarms"] = {}
    return bare, parts


def _variant_paths(endpoint: Tree) -> list[tuple[str, ...]]:
    if "serverless" in endpoint:
        return [("serverless", "variant")]
    return [("provisioned", "production_variants", name) for name in endpoint["provisioned"]["production_variants"]]


def _at(tree: Tree, path: t.Iterable[str]) -> Tree:
    for name in path:
        tree = tree[name]
    return tree


def _with(endpoint: Tree, part: _Part) -> Tree | None:
    """The endpoint with the part, None where that of which it is a part has been left out."""
    result = copy.deepcopy(endpoint)
    try:
        *parents, last = part.path
        _at(result, parents[:-1]).setdefault(parents[-1], {})[last] = part.value
    except KeyError:
        return None
    return result


def _faults(inventory: Tree) -> str:
    """What the compiler says against the inventory, nothing if it takes it."""
    try:
        compile_inventory(inventory)
    except InvalidInput as error:
        return "; ".join(str(problem) for problem in error.problems)
    return ""
