# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generations that nobody serves any more: which are kept for the way back, and which go."""

from __future__ import annotations

import math
import typing as t

from ..._aws import sagemaker
from ..._aws.client import Api, Result
from ..._aws.sagemaker import Listed
from ..._engine.ownership import Scope, Tags, owns_generation
from ..._engine.plan import Effect, Plan, Step
from ..families import Families, read_families
from ..lost_configs import may_serve, without_config
from .saved_scaling import is_saved_tag
from .way_back import served_number

SERVICE = "sagemaker"


def plans(
    scope: Scope,
    api: Api,
    served: t.Mapping[str, str],
    model_generations: t.Mapping[str, str],
    keep: int,
    *,
    is_foretold: bool,
    restored: t.Collection[str] = (),
) -> list[Plan]:
    """The deletions that are due once every endpoint of *served* serves the configuration it names there.

    Of the configurations that have served, the last *keep* stay; those that never have, go. Nothing goes that an
    endpoint uses, in production, shadow or a pending deployment, or that carries a note of scaling, nor a model that
    any configuration which stays still names, nor anything that is not ours. Only where this *is_foretold* do the
    endpoints of *served* not count with what they use now; otherwise even they are believed no more than AWS says.
    The notes of the *restored* endpoints will be gone by then.
    Everything that others have is looked at only where something is to go.
    """
    configs = read_families(api, served, sagemaker.list_endpoint_configs)
    models = read_families(api, model_generations, sagemaker.list_models)
    crowded = {
        name: _without_notes(family) if name in restored else family
        for name, family in _crowded(scope, api, served, configs, keep).items()
    }
    crowded = {name: family for name, family in crowded.items() if _superseded(family, (), keep)}
    old_models = [
        model
        for family in _crowded(scope, api, model_generations, models, keep).values()
        for model in list(family)[keep:]
    ]
    if not crowded and not old_models:
        return []
    endpoints = sagemaker.describe_endpoints(api)
    users = sagemaker.users_of_configs(endpoints)
    leaving = set(served) if is_foretold else set()
    in_use = {*served.values(), *(config for config, names in users.items() if names - leaving)}
    staying = [each for each in endpoints if each["EndpointName"] not in leaving]
    left_now = {config for config, names in users.items() if names & leaving}
    doomed = [
        config for family in crowded.values() for config in _superseded(family, left_now, keep) if config not in in_use
    ]
    near = [each for family in configs.values() for each in family if each.name not in doomed]
    return [
        *(
            _plan("endpoint configuration", "DeleteEndpointConfig", "EndpointConfigName", config, 1)
            for config in doomed
        ),
        *(
            _plan("model", "DeleteModel", "ModelName", model, 2)
            for model in _unneeded(api, old_models, near, doomed, staying)
        ),
    ]


def _crowded(
    scope: Scope, api: Api, current: t.Mapping[str, str], families: Families, keep: int
) -> dict[str, dict[str, Tags]]:
    """By family, where there are more than *keep* beside the current one, those that are ours, newest first."""
    others = {name: [each for each in families[name] if each.name != in_use] for name, in_use in current.items()}
    others = {name: family for name, family in others.items() if len(family) > keep}
    tags = sagemaker.tags_of(api, [each for family in others.values() for each in family])
    ours: dict[str, dict[str, Tags]] = {
        name: {each.name: own for each in family if owns_generation(scope, name, own := tags.get(each.name, {}))}
        for name, family in others.items()
    }
    return {name: family for name, family in ours.items() if family}


def _without_notes(family: t.Mapping[str, Tags]) -> dict[str, Tags]:
    return {
        config: {key: value for key, value in tags.items() if not is_saved_tag(key)} for config, tags in family.items()
    }


def _superseded(family: t.Mapping[str, Tags], left_now: t.Collection[str], keep: int) -> list[str]:
    """The configurations beside the one in use that are no way back; *left_now* are those that this run leaves."""
    served = {each: served_number(tags) for each, tags in family.items() if not any(map(is_saved_tag, tags))}
    order = {each: math.inf if each in left_now else number for each, number in served.items()}
    kept = sorted((each for each in order if order[each] is not None), key=lambda each: order[each] or 0, reverse=True)
    return [each for each in order if each not in kept[:keep]]


def _unneeded(
    api: Api,
    models: t.Collection[str],
    near: t.Sequence[Listed],
    doomed: t.Collection[str],
    endpoints: t.Sequence[Result],
) -> list[str]:
    """Those of the models that no configuration names but the *doomed*: first the *near* ones are asked, then all.

    What one of the *endpoints* may serve whose configuration is gone is needed too.
    """
    named = sagemaker.configs_naming_models(api, near) if models else {}
    unnamed = [model for model in models if model not in named]
    if not unnamed:
        return []
    configs = sagemaker.list_endpoint_configs(api)
    named = sagemaker.configs_naming_models(api, [each for each in configs if each.name not in doomed])
    lost = without_config(endpoints, configs, ())
    return [model for model in unnamed if model not in named and not _may_be_served(api, model, lost)]


def _may_be_served(api: Api, model: str, endpoints: t.Sequence[Result]) -> bool:
    found = sagemaker.describe_model(api, model) if endpoints else None
    return found is not None and any(may_serve(endpoint, found) for endpoint in endpoints)


def _plan(label: str, operation: str, parameter: str, name: str, stage: int) -> Plan:
    """Models go after the configurations that name them."""
    step = Step(SERVICE, operation, {parameter: name}, "superseded")
    return Plan(f"{label} {name}", Effect.DELETE, (), (step,), ("an old generation",), stage=stage)
