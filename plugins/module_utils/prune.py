# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deployment owns and declares no more: whole endpoints, configurations and models, with what hangs on them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import (
    autoscaling,
    cloudwatch,
    sagemaker,
    tagging,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.sagemaker import Listed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.families import families_in
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.requests import Options
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import GENERATION_OF, Scope, owns


@dataclass(frozen=True)
class Undeclared:
    """Options of the modules that delete what was found, one entry per resource, and what has to stay."""

    endpoints: list[Options]
    existing: list[str]
    """Those of the endpoints that are there; of the others only configurations are left."""
    models: list[Options]
    targets: list[Options]
    alarms: list[Options]
    kept: dict[str, list[str]] = field(default_factory=dict)
    """Models that endpoints of others use, and those endpoints."""


def find_undeclared(
    scope: Scope, api: Api, endpoint_names: t.Collection[str], model_names: t.Collection[str]
) -> Undeclared:
    """Everything of the deployment that is neither one of these endpoints and models nor a generation of them."""
    existing = _owned(scope, api, [each for each in sagemaker.list_endpoints(api) if each.name not in endpoint_names])
    configs = _owned(scope, api, _beside(sagemaker.list_endpoint_configs(api), endpoint_names))
    models = _owned(scope, api, _beside(sagemaker.list_models(api), model_names))
    endpoints = sorted({*existing, *_families(configs)} - set(endpoint_names))
    used = _used_by_others(api, models, set(existing)) if models else {}
    return Undeclared(
        [{"endpoint_name": name} for name in endpoints],
        sorted(existing),
        [{"model_name": name} for name in sorted(_families(models) - set(model_names) - used.keys())],
        _targets(api, set(existing)) if existing else [],
        [{"alarm_name": name} for name in cloudwatch.alarms_of_endpoints(api, endpoints)],
        used,
    )


def _beside(listed: t.Sequence[Listed], names: t.Collection[str]) -> list[Listed]:
    """What does not even look like one of *names* or a generation of it."""
    declared = {each.name for family in families_in(listed, names).values() for each in family}
    return [each for each in listed if each.name not in declared]


def _owned(scope: Scope, api: Api, listed: t.Sequence[Listed]) -> dict[str, dict[str, str]]:
    """The tags, by name, of those that are the deployment's; what the index has not seen is asked itself."""
    swept = tagging.sweep(api, [each.arn for each in listed]) if scope.trusts_tags else {}
    unseen = [each.arn for each in listed if each.arn not in swept]
    for arn, tags in zip(unseen, api.each(lambda arn: sagemaker.list_tags(api, arn), unseen), strict=True):
        if isinstance(tags, CallFailed):
            if not tags.is_missing:
                raise tags
        else:
            swept[arn] = tags
    tags_of = {each.name: swept.get(each.arn, {}) for each in listed}
    return {name: tags for name, tags in tags_of.items() if owns(scope, tags)}


def _families(owned: t.Mapping[str, t.Mapping[str, str]]) -> set[str]:
    """Whose generations these are."""
    return {tags.get(GENERATION_OF, name) for name, tags in owned.items()}


def _used_by_others(
    api: Api, models: t.Mapping[str, t.Mapping[str, str]], leaving: t.Collection[str]
) -> dict[str, list[str]]:
    used: dict[str, list[str]] = {}
    users = sagemaker.users_of_models(api)
    for name, tags in models.items():
        others = users.get(name, set()) - set(leaving)
        if others:
            used[tags.get(GENERATION_OF, name)] = sorted(others)
    return used


def _targets(api: Api, endpoints: t.Collection[str]) -> list[Options]:
    found = []
    for target in autoscaling.list_targets(api):
        kind, endpoint, *rest = target["ResourceId"].split("/")
        if kind == "endpoint" and endpoint in endpoints:
            dimension = target["ScalableDimension"]
            found.append({"endpoint_name": endpoint, "variant_name": rest[-1], "scalable_dimension": dimension})
    return found
