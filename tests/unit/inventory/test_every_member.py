# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every member that the installed botocore has for a request: which key says it, or why none does."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import service_model as shapes
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import Key, Member
from botocore.model import ListShape, Shape, StructureShape

REQUESTS = {
    "CreateModel": "sagemaker",
    "CreateEndpointConfig": "sagemaker",
    "CreateEndpoint": "sagemaker",
    "UpdateEndpoint": "sagemaker",
    "RegisterScalableTarget": "application-autoscaling",
    "PutScalingPolicy": "application-autoscaling",
    "PutScheduledAction": "application-autoscaling",
    "PutMetricAlarm": "cloudwatch",
    "PutCompositeAlarm": "cloudwatch",
}
BY_HAND = (
    *("additional_tags", "additional_tags_all", "instance_pools", "size", "rollback_size", "rollback_on", "suspended"),
    "expression",
)
"""The keys that say whole structures."""
_PREDEFINED = "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification"
_LIVE = "live counts and weights are kept, except those that the inventory changes"
_BOUND = "is made of the names of endpoint and variant"
NOT_SAID: dict[str, dict[str, str]] = {
    "CreateModel": {},
    "CreateEndpointConfig": {},
    "CreateEndpoint": {
        "EndpointConfigName": "names the generation that the run has made",
        "DeploymentConfig": "has no meaning before the first update; UpdateEndpoint has it",
    },
    "UpdateEndpoint": {
        "EndpointName": "is the key of the endpoint",
        "EndpointConfigName": "names the generation that the run has made",
        "RetainAllVariantProperties": _LIVE,
        "ExcludeRetainedVariantProperties": _LIVE,
        "RetainDeploymentConfig": "the policy of each update is the declared one",
    },
    "RegisterScalableTarget": {},
    "PutScalingPolicy": {f"{_PREDEFINED}.ResourceLabel": "names the target group of a load balancer"},
    "PutScheduledAction": {
        "ServiceNamespace": "is sagemaker",
        "ResourceId": _BOUND,
        "ScalableDimension": "is that of the target",
        "ScheduledActionName": f"{_BOUND} and the key of the schedule",
    },
    "PutMetricAlarm": {
        "Metrics.Label": "is what a graph shows",
        "Metrics.AccountId": "the metrics are in the account of the endpoint",
        "Metrics.Period": "is for queries of Metrics Insights, which no expression is",
    },
    "PutCompositeAlarm": {},
}
"""What no inventory can say, with the reason; whatever is below such a member counts as such."""


def _leaves(shape: Shape, path: str = "") -> t.Iterator[str]:
    while isinstance(shape, ListShape):
        shape = shape.member
    if not isinstance(shape, StructureShape):
        yield path
        return
    for name, inner in shape.members.items():
        yield from _leaves(inner, f"{path}.{name}".lstrip("."))


MEMBERS = [
    (operation, path)
    for operation, service in REQUESTS.items()
    for path in _leaves(shapes.input_shape(service, operation))
]


def _keys(key: Key) -> t.Iterator[Key]:
    yield key
    for child in key.keys:
        yield from _keys(child)


def _is_at_or_below(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.") or not other


def _has_key(member: Member) -> bool:
    """Whether a key says it, or is the name of the user."""
    return any(member in (*key.members, key.names) for key in _keys(INVENTORY) if key.kind != "parameters")


def _is_part_of_key(member: Member) -> bool:
    return any(
        each[:2] == member[:2] and _is_at_or_below(member.path, each.path)
        for key in _keys(INVENTORY)
        if key.name in BY_HAND
        for each in key.members
    )


def _parameters(member: Member) -> list[tuple[Key, str]]:
    """The keys for members without a key that are above it, each with its path from there."""
    roots = [(key, key.members[0]) for key in _keys(INVENTORY) if key.kind == "parameters"]
    return [
        (key, member.path.removeprefix(root.path).lstrip("."))
        for key, root in roots
        if root[:2] == member[:2] and _is_at_or_below(member.path, root.path)
    ]


def _takes(key: Key, path: str) -> bool:
    return not any(_is_at_or_below(path, taken) for taken in key.taken)


def _is_owned(member: Member) -> bool:
    return any(_is_at_or_below(path, owned) for key, path in _parameters(member) for owned in key.owned)


def how(member: Member) -> set[str]:
    """In which ways it can be said, or that it cannot."""
    ways = {
        "key": _has_key(member),
        "part of a key": _is_part_of_key(member),
        "api_parameters": any(_takes(key, path) for key, path in _parameters(member)),
        "owned": _is_owned(member),
        "not said": any(_is_at_or_below(member.path, path) for path in NOT_SAID[member.operation]),
    }
    return {way for way, is_so in ways.items() if is_so}


@pytest.mark.parametrize(("operation", "path"), MEMBERS, ids=[f"{operation} {path}" for operation, path in MEMBERS])
def test_a_member_is_said_or_has_a_reason(operation: str, path: str) -> None:
    found = how(Member(REQUESTS[operation], operation, path))
    assert found, "no key says it, no api_parameters take it, and nobody says why"
    assert "not said" not in found or found <= {"not said", "part of a key"}, "it can be said after all"


@pytest.mark.parametrize("operation", REQUESTS)
def test_a_reason_is_of_a_member_that_is_there(operation: str) -> None:
    known = [path for of, path in MEMBERS if of == operation]
    for reason in NOT_SAID[operation]:
        assert any(_is_at_or_below(path, reason) for path in known), reason
