# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request for one resource in the words of the inventory, with the reason in place of what it cannot express."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.canonical import Request, without
from ..module_utils._export.alarms import actions_tree, alarm_tree, composite_tree
from ..module_utils._export.models import model_tree
from ..module_utils._export.omissions import Unsupported
from ..module_utils._export.scaling import policy_tree, scaling_tree, schedule_tree
from ..module_utils._inventory import composite_rule
from ..module_utils._inventory.alarm_keys import ALARM_KEYS, COMPOSITE_KEYS
from ..module_utils._inventory.reader import Tree
from ..module_utils._inventory.walker import exported
from ..module_utils._resources import policy_alarms
from ..module_utils._resources.names import action_taken_apart, composite_taken_apart, taken_apart
from ..module_utils._resources.policies import STEPS
from ..module_utils._resources.target_dependents import ACTIONS, POLICIES

COMPOSITE = "composite alarm"
CALLER = "alarm of a scaling policy"


def _model(request: Request) -> Tree:
    return model_tree(request, {})


def _alarm(request: Request) -> Tree:
    """With the query that an expression on a signal becomes, for review before it is put."""
    query = request.get("EvaluationCriteria", {}).get("PromQLCriteria", {}).get("Query")
    try:
        return alarm_tree(request) | ({"query": query} if query else {})
    except Unsupported as reason:
        return exported(ALARM_KEYS, request, expression=f"({reason})", **actions_tree(request))


def _composite(request: Request) -> Tree:
    """Does not check whether the alarms in the rule are declared."""
    found = composite_rule.read(request["AlarmRule"])
    own = composite_taken_apart(request["AlarmName"])
    try:
        return composite_tree(request, [name.removeprefix(f"{own[0]}/") for name in found[1]] if own and found else ())
    except Unsupported:
        return exported(COMPOSITE_KEYS, request, any_of=[f"({request['AlarmRule']})"], **actions_tree(request))


def _policy(request: Request) -> Tree:
    """Steps are shown even if no alarm is known that calls them."""
    try:
        return policy_tree(without((policy_alarms.ALARM,), request), request.get(policy_alarms.ALARM))
    except Unsupported as reason:
        steps = request.get(STEPS, {}).get("StepAdjustments", ())
        adjustments = ", ".join(f"then {step['ScalingAdjustment']:+d}" for step in steps)
        return {"expression": f"({adjustments or reason})"}


def _scaling(request: Request) -> Tree:
    policies = {key_in(name): _policy(each) for name, each in request[POLICIES].items()}
    actions = {key_in(name): _schedule(each) for name, each in request[ACTIONS].items()}
    return scaling_tree(without((POLICIES, ACTIONS), request), policies, actions)


def _schedule(request: Request) -> Tree:
    try:
        return schedule_tree(request)
    except Unsupported as reason:
        return {"cron": f"({reason})"}


def key_in(name: str) -> str:
    """The key of a policy or a scheduled action in its name, or the name if it has another form."""
    own = taken_apart(name) or action_taken_apart(name)
    return own.key if own else name


TREES: dict[str, t.Callable[[Request], Tree]] = {
    "model": _model,
    "alarm": _alarm,
    COMPOSITE: _composite,
    CALLER: _alarm,
    "scaling": _scaling,
    "scaling policy": _policy,
    "scheduled action": _schedule,
}
