# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The resources that a write is about, who owns them, and to which endpoint they belong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..autoscaling.resource_ids import targets_of, variant_id
from ..cloudwatch.resources import Alarm
from ..region import Region
from ..sagemaker.resources import Endpoint, EndpointConfig, Model
from ..types import Params

OWNER = "friendsofansible.sagemaker/deployment"
MODEL, CONFIG, ENDPOINT, TARGET, ALARM = "model", "endpoint configuration", "endpoint", "scalable target", "alarm"
_BY_PARAMETER = {"ModelName": MODEL, "EndpointConfigName": CONFIG, "EndpointName": ENDPOINT, "AlarmName": ALARM}
_BY_PATH = {"model": MODEL, "endpoint-config": CONFIG, "endpoint": ENDPOINT}
_GENERATION = re.compile(r"(.+)-[0-9a-f]{8}")
_LONGEST_NAME = 63

Place = tuple[str, str, str]
"""An account, a region and the name of an endpoint."""


@dataclass(frozen=True)
class Resource:
    """A resource by its kind and name, for a scalable target its resource id; the ARNs are empty until it is made."""

    kind: str
    name: str
    arns: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        return bool(self.arns)

    def owners(self, region: Region) -> set[str]:
        """The deployments in whose name it is tagged; a resource has one or none, a variant one for each target."""
        return {owner for arn in self.arns if (owner := owner_of(region, arn))}

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def place_of(region: Region, endpoint: str) -> Place:
    return region.account, region.name, endpoint.lower()


def owner_of(region: Region, arn: str) -> str | None:
    return region.tags.get(arn).get(OWNER) or None


def touched(region: Region, operation: str, params: Params) -> tuple[Resource, ...]:
    """What a write is about; names of alarms that do not exist count only where the write makes them."""
    if "ResourceId" in params:
        arns = tuple(target.arn for target in targets_of(region, params["ResourceId"]))
        return (Resource(TARGET, params["ResourceId"], arns),)
    arn = params.get("ResourceArn") or params.get("ResourceARN")
    if arn:
        return (_with_arn(region, arn),)
    if operation.startswith(("CreateEndpoint", "UpdateEndpoint", "DeleteEndpoint")) and "EndpointName" in params:
        return (named(region, ENDPOINT, params["EndpointName"]),)
    if "AlarmNames" in params:
        return tuple(named(region, ALARM, name) for name in params["AlarmNames"] if _alarm(region, name))
    return tuple(named(region, kind, params[name]) for name, kind in _BY_PARAMETER.items() if name in params)


def named(region: Region, kind: str, name: str) -> Resource:
    found: Model | EndpointConfig | Endpoint | Alarm | None
    if kind == MODEL:
        found = region.models.get(name.lower())
    elif kind == CONFIG:
        found = region.endpoint_configs.get(name.lower())
    elif kind == ENDPOINT:
        found = region.endpoint(name)
    else:
        found = _alarm(region, name)
    return Resource(kind, found.name, (found.arn,)) if found else Resource(kind, name)


def _alarm(region: Region, name: str) -> Alarm | None:
    return region.alarms.get(name) or region.composites.get(name)


def _with_arn(region: Region, arn: str) -> Resource:
    target = region.targets.with_arn(arn)
    if target:
        return Resource(TARGET, target.key.resource_id, (arn,))
    resource = arn.split(":", 5)[-1]
    if resource.startswith("alarm:"):
        return named(region, ALARM, resource.partition(":")[2])
    kind, _slash, name = resource.partition("/")
    return named(region, _BY_PATH[kind], name) if kind in _BY_PATH else Resource(kind, name)


def endpoint_of(resource_id: str) -> str:
    """The endpoint to a variant of which the scalable target belongs."""
    found = variant_id(resource_id)
    return found.endpoint if found else ""


def family_of(name: str, declared: Collection[str]) -> str | None:
    """Which of the declared names, in lower case, an immutable object has itself or with a generation's digits.

    In the name of a generation a long name is shortened.
    """
    name = name.lower()
    if name in declared:
        return name
    match = _GENERATION.fullmatch(name)
    if match is None or match[1] in declared:
        return match[1] if match else None
    is_shortened = len(name) >= _LONGEST_NAME - 1
    return next((each for each in declared if each.startswith(match[1])), None) if is_shortened else None


def configs_of(endpoint: Endpoint) -> Iterator[EndpointConfig]:
    """What the endpoint serves and what it is moving to."""
    yield endpoint.config
    if endpoint.progress and endpoint.progress.config:
        yield endpoint.progress.config
