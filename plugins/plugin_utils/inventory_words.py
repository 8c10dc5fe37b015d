# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans in the words of the inventory: the differences between an export of the current and of the future state."""

from __future__ import annotations

import dataclasses
import typing as t

from ..module_utils._aws.endpoint_descriptions import variants_of
from ..module_utils._engine.canonical import Request
from ..module_utils._engine.diff import Difference
from ..module_utils._engine.ownership import is_set_by_user
from ..module_utils._engine.plan import Compared, Plan, ResourceId
from ..module_utils._engine.requests import Options
from ..module_utils._export.endpoints import endpoint_tree
from ..module_utils._inventory.alarm_keys import ALARM_KEYS, COMPOSITE_KEYS
from ..module_utils._inventory.endpoint_keys import ENDPOINT_KEYS
from ..module_utils._inventory.model_keys import MODEL_KEYS
from ..module_utils._inventory.reader import Tree
from ..module_utils._inventory.scaling_keys import POLICY_KEYS, SCHEDULE_KEYS, TARGET_KEYS
from ..module_utils._resources import policy_alarms
from ..module_utils._resources.alarm import is_composite
from ..module_utils._resources.endpoint.config import hosting_kind, sendable
from ..module_utils._resources.generations import may_be_generation
from ..module_utils._resources.names import (
    VariantId,
    action_taken_apart,
    composite_taken_apart,
    taken_apart,
    variant_of,
)
from ..module_utils._resources.target_dependents import POLICIES
from ..module_utils.paths import Path
from .request_trees import CALLER, COMPOSITE, TREES, key_in
from .tree_differences import Changed, TreeDifferences

DETAIL = "request"
_CAPTURE_KEY = ("data_capture_config", "kms_key_id")
"""Of the captured data: without one of its own, that of the endpoint."""
_MADE_TAGS = ("deletion_protection", "redeploy")
"""Keys that become tags."""
_STRUCTURES = {
    "model": MODEL_KEYS,
    "endpoint": ENDPOINT_KEYS,
    "alarm": ALARM_KEYS,
    COMPOSITE: COMPOSITE_KEYS,
    CALLER: ALARM_KEYS,
    "scaling": TARGET_KEYS,
    "scaling policy": POLICY_KEYS,
    "scheduled action": SCHEDULE_KEYS,
}
_DEPENDENTS = {"policies": "scaling policy", "scheduled_actions": "scheduled action"}
_IN_VARIANT = {
    "alarm": ("cloudwatch_alarms",),
    "scaling policy": ("auto_scaling", "policies"),
    CALLER: ("auto_scaling", "policies"),
    "scheduled action": ("auto_scaling", "schedules"),
}
_FOLLOWERS = ("s3_data_type", "s3_uri", "model_data_url", "include_inference_response_in", "kms_key_id")
"""Options that other options beside them decide."""
_NAMING = ("production_variants", "shadow_production_variants")
"""Options behind which the path has a user's name."""
_NAMED_BY_VALUE = ("dimensions", "capture_options")
"""Options behind which it has what an entry is about."""

Trees: t.TypeAlias = tuple[Tree | None, Tree | None]


