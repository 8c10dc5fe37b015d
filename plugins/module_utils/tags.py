# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a resource is, and the tag calls that make it so."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    compare_aws_tags,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.compare import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Refused, Step

PREFIX = "friendsofansible.sagemaker/"
DEPLOYMENT = f"{PREFIX}deployment"
DIGEST = f"{PREFIX}digest"
GENERATION_OF = f"{PREFIX}generation-of"

Tags = t.Mapping[str, str]


@dataclass(frozen=True)
class Scope:
    """On whose behalf a run acts; without a deployment it acts on just what the task names."""

    deployment: str | None = None
    purge_tags: bool = True
    trusts_tags: bool = True
    """Whether a digest in a tag is proof of a content, and the index of tags of there being nothing to do."""

    @property
    def ownership(self) -> dict[str, str]:
        marks = {"managed-by": "Ansible"}
        return marks | {DEPLOYMENT: self.deployment} if self.deployment else marks


def wanted_tags(scope: Scope, tags: Tags | None, own: Tags | None = None) -> dict[str, str]:
    """Common tags < the user's < those that the collection itself relies on (*own* and the deployment)."""
    reserved = {key: value for key, value in scope.ownership.items() if key.startswith(PREFIX)}
    given = {key: str(value) for key, value in (tags or {}).items()}
    return {**scope.ownership, **given, **reserved, **(own or {})}


def is_owned(scope: Scope, wanted: Tags, current: Tags) -> bool:
    """Whether the resource carries every mark of ownership that we would give it."""
    return all(current.get(key) == wanted[key] for key in scope.ownership)


def refuse_foreign(scope: Scope, label: str, current: Tags) -> None:
    """Raises Refused for what another deployment owns; what nobody owns may be adopted."""
    owner = current.get(DEPLOYMENT)
    if scope.deployment and owner and owner != scope.deployment:
        raise Refused(f'{label} belongs to the deployment "{owner}", not to "{scope.deployment}"; left alone')


@dataclass(frozen=True)
class TagChange:
    """Tags to set and tags to remove."""

    added: dict[str, str]
    removed: tuple[str, ...]
    before: Tags

    @property
    def differences(self) -> tuple[Difference, ...]:
        return (
            *(Difference(f"tags.{key}", self.before.get(key), value) for key, value in sorted(self.added.items())),
            *(Difference(f"tags.{key}", self.before[key], None) for key in self.removed),
        )


def tag_change(scope: Scope, current: Tags, wanted: Tags, are_given: bool) -> TagChange:
    """What to set and remove; nothing is removed unless the user gave tags, and never the collection's own."""
    added, removed = compare_aws_tags(dict(current), dict(wanted), scope.purge_tags and are_given)
    return TagChange(added, tuple(sorted(key for key in removed if not key.startswith(PREFIX))), current)


def are_settled(scope: Scope, current: Tags | None, wanted: Tags, are_given: bool) -> bool:
    """Whether tags that are known, maybe from an index that lags behind, leave nothing to do."""
    if current is None:
        return False
    change = tag_change(scope, current, wanted, are_given)
    return not change.added and not change.removed


def added_tags(wanted: Tags) -> tuple[Difference, ...]:
    """The differences that the tags of a new resource make."""
    return TagChange(dict(wanted), (), {}).differences


def tag_steps(service: str, arn: str, change: TagChange) -> tuple[Step, ...]:
    """The service's own tag calls for a change."""
    calls = _CALLS[service]
    steps = []
    if change.added:
        steps.append(Step(service, calls.add, {calls.arn: arn, "Tags": as_sent(service, change.added)}, "set tags"))
    if change.removed:
        steps.append(Step(service, calls.remove, {calls.arn: arn, "TagKeys": list(change.removed)}, "remove tags"))
    return tuple(steps)


def as_sent(service: str, tags: Tags) -> t.Any:
    """Tags as the service takes them: Application Auto Scaling a map, the others a list of keys and values."""
    ordered = dict(sorted(tags.items()))
    return ordered if service == "application-autoscaling" else ansible_dict_to_boto3_tag_list(ordered)


@dataclass(frozen=True)
class _TagCalls:
    add: str
    remove: str
    arn: str


_CALLS = {
    "sagemaker": _TagCalls("AddTags", "DeleteTags", "ResourceArn"),
    "cloudwatch": _TagCalls("TagResource", "UntagResource", "ResourceARN"),
    "application-autoscaling": _TagCalls("TagResource", "UntagResource", "ResourceARN"),
}
