# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of endpoints."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import autoscaling, sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed, Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.generations import (
    family_stem,
    may_be_generation,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.config import CREATE
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.in_place import variants_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.saved_scaling import SavedTarget
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.settled import read_settled
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.standing_aside import (
    targets_in_the_way,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.state import (
    DesiredEndpoint,
    LiveConfig,
    LiveEndpoint,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.undeclared import (
    undeclared_targets,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.scaling import resource_id
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.requests import sent_members
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import GENERATION_OF, Scope

Live: t.TypeAlias = "LiveEndpoint | CallFailed"


def read_endpoints(
    scope: Scope, api: Api, desired: t.Sequence[DesiredEndpoint], expected_models: t.Collection[str]
) -> list[Live]:
    """Each endpoint with the configurations and the scaling that decide what happens to it.

    *expected_models* exist, or will by the time they are needed.
    """
    descriptions = api.each(lambda item: sagemaker.describe_endpoint(api, item.name), desired)
    described = list(zip(desired, descriptions, strict=True))
    settled = read_settled(scope, api, described)
    read = api.each(lambda pair: _read(api, *pair), described, lambda pair: settled.get(pair[0].name))
    found = _with_targets(api, read)
    doubtful = {name for live in found if isinstance(live, LiveEndpoint) for name in _models_of(live)}
    doubtful -= set(expected_models)
    missing = doubtful - {each.name for each in (sagemaker.list_models(api) if doubtful else ())}

    def detailed(pair: tuple[DesiredEndpoint, Live]) -> Live:
        item, live = pair
        if isinstance(live, CallFailed):
            return live
        leaving = undeclared_targets(scope, api, item, live)
        staying = {name: target for name, target in live.targets.items() if name not in leaving}
        live = dataclasses.replace(live, targets=staying)
        aside = {target.variant_name: _read_details(api, target) for target in targets_in_the_way(item, live)}
        return dataclasses.replace(
            live,
            targets={**staying, **aside},
            missing_models=tuple(name for name in _models_of(live) if name in missing),
            undeclared_targets=leaving,
        )

    return api.each(detailed, list(zip(desired, found, strict=True)))


def _models_of(live: LiveEndpoint) -> list[str]:
    current = live.configs.get(live.config_name) if live.exists else None
    variants = variants_of(current.request).values() if current else ()
    return [variant["ModelName"] for variant in variants if "ModelName" in variant]


def read_for_deletion(api: Api, desired: t.Sequence[DesiredEndpoint]) -> list[Live]:
    """Each endpoint with all generations of its configuration, and with who else uses those."""
    found = api.each(lambda item: read_whole(api, item.name), desired)
    if not any(isinstance(live, LiveEndpoint) and live.configs for live in found):
        return found
    users = sagemaker.users_of_configs(api)
    return [live if isinstance(live, CallFailed) else dataclasses.replace(live, config_users=users) for live in found]


def _read(api: Api, desired: DesiredEndpoint, description: Result | CallFailed | None) -> LiveEndpoint:
    if isinstance(description, CallFailed):
        raise description
    names = {desired.config_name}
    if not description:
        return LiveEndpoint({}, {}, _read_configs(api, names))
    pending = description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    names |= {name for name in (description.get("EndpointConfigName"), pending) if name}
    if description.get("FailureReason"):
        # What was rolled back may have left a note of scaling on a configuration that nothing else leads to.
        listed = sagemaker.list_endpoint_configs(api, family_stem(desired.name))
        names |= {each.name for each in listed if may_be_generation(desired.name, each.name)}
    tags = sagemaker.list_tags(api, description["EndpointArn"])
    return LiveEndpoint(description, tags, _read_configs(api, names))


def read_whole(api: Api, name: str) -> LiveEndpoint:
    """An endpoint with all generations of its configuration."""
    description = sagemaker.describe_endpoint(api, name) or {}
    tags = sagemaker.list_tags(api, description["EndpointArn"]) if description else {}
    listed = sagemaker.list_endpoint_configs(api, family_stem(name))
    in_use = description.get("EndpointConfigName")
    family = {each.name for each in listed if each.name in (in_use, name) or may_be_generation(name, each.name)}
    configs = {
        config.name: config
        for config in _read_configs(api, family).values()
        if config.name == in_use or config.tags.get(GENERATION_OF) == name
    }
    return LiveEndpoint(description, tags, configs)


def _read_configs(api: Api, names: t.Iterable[str]) -> dict[str, LiveConfig]:
    configs = {}
    for name in sorted(names):
        found = sagemaker.describe_endpoint_config(api, name)
        if found is not None:
            request = sent_members("sagemaker", CREATE, found)
            arn = found["EndpointConfigArn"]
            configs[name] = LiveConfig(name, arn, request, sagemaker.list_tags(api, arn))
    return configs


def _with_targets(api: Api, found: list[Live]) -> list[Live]:
    """The endpoints with their scalable targets, read for all of them together."""
    owners = {
        resource_id(live.description["EndpointName"], variant): (position, variant)
        for position, live in enumerate(found)
        if isinstance(live, LiveEndpoint) and live.exists
        for variant in variants_of(live.description)
    }
    targets = autoscaling.describe_targets(api, list(owners))
    by_endpoint: dict[int, dict[str, SavedTarget]] = {}
    for (resource, _dimension), target in targets.items():
        position, variant = owners[resource]
        request = sent_members(autoscaling.SERVICE, "RegisterScalableTarget", target)
        # [D] RoleARN is ignored and reads back as the service-linked role.
        request.pop("RoleARN", None)
        by_endpoint.setdefault(position, {})[variant] = SavedTarget(variant, target["ScalableTargetARN"], request)
    return [
        live if isinstance(live, CallFailed) else dataclasses.replace(live, targets=by_endpoint.get(position, {}))
        for position, live in enumerate(found)
    ]


def _read_details(api: Api, target: SavedTarget) -> SavedTarget:
    key = (target.target["ResourceId"], target.target["ScalableDimension"])
    policies = autoscaling.describe_policies(api, [key])[key]
    actions = autoscaling.describe_scheduled_actions(api, *key)
    return dataclasses.replace(
        target,
        policies=tuple(sent_members(autoscaling.SERVICE, "PutScalingPolicy", policy) for policy in policies),
        scheduled_actions=tuple(sent_members(autoscaling.SERVICE, "PutScheduledAction", action) for action in actions),
        tags=autoscaling.list_tags(api, target.arn),
    )
