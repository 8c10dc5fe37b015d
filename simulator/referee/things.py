# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""All that scales an endpoint: targets, suspensions, policies, scheduled actions, and alarms that call policies."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..region import Region
from .resources import owner_of

TARGET, SUSPENSION, POLICY, ACTION, CALLER = (
    "scalable target",
    "suspension",
    "policy",
    "scheduled action",
    "alarm action",
)


class Thing(NamedTuple):
    """One of them; `on` is what it depends on besides the target: the policy that an alarm calls."""

    resource_id: str
    dimension: str
    kind: str
    name: str = ""
    on: str = ""

    @property
    def variant(self) -> str:
        return self.resource_id.rsplit("/", 1)[-1]


Things = dict[Thing, Any]
"""With their contents."""


def things(region: Region, endpoint: str) -> Things:
    found: Things = {}
    for target in region.targets.of_endpoint(endpoint):
        found[Thing(*target.key, TARGET)] = (target.minimum, target.maximum)
        for name, is_suspended in target.suspended.items():
            if is_suspended:
                found[Thing(*target.key, SUSPENSION, name)] = True
        for policy in target.policies.values():
            found[Thing(*target.key, POLICY, policy.name)] = (policy.kind, policy.config)
            for alarm in region.alarms.calling(policy.arn):
                if alarm.name not in policy.alarm_names:
                    found[Thing(*target.key, CALLER, alarm.name, policy.name)] = True
        for action in target.scheduled_actions.values():
            found[Thing(*target.key, ACTION, action.name)] = dict(action.content)
    return found


def owners_of_targets(region: Region, endpoint: str) -> dict[str, str | None]:
    return {target.key.resource_id: owner_of(region, target.arn) for target in region.targets.of_endpoint(endpoint)}
