# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""RegisterScalableTarget, DescribeScalableTargets, DeregisterScalableTarget."""

from __future__ import annotations

from uuid import uuid4

from ..call import Call
from ..errors import AwsError, invalid
from ..sagemaker.lookup import find_endpoint
from ..sagemaker.resources import Endpoint, Status, Variant
from ..sagemaker.variant_rules import is_burstable
from ..tag_store import Tags
from ..types import Params, Result
from .capacity import clamp
from .deregister import deregister
from .lookup import find_target, key_of, one_page, targets_asked_for
from .resource_ids import INSTANCE_COUNT, variant_id
from .resources import NAMESPACE, ScalableTarget, TargetKey
from .tag_rules import check_tags

_PAGE = 50
_SUSPENDED = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")


def register_scalable_target(call: Call, params: Params) -> Result:
    key = key_of(params)
    endpoint, variant = _scaled(call, key)
    target = call.region.targets.get(key)
    tags: Tags = params.get("Tags", {})
    if target and tags:
        # [I TF #31839][C]
        raise invalid(
            "The scalable target that you tried to tag already exists. To update tags on an existing scalable "
            "target, use the TagResource API."
        )
    check_tags(tags, {})
    minimum, maximum = _bounds(params, target)
    _check_minimum(endpoint, key, minimum)
    if target is None:
        target = _registered(call, key, minimum, maximum, tags)
    target.minimum, target.maximum = minimum, maximum
    # [D AS] what is not given stays; that this holds for each of the three flags is a guess.
    target.suspended = target.suspended | params.get("SuspendedState", {})
    clamp(call, endpoint, variant, target)
    return _arn(target)


def describe_scalable_targets(call: Call, params: Params) -> Result:
    shown, token = one_page(call, targets_asked_for(call, params), params, _PAGE)
    return {"ScalableTargets": [_description(call, target) for target in shown], **token}


def deregister_scalable_target(call: Call, params: Params) -> Result:
    deregister(call, find_target(call, params))
    return {}


def _scaled(call: Call, key: TargetKey) -> tuple[Endpoint, Variant]:
    """The endpoint and variant, which must exist already and be scalable. [D AS]"""
    found = variant_id(key.resource_id)
    if found is None:
        # Inference components are not simulated.
        raise invalid(f"Could not find inference component for resource {key.resource_id}.")
    endpoint = find_endpoint(call, found.endpoint)
    if endpoint.status in (Status.DELETING, Status.FAILED):
        # Guess; in every other state registering is allowed (guess, too).
        raise invalid(f'Cannot register a variant of endpoint "{endpoint.arn}" in status {endpoint.status}.')
    variant = endpoint.variant(found.variant)
    if variant is None:
        # [X] a reading: nobody has quoted it, nor that an endpoint that is being made has no variants yet.
        raise invalid(f"No SageMaker variant found for resource ID: {key.resource_id}")
    instance_type = variant.config.get("InstanceType", "")
    if is_burstable(instance_type):
        # [C][D]
        raise invalid(
            f"You cannot register a variant with {instance_type} instance type as a scalable target. This is because "
            "the burstable performance of these instances can lead to unpredictable behavior with Auto Scaling."
        )
    _check_dimension(variant, key.dimension)
    return endpoint, variant


def _check_dimension(variant: Variant, dimension: str) -> None:
    """[D AS ScalableDimension] which dimension belongs to which kind; the texts are guesses."""
    if dimension == INSTANCE_COUNT:
        if variant.serverless is not None:
            raise invalid(f"{dimension} is not supported for the serverless variant {variant.name}.")
    elif variant.serverless is None or "ProvisionedConcurrency" not in variant.serverless:
        raise invalid(f"{dimension} is supported only for serverless variants with provisioned concurrency.")


def _bounds(params: Params, target: ScalableTarget | None) -> tuple[int, int]:
    minimum = params.get("MinCapacity", target.minimum if target else None)
    maximum = params.get("MaxCapacity", target.maximum if target else None)
    if minimum is None or maximum is None:
        # [D AS] both on first registration; the text is a guess.
        raise invalid("MinCapacity and MaxCapacity must be specified when registering a new scalable target.")
    if minimum < 0:
        raise invalid("Minimum capacity cannot be less than 0")
    if maximum < minimum:
        # [M]
        raise invalid("Maximum capacity cannot be less than minimum capacity")
    return minimum, maximum


def _check_minimum(endpoint: Endpoint, key: TargetKey, minimum: int) -> None:
    """[D DG endpoint-auto-scaling-edit] against the API reference, which allows 0; that it is refused is a guess."""
    if minimum == 0 and key.dimension == INSTANCE_COUNT and not endpoint.config.is_async:
        raise invalid("Minimum capacity must be at least 1 for a variant of a real-time endpoint.")


def _registered(call: Call, key: TargetKey, minimum: int, maximum: int, tags: Tags) -> ScalableTarget:
    quota = call.settings.target_quota
    if len(call.region.targets) >= quota:
        # [D AS quotas]; the text is a guess.
        raise AwsError("LimitExceededException", f"Maximum number of scalable targets is {quota}.")
    has_arn = not call.settings.targets_without_arns
    arn = call.region.arn("application-autoscaling", f"scalable-target/{uuid4().hex}") if has_arn else ""
    # [D AS] a given RoleARN is ignored for a service with a service-linked role.
    role = (
        f"arn:aws:iam::{call.region.account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
        "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
    )
    suspended = dict.fromkeys(_SUSPENDED, False)
    target = ScalableTarget(key, arn, call.now, minimum, maximum, suspended, role)
    call.region.targets.add(target)
    if has_arn:
        call.region.tags.put(arn, tags, call.now)
    return target


def _description(call: Call, target: ScalableTarget) -> Params:
    return {
        "ServiceNamespace": NAMESPACE,
        "ResourceId": target.key.resource_id,
        "ScalableDimension": target.key.dimension,
        "MinCapacity": target.minimum,
        "MaxCapacity": target.maximum,
        "RoleARN": target.role_arn,
        "CreationTime": call.time(target.created),
        "SuspendedState": target.suspended,
        **_arn(target),
    }


def _arn(target: ScalableTarget) -> Params:
    return {"ScalableTargetARN": target.arn} if target.arn else {}
