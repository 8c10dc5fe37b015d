# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling that is no longer declared, in a run without endpoints; a run with endpoints removes it itself."""

from __future__ import annotations

import typing as t

from .._aws import autoscaling
from .._aws.client import Api
from .._aws.endpoint_descriptions import variants_of
from .._engine.ownership import Scope, owns
from .._resources.endpoint.state import DesiredEndpoint
from .._resources.names import VariantId, variant_of


def find_undeclared_scaling(scope: Scope, api: Api, endpoints: t.Sequence[DesiredEndpoint]) -> list[str]:
    """The variants, with their endpoints, that this deployment still scales and should not; raises CallFailed."""
    if not scope.deployment:
        return []
    unscaled = {
        VariantId(each.name, variant)
        for each in endpoints
        if each.scaled_variants is not None
        for variant in variants_of(each.config).keys() - each.scaled_variants
    }
    ids = [each.resource_id for each in sorted(unscaled)]
    found = autoscaling.describe_targets(api, ids).values() if ids else ()
    arns = {target["ResourceId"]: target["ScalableTargetARN"] for target in found}
    owned = [name for name, arn in sorted(arns.items()) if owns(scope, autoscaling.list_tags(api, arn))]
    return [f"{variant_of(name).endpoint}/{variant_of(name).variant}" for name in owned]
