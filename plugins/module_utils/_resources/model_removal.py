# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of models that are to be deleted: whose they are and what uses them, and content only if needed.

No AWS call returns the models of an endpoint whose configuration has been deleted, only the images that it runs. What
was made under the name of its configuration since then is a stand-in, and says as little.
"""

from __future__ import annotations

import typing as t

from .._aws import sagemaker
from .._aws.client import Api, CallFailed, Result
from .._aws.endpoint_descriptions import VARIANT_LISTS
from .._aws.sagemaker import Summary
from .._engine.canonical import Request
from .._engine.ownership import GENERATION_OF, Scope, may_delete, owns_generation
from .._engine.requests import sent_members
from .endpoint.stand_in import STAND_IN
from .generations import GenerationsByName, LiveGeneration, list_generations


class PossibleUser(t.NamedTuple):
    """An endpoint, and that of its configurations which has been deleted."""

    endpoint_name: str
    config_name: str


def possible_users(
    api: Api, models: t.Mapping[str, Request], endpoints: t.Iterable[Result], configs: t.Iterable[Summary]
) -> dict[str, PossibleUser]:
    """By name of the model, one of the described *endpoints* that may serve it.

    The *configs* have to be listed after the endpoints: one that is made meanwhile would seem to be without.
    """
    listed = {config.name: config for config in configs}
    serving = [
        endpoint
        for endpoint in endpoints
        if endpoint["EndpointStatus"] != "Deleting" and any(may_serve(endpoint, model) for model in models.values())
    ]
    used = sagemaker.users_of_configs(serving)
    tags = sagemaker.tags_of(api, [listed[name] for name in used if name in listed])
    unclear = {name for name in used if STAND_IN in tags.get(name, {STAND_IN: ""})}
    return {
        name: PossibleUser(endpoint["EndpointName"], min(found))
        for name, model in models.items()
        for endpoint in serving
        if (found := unclear & sagemaker.users_of_configs([endpoint]).keys()) and may_serve(endpoint, model)
    }


def may_serve(endpoint: Result, model: Request) -> bool:
    """Whether one of the model's images runs there, or is about to, or not all is known of that.

    A variant with instance pools may have a model of its own for each, of which it may not run any instance now.
    """
    variants = [
        variant
        for shown in (endpoint, endpoint.get("PendingDeploymentSummary", {}))
        for variants in VARIANT_LISTS
        for variant in shown.get(variants, ())
    ]
    running = [
        {image.get("SpecifiedImage") for image in variant.get("DeployedImages", ())} - {None} for variant in variants
    ]
    containers = [model["PrimaryContainer"]] if "PrimaryContainer" in model else model.get("Containers", ())
    own = {container.get("Image") for container in containers}
    has_pools = any(variant.get("InstancePools") for variant in variants)
    return None in own or has_pools or not running or not all(running) or any(own & images for images in running)


class Users(t.NamedTuple):
    """What uses models, by the name of the model."""

    configs: dict[str, set[str]]
    """The endpoint configurations that name it."""
    endpoints: dict[str, PossibleUser]
    """An endpoint that may serve it, because its configuration has been deleted."""


def is_ours(scope: Scope, name: str, live: LiveGeneration) -> bool:
    """Whether it is a generation of the model *name* that this deployment may delete."""
    if scope.deployment or live.name != name:
        return owns_generation(scope, name, live.tags)
    return may_delete(scope, live.tags)


def read_generations(api: Api, names: t.Sequence[str]) -> dict[str, list[LiveGeneration] | CallFailed]:
    """By name, the generations of each model, oldest first, with their tags but without their content."""
    generations_of = list_generations(api, names, sagemaker.list_models)
    found = api.each(lambda name: _with_tags(api, name, generations_of), names)
    return dict(zip(names, found, strict=True))


def _with_tags(api: Api, name: str, generations_of: GenerationsByName) -> list[LiveGeneration]:
    generations = generations_of[name]
    tags_of = sagemaker.tags_of(api, generations)
    return [
        LiveGeneration(name=each.name, arn=each.arn, request={}, tags=tags)
        for each in reversed(generations)
        if (tags := tags_of.get(each.name)) is not None and (each.name == name or tags.get(GENERATION_OF) == name)
    ]


def users_of(
    api: Api, models: t.Sequence[str], released_by: t.Collection[str], deleted_endpoints: t.Collection[str]
) -> Users:
    """What uses these models; neither the configurations *released_by* count nor *deleted_endpoints*."""
    endpoints = sagemaker.describe_endpoints(api, besides=deleted_endpoints)
    configs = sagemaker.list_endpoint_configs(api)
    naming = sagemaker.configs_naming_models(api, [each for each in configs if each.name not in released_by])
    contents = _contents(api, models) if endpoints else {}
    return Users(naming, possible_users(api, contents, endpoints, configs))


def _contents(api: Api, models: t.Sequence[str]) -> dict[str, Request]:
    found = api.all(lambda name: sagemaker.describe_model(api, name), models)
    return {
        name: sent_members(sagemaker.SERVICE, "CreateModel", each)
        for name, each in zip(models, found, strict=True)
        if each is not None
    }
