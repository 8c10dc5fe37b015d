# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generations that nobody serves any more: which are kept for the way back, and which go."""

from __future__ import annotations

import math
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.sagemaker import Listed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.saved_scaling import (
    is_saved_tag,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.way_back import served_number
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

    Of the configurations that have served, the last *keep* stay; those that never have, go. Nothing goes that an
    endpoint uses, in production, shadow or a pending deployment, or that carries a note of scaling, nor a model that a
    configuration which stays still names, nor anything that is not ours. Only where this *is_foretold* do the endpoints
    of *served* not count with what they use now; otherwise even they are believed no more than AWS says of them.
    """
    configs = read_families(api, served, sagemaker.list_endpoint_configs)
    models = read_families(api, model_generations, sagemaker.list_models)
    others = {name: _beside(in_use, configs[name]) for name, in_use in served.items()}
    crowded = {name: family for name, family in others.items() if len(family) > keep}
    old_models = _old_models(model_generations, models, keep)
    if not crowded and not old_models:
        return []
    users = sagemaker.users_of_configs(api)
    leaving = set(served) if is_foretold else set()
    in_use = {*served.values(), *(config for config, names in users.items() if names - leaving)}
    left_now = {config for config, names in users.items() if names & leaving}
    tags = _tags_of(api, [each for family in crowded.values() for each in family])
    doomed = [
        config
        for name, family in crowded.items()
        for config in _superseded(scope, name, [each.name for each in family], tags, left_now, keep)
        if config not in in_use
    ]
    staying = {config.name for family in configs.values() for config in family} | in_use
    named = sagemaker.models_of_configs(api, sorted(staying - set(doomed))) if old_models else {}
    needed = {model for models in named.values() for model in models}
    unneeded = {each.name: (each, name) for each, name in old_models if each.name not in needed}
    tags_of_models = _tags_of(api, [each for each, _name in unneeded.values()])
    return [
        *(_plan("endpoint configuration", "DeleteEndpointConfig", "EndpointConfigName", config) for config in doomed),
        *(
            _plan("model", "DeleteModel", "ModelName", model)
            for model, own in tags_of_models.items()
            if owns_generation(scope, unneeded[model][1], own)
        ),
    ]


def _beside(in_use: str, family: t.Sequence[Listed]) -> list[Listed]:
    return [each for each in family if each.name != in_use]


def _old_models(current: t.Mapping[str, str], families: Families, keep: int) -> list[tuple[Listed, str]]:
    """Old generations and whose they are: all but the current one and the *keep* newest of the others."""
    return [(each, name) for name, in_use in current.items() for each in _beside(in_use, families[name])[keep:]]


def _superseded(
    scope: Scope,
    name: str,
    family: t.Sequence[str],
    tags: t.Mapping[str, t.Mapping[str, str]],
    left_now: t.Collection[str],
    keep: int,
) -> list[str]:
    """The configurations beside the one in use that are no way back; *left_now* are those that this run leaves."""
    ours = [
        each
        for each in family
        if owns_generation(scope, name, tags.get(each, {})) and not any(map(is_saved_tag, tags[each]))
    ]
    served = {each: served_number(tags[each]) for each in ours}
    order = {each: math.inf if each in left_now else number for each, number in served.items()}
    kept = sorted((each for each in ours if order[each] is not None), key=lambda each: order[each] or 0, reverse=True)
    return [each for each in ours if each not in kept[:keep]]


def _tags_of(api: Api, listed: t.Sequence[Listed]) -> dict[str, dict[str, str]]:
    """By name, of those that are still there."""

    def tags_of(each: Listed) -> dict[str, str] | None:
        try:
            return sagemaker.list_tags(api, each.arn)
        except CallFailed as failure:
            if failure.is_missing:
                return None
            raise

    answers = zip(listed, api.all(tags_of, list(listed)), strict=True)
    return {each.name: tags for each, tags in answers if tags is not None}


def _plan(label: str, operation: str, parameter: str, name: str) -> Plan:
    step = Step(SERVICE, operation, {parameter: name}, "superseded")
    return Plan(f"{label} {name}", Effect.DELETE, (), (step,), ("an old generation",))
