# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints with all that belongs to them, as they were read: what an export starts from."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._aws.client import Result
from .._engine.canonical import Request
from .._engine.ownership import Tags
from .._resources.endpoint.config import VARIANT_LISTS


@dataclass(frozen=True)
class Resource:
    """One thing that AWS has; *request* is the part of its description that could make it again."""

    name: str
    arn: str
    request: Request
    tags: Tags
    description: Result


@dataclass(frozen=True)
class Scaling:
    """The scalable target of a variant, with the requests that make what hangs on it."""

    variant_name: str
    target: Resource
    policies: tuple[Request, ...]
    scheduled_actions: tuple[Request, ...]


@dataclass(frozen=True)
class Endpoint:
    """An endpoint; *config* is what it serves, None where that has been deleted."""

    name: str
    arn: str
    description: Result
    tags: Tags
    config: Resource | None
    scaling: tuple[Scaling, ...] = ()
    alarms: tuple[Resource, ...] = ()
    """Those on its metrics but for the alarms that target tracking makes."""

    @property
    def status(self) -> str:
        return str(self.description["EndpointStatus"])

    @property
    def variants(self) -> list[Request]:
        """The production variants of its configuration, then the shadow variants."""
        request = self.config.request if self.config else {}
        return [variant for variants in VARIANT_LISTS for variant in request.get(variants, ())]

    @property
    def model_names(self) -> list[str]:
        return list(dict.fromkeys(variant["ModelName"] for variant in self.variants if "ModelName" in variant))


@dataclass(frozen=True)
class Fleet:
    """*models* by their names in AWS: those that the endpoints use, and those that belong to the deployment."""

    endpoints: tuple[Endpoint, ...]
    models: t.Mapping[str, Resource]
    absent: tuple[str, ...] = ()
    """The endpoints that were asked for and do not exist."""

    @property
    def used_models(self) -> set[str]:
        return {name for endpoint in self.endpoints for name in endpoint.model_names}
