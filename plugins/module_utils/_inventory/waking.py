# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What starts the first instance of an asynchronous endpoint that has been scaled to none.

Source: SageMaker Developer Guide (async-inference-autoscale, async-inference-monitor).
"""

from __future__ import annotations

import functools
import typing as t

from . import metrics
from .alarm_expressions import metrics_in
from .arithmetic import measures
from .expressions import MathPolicy
from .reader import Reader, Tree
from .scaling_keys import AUTO_SCALING
from .step_expressions import PERCENT, StepPolicy

POLICY = "wake-from-zero"
"""The key of the policy that wake_from_zero declares."""
_WRITTEN: Tree = {
    "expression": "HasBacklogWithoutCapacity average >= 1 then +1",
    "alarm": {"evaluation_periods": 2},
}


@functools.cache
def waking_policy() -> Tree:
    """The policy as if it had been declared; callers must not change it."""
    policies: Tree = Reader().read(AUTO_SCALING[0], {POLICY: _WRITTEN}, "policies")
    return t.cast("Tree", policies[POLICY])


def without_waking(policies: t.Mapping[str, Tree]) -> tuple[Tree, bool]:
    """The exported policies without just this one, and whether it was among them."""
    found = policies.get(POLICY) == _WRITTEN
    return {key: policy for key, policy in policies.items() if not (found and key == POLICY)}, found


def may_wake(policy: Tree) -> bool:
    """Whether a policy may act at 0 instances; None if it cannot be read, or its metric is unknown."""
    expression = policy["expression"]
    if expression is None:
        return True
    if isinstance(expression, StepPolicy):
        return _goes_up(expression) and policy["alarm"]["actions_enabled"] is not False and _sees(expression)
    if isinstance(expression, MathPolicy):
        return all(_has_data(each.metric) for each in measures(expression.term))
    # One that tracks the backlog does, once the backlog is larger than its target.
    return expression.metric not in metrics.predefined() and _has_data(expression.metric)


def _goes_up(expression: StepPolicy) -> bool:
    """No percentage of 0 is an instance."""
    return expression.unit != PERCENT and any(step.adjustment > 0 for step in expression.steps)


def _sees(expression: StepPolicy) -> bool:
    return all(_has_data(name) for name, _statistic in metrics_in(expression.condition))


def _has_data(name: str) -> bool:
    metric = metrics.CATALOGUE.get(name)
    return metric is None or metric.is_of_queue
