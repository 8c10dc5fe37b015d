# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints that may serve a model although no configuration says so, because theirs has been deleted.

No AWS call returns the models of such an endpoint, only the images that it runs. What was made under the name of
its configuration since then is a stand-in, and says as little.
"""

from __future__ import annotations

import typing as t

from .._aws import sagemaker
from .._aws.client import Api, Result
from .._aws.endpoint_descriptions import VARIANT_LISTS
from .._aws.sagemaker import Summary
from .._engine.canonical import Request
from .endpoint.stand_in import STAND_IN


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
    has_pools = any("InstancePools" in variant for variant in variants)
    return None in own or has_pools or not running or not all(running) or any(own & images for images in running)
