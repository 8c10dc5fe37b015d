# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of endpoints."""

from __future__ import annotations

import dataclasses
import types
import typing as t

from ..._aws import autoscaling, cloudwatch, sagemaker
from ..._aws.client import Api, CallFailed, Result
from ..._aws.sagemaker import Summary
from ..._engine.ownership import GENERATION_OF, Scope
from ..._engine.requests import sent_members
from ..generations import generation_prefix, list_generations, may_be_generation
from ..names import VariantId
from .config import CREATE
from .fast_path import read_unchanged
from .live_capacity import variants_of
from .saved_scaling import SavedTarget
from .state import DesiredEndpoint, LiveConfig, LiveEndpoint
from .suspended_scaling import blocking_targets, notes_of
from .undeclared import undeclared_targets

Live: t.TypeAlias = "LiveEndpoint | CallFailed"


def read_endpoints(
    scope: Scope,
    api: Api,
    desired: t.Sequence[DesiredEndpoint],
    expected_models: t.Collection[str],
    seen: t.Mapping[str, Result | CallFailed] = types.MappingProxyType({}),
) -> list[Live]:
    """Each endpoint with the configurations and the scaling that decide what happens to it.

    *expected_models* exist, or will by the time they are needed; what has been *seen* just now is not asked for again.
    """
    descriptions = api.each(
        lambda item: sagemaker.describe_endpoint(api, item.name), desired, lambda item: seen.get(item.name)
    )
    described = list(zip(desired, descriptions, strict=True))
    generations_of = list_generations(api, [item.name for item in desired], sagemaker.list_endpoint_configs)
    targets = _read_targets(api, [found for found in descriptions if isinstance(found, dict)])
    settled = read_unchanged(scope, api, described, generations_of, targets)

    def read(pair: tuple[DesiredEndpoint, Result | CallFailed | None]) -> LiveEndpoint:
        return _read(api, *pair, generations_of[pair[0].name])

    found = [
        live if isinstance(live, CallFailed) else dataclasses.replace(live, targets=targets.get(item.name, {}))
        for item, live in zip(desired, api.each(read, described, lambda pair: settled.get(pair[0].name)), strict=True)
    ]
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
        needed = {name: _read_details(api, staying[name]) for name in _to_be_saved(item, live)}
        return dataclasses.replace(
            live,
            targets={**staying, **needed},
            missing_models=tuple(name for name in _models_of(live) if name in missing),
            undeclared_targets=leaving,
        )

    return api.each(detailed, list(zip(desired, found, strict=True)))


def _to_be_saved(desired: DesiredEndpoint, live: LiveEndpoint) -> set[str]:
    """The scaled variants whose policies and scheduled actions matter: the run may take them away, or put some back."""
    if live.exists and (desired.may_be_replaced or live.status == "Failed") and not live.is_proven:
        return set(live.targets)
    noted = {target.variant_name for _config, note in notes_of(live) for target in note.targets}
    return {target.variant_name for target in blocking_targets(desired, live)} | (noted & live.targets.keys())


def _models_of(live: LiveEndpoint) -> list[str]:
    current = live.configs.get(live.config_name) if live.exists else None
    variants = variants_of(current.request).values() if current else ()
    return [variant["ModelName"] for variant in variants if "ModelName" in variant]


def read_for_deletion(api: Api, desired: t.Sequence[DesiredEndpoint]) -> list[Live]:
    """Each endpoint with all generations of its configuration, and with who else uses those."""
    found = api.each(lambda item: read_whole(api, item.name), desired)
    if not any(isinstance(live, LiveEndpoint) and live.configs for live in found):
        return found
    users = sagemaker.users_of_configs(sagemaker.describe_endpoints(api))
    return [live if isinstance(live, CallFailed) else dataclasses.replace(live, config_users=users) for live in found]


