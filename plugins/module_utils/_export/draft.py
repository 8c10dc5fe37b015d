# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory for what was read, as far as the schema can express it."""

from __future__ import annotations

import typing as t
from functools import partial

from .._aws.endpoint_descriptions import TRANSITIONAL, variants_of
from .._engine.canonical import Request
from .._engine.ownership import GENERATION_OF, owner_of
from .._inventory.reader import Tree
from .._resources import policy_alarms
from .._resources.alarm import is_composite
from .._resources.endpoint.live_capacity import with_live_capacity
from .._resources.endpoint.protection import is_protected
from .._resources.endpoint.retained_capacity import with_scaled_as
from .._resources.endpoint.state import LiveEndpoint
from .._resources.generations import LiveGeneration
from .._resources.names import INSTANCE_COUNT, PROVISIONED_CONCURRENCY, VariantId, endpoint_of
from .._resources.scaling_state import LiveScaling
from .._resources.scheduled_actions import as_declared
from .alarms import alarm_tree, composite_key, composite_tree
from .endpoints import endpoint_tree
from .fleet import Fleet
from .models import key_of, model_tree
from .omissions import DELETED, SKIPPED, Omission, Unsupported, applied, left_out, skipped_unless_pruned
from .original_request import redeploy_of, requested_config, requested_model
from .scaling import key_of as key_in
from .scaling import policy_key_of, policy_tree, scaling_tree, schedule_key_of, schedule_tree
from .tags import tags_of_all, user_tags, variant_tags, without


class Draft:
    """The inventory of a fleet, where *models* are those to describe, by their keys, and what it leaves out.

    *fates* says what an apply does to the resources that it leaves out.
    """

    def __init__(self, fleet: Fleet, models: t.Mapping[str, LiveGeneration]) -> None:
        self.left_out: list[Omission] = []
        self.fates = _fates(fleet)
        self._common = tags_of_all(fleet, models.values())
        self._keys = {model.name: key_of(model) for model in fleet.models.values()}
        for name in fleet.absent:
            self.left_out.append(Omission(f"endpoint {name}", "", None, False, "it does not exist"))
        for target, words in fleet.missing_scaling.items():
            self.left_out.append(Omission(f"scaling {target}", "", None, True, f"{words}; export again after that"))
        endpoints = {each.name: tree for each in fleet.endpoints if (tree := self._endpoint(each)) is not None}
        self.inventory: Tree = {
            "models": {key: self._model(each) for key, each in models.items()},
            "endpoints": endpoints,
            **({"additional_tags_all": self._common} if self._common else {}),
        }

    def _model(self, model: LiveGeneration) -> Tree:
        return model_tree(requested_model(model), self._own_tags(model), redeploy_of(model))

    def _own_tags(self, resource: LiveGeneration | LiveEndpoint) -> dict[str, str]:
        return without(user_tags(resource.tags), self._common)

    def _endpoint(self, endpoint: LiveEndpoint) -> Tree | None:
        resource = f"endpoint {endpoint.name}"
        obstacle = self._obstacle(endpoint)
        if obstacle or endpoint.config is None:
            self._leave_out(resource, obstacle)
            return None
        if reason := _unsettled(endpoint):
            self.left_out.append(Omission(resource, "endpoint_status", endpoint.status, True, reason))
        requested = requested_config(endpoint.config)
        running = with_scaled_as(with_live_capacity(requested, endpoint.description), requested, endpoint.targets)
        tree = endpoint_tree(
            running,
            self._keys,
            self._own_tags(endpoint),
            deletion_protection=True if is_protected(endpoint.tags) else None,
            redeploy=redeploy_of(endpoint.config),
        )
        self._fill(endpoint, _alarmed_variants(tree))
        self._fill_composites(endpoint, tree)
        return tree

    def _leave_out(self, resource: str, reason: str) -> None:
        self.left_out.append(left_out(resource, reason, self.fates[resource]))

    def _obstacle(self, endpoint: LiveEndpoint) -> str:
        """Why the endpoint cannot be part of the inventory at all."""
        if endpoint.status == "Deleting":
            return "it is being deleted"
        if endpoint.config is None:
            return f"its configuration {endpoint.description.get('EndpointConfigName')} has been deleted"
        if any("ModelName" not in variant for variant in variants_of(endpoint.config.request).values()):
            return "it hosts inference components"
        missing = [name for name in endpoint.model_names if name not in self._keys]
        return f"its model {', '.join(missing)} has been deleted" if missing else ""

    def _fill(self, endpoint: LiveEndpoint, variants: dict[str, Tree]) -> None:
        """Alarms, scaling and tags, into the variants that may have them."""
        callers: set[str] = set()
        for name, target in endpoint.targets.items():
            callers |= self._fill_scaling(endpoint, target, variants.get(name))
        for alarm in endpoint.alarms:
            if is_composite(alarm.request) or alarm.name in callers:
                continue
            try:
                variant, key = key_in(alarm.name, endpoint.name, variants)
                variants[variant].setdefault("cloudwatch_alarms", {})[key] = alarm_tree(alarm.request)
            except Unsupported as reason:
                self._leave_out(f"alarm {alarm.name}", str(reason))
        for name, tags in variant_tags(endpoint).items():
            if tags and (variants.get(name, {}).keys() & {"cloudwatch_alarms", "auto_scaling"}):
                variants[name]["additional_tags"] = tags

    def _fill_composites(self, endpoint: LiveEndpoint, tree: Tree) -> None:
        variants = _alarmed_variants(tree)
        words = {f"{name}/{key}" for name, each in variants.items() for key in each.get("cloudwatch_alarms", ())}
        for alarm in endpoint.alarms:
            if not is_composite(alarm.request):
                continue
            try:
                key = composite_key(alarm.name, endpoint.name)
                tree.setdefault("composite_alarms", {})[key] = composite_tree(alarm.request, words)
            except Unsupported as reason:
                self._leave_out(f"alarm {alarm.name}", str(reason))

    def _fill_scaling(self, endpoint: LiveEndpoint, target: LiveScaling, variant: Tree | None) -> set[str]:
        """The names of the alarms that are declared with the policies that they call."""
        if variant is None or target.dimension != _dimension_of(variant):
            self._leave_out(
                f"scaling {target.name}", f"the schema cannot declare scaling of {target.dimension} for this variant"
            )
            return set()
        of = VariantId(endpoint.name, target.variant_name)
        policies = self._expressed(target, "policies", partial(policy_key_of, of), partial(_policy, target))
        schedules = self._expressed(target, "scheduled_actions", partial(schedule_key_of, of), schedule_tree)
        variant["auto_scaling"] = scaling_tree(as_declared(target), policies, schedules)
        return {of.named(key) for key in policies} & target.alarms.keys()

    def _expressed(
        self, target: LiveScaling, what: str, key_of: t.Callable[[str], str], tree_of: t.Callable[[Request], Tree]
    ) -> dict[str, Tree]:
        """What belongs to the target, by the keys of the schema, as far as the schema can express it."""
        found: dict[str, Tree] = {}
        for name, request in getattr(target, what).items():
            consequence = SKIPPED
            try:
                key = key_of(name)
                consequence = applied("delete it", target.tags)
                found[key] = tree_of(request)
            except Unsupported as reason:
                self.left_out.append(left_out(f"scaling {target.name}", str(reason), consequence, f"{what}.{name}"))
        return found


