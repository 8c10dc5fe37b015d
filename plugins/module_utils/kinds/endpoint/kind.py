# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints, which own their configurations."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import autoscaling, sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed, Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.generations import (
    family_stem,
    generation_name,
    may_be_generation,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds import endpoint_plan
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint_config import (
    CREATE,
    RULES,
    VARIANT_LISTS,
    config_digest,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint_plan import (
    DesiredEndpoint,
    LiveConfig,
    LiveEndpoint,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.scaling import resource_id
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Plan
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.requests import (
    Options,
    options_of,
    request_of,
    sent_members,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import (
    DIGEST,
    GENERATION_OF,
    Scope,
    wanted_tags,
)

SERVICE = "sagemaker"
_UNNAMED = "named-by-its-content"


class EndpointKind:
    """What the runner needs to know of endpoints."""

    services = ("sagemaker", "application-autoscaling")

    def __init__(self, scope: Scope, model_generations: t.Mapping[str, str]) -> None:
        self.scope = scope
        self.model_generations = model_generations

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredEndpoint:
        given = dict(options)
        tags = given.pop("tags", None)
        name = given.pop("endpoint_name")
        request_of(SERVICE, "CreateEndpoint", {"endpoint_name": name, "endpoint_config_name": _UNNAMED}, RULES)
        request = request_of(SERVICE, CREATE, {"endpoint_config_name": _UNNAMED, **given}, RULES, is_for_deletion)
        del request["EndpointConfigName"]
        for variant in (variant for variants in VARIANT_LISTS for variant in request.get(variants, ())):
            if "ModelName" in variant:
                variant["ModelName"] = self.model_generations.get(variant["ModelName"], variant["ModelName"])
        content = config_digest(request)
        return DesiredEndpoint(
            name,
            request,
            content,
            generation_name(name, content),
            wanted_tags(self.scope, tags),
            wanted_tags(self.scope, tags, {DIGEST: content, GENERATION_OF: name}),
            tags is not None,
        )

    def read(self, api: Api, desired: t.Sequence[DesiredEndpoint], is_for_deletion: bool) -> list[t.Any]:
        if is_for_deletion:
            return _read_for_deletion(api, desired)
        try:
            scaled = autoscaling.describe_targets(
                api, [each for item in desired for each in _resource_ids(item.config, item.name)]
            )
        except CallFailed as failure:
            return [failure] * len(desired)
        scaled_ids = {name for name, _dimension in scaled}
        return api.each(lambda item: _read(api, item, scaled_ids), desired)

    def plan(self, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
        return endpoint_plan.plan_present(self.scope, desired, live)

    def plan_absent(self, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
        return endpoint_plan.plan_absent(self.scope, desired, live)

    def result(self, desired: DesiredEndpoint, live: LiveEndpoint, plan: Plan) -> Options:
        description = live.description
        config_name = plan.outcome.get("endpoint_config_name") or description.get("EndpointConfigName")
        return options_of(SERVICE, CREATE, desired.config) | {
            "endpoint_name": desired.name,
            "endpoint_arn": description.get("EndpointArn"),
            "endpoint_status": description.get("EndpointStatus"),
            "endpoint_config_name": config_name,
            "failure_reason": description.get("FailureReason"),
            "tags": live.tags if live.exists else desired.tags,
        }


def _resource_ids(config: Request, name: str) -> list[str]:
    return [
        resource_id(name, variant["VariantName"]) for variants in VARIANT_LISTS for variant in config.get(variants, ())
    ]


def _read(api: Api, desired: DesiredEndpoint, scaled_ids: set[str]) -> LiveEndpoint:
    description = sagemaker.describe_endpoint(api, desired.name) or {}
    names = {desired.config_name}
    tags: dict[str, str] = {}
    if description:
        tags = sagemaker.list_tags(api, description["EndpointArn"])
        pending = description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
        names |= {name for name in (description.get("EndpointConfigName"), pending) if name}
    scaled = frozenset(
        each.rsplit("/", 1)[1] for each in _resource_ids(desired.config, desired.name) if each in scaled_ids
    )
    return LiveEndpoint(description, tags, _read_configs(api, names), scaled)


def _read_configs(api: Api, names: t.Iterable[str]) -> dict[str, LiveConfig]:
    configs = {}
    for name in sorted(names):
        found = sagemaker.describe_endpoint_config(api, name)
        if found is not None:
            configs[name] = _live_config(api, found)
    return configs


def _live_config(api: Api, description: Result) -> LiveConfig:
    arn = description["EndpointConfigArn"]
    request = sent_members(SERVICE, CREATE, description)
    return LiveConfig(description["EndpointConfigName"], arn, request, sagemaker.list_tags(api, arn))


def _read_for_deletion(api: Api, desired: t.Sequence[DesiredEndpoint]) -> list[t.Any]:
    def read(item: DesiredEndpoint) -> LiveEndpoint:
        description = sagemaker.describe_endpoint(api, item.name) or {}
        tags = sagemaker.list_tags(api, description["EndpointArn"]) if description else {}
        listed = sagemaker.list_endpoint_configs(api, family_stem(item.name))
        in_use = description.get("EndpointConfigName")
        family = {name for name in listed if may_be_generation(item.name, name) or name == in_use}
        configs = {
            name: config
            for name, config in _read_configs(api, family).items()
            if name == in_use or config.tags.get(GENERATION_OF) == item.name
        }
        return LiveEndpoint(description, tags, configs)

    found = api.each(read, desired)
    if not any(isinstance(live, LiveEndpoint) and live.configs for live in found):
        return found
    users = sagemaker.users_of_configs(api)
    return [
        live
        if isinstance(live, CallFailed)
        else LiveEndpoint(live.description, live.tags, live.configs, frozenset(), users)
        for live in found
    ]