def _read(
    api: Api, desired: DesiredEndpoint, description: Result | CallFailed | None, generations: t.Sequence[Summary]
) -> LiveEndpoint:
    """With all generations: any of them may carry a note of scaling, or tell what has served before."""
    if isinstance(description, CallFailed):
        raise description
    names = {desired.config_name, *(each.name for each in generations)}
    if not description:
        return LiveEndpoint({}, {}, _own(desired.name, (desired.config_name,), _read_configs(api, names)))
    pending = description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    in_use = {name for name in (description.get("EndpointConfigName"), pending) if name}
    configs = _own(desired.name, (desired.config_name, *in_use), _read_configs(api, names | in_use))
    return LiveEndpoint(description, sagemaker.list_tags(api, description["EndpointArn"]), configs)


def _own(name: str, others: t.Collection[str], configs: t.Mapping[str, LiveConfig]) -> dict[str, LiveConfig]:
    """The generations of an endpoint's configuration, and *others*; what is only named like them is not."""
    return {
        config.name: config
        for config in configs.values()
        if config.name in others or config.tags.get(GENERATION_OF) == name
    }


def read_whole(api: Api, name: str) -> LiveEndpoint:
    """An endpoint with all generations of its configuration."""
    description = sagemaker.describe_endpoint(api, name) or {}
    tags = sagemaker.list_tags(api, description["EndpointArn"]) if description else {}
    listed = sagemaker.list_endpoint_configs(api, generation_prefix(name))
    in_use = str(description.get("EndpointConfigName"))
    generations = {each.name for each in listed if each.name in (in_use, name) or may_be_generation(name, each.name)}
    return LiveEndpoint(description, tags, _own(name, (in_use,), _read_configs(api, generations)))


def _read_configs(api: Api, names: t.Iterable[str]) -> dict[str, LiveConfig]:
    configs = {}
    for name in sorted(names):
        found = sagemaker.describe_endpoint_config(api, name)
        if found is not None:
            request = sent_members(sagemaker.SERVICE, CREATE, found)
            arn = found["EndpointConfigArn"]
            configs[name] = LiveConfig(name, arn, request, sagemaker.list_tags(api, arn))
    return configs


def _read_targets(api: Api, descriptions: t.Sequence[Result]) -> dict[str, dict[str, SavedTarget]]:
    """The scalable targets of these endpoints' variants, by endpoint and variant, read for all of them together."""
    owners = {
        VariantId(description["EndpointName"], variant).resource_id: (description["EndpointName"], variant)
        for description in descriptions
        for variant in variants_of(description)
    }
    found: dict[str, dict[str, SavedTarget]] = {}
    for (resource, _dimension), target in autoscaling.describe_targets(api, list(owners)).items():
        endpoint, variant = owners[resource]
        request = sent_members(autoscaling.SERVICE, "RegisterScalableTarget", target)
        # [D] RoleARN is ignored and reads back as the service-linked role.
        request.pop("RoleARN", None)
        found.setdefault(endpoint, {})[variant] = SavedTarget(variant, target["ScalableTargetARN"], request)
    return found


def _read_details(api: Api, target: SavedTarget) -> SavedTarget:
    key = (target.target["ResourceId"], target.target["ScalableDimension"])
    policies = autoscaling.describe_policies(api, [key])[key]
    actions = autoscaling.describe_scheduled_actions(api, *key)
    steps = [policy for policy in policies if policy["PolicyType"] == "StepScaling"]
    called = [policy for policy in steps if cloudwatch.alarms_calling(api, policy["PolicyARN"])]
    return dataclasses.replace(
        target,
        policies=tuple(sent_members(autoscaling.SERVICE, "PutScalingPolicy", policy) for policy in policies),
        scheduled_actions=tuple(sent_members(autoscaling.SERVICE, "PutScheduledAction", action) for action in actions),
        tags=autoscaling.list_tags(api, target.arn),
        called=tuple((policy["PolicyName"], policy["PolicyARN"]) for policy in called),
    )
