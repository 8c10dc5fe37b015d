# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Taking scalable targets away, with all that hangs on them. [D AS DeregisterScalableTarget]"""

from __future__ import annotations

from ..call import Call
from ..region import Region
from .resources import ScalableTarget, ScalingPolicy


def deregister(call: Call, target: ScalableTarget) -> None:
    """Policies, their alarms and scheduled actions go with the target."""
    for policy in target.policies.values():
        delete_alarms_of(call.region, policy, call.now)
    call.region.targets.remove(target)
    call.region.tags.forget(target.arn, call.now)


def deregister_endpoint(call: Call, endpoint: str) -> None:
    for target in call.region.targets.of_endpoint(endpoint):
        deregister(call, target)


def delete_alarms_of(region: Region, policy: ScalingPolicy, now: float) -> None:
    """The alarms that a target tracking policy made; a user's own alarms stay. [D AS]"""
    for name in policy.alarm_names:
        alarm = region.alarms.pop(name)
        if alarm:
            region.tags.forget(alarm.arn, now)
