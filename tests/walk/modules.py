# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the modules for one kind of resource, and the rollback of one endpoint."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import (
    ALARM,
    ENDPOINT,
    MODEL,
    TARGET,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import Api
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.kind import Kind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import kept_names
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.rollback import (
    RollbackKind,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind

from tests.scenarios.briefs import declared
from tests.scenarios.harness import Options, Result, World

from .history import MODULE, ROLL_BACK, Stride

_SPELLINGS = {"models": MODEL, "alarms": ALARM, "endpoints": ENDPOINT, "targets": TARGET}


def run(world: World, stride: Stride, plan_result: Result | None, check: bool) -> Result:
    """The result of the act of the stride; *planned* is its result in check mode."""
    planned = plan_result.writes if plan_result else None
    result = ACTS[stride.act](world, stride, check=check, planned=planned)
    return Result(result, warnings=result.get("warnings", []), writes=result.get("planned", []))


def _of_one_kind(world: World, stride: Stride, **more: t.Any) -> Options:
    """The module for the kind that the options name, with what the inventory has of it."""
    options = dict(stride.options)
    plural = options.pop("plural")
    compiled = compile_inventory(stride.wanted)
    items, scope = getattr(compiled, plural), Scope(stride.deployment)
    inventory = declared(compiled) | {"reads_endpoints": bool(items) and plural in ("endpoints", "targets")}
    kind, items = _KINDS[plural](world, scope, items, options.get("state") == "absent")
    return world.run(_SPELLINGS[plural], kind, items, inventory=inventory, **options, **more)


_Items = list[Options]
_Prepared = tuple[Kind[t.Any, t.Any], _Items]
"""What a module runs, and over what."""


def _models(_world: World, scope: Scope, items: _Items, _is_absent: bool) -> _Prepared:
    return ModelKind(scope), items


def _alarms(_world: World, scope: Scope, items: _Items, _is_absent: bool) -> _Prepared:
    return AlarmKind(scope), items


def _endpoints(world: World, scope: Scope, items: _Items, is_absent: bool) -> _Prepared:
    seen = {} if is_absent else kept_names.see(_api(world), items)
    return EndpointKind(scope, {}, seen=seen), kept_names.endpoints_with(kept_names.names_in(seen), items)


def _targets(_world: World, scope: Scope, items: _Items, is_absent: bool) -> _Prepared:
    endpoints = set() if is_absent else {each["endpoint_name"] for each in items}
    return ScalingKind(scope, endpoints_with_notes=endpoints), items


def _api(world: World) -> Api:
    return world.api(lambda text: None)


_KINDS: dict[str, t.Callable[[World, Scope, _Items, bool], _Prepared]] = {
    "models": _models,
    "alarms": _alarms,
    "endpoints": _endpoints,
    "targets": _targets,
}


def _back(world: World, _stride: Stride, **more: t.Any) -> Options:
    kind = RollbackKind(Scope("default"), {})
    return world.run(ENDPOINT, kind, [{"endpoint_name": "e"}], state="rolled_back", **more)


ACTS: dict[str, t.Callable[..., Options]] = {ROLL_BACK: _back, MODULE: _of_one_kind}
