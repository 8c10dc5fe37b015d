# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling of a variant: its scalable target with its policies and scheduled actions, registered and put whole."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t
from dataclasses import dataclass, field

from .._aws import autoscaling, tagging
from .._aws.autoscaling import SERVICE
from .._aws.client import Api, CallFailed
from .._engine.canonical import Request, Rules, without
from .._engine.diff import Difference, differences
from .._engine.ownership import (
    Scope,
    TagRequest,
    added_tags,
    as_sent,
    kept,
    refuse_foreign,
    tag_request,
    unless_unowned,
    with_tag_steps,
)
from .._engine.plan import Compared, Effect, Finished, Output, Plan, Refused, ResourceId, Step
from .._engine.requests import Options, request_of
from ..problems import InvalidInput, Problem
from . import policy_plan, scheduled_actions, schedules
from .fast_path import FastPath
from .live_scaling import REGISTER, LiveScaling
from .names import INSTANCE_COUNT, OwnName, VariantId, action_taken_apart, taken_apart, variant_of

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

POLICIES, ACTIONS = "Policies", "ScheduledActions"
"""In which members of a compared request a target has what hangs on it, by name; AWS takes these as requests."""
_PRESENT = "present"


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
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("scaling", self.name)


class _Hanging(t.NamedTuple):
    """What changes of that which hangs on a target."""

    differences: tuple[Difference, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


class ScalingKind:
    """What the runner needs to know of scaling."""

    services = (SERVICE, tagging.SERVICE)

    def __init__(
        self,
        scope: Scope,
        foretold: t.Mapping[str, LiveScaling] | None = None,
        missing: t.Mapping[str, str] | None = None,
    ) -> None:
        """*foretold* is what the run will have registered, by resource ID: targets, or policies of existing targets.

        *missing* says what an earlier run took away, by resource ID; such targets are refused, because the run could
        not restore all of it.
        """
        self.scope = scope
        self.foretold = foretold or {}
        self.missing = missing or {}

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredScaling:
        given = dict(options)
        tags, may_be_adopted = given.pop("tags", None), bool(given.pop("adopt", False))
        policies, actions = given.pop("policies", None), given.pop("scheduled_actions", None)
        variant = VariantId(given.pop("endpoint_name"), given.pop("variant_name"))
        key = variant.target_options(given.pop("scalable_dimension", INSTANCE_COUNT))
        problems: list[Problem] = []
        policy_requests = policy_plan.requests_of(key, policies or [], problems)
        action_requests = scheduled_actions.requests_of(key, actions or [], problems)
        try:
            target = request_of(SERVICE, REGISTER, key | given, TARGET_RULES, is_for_deletion)
        except InvalidInput as error:
            raise InvalidInput([*error.problems, *problems]) from error
        if problems:
            raise InvalidInput(problems)
        return DesiredScaling(
            target["ResourceId"],
            target,
            policy_requests,
            policies is not None,
            tag_request(self.scope, tags),
            action_requests,
            actions is not None,
            may_be_adopted,
        )

    def read(
        self, api: Api, desired: t.Sequence[DesiredScaling], is_for_deletion: bool
    ) -> list[LiveScaling | CallFailed]:
        found = autoscaling.describe_targets(api, [scaling.name for scaling in desired])
        policies = autoscaling.describe_policies(api, list(found))
        dated = [(each["ScalableTargetARN"], each.get("CreationTime")) for each in found.values()]
        fast_path = FastPath(self.scope, api, () if is_for_deletion else dated, autoscaling.list_tags)
        asked = [key for each in desired if (key := _found_as(each)) in found and _needs_actions(each, found[key])]
        actions = autoscaling.describe_actions(api, asked)

        def live(scaling: DesiredScaling, tags: dict[str, str]) -> LiveScaling:
            key = _found_as(scaling)
            target = LiveScaling.from_description(found[key])
            described = target.with_details(policies[key], actions.get(key, ()), tags)
            return described.with_foretold(self.foretold.get(scaling.name, LiveScaling()))

        def unchanged(scaling: DesiredScaling) -> LiveScaling | None:
            target = found.get(_found_as(scaling))
            if target is None:
                return self.foretold.get(scaling.name, LiveScaling())
            tags = fast_path.proof(target["ScalableTargetARN"], scaling.tags)
            return live(scaling, tags) if tags is not None and _has_bounds(scaling, target) else None

        def described(scaling: DesiredScaling) -> LiveScaling:
            return live(scaling, autoscaling.list_tags(api, found[_found_as(scaling)]["ScalableTargetARN"]))

        return [
            each if isinstance(each, CallFailed) else dataclasses.replace(each, read_at=api.now())
            for each in api.each(described, desired, unchanged)
        ]

    def plan(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        refuse_foreign(self.scope, desired.resource, live.tags)
        if desired.name in self.missing:
            raise Refused(self.missing[desired.name])
        leaving = _undeclared_actions(desired, live)
        held, moved = _bounds_of_schedules(desired, live, leaving) if live.exists else ({}, {})
        goal = desired.target | moved | {member: live.target[member] for member in held}
        wanted = without(held, goal)
        target_changes = differences(TARGET_RULES, without(held, live.target), wanted)
        hanging = self._hanging(desired, live, leaving)
        changes = target_changes + hanging.differences
        notes = (*schedules.note_of(held, live.target), *hanging.notes)
        if not live.exists:
            request = desired.target | {"Tags": as_sent(SERVICE, desired.tags.wanted)}
            steps = (Step(SERVICE, REGISTER, request, "missing"), *hanging.steps)
            found = changes + added_tags(desired.tags.wanted)
            compared = _compared(LiveScaling(), desired)
            return Plan(desired.resource, Effect.CREATE, found, steps, notes, compared=compared)
        registers = (Step(SERVICE, REGISTER, wanted, "changed"),) if target_changes else ()
        plan = Plan(
            desired.resource,
            Effect.IN_PLACE,
            tuple(item for item in changes if item.before != _PRESENT),
            (*registers, *hanging.steps),
            notes,
            compared=_compared(live, dataclasses.replace(desired, target=goal)),
            parts=tuple(_deletions(desired, live, leaving)),
        )
        arn = live.arn or Output(REGISTER, "ScalableTargetARN")
        plan = with_tag_steps(plan, SERVICE, arn, desired.tags.change(self.scope, live.tags))
        return unless_unowned(self.scope, plan, live.tags, desired.may_be_adopted)

    def _hanging(self, desired: DesiredScaling, live: LiveScaling, leaving: t.Sequence[str]) -> _Hanging:
        """What changes of that which hangs on the target; *leaving* are scheduled actions that go."""
        policies = policy_plan.changes(desired.target, desired.policies, live.policies, _undeclared(desired, live))
        actions = scheduled_actions.changes(
            desired.target, desired.scheduled_actions, live.scheduled_actions, leaving, live.read_at
        )
        return _Hanging(policies[0] + actions[0], policies[1] + actions[1], actions[2])

    def plan_absent(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        if nothing := kept(self.scope, desired.resource, live.tags, exists=live.exists):
            return nothing
        # [D] deregistering deletes the policies too.
        step = Step(SERVICE, "DeregisterScalableTarget", autoscaling.key_of(desired.target), "no longer wanted")
        return dataclasses.replace(removal(desired.resource, live), steps=(step,))

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredScaling, LiveScaling]]) -> t.Iterable[Plan]:
        return []

    def facts(self, desired: DesiredScaling, live: LiveScaling, plan: Plan) -> Options:
        return {"scalable_target_arn": live.arn or None}

    def options(self, desired: DesiredScaling, live: LiveScaling, plan: Plan) -> Options:
        made = LiveScaling(
            target=desired.target,
            policies=desired.policies,
            scheduled_actions=desired.scheduled_actions,
            tags=desired.tags.wanted,
        )
        shown = live if live.exists else made
        return shown.options | (shown.action_options if desired.actions_are_given else {})


