# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generations that no endpoint serves any more: which have served, which are kept for rollback, which are deleted.

A configuration is marked, with a number in the order of serving, when an endpoint that is in service with it is updated
to another one or replaced. A rollback goes only to marked ones. A configuration that a rollback leaves is not marked:
no later rollback may go to it.
"""

from __future__ import annotations

import types
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ..._aws import sagemaker
from ..._aws.client import Api, Result
from ..._aws.sagemaker import SERVICE, Summary
from ..._engine.ownership import (
    GENERATION_OF,
    MOST_TAGS,
    PREFIX,
    Scope,
    Tags,
    as_sent,
    is_of_others,
    owner_of,
    owns_generation,
)
from ..._engine.plan import Effect, Plan, ResourceId, Step
from ..generations import GenerationsByName, LiveGeneration, list_generations
from ..model_removal import possible_users
from .scaling_notes import is_saved_tag
from .stand_in import is_stand_in
from .state import DesiredEndpoint, LiveEndpoint

SERVED = f"{PREFIX}served"


def plans(
    scope: Scope,
    api: Api,
    served: t.Mapping[str, str],
    model_generations: t.Mapping[str, str],
    keep: int,
    planned: t.Mapping[str, Plan] | None = None,
    followed: t.Mapping[str, Plan] = types.MappingProxyType({}),
) -> list[Plan]:
    """The deletions that are due once every endpoint serves its configuration in *served*.

    Of the configurations that have served, the last *keep* are kept; those that have never served are deleted. What an
    endpoint uses, in production, as shadow or in a pending deployment, is never deleted. Neither is a configuration
    with saved scaling, a model that a kept configuration uses, or anything that this deployment does not own. With
    *planned* changes, by endpoint, the state after them counts; without, what AWS says. The plans in *followed*, also
    by endpoint, are carried out before the deletions, and change tags.
    Resources of others are read only if something is to be deleted.
    """
    configs = list_generations(api, served, sagemaker.list_endpoint_configs)
    models = list_generations(api, model_generations, sagemaker.list_models)
    superseded = [
        config
        for generations in _own_beside(scope, api, served, configs, keep, planned or {}, followed).values()
        for config in _superseded(generations, keep)
    ]
    old_models = [
        model
        for generations in _own_beside(scope, api, model_generations, models, keep).values()
        for model in list(generations)[keep:]
    ]
    if not superseded and not old_models:
        return []
    deleted = planned or {}
    endpoints = [each for each in sagemaker.describe_endpoints(api) if each["EndpointName"] not in deleted]
    in_use = {*served.values(), *sagemaker.users_of_configs(endpoints)}
    to_delete = [config for config in superseded if config not in in_use]
    near = [each for generations in configs.values() for each in generations if each.name not in to_delete]
    return [
        *(
            _plan(ResourceId("endpoint configuration", config), "DeleteEndpointConfig", "EndpointConfigName", 1)
            for config in to_delete
        ),
        *(
            _plan(ResourceId("model", model), "DeleteModel", "ModelName", 2)
            for model in _unneeded(api, old_models, near, to_delete, endpoints)
        ),
    ]


def _own_beside(
    scope: Scope,
    api: Api,
    current: t.Mapping[str, str],
    generations_of: GenerationsByName,
    keep: int,
    planned: t.Mapping[str, Plan] = types.MappingProxyType({}),
    followed: t.Mapping[str, Plan] = types.MappingProxyType({}),
) -> dict[str, dict[str, Tags]]:
    """By name, where there are more than *keep* beside the current one, those that are ours, newest first."""
    others = {name: [each for each in generations_of[name] if each.name != in_use] for name, in_use in current.items()}
    made = {name: _made_beside(planned[name], current[name]) for name in planned}
    crowded = {
        name: generations for name, generations in others.items() if len(generations) + len(made.get(name, ())) > keep
    }
    tags = sagemaker.tags_of(api, [each for generations in crowded.values() for each in generations])
    found: dict[str, dict[str, Tags]] = {}
    for name, generations in crowded.items():
        left = made.get(name, {}) | {each.name: tags.get(each.name, {}) for each in generations}
        for plans_of in (planned, followed):
            left = _as_tagged(left, plans_of[name]) if name in plans_of else left
        found[name] = {each: own for each, own in left.items() if owns_generation(scope, name, own)}
    return found


def _made_beside(plan: Plan, current: str) -> dict[str, Tags]:
    """The configurations that a plan makes and that are not served at its end."""
    made = [step.parameters for step in plan.calls if step.operation == "CreateEndpointConfig"]
    names = [parameters["EndpointConfigName"] for parameters in made]
    return {
        name: boto3_tag_list_to_ansible_dict(parameters["Tags"])
        for name, parameters in zip(names, made, strict=True)
        if name != current
    }


def _as_tagged(generations: t.Mapping[str, Tags], plan: Plan) -> dict[str, Tags]:
    """The tags as a plan will have left them."""
    names = {name.lower(): name for name in generations}
    result = dict(generations)
    for step in plan.calls:
        name = names.get(str(step.parameters.get("ResourceArn")).rpartition(":endpoint-config/")[2])
        if name and step.operation == "AddTags":
            result[name] = result[name] | boto3_tag_list_to_ansible_dict(step.parameters["Tags"])
        elif name and step.operation == "DeleteTags":
            result[name] = {key: tag for key, tag in result[name].items() if key not in step.parameters["TagKeys"]}
    return result


def _superseded(generations: t.Mapping[str, Tags], keep: int) -> list[str]:
    """The generations that are not needed for a rollback; one with saved scaling is still needed."""
    order = {each: served_number(tags) for each, tags in generations.items() if not any(map(is_saved_tag, tags))}
    kept = sorted((each for each in order if order[each] is not None), key=lambda each: order[each] or 0, reverse=True)
    return [each for each in order if each not in kept[:keep]]


def _unneeded(
    api: Api,
    models: t.Collection[str],
    near: t.Sequence[Summary],
    to_delete: t.Collection[str],
    endpoints: t.Sequence[Result],
) -> list[str]:
    """The models that no configuration beside those *to_delete* names: first the *near* ones are asked, then all.

    What one of the *endpoints* may serve whose configuration is gone is needed too.
    """
    named = sagemaker.configs_naming_models(api, near) if models else {}
    unnamed = [model for model in models if model not in named]
    if not unnamed:
        return []
    configs = sagemaker.list_endpoint_configs(api)
    named = sagemaker.configs_naming_models(api, [each for each in configs if each.name not in to_delete])
    unnamed = [model for model in unnamed if model not in named]
    found = zip(unnamed, api.all(lambda model: sagemaker.describe_model(api, model), unnamed), strict=True)
    described = {model: description for model, description in found if description}
    possible = possible_users(api, described, endpoints, configs)
    return [model for model in unnamed if model not in possible]


def _plan(resource: ResourceId, operation: str, parameter: str, stage: int) -> Plan:
    """Models go after the configurations that name them."""
    step = Step(sagemaker.SERVICE, operation, {parameter: resource.name}, "superseded")
    return Plan(resource, Effect.DELETE, steps=(step,), notes=("an old generation",), stage=stage)


def served_number(tags: Tags) -> int | None:
    """When a configuration has served, in the order of all of its endpoint; None for one that is not known to have."""
    word = tags.get(SERVED, "")
    return int(word) if word.isdigit() else None


def newest_first(live: LiveEndpoint) -> list[LiveGeneration]:
    """The configurations that have served and do not serve now, latest first."""
    marked = [
        (number, config)
        for config in live.configs.values()
        if config.name != live.config_name and (number := served_number(config.tags)) is not None
    ]
    return [config for _number, config in sorted(marked, key=lambda found: found[0], reverse=True)]


def left_behind(desired: DesiredEndpoint, live: LiveEndpoint) -> LiveGeneration | None:
    """The newest configuration of an endpoint that is not there, unless the endpoint had left it for another one.

    It has the numbers with which an earlier run was to make the endpoint, or make it again, and could not.
    """
    own = [
        config
        for config in live.configs.values()
        if config.created is not None
        and config.tags.get(GENERATION_OF) == desired.name
        and owner_of(config.tags) == owner_of(desired.tags.wanted)
        and not is_stand_in(config)
    ]
    newest = max(own, key=lambda config: (config.created, config.name), default=None)
    return newest if newest is not None and served_number(newest.tags) is None else None


def before_leaving(desired: DesiredEndpoint, live: LiveEndpoint, current: LiveGeneration) -> tuple[Step, ...]:
    """Marks what is served now, before the endpoint leaves it for another configuration."""
    is_its_own = current.tags.get(GENERATION_OF) == desired.name
    is_ours = is_its_own and owner_of(current.tags) == owner_of(desired.tags.wanted)
    if desired.is_rollback or not is_ours or is_stand_in(current) or live.status != "InService":
        return ()
    last = max((served_number(config.tags) or 0 for config in newest_first(live)), default=0)
    own = served_number(current.tags)
    has_room = own is not None or len(current.tags) < MOST_TAGS
    if (own or 0) > last or not has_room:
        return ()
    tags = as_sent(SERVICE, {SERVED: str(last + 1)})
    return (
        Step(
            SERVICE, "AddTags", {"ResourceArn": current.arn, "Tags": tags}, "it has served, so a rollback may go to it"
        ),
    )


def after_going_back(desired: DesiredEndpoint, current: LiveGeneration) -> tuple[Step, ...]:
    """Removes the mark from the configuration that was rolled back."""
    is_shared = is_of_others(current.tags, desired.config_tags.wanted)
    if not desired.is_rollback or is_shared or served_number(current.tags) is None:
        return ()
    parameters = {"ResourceArn": current.arn, "TagKeys": [SERVED]}
    return (Step(SERVICE, "DeleteTags", parameters, "it was rolled back, so no rollback may go to it"),)
