# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of endpoints.

Of those that are to be deleted, only names and tags, which say who owns them, and no content.
"""

from __future__ import annotations

import dataclasses
import types
import typing as t

from ..._aws import autoscaling, cloudwatch, sagemaker
from ..._aws.client import FEW, Api, CallFailed, Result
from ..._aws.endpoint_descriptions import variants_of
from ..._aws.sagemaker import Summary
from ..._engine.ownership import GENERATION_OF, Scope
from ..._engine.plan import Made
from ..generations import (
    LiveGeneration,
    generation_prefix,
    generations_in,
    list_generations,
    may_be_generation,
    read_config,
)
from ..scaling_state import LiveScaling, read_targets
from .fast_path import read_unchanged
from .state import DesiredEndpoint, LiveEndpoint
from .suspended_scaling import blocking_targets, notes_of
from .undeclared import undeclared_targets

Live: t.TypeAlias = "LiveEndpoint | CallFailed"


def read_endpoints(
    scope: Scope,
    api: Api,
    desired: t.Sequence[DesiredEndpoint],
    expected_models: t.Collection[str],
    seen: t.Mapping[str, Result | CallFailed] = types.MappingProxyType({}),
    made: t.Sequence[Made] = (),
) -> list[Live]:
    """Each endpoint with the configurations and the scaling that decide what happens to it.

    *expected_models* exist, or will by the time they are needed; what has been *seen* just now is not asked for again,
    nor is what is known of what this run has just *made*.
    """
    at_the_end = {each.description["EndpointName"]: dict(each.description) for each in made if each.description}
    known = {**seen, **at_the_end}
    descriptions = api.each(
        lambda item: sagemaker.describe_endpoint(api, item.name), desired, lambda item: known.get(item.name)
    )
    described = list(zip(desired, descriptions, strict=True))
    generations_of = list_generations(api, [item.name for item in desired], sagemaker.list_endpoint_configs)
    existing = [found for found in descriptions if isinstance(found, dict)]
    targets = read_targets(api, {found["EndpointName"]: variants_of(found) for found in existing})
    unchanged = read_unchanged(scope, api, described, generations_of, targets, made)

    def read(pair: tuple[DesiredEndpoint, Result | CallFailed | None]) -> LiveEndpoint:
        return _read(api, *pair, generations_of[pair[0].name])

    found = [
        live if isinstance(live, CallFailed) else dataclasses.replace(live, targets=targets.get(item.name, {}))
        for item, live in zip(desired, api.each(read, described, lambda pair: unchanged.get(pair[0].name)), strict=True)
    ]
    doubtful = {name for live in found if isinstance(live, LiveEndpoint) for name in live.model_names}
    doubtful -= set(expected_models)
    missing = doubtful - {each.name for each in (sagemaker.list_models(api) if doubtful else ())}

    def detailed(pair: tuple[DesiredEndpoint, Live]) -> Live:
        item, live = pair
        if isinstance(live, CallFailed):
            return live
        undeclared = undeclared_targets(scope, api, item, live)
        staying = {name: target for name, target in live.targets.items() if name not in undeclared}
        live = dataclasses.replace(live, targets=staying)
        needed = {name: _read_details(api, staying[name]) for name in _to_be_saved(item, live)}
        return dataclasses.replace(
            live,
            targets={**staying, **needed},
            missing_models=tuple(name for name in live.model_names if name in missing),
            undeclared_targets=undeclared,
            noted_callers=_noted_callers(api, live),
        )

    return api.each(detailed, list(zip(desired, found, strict=True)))


def _to_be_saved(desired: DesiredEndpoint, live: LiveEndpoint) -> set[str]:
    """The scaled variants whose policies and scheduled actions matter: the run may take them away, or put some back."""
    if live.exists and (desired.may_be_replaced or live.status == "Failed") and not live.is_proven:
        return set(live.targets)
    noted = {target.variant_name for _config, note in notes_of(live) for target in note.targets}
    return {target.variant_name for target in blocking_targets(desired, live)} | (noted & live.targets.keys())


def _read(
    api: Api, desired: DesiredEndpoint, description: Result | CallFailed | None, generations: t.Sequence[Summary]
) -> LiveEndpoint:
    """With all generations: any of them may hold saved scaling, or the mark that it has served."""
    if isinstance(description, CallFailed):
        raise description
    found = description or {}
    pending = found.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    listed = {each.name for each in generations}
    others = {name for name in (found.get("EndpointConfigName"), pending) if name} | ({desired.config_name} & listed)
    return _with_configs(api, desired.name, found, listed, others)


def read_whole(api: Api, name: str) -> LiveEndpoint:
    """An endpoint with all generations of its configuration."""
    description = sagemaker.describe_endpoint(api, name) or {}
    listed = sagemaker.list_endpoint_configs(api, generation_prefix(name))
    in_use = str(description.get("EndpointConfigName"))
    generations = {each.name for each in listed if each.name in (in_use, name) or may_be_generation(name, each.name)}
    return _with_configs(api, name, description, generations, generations & {in_use})


def _with_configs(
    api: Api, name: str, description: Result, generations: t.Collection[str], others: t.Collection[str]
) -> LiveEndpoint:
    """With those *generations* that are its own, not only named like one, and with *others*."""
    tags = sagemaker.list_tags(api, description["EndpointArn"]) if description else {}
    found = [config for each in sorted({*generations, *others}) if (config := read_config(api, each))]
    own = {each.name: each for each in found if each.name in others or each.tags.get(GENERATION_OF) == name}
    return LiveEndpoint(description=description, tags=tags, configs=own)


def _read_details(api: Api, target: LiveScaling) -> LiveScaling:
    policies = autoscaling.describe_policies(api, [target.key])[target.key]
    actions = autoscaling.describe_scheduled_actions(api, *target.key)
    steps = [policy for policy in policies if policy["PolicyType"] == "StepScaling"]
    callers = cloudwatch.callers_by_action(api, [policy["PolicyARN"] for policy in steps])
    called = [policy for policy in steps if callers[policy["PolicyARN"]]]
    return dataclasses.replace(
        target.with_details(policies, actions, autoscaling.list_tags(api, target.arn)),
        called=tuple((policy["PolicyName"], policy["PolicyARN"]) for policy in called),
    ).with_callers(callers)


def _noted_callers(api: Api, live: LiveEndpoint) -> dict[str, list[str]]:
    """Where they cannot be read, the plan that points them to restored policies says so."""
    arns = {arn for _config, note in notes_of(live) for target in note.targets for _policy, arn in target.called}
    try:
        return cloudwatch.callers_by_action(api, sorted(arns))
    except CallFailed:
        return {}


def read_for_deletion(api: Api, desired: t.Sequence[DesiredEndpoint]) -> list[Live]:
    """Each endpoint with all generations of its configuration, who else uses those, and which variants are scaled."""
    names = [item.name for item in desired]
    descriptions = api.each(lambda name: sagemaker.describe_endpoint(api, name), names)
    listed = _listed_configs(api, names)
    generations_of = generations_in(list(listed.values()), names)

    def read(pair: tuple[str, Result | CallFailed | None]) -> LiveEndpoint:
        name, description = pair
        if isinstance(description, CallFailed):
            raise description
        served = listed.get((description or {}).get("EndpointConfigName", ""))
        generations = {each.name: each for each in (*generations_of[name], *([served] if served else ()))}
        return _read_of_deleted(api, name, description or {}, list(generations.values()))

    found = api.each(read, list(zip(names, descriptions, strict=True)))
    if not any(isinstance(live, LiveEndpoint) and (live.exists or live.configs) for live in found):
        return found
    own = {each["EndpointName"]: each for each in descriptions if isinstance(each, dict)}
    users = sagemaker.users_of_configs([*own.values(), *sagemaker.describe_endpoints(api, besides=own)])
    targets = read_targets(api, {name: variants_of(each) for name, each in own.items()})
    return [
        live
        if isinstance(live, CallFailed)
        else dataclasses.replace(live, config_users=users, targets=targets.get(name, {}))
        for name, live in zip(names, found, strict=True)
    ]


def _listed_configs(api: Api, names: t.Sequence[str]) -> dict[str, Summary]:
    """By name, every configuration that may be of these endpoints."""
    prefixes = [None] if len(names) > FEW else [generation_prefix(name) for name in names]
    answers = api.all(lambda prefix: sagemaker.list_endpoint_configs(api, prefix), prefixes)
    return {each.name: each for listed in answers for each in listed}


def _read_of_deleted(api: Api, name: str, description: Result, generations: t.Sequence[Summary]) -> LiveEndpoint:
    """With those of the *generations* that are its own, because some only have such a name."""
    tags = sagemaker.list_tags(api, description["EndpointArn"]) if description else {}
    tags_of_configs = sagemaker.tags_of(api, generations)
    return LiveEndpoint(
        description=description,
        tags=tags,
        configs={
            each.name: LiveGeneration(name=each.name, arn=each.arn, request={}, tags=of_config)
            for each in generations
            if (of_config := tags_of_configs.get(each.name)) is not None
            and (each.name == description.get("EndpointConfigName") or of_config.get(GENERATION_OF) == name)
        },
    )