class InventoryWords:
    """Translates plans to the words of the inventory, relative to the path of each resource.

    *models* are the names of those that are declared, *serverless* those of endpoints. With *is_full*, all that the
    requests differ in follows in AWS's words.
    """

    def __init__(self, models: t.Collection[str], serverless: t.Collection[str], *, is_full: bool = False) -> None:
        self._models = models
        self._serverless = serverless
        self._is_full = is_full

    def of(self, plan: Plan) -> Plan:
        """The plan with other differences, and with the path at which its resource is declared."""
        of_tags = [item for item in plan.differences if item.path[0] in ("tags", *_MADE_TAGS)]
        others = [item for item in plan.differences if item not in of_tags]
        found = [*self._said(plan, others), *(_of_user(item) for item in of_tags if is_set_by_user(item))]
        if self._is_full:
            found += [dataclasses.replace(item, path=(DETAIL, *item.path), is_detail=True) for item in plan.differences]
        place = self._place(ResourceId(_kind(plan), plan.resource.name))
        return dataclasses.replace(plan, differences=tuple(found), path=place)

    def _said(self, plan: Plan, differences: t.Sequence[Difference]) -> t.Iterable[Difference]:
        kind = _kind(plan)
        structure = _STRUCTURES.get(kind)
        if plan.compared is None or structure is None:
            return differences
        changed = _all_changed(kind, plan.compared, differences)
        comparison = TreeDifferences(changed)
        before, after = self._trees(kind, plan.compared)
        found = comparison.between(structure.keys, before, after)
        return [*found, *_unsaid(comparison, plan.compared)] if before and after else found

    def _place(self, resource: ResourceId) -> Path:
        """Where the inventory has the resource, or would have it."""
        kind, name = resource
        if kind in ("model", "endpoint"):
            return f"{kind}s", name
        if kind == COMPOSITE:
            composite = composite_taken_apart(name)
            return ("endpoints", composite[0], "composite_alarms", composite[1]) if composite else ()
        if kind == "scaling":
            return *self._variant(variant_of(name)), "auto_scaling"
        own, inner = (action_taken_apart if kind == "scheduled action" else taken_apart)(name), _IN_VARIANT.get(kind)
        below = ("alarm",) if kind == CALLER else ()
        return (*self._variant(own.of), *inner, own.key, *below) if own and inner else ()

    def _variant(self, variant: VariantId) -> Path:
        if variant.endpoint in self._serverless:
            return "endpoints", variant.endpoint, "serverless", "variant"
        return "endpoints", variant.endpoint, "provisioned", "production_variants", variant.variant

    def _trees(self, kind: str, compared: Compared) -> Trees:
        if kind == "endpoint":
            return self._of_endpoint(compared)
        before, after = _with_same_host(compared) if kind == "model" else compared
        tree = TREES[kind]
        return before and tree(before), after and tree(after)

    def _of_endpoint(self, compared: Compared) -> Trees:
        keys = self._keys(compared)
        before, after = (request and endpoint_tree(sendable(request), keys, {}) for request in compared)
        for group in ("production_variants", "shadow_variants"):
            old, new = (((tree or {}).get("provisioned") or {}).get(group, {}) for tree in (before, after))
            for name in old.keys() & new.keys():
                # By default, a variant has the model of its own name.
                old[name].setdefault("model_name", name)
                new[name].setdefault("model_name", name)
        return before, after

    def _keys(self, compared: Compared) -> dict[str, str]:
        """The declared name of each model; if only the generation changes, the names of the generations."""
        before, after = ({name: each.get("ModelName", "") for name, each in _variants(side)} for side in compared)
        keys = {name: self._key(name) for name in (*before.values(), *after.values())}
        pairs = [(before[name], after[name]) for name in before.keys() & after.keys()]
        for old, new in pairs:
            if old != new and keys[old] == keys[new]:
                keys |= {old: old, new: new}
        return keys

    def _key(self, name: str) -> str:
        return next((each for each in self._models if each == name or may_be_generation(each, name)), name)


def in_inventory_words(
    plans: t.Sequence[Plan], entries: t.Mapping[str, t.Sequence[Options]], *, is_full: bool = False
) -> list[Plan]:
    """The plans of a deployment; *entries* are what it declares, by kind in the plural."""
    models = [each["model_name"] for each in entries["models"]]
    serverless = [each["endpoint_name"] for each in entries["endpoints"] if _has_no_instances(each)]
    serverless += [plan.resource.name for plan in plans if is_serverless(plan)]
    words = InventoryWords(models, set(serverless), is_full=is_full)
    return [words.of(plan) for plan in plans]


def _kind(plan: Plan) -> str:
    """The kind of the resource, as far as it decides about the keys."""
    requests = [request for request in plan.compared or () if request]
    if plan.resource.kind != "alarm" or not requests:
        return plan.resource.kind
    if any(is_composite(request) for request in requests):
        return COMPOSITE
    is_caller = any(policy_alarms.is_caller(plan.resource.name, request) for request in requests)
    return CALLER if is_caller else plan.resource.kind


def _has_no_instances(endpoint: Options) -> bool:
    return any(each.get("serverless_config") for each in endpoint.get("production_variants") or ())


