# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling that plans of endpoints put back, as it will be once they are through: check mode plans from there."""

from __future__ import annotations

import typing as t

from .._engine.plan import Plan, Step
from .live_scaling import PUT, REGISTER, LiveScaling


def restored(plans: t.Iterable[Plan]) -> dict[str, LiveScaling]:
    """By the resource ID of the scalable target; AWS gives the ARN when it is registered."""
    steps = [step for plan in plans for step in plan.calls]
    return {
        step.parameters["ResourceId"]: LiveScaling(
            target={member: value for member, value in step.parameters.items() if member != "Tags"},
            policies=_policies_on(step.parameters["ResourceId"], steps),
            tags=step.parameters["Tags"],
        )
        for step in steps
        if step.operation == REGISTER
    }


def _policies_on(resource_id: str, steps: t.Sequence[Step]) -> dict[str, dict[str, t.Any]]:
    return {
        step.parameters["PolicyName"]: dict(step.parameters)
        for step in steps
        if step.operation == PUT and step.parameters["ResourceId"] == resource_id
    }
