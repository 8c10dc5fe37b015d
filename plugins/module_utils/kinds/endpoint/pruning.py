# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generations that nobody serves any more: which are kept for the way back, and which go."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.families import Families, read_families
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Effect, Plan, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import Scope, owns_generation

SERVICE = "sagemaker"


def plans(
    scope: Scope,
    api: Api,
    served: t.Mapping[str, str],
    model_generations: t.Mapping[str, str],
    keep: int,
    *,
    is_foretold: bool,
) -> list[Plan]:
    """The deletions that are due once every endpoint of *served* serves the configuration it names there.

    Nothing goes that an endpoint uses, in production, shadow or a pending deployment, nor a model that a configuration
    which stays still names, nor anything without our tags. Only where this *is_foretold* do the endpoints of *served*
    not count with what they use now; otherwise even they are believed no more than AWS says of them.
    """
    configs = read_families(api, served, sagemaker.list_endpoint_configs)
    models = read_families(api, model_generations, sagemaker.list_models)
    old_configs = superseded(served, configs, keep)
    old_models = superseded(model_generations, models, keep)
    if not old_configs and not old_models:
        return []
    users = sagemaker.users_of_configs(api)
    leaving = set(served) if is_foretold else set()
    in_use = {*served.values(), *(config for config, names in users.items() if names - leaving)}
    unused = {config: name for config, name in old_configs.items() if config not in in_use}
    doomed = _ours(scope, api, unused, sagemaker.describe_endpoint_config)
    staying = {config.name for family in configs.values() for config in family} | in_use
    named = sagemaker.models_of_configs(api, sorted(staying - set(doomed))) if old_models else {}
    needed = {model for models in named.values() for model in models}
    unneeded = {model: name for model, name in old_models.items() if model not in needed}
    return [
        *(_plan("endpoint configuration", "DeleteEndpointConfig", "EndpointConfigName", config) for config in doomed),
        *(
            _plan("model", "DeleteModel", "ModelName", model)
            for model in _ours(scope, api, unneeded, sagemaker.describe_model)
        ),
    ]


def superseded(current: t.Mapping[str, str], families: Families, keep: int) -> dict[str, str]:
    """Old generations and whose they are: all but the current one and the *keep* newest of the others."""
    old: dict[str, str] = {}
    for name, in_use in current.items():
        others = [each.name for each in families[name] if each.name != in_use]
        old |= dict.fromkeys(others[keep:], name)
    return old


def _ours(
    scope: Scope, api: Api, old: t.Mapping[str, str], describe: t.Callable[[Api, str], Result | None]
) -> list[str]:
    """Those of the old generations that are still there and ours."""
    answers = api.all(lambda each: _is_ours(scope, api, old[each], describe(api, each)), list(old))
    return [name for name, is_ours in zip(old, answers, strict=True) if is_ours]


def _is_ours(scope: Scope, api: Api, name: str, description: t.Mapping[str, t.Any] | None) -> bool:
    if description is None:
        return False
    tags = sagemaker.list_tags(api, description.get("EndpointConfigArn") or description["ModelArn"])
    return owns_generation(scope, name, tags)


def _plan(label: str, operation: str, parameter: str, name: str) -> Plan:
    step = Step(SERVICE, operation, {parameter: name}, "superseded")
    return Plan(f"{label} {name}", Effect.DELETE, (), (step,), ("an old generation",))