def _policy(target: LiveScaling, request: Request) -> Tree:
    return policy_tree(request, policy_alarms.comparable(request["PolicyName"], target).request or None)


def _dimension_of(variant: Tree) -> str:
    """What the schema scales of it: of a variant without instances the provisioned concurrency."""
    return INSTANCE_COUNT if "instance_type" in variant or "instance_pools" in variant else PROVISIONED_CONCURRENCY


def _fates(fleet: Fleet) -> dict[str, str]:
    """What an apply does to undeclared resources: it deletes those that the owner of the endpoint owns too."""
    fates = {f"model {key_of(model)}": _fate_of_model(model) for model in fleet.models.values()}
    for endpoint in fleet.endpoints:
        is_going = endpoint.status == "Deleting"
        fates[f"endpoint {endpoint.name}"] = SKIPPED if is_going else skipped_unless_pruned(endpoint.tags)
        owner = owner_of(endpoint.tags)
        owned = {f"scaling {target.name}": target.tags for target in endpoint.targets.values()}
        for alarm in endpoint.alarms:
            owned[f"alarm {alarm.name}"] = alarm.tags if endpoint_of(alarm.name) == endpoint.name else {}
        for resource, tags in owned.items():
            fates[resource] = DELETED if owner is not None and owner_of(tags) == owner else SKIPPED
    return fates


def _fate_of_model(model: LiveGeneration) -> str:
    fate = skipped_unless_pruned(model.tags)
    is_spared = fate == SKIPPED or GENERATION_OF not in model.tags
    return SKIPPED if is_spared else f"{fate} once no endpoint configuration refers to it"


def _alarmed_variants(tree: Tree) -> dict[str, Tree]:
    """The variants that may have alarms, by the name that their alarms begin with."""
    if "serverless" in tree:
        variant = tree["serverless"]["variant"]
        return {variant.get("variant_name") or variant["model_name"]: variant}
    variants: dict[str, Tree] = tree["provisioned"]["production_variants"]
    return variants


def _unsettled(endpoint: LiveEndpoint) -> str:
    """Why the endpoint will not stay as the inventory says."""
    pending = endpoint.description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    if pending not in (None, endpoint.description["EndpointConfigName"]):
        return f"it is being updated to the configuration {pending}; the export shows what it served before"
    is_well = endpoint.status == "InService" or endpoint.status in TRANSITIONAL
    return "" if is_well else "it does not serve; an apply has to replace it"
