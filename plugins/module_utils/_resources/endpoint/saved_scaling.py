# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling that has to stand aside while an endpoint is updated, and what brings it back.

AWS refuses an update that changes the instance type of a scalable target, or removes it [D endpoint-scaling-update].
The target is deregistered meanwhile, which deletes its policies and scheduled actions. They are written into tags of
the new configuration first, so that whichever run finishes the update can put them back.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import typing as t
import zlib
from dataclasses import dataclass, field

from ..._aws import autoscaling
from ..._aws.autoscaling import SERVICE
from ..._engine.canonical import Request
from ..._engine.ownership import PREFIX, as_sent
from ..._engine.plan import Refused, Step
from ..policies import tracked_metric

_SAVED = f"{PREFIX}saved-scaling-"
_TAG_LIMIT = 256
_MOST_CHUNKS = 20


@dataclass(frozen=True)
class SavedTarget:
    """A scalable target with all that hangs on it, as the requests that make it."""

    variant_name: str
    arn: str
    target: Request
    policies: tuple[Request, ...] = ()
    scheduled_actions: tuple[Request, ...] = ()
    tags: t.Mapping[str, str] = field(default_factory=dict)
    called: tuple[tuple[str, str], ...] = ()
    """The step policies that alarms call, each with the ARN that it had: it comes back under another one."""

    @property
    def description(self) -> str:
        """The variant with the names of what hangs on its target, for messages."""
        policies = ", ".join(policy["PolicyName"] for policy in self.policies)
        actions = ", ".join(action["ScheduledActionName"] for action in self.scheduled_actions)
        parts = [
            *([f"policies {policies}"] if policies else []),
            *([f"scheduled actions {actions}"] if actions else []),
        ]
        return f"variant {self.variant_name}" + (f" ({'; '.join(parts)})" if parts else "")

    def with_maximum(self, least: int) -> SavedTarget:
        """This target with a maximum capacity of *least* or more."""
        maximum = max(self.target["MaxCapacity"], least)
        return dataclasses.replace(self, target={**self.target, "MaxCapacity": maximum})

    def with_missing(self, other: SavedTarget) -> SavedTarget:
        """This target with those policies and scheduled actions of *other* that it lacks and can have."""
        policies, metrics = list(self.policies), {tracked_metric(policy) for policy in self.policies} - {None}
        names = {policy["PolicyName"] for policy in policies}
        for policy in other.policies:
            # [I] one target tracking policy for each metric specification of a target.
            if policy["PolicyName"] not in names and tracked_metric(policy) not in metrics:
                policies.append(policy)
        actions = {
            action["ScheduledActionName"]: action for action in (*other.scheduled_actions, *self.scheduled_actions)
        }
        return dataclasses.replace(
            self,
            policies=tuple(policies),
            scheduled_actions=tuple(actions.values()),
            called=tuple(dict.fromkeys((*self.called, *other.called))),
        )


def deregistration(saved: SavedTarget, reason: str) -> Step:
    return Step(SERVICE, "DeregisterScalableTarget", autoscaling.key_of(saved.target), reason)


def restoration(saved: SavedTarget, registered: SavedTarget | None) -> tuple[Step, ...]:
    """The calls that make the target, unless it has been *registered* again, and what is missing on it."""
    reason = "scaling is put back"
    register = Step(SERVICE, "RegisterScalableTarget", saved.target | {"Tags": as_sent(SERVICE, saved.tags)}, reason)
    whole = registered.with_missing(saved) if registered else saved
    policies, actions = (registered.policies, registered.scheduled_actions) if registered else ((), ())
    return (
        *(() if registered else (register,)),
        *(Step(SERVICE, "PutScalingPolicy", each, reason) for each in whole.policies if each not in policies),
        *(Step(SERVICE, "PutScheduledAction", each, reason) for each in whole.scheduled_actions if each not in actions),
    )


@dataclass(frozen=True)
class Note:
    """Scaling that a configuration carries in its tags; notes are numbered in the order in which they were made."""

    number: int
    targets: tuple[SavedTarget, ...]


def to_tags(note: Note) -> dict[str, str]:
    """Tags that carry the note; raises Refused when it is too large for that."""
    if not note.targets:
        return {}
    entries = [
        [each.variant_name, each.arn, each.target, each.policies, each.scheduled_actions, dict(each.tags), each.called]
        for each in note.targets
    ]
    content = json.dumps({"number": note.number, "targets": entries}, default=str)
    packed = base64.b64encode(zlib.compress(content.encode(), 9)).decode()
    chunks = [packed[start : start + _TAG_LIMIT] for start in range(0, len(packed), _TAG_LIMIT)]
    if len(chunks) > _MOST_CHUNKS:
        raise Refused("its scaling is too large to be saved during the update; deregister the scalable targets by hand")
    return {f"{_SAVED}{index:02}": chunk for index, chunk in enumerate(chunks)}


def is_saved_tag(key: str) -> bool:
    return key.startswith(_SAVED)


def from_tags(tags: t.Mapping[str, str]) -> Note:
    """What to_tags wrote, if anything; releases before 1.0 wrote a bare list."""
    packed = "".join(tags[key] for key in sorted(tags) if is_saved_tag(key))
    if not packed:
        return Note(0, ())
    content = json.loads(zlib.decompress(base64.b64decode(packed)))
    entries = content["targets"] if isinstance(content, dict) else content
    return Note(content["number"] if isinstance(content, dict) else 0, tuple(_from_entry(*entry) for entry in entries))


def _from_entry(
    name: str,
    arn: str,
    target: Request,
    policies: list[Request],
    actions: list[Request],
    tags: dict[str, str],
    called: t.Sequence[tuple[str, str]] = (),
) -> SavedTarget:
    calls = tuple((policy, former) for policy, former in called)
    return SavedTarget(name, arn, target, tuple(policies), tuple(actions), tags, calls)
