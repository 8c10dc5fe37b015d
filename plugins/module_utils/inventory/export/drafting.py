# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory that says what was read, as well as the schema has words for it."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.fleet.state import (
    Endpoint,
    Fleet,
    Resource,
    Scaling,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.export.endpoints import endpoint_tree
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.export.models import (
    key_of,
    model_tree,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.export.requested import (
    requested_config,
    requested_model,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.export.scaling import (
    alarm_tree,
    policy_tree,
    scaling_tree,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.export.scaling import (
    key_of as key_in,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.export.tags import (
    tags_of_all,
    user_tags,
    variant_tags,
    without,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.export.unexpressed import (
    Inexpressible,
    NotExpressed,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.validate import Tree
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.in_place import as_running
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.state import BUSY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.scaling import INSTANCE_COUNT

LEFT_ALONE = "an apply leaves it alone"


class Draft:
    """The inventory of a fleet, where *models* are those to describe, by their keys, and what it leaves out."""

    def __init__(self, fleet: Fleet, models: t.Mapping[str, Resource]) -> None:
        self.left_out: list[NotExpressed] = []
        self._common = tags_of_all(fleet, models.values())
        self._keys = {model.name: key_of(model) for model in fleet.models.values()}
        for name in fleet.absent:
            self._leave_out(f"endpoint {name}", "it does not exist")
        endpoints = {each.name: tree for each in fleet.endpoints if (tree := self._endpoint(each)) is not None}
        self.inventory: Tree = {
            "models": {key: model_tree(requested_model(each), self._own_tags(each)) for key, each in models.items()},
            "endpoints": endpoints,
            **({"additional_tags_all": self._common} if self._common else {}),
        }

    def _own_tags(self, resource: Resource | Endpoint) -> dict[str, str]:
        return without(user_tags(resource.tags), self._common)

    def _leave_out(self, resource: str, reason: str, path: str = "", would_change: bool = False) -> None:
        self.left_out.append(NotExpressed(resource, path, None, would_change, reason))

    def _endpoint(self, endpoint: Endpoint) -> Tree | None:
        resource = f"endpoint {endpoint.name}"
        obstacle = self._obstacle(endpoint)
        if obstacle or endpoint.config is None:
            self._leave_out(resource, obstacle)
            return None
        if reason := _unsettled(endpoint):
            self.left_out.append(NotExpressed(resource, "endpoint_status", endpoint.status, True, reason))
        requested = requested_config(endpoint.config)
        scaled = [scaling.variant_name for scaling in endpoint.scaling]
        running = as_running(requested, endpoint.description, requested, scaled)
        tree = endpoint_tree(running, self._keys, self._own_tags(endpoint))
        self._fill(endpoint, _alarmed_variants(tree))
        return tree

    def _obstacle(self, endpoint: Endpoint) -> str:
        """Why the endpoint cannot be part of the inventory at all."""
        if endpoint.status == "Deleting":
            return "it is being deleted"
        if endpoint.config is None:
            return f"its configuration {endpoint.description.get('EndpointConfigName')} has been deleted"
        if any("ModelName" not in variant for variant in endpoint.variants):
            return "it hosts inference components"
        missing = [name for name in endpoint.model_names if name not in self._keys]
        return f"its model {', '.join(missing)} has been deleted" if missing else ""

    def _fill(self, endpoint: Endpoint, variants: dict[str, Tree]) -> None:
        """Alarms, scaling and tags, into the variants that may have them."""
        for alarm in endpoint.alarms:
            try:
                variant, key = key_in(alarm.name, endpoint.name, variants)
                variants[variant].setdefault("cloudwatch_alarms", {})[key] = alarm_tree(alarm.request)
            except Inexpressible as reason:
                self._leave_out(f"alarm {alarm.name}", f"{reason}; {LEFT_ALONE}")
        for scaling in endpoint.scaling:
            self._fill_scaling(endpoint, scaling, variants.get(scaling.variant_name))
        for name, tags in variant_tags(endpoint).items():
            if tags and (variants.get(name, {}).keys() & {"cloudwatch_alarms", "auto_scaling"}):
                variants[name]["additional_tags"] = tags

    def _fill_scaling(self, endpoint: Endpoint, scaling: Scaling, variant: Tree | None) -> None:
        resource = f"scaling {scaling.target.name}"
        dimension = scaling.target.request["ScalableDimension"]
        if variant is None or dimension != INSTANCE_COUNT:
            self._leave_out(resource, f"the schema has no scaling of {dimension} here; {LEFT_ALONE}")
            return
        for action in scaling.scheduled_actions:
            path = f"scheduled_actions.{action['ScheduledActionName']}"
            self._leave_out(resource, f"the schema has no scheduled actions; {LEFT_ALONE}", path)
        policies: dict[str, Tree] = {}
        for policy in scaling.policies:
            path, is_named_ours = f"policies.{policy['PolicyName']}", False
            try:
                _variant, key = key_in(policy["PolicyName"], endpoint.name, [scaling.variant_name])
                is_named_ours = True
                policies[key] = policy_tree(policy)
            except Inexpressible as reason:
                consequence = "an apply would delete it" if is_named_ours else LEFT_ALONE
                self._leave_out(resource, f"{reason}; {consequence}", path, is_named_ours)
        variant["auto_scaling"] = scaling_tree(scaling.target.request, policies)


def _alarmed_variants(tree: Tree) -> dict[str, Tree]:
    """The variants that may have alarms, by the name that their alarms begin with."""
    if "serverless" in tree:
        variant = tree["serverless"]["variant"]
        return {variant["model_name"]: variant}
    variants: dict[str, Tree] = tree["provisioned"]["production_variants"]
    return variants


def _unsettled(endpoint: Endpoint) -> str:
    """Why the endpoint will not stay as the inventory says."""
    pending = endpoint.description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    if pending not in (None, endpoint.description["EndpointConfigName"]):
        return f"it is on its way to the configuration {pending}; the inventory says what it had"
    is_well = endpoint.status == "InService" or endpoint.status in BUSY
    return "" if is_well else "it does not serve; an apply has to replace it"
