# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints whose configuration somebody has deleted: no call tells which models they serve, only which images."""

from __future__ import annotations

import typing as t

from .._aws.client import Result
from .._aws.sagemaker import Listed
from .._engine.canonical import Request


def without_config(
    endpoints: t.Iterable[Result], configs: t.Iterable[Listed], leaving: t.Collection[str]
) -> list[Result]:
    """Those of the described endpoints that serve none of the *configs*, but not those that are *leaving*.

    The configurations have to be listed after the endpoints: one that is made meanwhile would seem to be without.
    """
    existing = {None, *(listed.name for listed in configs)}
    return [
        endpoint
        for endpoint in endpoints
        if endpoint.get("EndpointConfigName") not in existing
        and endpoint["EndpointName"] not in leaving
        and endpoint["EndpointStatus"] != "Deleting"
    ]


def may_serve(endpoint: Result, model: Request) -> bool:
    """Whether one of the model's images runs there, or not all is known of that."""
    variants = [*endpoint.get("ProductionVariants", ()), *endpoint.get("ShadowProductionVariants", ())]
    running = [
        {image.get("SpecifiedImage") for image in variant.get("DeployedImages", ())} - {None} for variant in variants
    ]
    containers = [model["PrimaryContainer"]] if "PrimaryContainer" in model else model.get("Containers", ())
    own = {container.get("Image") for container in containers}
    return None in own or not all(running) or any(own & images for images in running)
