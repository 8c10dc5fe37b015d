# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What Application Auto Scaling does by itself, here on request: policies and schedules are not evaluated."""

from __future__ import annotations

from ..call import Call
from ..sagemaker.lookup import endpoints_now
from .capacity import clamp, move, present
from .resource_ids import targets_of
from .resources import ScalableTarget


def scale_to(call: Call, endpoint: str, variant: str, count: int) -> bool:
    """A policy wants another count of a variant; says whether the endpoint moves. [D AS: within the bounds]"""
    moved = [_scale(call, target, endpoint, variant, count) for target in _targets(call, endpoint, variant)]
    return any(moved)


def run_scheduled_action(call: Call, endpoint: str, variant: str, action: str) -> bool:
    """The hour of a scheduled action has come; says whether it took effect. [D AS ScalableTargetAction]

    That an action is still listed after its only hour, and does nothing if it would turn the bounds round, are guesses.
    """
    ran = [_run(call, target, endpoint, variant, action) for target in _targets(call, endpoint, variant)]
    return any(ran)


def _targets(call: Call, endpoint: str, variant: str) -> list[ScalableTarget]:
    """Those of the variant as it is now."""
    endpoints_now(call)
    return targets_of(call.region, f"endpoint/{endpoint}/variant/{variant}")


def _scale(call: Call, target: ScalableTarget, endpoint: str, variant: str, count: int) -> bool:
    found = call.region.endpoints[endpoint.lower()]
    scaled = found.variant(variant)
    if scaled is None:
        return False
    # [D AS SuspendedState]
    side = "DynamicScalingOutSuspended" if count > present(scaled, target) else "DynamicScalingInSuspended"
    return not target.suspended[side] and move(call, found, scaled, target, count)


def _run(call: Call, target: ScalableTarget, endpoint: str, variant: str, name: str) -> bool:
    action = target.scheduled_actions.get(name)
    if action is None or target.suspended["ScheduledScalingSuspended"]:
        return False
    bounds = action.content["ScalableTargetAction"]
    minimum = bounds.get("MinCapacity", target.minimum)
    maximum = bounds.get("MaxCapacity", target.maximum)
    if minimum > maximum:
        return False
    target.minimum, target.maximum = minimum, maximum
    found = call.region.endpoints[endpoint.lower()]
    scaled = found.variant(variant)
    if scaled:
        clamp(call, found, scaled, target)
    return True
