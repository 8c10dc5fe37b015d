# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The resource ids and scalable dimensions of SageMaker. [D AS]"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import invalid
from ..region import Region
from .resources import NAMESPACE, ScalableTarget

INSTANCE_COUNT = "sagemaker:variant:DesiredInstanceCount"
PROVISIONED_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
_COPY_COUNT = "sagemaker:inference-component:DesiredCopyCount"

_VARIANT = re.compile(r"endpoint/([^/]+)/variant/([^/]+)")
_COMPONENT = re.compile(r"inference-component/([^/]+)")


class VariantId(NamedTuple):
    endpoint: str
    variant: str


def variant_id(resource_id: str) -> VariantId | None:
    match = _VARIANT.fullmatch(resource_id)
    return VariantId(*match.groups()) if match else None


def check_identity(namespace: str, resource_id: str, dimension: str) -> None:
    """The three must fit together. [D][M for the text]"""
    variant = _VARIANT.fullmatch(resource_id) and dimension in (INSTANCE_COUNT, PROVISIONED_CONCURRENCY)
    component = _COMPONENT.fullmatch(resource_id) and dimension == _COPY_COUNT
    if namespace != NAMESPACE or not (variant or component):
        raise invalid("Unsupported service namespace, resource type or scalable dimension")


def scaled_variants(region: Region, endpoint: str) -> list[str]:
    """The variants of an endpoint that are registered as scalable targets."""
    ids = [variant_id(target.key.resource_id) for target in region.targets.of_endpoint(endpoint)]
    return [found.variant for found in ids if found]


def targets_of(region: Region, resource_id: str) -> list[ScalableTarget]:
    """The targets of a resource, one for each dimension that is registered."""
    found = variant_id(resource_id)
    targets = region.targets.of_endpoint(found.endpoint) if found else []
    return [target for target in targets if target.key.resource_id == resource_id]
