# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling that has to stand aside while an endpoint is updated, and what brings it back.

AWS refuses an update that changes the instance type of a scalable target, or removes it [D endpoint-scaling-update].
The target is deregistered meanwhile, which deletes its policies and scheduled actions. They are written into tags of
the new configuration first, so that whichever run finishes the update can put them back.
"""

from __future__ import annotations

import base64
import json
import typing as t
import zlib
from dataclasses import dataclass, field

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Refused, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import PREFIX, as_sent

SERVICE = "application-autoscaling"
_SAVED = f"{PREFIX}saved-scaling-"
_TAG_LIMIT = 256
_MOST_TAGS = 20


@dataclass(frozen=True)
class SavedTarget:
    """A scalable target with all that hangs on it, as the requests that make it."""

    variant_name: str
    arn: str
    target: Request
    policies: tuple[Request, ...] = ()
    scheduled_actions: tuple[Request, ...] = ()
    tags: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Request:
        return {name: self.target[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")}


def deregistration(saved: SavedTarget, reason: str) -> Step:
    return Step(SERVICE, "DeregisterScalableTarget", saved.key, reason)


def restoration(saved: SavedTarget, is_registered: bool) -> tuple[Step, ...]:
    """The calls that make the target, unless it has been registered again, and everything on it."""
    reason = "scaling is put back"
    register = Step(SERVICE, "RegisterScalableTarget", saved.target | {"Tags": as_sent(SERVICE, saved.tags)}, reason)
    return (
        *(() if is_registered else (register,)),
        *(Step(SERVICE, "PutScalingPolicy", policy, reason) for policy in saved.policies),
        *(Step(SERVICE, "PutScheduledAction", action, reason) for action in saved.scheduled_actions),
    )


def to_tags(targets: t.Sequence[SavedTarget]) -> dict[str, str]:
    """Tags that carry *targets*; raises Refused when they are too large for that."""
    if not targets:
        return {}
    entries = [
        [each.variant_name, each.arn, each.target, each.policies, each.scheduled_actions, dict(each.tags)]
        for each in targets
    ]
    packed = base64.b64encode(zlib.compress(json.dumps(entries, default=str).encode(), 9)).decode()
    chunks = [packed[start : start + _TAG_LIMIT] for start in range(0, len(packed), _TAG_LIMIT)]
    if len(chunks) > _MOST_TAGS:
        raise Refused("its scaling is too large to be saved during the update; deregister the scalable targets by hand")
    return {f"{_SAVED}{index:02}": chunk for index, chunk in enumerate(chunks)}


def is_saved_tag(key: str) -> bool:
    return key.startswith(_SAVED)


def from_tags(tags: t.Mapping[str, str]) -> list[SavedTarget]:
    """What to_tags wrote, if anything."""
    packed = "".join(tags[key] for key in sorted(tags) if is_saved_tag(key))
    if not packed:
        return []
    entries = json.loads(zlib.decompress(base64.b64decode(packed)))
    return [
        SavedTarget(name, arn, target, tuple(policies), tuple(actions), own)
        for name, arn, target, policies, actions, own in entries
    ]
