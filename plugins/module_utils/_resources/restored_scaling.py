# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling that plans of endpoints put back, as it will be once they are through: check mode plans from there."""

from __future__ import annotations

import typing as t

from .._engine.plan import Output, Plan, Step
from .scaling import PUT, REGISTER, LiveScaling


def restored(plans: t.Iterable[Plan]) -> dict[str, LiveScaling]:
    """By the resource ID of the scalable target; AWS gives the ARN when it is registered.

    Of a target that a run which died has registered again, what is put on it.
    """
    steps = [step for plan in plans for step in plan.calls]
    put_on = {step.parameters["ResourceId"] for step in steps if step.operation == PUT}
    policies = {name: LiveScaling(None, None, _policies_on(name, steps), {}) for name in put_on}
    return policies | {
        step.parameters["ResourceId"]: LiveScaling(
            Output(REGISTER, "ScalableTargetARN"),
            {member: value for member, value in step.parameters.items() if member != "Tags"},
            _policies_on(step.parameters["ResourceId"], steps),
            step.parameters["Tags"],
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
