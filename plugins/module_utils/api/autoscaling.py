# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of Application Auto Scaling in the namespace of SageMaker."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed, Result

SERVICE = "application-autoscaling"
NAMESPACE = "sagemaker"
IDS_PER_CALL = 50


def describe_targets(api: Api, resource_ids: t.Sequence[str]) -> dict[tuple[str, str], Result]:
    """The scalable targets of these resources by resource id and scalable dimension."""
    chunks = [resource_ids[start : start + IDS_PER_CALL] for start in range(0, len(resource_ids), IDS_PER_CALL)]
    found: dict[tuple[str, str], Result] = {}
    for answer in api.each(lambda chunk: _describe_targets(api, chunk), chunks):
        if isinstance(answer, CallFailed):
            raise answer
        found |= {(target["ResourceId"], target["ScalableDimension"]): target for target in answer}
    return found


def _describe_targets(api: Api, resource_ids: t.Sequence[str]) -> list[Result]:
    parameters = {"ServiceNamespace": NAMESPACE, "ResourceIds": list(resource_ids)}
    return list(api.pages(SERVICE, "DescribeScalableTargets", "ScalableTargets", **parameters))


def describe_policies(api: Api, resource_id: str, dimension: str) -> list[Result]:
    parameters = {"ServiceNamespace": NAMESPACE, "ResourceId": resource_id, "ScalableDimension": dimension}
    return list(api.pages(SERVICE, "DescribeScalingPolicies", "ScalingPolicies", **parameters))


def describe_scheduled_actions(api: Api, resource_id: str, dimension: str) -> list[Result]:
    parameters = {"ServiceNamespace": NAMESPACE, "ResourceId": resource_id, "ScalableDimension": dimension}
    return list(api.pages(SERVICE, "DescribeScheduledActions", "ScheduledActions", **parameters))


def list_tags(api: Api, arn: str) -> dict[str, str]:
    return t.cast("dict[str, str]", api.call(SERVICE, "ListTagsForResource", ResourceARN=arn)["Tags"])