def _has_bounds(desired: DesiredScaling, found: Request) -> bool:
    return all(desired.target.get(member, found[member]) == found[member] for member in schedules.BOUNDS)


def _needs_actions(desired: DesiredScaling, found: Request) -> bool:
    """Whether scheduled actions are declared, or may have set the bounds, which are not as declared."""
    return desired.actions_are_given or not _has_bounds(desired, found)


def _found_as(desired: DesiredScaling) -> autoscaling.Target:
    return desired.name, desired.target["ScalableDimension"]


def _bounds_of_schedules(
    desired: DesiredScaling, live: LiveScaling, leaving: t.Sequence[str]
) -> tuple[dict[str, str], dict[str, int]]:
    """The bounds that are left as a scheduled action has set them, and those that follow its new numbers."""
    before = list(live.scheduled_actions.values())
    now = live.read_at or datetime.datetime.now(datetime.UTC)
    after = scheduled_actions.afterwards(desired.scheduled_actions, live.scheduled_actions, leaving, now)
    before, after = (schedules.in_force(actions, now) for actions in (before, after))
    moved = schedules.moved_bounds(before, after, live.target, desired.target)
    return schedules.held_bounds(after, live.target, desired.target), moved


def _undeclared(desired: DesiredScaling, live: LiveScaling) -> list[str]:
    """Policies named as the collection names them that are declared no more; those of others stay."""
    if not desired.policies_are_given:
        return []
    return _left_of(desired, live.policies, desired.policies, taken_apart)


def _undeclared_actions(desired: DesiredScaling, live: LiveScaling) -> list[str]:
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
    hanging = {"policies": live.policies, "scheduled_actions": live.scheduled_actions}
    gone = tuple(Difference((what, name), _PRESENT, None) for what, names in hanging.items() for name in names)
    compared = Compared({**live.target, POLICIES: live.policies, ACTIONS: live.scheduled_actions}, None)
    return Plan(resource, Effect.DELETE, differences(TARGET_RULES, live.target, None) + gone, compared=compared)


def _compared(live: LiveScaling, desired: DesiredScaling) -> Compared:
    """Deleted policies and scheduled actions are plans of their own."""
    policies = {name: each for name, each in live.policies.items() if name in desired.policies}
    actions = {name: each for name, each in live.scheduled_actions.items() if name in desired.scheduled_actions}
    before = {**live.target, POLICIES: policies, ACTIONS: actions} if live.exists else None
    return Compared(before, {**desired.target, POLICIES: desired.policies, ACTIONS: desired.scheduled_actions})


def _deletions(desired: DesiredScaling, live: LiveScaling, actions: t.Iterable[str]) -> t.Iterator[Plan]:
    gone = [("scaling policy", name, live.policies[name]) for name in _undeclared(desired, live)]
    gone += [("scheduled action", name, live.scheduled_actions[name]) for name in actions]
    for kind, name, request in gone:
        yield Plan(ResourceId(kind, name), Effect.DELETE, compared=Compared(dict(request), None))
