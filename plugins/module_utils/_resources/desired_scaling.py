# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling of a variant as it is declared, and how two targets are compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._engine.canonical import Request, Rules
from .._engine.ownership import TagRequest
from .._engine.plan import ResourceId
from .alarm import DesiredAlarm

TARGET_RULES = Rules(
    defaults=dict.fromkeys(
        (
            "SuspendedState.DynamicScalingInSuspended",
            "SuspendedState.DynamicScalingOutSuspended",
            "SuspendedState.ScheduledScalingSuspended",
        ),
        False,
    ),
    read_only=("Tags", "ServiceNamespace", "ResourceId"),
    # Somebody who suspended scaling did so for a reason that the inventory may not know.
    computed=("SuspendedState",),
)


@dataclass(frozen=True)
class DesiredScaling:
    """A variant's scaling as the user declares it."""

    name: str
    target: Request
    policies: dict[str, Request]
    policies_are_given: bool
    tags: TagRequest
    scheduled_actions: dict[str, Request] = field(default_factory=dict)
    actions_are_given: bool = False
    alarms: dict[str, DesiredAlarm] = field(default_factory=dict)
    """By the name of the policy that each calls."""
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("scaling", self.name)
