# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""How Application Auto Scaling changes what a variant has: by UpdateEndpointWeightsAndCapacities. [D AS]"""

from __future__ import annotations

from ..call import Call
from ..errors import AwsError
from ..sagemaker.quota_rules import check_growth
from ..sagemaker.resources import Endpoint, Variant
from ..sagemaker.scaling import scale
from ..sagemaker.states import SCALABLE
from ..types import Params
from .resource_ids import INSTANCE_COUNT
from .resources import ScalableTarget


def present(variant: Variant, target: ScalableTarget) -> int:
    """What the variant should have of what the target scales."""
    if target.key.dimension == INSTANCE_COUNT:
        return variant.desired_count or 0
    concurrency: int = (variant.desired_serverless or {}).get("ProvisionedConcurrency", 0)
    return concurrency


def clamp(call: Call, endpoint: Endpoint, variant: Variant, target: ScalableTarget) -> bool:
    """Moves an active resource into the bounds at once. [D AS RegisterScalableTarget]"""
    return move(call, endpoint, variant, target, present(variant, target))


def move(call: Call, endpoint: Endpoint, variant: Variant, target: ScalableTarget, wanted: int) -> bool:
    """Whether the endpoint moves to what is wanted, or to the bound that is nearest.

    A refusal shows in DescribeScalingActivities alone [D DG endpoint-scaling-query-history], which is not simulated.
    """
    wanted = min(max(wanted, target.minimum), target.maximum)
    if endpoint.status not in SCALABLE or wanted == present(variant, target):
        return False
    change: Params = {"VariantName": variant.name}
    if target.key.dimension == INSTANCE_COUNT:
        change["DesiredInstanceCount"] = wanted
    else:
        change["ServerlessUpdateConfig"] = {"ProvisionedConcurrency": wanted}
        if wanted > (variant.desired_serverless or {}).get("MaxConcurrency", wanted):
            # [D SM ServerlessConfig] it is at most MaxConcurrency; that nothing happens is a guess.
            return False
    try:
        check_growth(call, endpoint, [change])
    except AwsError:
        return False
    scale(call, endpoint, [change])
    return True
