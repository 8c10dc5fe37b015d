# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of Application Auto Scaling in the namespace of SageMaker."""

from __future__ import annotations

import typing as t

from .client import FEW, Api, Result

SERVICE = "application-autoscaling"
NAMESPACE = "sagemaker"
IDS_PER_CALL = 50
_POLICIES = "scaling policies"

Target: t.TypeAlias = "tuple[str, str]"
"""The resource id and the scalable dimension of a scalable target."""


def key_of(request: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The members that name the scalable target which a request is about."""
    return {name: request[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")}


def describe_targets(api: Api, resource_ids: t.Sequence[str]) -> dict[Target, Result]:
    """The scalable targets of these resources."""
    chunks = [resource_ids[start : start + IDS_PER_CALL] for start in range(0, len(resource_ids), IDS_PER_CALL)]
    found: dict[Target, Result] = {}
    for answer in api.all(lambda chunk: _describe_targets(api, chunk), chunks):
        found |= {(target["ResourceId"], target["ScalableDimension"]): target for target in answer}
    return found


def _describe_targets(api: Api, resource_ids: t.Sequence[str]) -> list[Result]:
    parameters = {"ServiceNamespace": NAMESPACE, "ResourceIds": list(resource_ids)}
    return list(api.pages(SERVICE, "DescribeScalableTargets", "ScalableTargets", **parameters))


def list_targets(api: Api) -> t.Iterator[Result]:
    """All scalable targets of the namespace, 50 a call."""
    yield from api.pages(SERVICE, "DescribeScalableTargets", "ScalableTargets", ServiceNamespace=NAMESPACE)


def describe_policies(api: Api, targets: t.Sequence[Target]) -> dict[Target, list[Result]]:
    """The policies of each of these targets: for a few by target, for many all of the namespace, 10 a call."""
    found: dict[Target, list[Result]] = {target: [] for target in targets}
    if len(targets) > FEW:
        answers = [api.listed(_POLICIES, lambda: _policies(api))]
    else:
        keys = [{"ResourceId": resource_id, "ScalableDimension": dimension} for resource_id, dimension in targets]
        answers = api.all(lambda key: list(_policies(api, **key)), keys)
    for answer in answers:
        for policy in answer:
            found.get((policy["ResourceId"], policy["ScalableDimension"]), []).append(policy)
    return found


def begin_policies(api: Api, targets: int) -> None:
    """Begins to read the policies of so many targets, if that will take all of the namespace, which takes long."""
    if targets > FEW:
        api.read_ahead(_POLICIES, lambda: _policies(api))


def _policies(api: Api, **key: str) -> t.Iterator[Result]:
    parameters = {"ServiceNamespace": NAMESPACE, **key}
    return api.pages(SERVICE, "DescribeScalingPolicies", "ScalingPolicies", **parameters)


def describe_scheduled_actions(api: Api, resource_id: str, dimension: str) -> list[Result]:
    parameters = {"ServiceNamespace": NAMESPACE, "ResourceId": resource_id, "ScalableDimension": dimension}
    return list(api.pages(SERVICE, "DescribeScheduledActions", "ScheduledActions", **parameters))


def list_scheduled_actions(api: Api) -> list[Result]:
    """Those of all targets in the namespace, 50 a call."""
    return list(api.pages(SERVICE, "DescribeScheduledActions", "ScheduledActions", ServiceNamespace=NAMESPACE))


def describe_actions(api: Api, targets: t.Sequence[Target]) -> dict[Target, list[Result]]:
    """The scheduled actions of each of these targets: for a few by target, for many all of the namespace."""
    found: dict[Target, list[Result]] = {target: [] for target in targets}
    if len(targets) > FEW:
        answers = [list_scheduled_actions(api)]
    else:
        answers = api.all(lambda target: describe_scheduled_actions(api, *target), targets)
    for action in (each for answer in answers for each in answer):
        found.get((action["ResourceId"], action["ScalableDimension"]), []).append(action)
    return found


def arn_of(target: Result) -> str:
    """[I terraform-provider-aws PR 31214] A target from before 20 March 2023 has none, and can have no tags."""
    return str(target.get("ScalableTargetARN", ""))


def list_tags(api: Api, arn: str) -> dict[str, str]:
    """Of a target without an ARN none."""
    if not arn:
        return {}
    return t.cast("dict[str, str]", api.call(SERVICE, "ListTagsForResource", ResourceARN=arn).get("Tags", {}))
