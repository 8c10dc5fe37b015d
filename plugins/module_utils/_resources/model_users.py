# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints that may serve a model though no configuration says so, because somebody has deleted theirs.

No call of AWS tells which models such an endpoint serves, only which images it runs. What was made under the name of
its configuration since then is a stand-in, and tells as little.
"""

from __future__ import annotations

import typing as t

from .._aws import sagemaker
from .._aws.client import Api, Result
from .._aws.sagemaker import Summary
from .._engine.canonical import Request
from .endpoint.stand_in import STAND_IN


def possible_users(
    api: Api, models: t.Mapping[str, Request], endpoints: t.Iterable[Result], configs: t.Iterable[Summary]
) -> dict[str, Result]:
    """By name of the model, one of the described *endpoints* that may serve it.

    The *configs* have to be listed after the endpoints: one that is made meanwhile would seem to be without.
    """
    listed = {config.name: config for config in configs}
    serving = [
        endpoint
        for endpoint in endpoints
        if "EndpointConfigName" in endpoint
        and endpoint["EndpointStatus"] != "Deleting"
        and any(may_serve(endpoint, model) for model in models.values())
    ]
    used = [listed[name] for endpoint in serving if (name := endpoint["EndpointConfigName"]) in listed]
    tags = sagemaker.tags_of(api, used)
    unclear = [endpoint for endpoint in serving if STAND_IN in tags.get(endpoint["EndpointConfigName"], {STAND_IN: ""})]
    return {name: endpoint for name, model in models.items() for endpoint in unclear if may_serve(endpoint, model)}


def may_serve(endpoint: Result, model: Request) -> bool:
    """Whether one of the model's images runs there, or not all is known of that."""
    variants = [*endpoint.get("ProductionVariants", ()), *endpoint.get("ShadowProductionVariants", ())]
    running = [
        {image.get("SpecifiedImage") for image in variant.get("DeployedImages", ())} - {None} for variant in variants
    ]
    containers = [model["PrimaryContainer"]] if "PrimaryContainer" in model else model.get("Containers", ())
    own = {container.get("Image") for container in containers}
    return None in own or not all(running) or any(own & images for images in running)