def is_serverless(plan: Plan) -> bool:
    """Whether the plan is of an endpoint without instances."""
    requests = (plan.compared.after or plan.compared.before) if plan.compared else None
    return plan.resource.kind == "endpoint" and bool(requests) and hosting_kind(requests or {}) == "serverless"


def _variants(request: Request | None) -> t.Iterable[tuple[str, Request]]:
    return variants_of(request or {}).items()


def _all_changed(kind: str, compared: Compared, differences: t.Iterable[Difference]) -> list[Changed]:
    changed = [_changed(kind, item) for item in _but_for_new_alarms(kind, compared, differences)]
    if kind == "endpoint" and _only_on_one_side(compared):
        # That a variant has another name, no option says.
        option = ("production_variants", "variant_name")
        changed.append(Changed(ENDPOINT_KEYS.root.operation, option, (), Difference(option, None, None)))
    if kind == "model":
        changed = [dataclasses.replace(each, names=_hosts(compared, each.names)) for each in changed]
    return changed


def _but_for_new_alarms(kind: str, compared: Compared, differences: t.Iterable[Difference]) -> t.Iterator[Difference]:
    """For a policy that gets an alarm, only what the alarm watches, which is part of the expression."""
    before = (compared.before or {}).get(POLICIES, {}) if kind == "scaling" else {}
    bare = {name for name, policy in before.items() if policy_alarms.ALARM not in policy}
    for item in differences:
        is_of_alarm = item.path[0] == "policies" and item.path[2:3] == ("alarm",)
        if not is_of_alarm or item.path[1] not in bare or item.path[3] in ("metric_name", "metrics"):
            yield item


def _hosts(compared: Compared, indexes: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the containers that have these indexes."""
    lists = [request["Containers"] if request else [] for request in compared]
    places = list(map(int, indexes))
    found = [containers[at] for containers in lists for at in places if at < len(containers)]
    return tuple(each.get("ContainerHostname", "") for each in found)


def _only_on_one_side(compared: Compared) -> set[str]:
    """The variants that come or go."""
    before, after = ({name for name, _variant in _variants(side)} for side in compared)
    return before ^ after


def _changed(kind: str, item: Difference) -> Changed:
    path, names, operation = item.path, [], _STRUCTURES[kind].root.operation
    if kind == "scaling" and (dependent := _DEPENDENTS.get(str(path[0]))):
        operation, names, path = _STRUCTURES[dependent].root.operation, [key_in(str(path[1]))], path[2:]
        if path[:1] == ("alarm",):
            operation, path = ALARM_KEYS.root.operation, path[1:]
    option: list[str] = []
    for at, part in enumerate(path):
        above = path[at - 1] if at else ""
        if isinstance(part, int) or above in _NAMING:
            names.append(str(part))
        elif above not in _NAMED_BY_VALUE:
            option.append(part)
    return Changed(operation, tuple(option), tuple(names), item)


def _unsaid(comparison: TreeDifferences, compared: Compared) -> t.Iterator[Difference]:
    """What the inventory cannot express, except what follows from a difference that is shown."""
    said = {each.option[0] for each in comparison.changed if each not in comparison.unsaid}
    whole = _only_on_one_side(compared)
    for each in comparison.unsaid:
        leader = _CAPTURE_KEY[-1] if each.option == _CAPTURE_KEY else each.option[0]
        follows = each.option[-1] in _FOLLOWERS and leader in said
        if each.difference.before != each.difference.after and not follows and not whole.intersection(each.names):
            yield each.difference


def _of_user(item: Difference) -> Difference:
    if item.path[0] in _MADE_TAGS:
        return item
    return dataclasses.replace(item, path=("additional_tags", *item.path[1:]))


def _with_same_host(compared: Compared) -> Compared:
    """[D ContainerDefinition] an only container may have any name."""
    before, after = compared
    if not before or not after or not len(before["Containers"]) == len(after["Containers"]) == 1:
        return compared
    host = {"ContainerHostname": after["Containers"][0].get("ContainerHostname", "")}
    return Compared(before | {"Containers": [before["Containers"][0] | host]}, after)
