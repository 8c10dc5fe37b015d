# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What depends on a scalable target: policies, the alarms that call them, and scheduled actions."""

from __future__ import annotations

import dataclasses
import typing as t

from .._engine.diff import Difference, differences
from .._engine.plan import Compared, Effect, Plan, ResourceId, Step
from ..problems import first_of
from . import policies, policy_alarms, scheduled_actions
from .alarm import AlarmKind
from .names import OwnName, action_taken_apart, taken_apart, variant_of
from .policies import is_with_steps
from .scaling_state import TARGET_RULES, DesiredScaling, LiveScaling

POLICIES, ACTIONS = "Policies", "ScheduledActions"
"""The members of a compared request that hold policies and scheduled actions by name, which AWS takes as requests."""
PRESENT = "present"


class DependentChanges(t.NamedTuple):
    """The changes of policies and scheduled actions of a target."""

    differences: tuple[Difference, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    tagging: tuple[Step, ...]
    """Of alarms: with them alone, nothing is changed but tags."""
    gone: tuple[Plan, ...]
    """Alarms that go, as plans without steps."""


def changes(
    alarm_kind: AlarmKind, desired: DesiredScaling, live: LiveScaling, to_delete: t.Sequence[str]
) -> DependentChanges:
    """*to_delete* are scheduled actions that go; raises Refused."""
    undeclared = undeclared_policies(desired, live)
    found, steps = policies.changes(desired.target, desired.policies, live.policies, undeclared)
    made_again = {step.parameters["PolicyName"] for step in steps if step.operation == policies.DELETE}
    of_tags = desired.tags.change(alarm_kind.scope, live.tags).differences
    alarms = policy_alarms.changes(alarm_kind, desired.alarms, live, made_again, of_tags)
    others = [name for name, each in desired.policies.items() if not is_with_steps(each)]
    gone = policy_alarms.deletions(alarm_kind, [*undeclared, *others], live)
    steps = policy_alarms.in_order(
        [policy_alarms.with_calls_restored(step, live) for step in steps],
        alarms.puts,
        {plan.resource.name: plan.calls[0] for plan in gone},
    )
    actions = scheduled_actions.changes(
        desired.target, desired.scheduled_actions, live.scheduled_actions, to_delete, live.read_at
    )
    return DependentChanges(
        found + alarms.differences + actions[0],
        steps + actions[1],
        alarms.notes + actions[2] + _steps_of_others(desired, live, undeclared),
        alarms.tagging,
        tuple(dataclasses.replace(plan, steps=()) for plan in gone),
    )


def _steps_of_others(desired: DesiredScaling, live: LiveScaling, to_delete: t.Collection[str]) -> tuple[str, ...]:
    """Told when a step policy is created: AWS takes any number of them, and each adds or removes instances."""
    is_new = any(is_with_steps(each) and name not in live.policies for name, each in desired.policies.items())
    stay = live.policies.keys() - desired.policies.keys() - set(to_delete)
    others = [name for name, each in live.policies.items() if name in stay and is_with_steps(each)]
    if not is_new or not others:
        return ()
    return (
        f"step policies that are not declared here change the capacity too: {first_of(others)}; delete them, or leave "
        f"out those that are declared",
    )


def undeclared_policies(desired: DesiredScaling, live: LiveScaling) -> list[str]:
    """Policies that are no longer declared and have names of the collection; those of others stay."""
    if not desired.policies_are_given:
        return []
    return _left_of(desired, live.policies, desired.policies, taken_apart)


def undeclared_actions(desired: DesiredScaling, live: LiveScaling) -> list[str]:
    if not desired.actions_are_given:
        return []
    return _left_of(desired, live.scheduled_actions, desired.scheduled_actions, action_taken_apart)


def _left_of(
    desired: DesiredScaling,
    names: t.Iterable[str],
    declared: t.Collection[str],
    parts_of: t.Callable[[str], OwnName | None],
) -> list[str]:
    own = variant_of(desired.name)
    return [name for name in names if name not in declared and (its := parts_of(name)) and its.of == own]


def removal(resource: ResourceId, live: LiveScaling) -> Plan:
    """What goes with a target, as a plan without steps."""
    dependents = {"policies": live.policies, "scheduled_actions": live.scheduled_actions}
    gone = tuple(Difference((what, name), PRESENT, None) for what, names in dependents.items() for name in names)
    gone_with_it = Compared({**live.target, POLICIES: live.policies, ACTIONS: live.scheduled_actions}, None)
    return Plan(
        resource, Effect.DELETE, differences=differences(TARGET_RULES, live.target, None) + gone, compared=gone_with_it
    )


def compared(live: LiveScaling, desired: DesiredScaling) -> Compared:
    """Deleted policies and scheduled actions are plans of their own."""
    found = {
        name: policy_alarms.with_alarm(each, policy_alarms.comparable(name, live))
        for name, each in live.policies.items()
        if name in desired.policies
    }
    wanted = {name: policy_alarms.with_alarm(each, desired.alarms.get(name)) for name, each in desired.policies.items()}
    actions = {name: each for name, each in live.scheduled_actions.items() if name in desired.scheduled_actions}
    before = {**live.target, POLICIES: found, ACTIONS: actions} if live.exists else None
    return Compared(before, {**desired.target, POLICIES: wanted, ACTIONS: desired.scheduled_actions})


def deletions(desired: DesiredScaling, live: LiveScaling, actions: t.Iterable[str]) -> t.Iterator[Plan]:
    gone = [("scaling policy", name, live.policies[name]) for name in undeclared_policies(desired, live)]
    gone += [("scheduled action", name, live.scheduled_actions[name]) for name in actions]
    for kind, name, request in gone:
        yield Plan(ResourceId(kind, name), Effect.DELETE, compared=Compared(dict(request), None))
