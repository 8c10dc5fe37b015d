# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""In use."""

from __future__ import annotations

from collections.abc import Iterator

from ..region import Region
from ..sagemaker.resources import Endpoint, EndpointConfig, Status
from .resources import CONFIG, MODEL, Resource, configs_of, owner_of
from .rule import Rule
from .run import Objection, Write

RULE = "In use"


class InUse(Rule):
    """A run deletes no model or configuration that an endpoint serves, is updated to, or would be created from again.

    A stopped endpoint is a deleted one, which is later created again from its configuration. So a model must stay if an
    endpoint configuration of somebody else refers to it, whether or not an endpoint has that configuration now.
    """

    def before(self, write: Write) -> Iterator[Objection]:
        if not write.run:
            return
        for resource in write.touched:
            if write.operation == "DeleteEndpointConfig" and resource.kind == CONFIG:
                user = _user_of_config(write.region, resource)
            elif write.operation == "DeleteModel" and resource.kind == MODEL:
                user = _user_of_model(write, resource)
            else:
                continue
            if user:
                yield write.objection(RULE, resource.name, f"{resource} is deleted, and {user}")


def _user_of_config(region: Region, resource: Resource) -> str:
    for endpoint in _alive(region):
        for config in configs_of(endpoint):
            if config.name.lower() == resource.name.lower():
                return f"endpoint {endpoint.name} {_how(endpoint, config)} it"
    return ""


def _user_of_model(write: Write, resource: Resource) -> str:
    name, region = resource.name.lower(), write.region
    for endpoint in _alive(region):
        for config in configs_of(endpoint):
            if _names(config, name):
                return f"endpoint {endpoint.name} {_how(endpoint, config)} it in {config.name}"
    deployment = write.run.brief.deployment if write.run else None
    for config in region.endpoint_configs.values():
        owner = owner_of(region, config.arn)
        if _names(config, name) and (owner is None or owner != deployment):
            return f"the endpoint configuration {config.name} of {owner or 'somebody else'} names it"
    return ""


def _alive(region: Region) -> Iterator[Endpoint]:
    return (endpoint for endpoint in region.endpoints.values() if endpoint.status is not Status.DELETING)


def _names(config: EndpointConfig, model: str) -> bool:
    return any(name.lower() == model for name in config.model_names)


def _how(endpoint: Endpoint, config: EndpointConfig) -> str:
    return "serves" if config is endpoint.config else "is moving to"
