# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutScalingPolicy, DescribeScalingPolicies, DeleteScalingPolicy."""

from __future__ import annotations

from uuid import uuid4

from ..call import Call
from ..errors import AwsError, invalid
from ..types import Params, Result
from .deregister import delete_alarms_of
from .lookup import described, find_target, object_not_found, one_page, targets_asked_for
from .policy_rules import check_metric_is_free, checked_config
from .resources import NAMESPACE, ScalableTarget, ScalingPolicy
from .tracking_alarms import put_alarms

_PAGE = 10
_MAX_POLICIES = 50


def put_scaling_policy(call: Call, params: Params) -> Result:
    """Creates or replaces: what is left out of the configuration is reset. [D; reset X]"""
    target = find_target(call, params)
    name = params["PolicyName"]
    present = target.policies.get(name)
    kind = params.get("PolicyType", present.kind if present else None)
    if kind is None:
        # [D AS] required for a new policy; the text is a guess.
        raise invalid("PolicyType must be specified when creating a scaling policy.")
    config = checked_config(kind, params, target.key.dimension)
    if present and present.kind != kind:
        # Guess.
        raise invalid("The policy type of an existing scaling policy cannot be changed.")
    if present is None and len(target.policies) >= _MAX_POLICIES:
        # [D AS quotas]; the text is a guess.
        raise AwsError("LimitExceededException", f"Maximum number of scaling policies per target is {_MAX_POLICIES}.")
    check_metric_is_free(name, config, target.policies.values())
    if kind == "TargetTrackingScaling" and not call.may("cloudwatch:PutMetricAlarm"):
        # [D AS] the caller needs it; code [P TF], text a guess that holds TF's "is not authorized to perform".
        raise AwsError("FailedResourceAccessException", "User is not authorized to perform: cloudwatch:PutMetricAlarm")
    policy = present or ScalingPolicy(name, _arn(call, target, name), call.now, kind, config, [])
    policy.config = config
    target.policies[name] = policy
    if kind == "TargetTrackingScaling":
        put_alarms(call, target, policy)
    return {"PolicyARN": policy.arn, "Alarms": _alarms(call, policy)}


def describe_scaling_policies(call: Call, params: Params) -> Result:
    names = params.get("PolicyNames")
    found = [
        (target, policy)
        for target in targets_asked_for(call, params)
        for policy in target.policies.values()
        if not names or policy.name in names
    ]
    shown, token = one_page(call, found, params, _PAGE)
    return {"ScalingPolicies": [_description(call, target, policy) for target, policy in shown], **token}


def delete_scaling_policy(call: Call, params: Params) -> Result:
    target = find_target(call, params)
    policy = target.policies.pop(params["PolicyName"], None)
    if policy is None:
        # [D][P][M]
        raise object_not_found(f"No scaling policy found for {described(params)}, policy name: {params['PolicyName']}")
    delete_alarms_of(call.region, policy, call.now)
    return {}


def _arn(call: Call, target: ScalableTarget, name: str) -> str:
    """[D AS ScalingPolicy] the form of the documentation's examples."""
    return call.region.arn(
        "autoscaling",
        f"scalingPolicy:{uuid4()}:resource/{NAMESPACE}/{target.key.resource_id}:policyName/{name}",
    )


def _alarms(call: Call, policy: ScalingPolicy) -> list[Params]:
    """The policy's own alarms; for step scaling those that name the policy as an action. [D AS ScalingPolicy]"""
    return [{"AlarmName": alarm.name, "AlarmARN": alarm.arn} for alarm in call.region.alarms.calling(policy.arn)]


def _description(call: Call, target: ScalableTarget, policy: ScalingPolicy) -> Params:
    return {
        "PolicyARN": policy.arn,
        "PolicyName": policy.name,
        "ServiceNamespace": NAMESPACE,
        "ResourceId": target.key.resource_id,
        "ScalableDimension": target.key.dimension,
        "PolicyType": policy.kind,
        f"{policy.kind}PolicyConfiguration": policy.config,
        "Alarms": _alarms(call, policy),
        "CreationTime": call.time(policy.created),
    }
