# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling of a variant: its scalable target with its policies and scheduled actions, registered and put whole."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._aws import autoscaling, cloudwatch, tagging
from .._aws.autoscaling import SERVICE
from .._aws.client import Api, CallFailed
from .._aws.service_model import leaf_problems, shape_at
from .._engine.canonical import Request, without
from .._engine.diff import differences
from .._engine.ownership import (
    Scope,
    added_tags,
    as_sent,
    kept,
    refuse_foreign,
    sent_tags,
    tag_request,
    unless_unowned,
    with_tag_steps,
)
from .._engine.plan import Effect, Finished, Made, Output, Plan, Refused, Step
from .._engine.requests import Options, request_of
from ..problems import InvalidInput, Problem
from . import policies, policy_alarms, scheduled_actions, target_dependents
from .alarm import AlarmKind, LiveAlarm
from .endpoint.scaling_notes import find_missing_scaling
from .fast_path import FastPath
from .names import INSTANCE_COUNT, VariantId
from .scaling_state import REGISTER, TARGET_RULES, DesiredScaling, LiveScaling
from .scheduled_actions import are_recorded_otherwise, with_declared_bounds


class ScalingKind:
    """What the runner needs to know of scaling."""

    services = (SERVICE, cloudwatch.SERVICE, tagging.SERVICE)
    ignores_case = False

    def __init__(
        self,
        scope: Scope,
        planned: t.Mapping[str, LiveScaling] | None = None,
        endpoints_with_notes: t.Collection[str] = (),
        deleted_alarms: t.Collection[str] = (),
    ) -> None:
        """*planned* is what the run will have registered, by resource ID: targets, or policies of existing targets.

        Of *endpoints_with_notes*, targets that an earlier run removed and that are missing are refused, because the
        run could not restore all of them. *deleted_alarms* are those that the run will have deleted.
        """
        self.scope = scope
        self.planned = planned or {}
        self.endpoints_with_notes = endpoints_with_notes
        self._missing: t.Mapping[str, str] | None = None
        self.deleted_alarms = deleted_alarms
        self.alarms = AlarmKind(scope)

    def missing(self, api: Api) -> t.Mapping[str, str]:
        """By resource ID, what an earlier run removed and nobody has restored, in words; raises CallFailed."""
        if self._missing is None:
            self._missing = find_missing_scaling(api, self.endpoints_with_notes)
        return self._missing

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredScaling:
        given = dict(options)
        tags, may_be_adopted = given.pop("tags", None), bool(given.pop("adopt", False))
        more = {"tags": tags, "adopt": may_be_adopted}
        policy_options, actions = given.pop("policies", None), given.pop("scheduled_actions", None)
        variant = VariantId(given.pop("endpoint_name"), given.pop("variant_name"))
        key = variant.target_options(given.pop("scalable_dimension", INSTANCE_COUNT))
        problems = list(_name_problems(variant))
        bare = [without(("alarm",), each) for each in policy_options or ()]
        policy_requests = policies.requests_of(key, bare, problems)
        action_requests = scheduled_actions.requests_of(key, actions or [], problems)
        alarms = policy_alarms.desired_alarms(self.alarms, policy_options or [], more, is_for_deletion, problems)
        try:
            target = request_of(SERVICE, REGISTER, key | given, TARGET_RULES, is_for_deletion)
        except InvalidInput as error:
            raise InvalidInput([*error.problems, *problems]) from error
        if problems:
            raise InvalidInput(problems)
        return DesiredScaling(
            name=target["ResourceId"],
            target=target,
            policies=policy_requests,
            policies_are_given=policy_options is not None,
            tags=tag_request(self.scope, tags),
            scheduled_actions=action_requests,
            actions_are_given=actions is not None,
            alarms=alarms,
            may_be_adopted=may_be_adopted,
        )

    def read(
        self, api: Api, desired: t.Sequence[DesiredScaling], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[LiveScaling | CallFailed]:
        if not is_for_deletion:
            self.missing(api)
        found = autoscaling.describe_targets(api, [scaling.name for scaling in desired])
        described_policies = autoscaling.describe_policies(api, list(found))
        arns = {key: arn for key, each in found.items() if (arn := autoscaling.arn_of(each))}
        dated = [(arn, found[key].get("CreationTime")) for key, arn in arns.items()]
        sent = sent_tags(made, REGISTER, "ResourceId")
        known = {arn: sent[key[0]] for key, arn in arns.items() if key[0] in sent}
        fast_path = FastPath(self.scope, api, () if is_for_deletion else dated, autoscaling.list_tags, known)
        asked = [key for each in desired if (key := _found_as(each)) in found and _needs_actions(each, found[key])]
        actions = autoscaling.describe_actions(api, asked)

        def live(scaling: DesiredScaling, tags: dict[str, str]) -> LiveScaling:
            key = _found_as(scaling)
            target = LiveScaling.from_description(found[key])
            described = target.with_details(described_policies[key], actions.get(key, ()), tags)
            return described.with_planned(self.planned.get(scaling.name, LiveScaling()))

        def unchanged(scaling: DesiredScaling) -> LiveScaling | None:
            target = found.get(_found_as(scaling))
            if target is None:
                return self.planned.get(scaling.name, LiveScaling())
            tags = fast_path.proof(autoscaling.arn_of(target), scaling.tags)
            if tags is None or not _has_bounds(scaling, target) or are_recorded_otherwise(scaling.target, tags):
                return None
            return live(scaling, tags)

        def described(scaling: DesiredScaling) -> LiveScaling:
            return live(scaling, autoscaling.list_tags(api, autoscaling.arn_of(found[_found_as(scaling)])))

        answers = [
            each if isinstance(each, CallFailed) else dataclasses.replace(each, read_at=api.now())
            for each in api.each(described, desired, unchanged)
        ]
        return self._with_alarms(api, desired, answers, is_for_deletion)

    def _with_alarms(
        self,
        api: Api,
        desired: t.Sequence[DesiredScaling],
        found: t.Sequence[LiveScaling | CallFailed],
        is_for_deletion: bool,
    ) -> list[LiveScaling | CallFailed]:
        """The targets with the alarms that are declared with their policies, or were."""
        declared = [] if is_for_deletion else [each for item in desired for each in item.alarms.values()]
        to_delete = [
            name
            for item, live in zip(desired, found, strict=True)
            if isinstance(live, LiveScaling)
            for name in policy_alarms.may_leave(live, () if is_for_deletion else item.alarms)
            if name not in self.deleted_alarms
        ]
        alarms = policy_alarms.read(self.alarms, api, declared, to_delete)

        def whole(item: DesiredScaling, live: LiveScaling | CallFailed) -> LiveScaling | CallFailed:
            if isinstance(live, CallFailed):
                return live
            own = {name: alarms[name] for name in {*item.alarms, *live.policies} if name in alarms}
            failure = next((each for each in own.values() if isinstance(each, CallFailed)), None)
            seen = {name: each for name, each in own.items() if isinstance(each, LiveAlarm)}
            return failure or dataclasses.replace(live, alarms=seen)

        return [whole(*pair) for pair in zip(desired, found, strict=True)]

    def plan(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        refuse_foreign(self.scope, desired.resource, live.tags)
        if missing := (self._missing or {}).get(desired.name):
            raise Refused(missing)
        to_delete = target_dependents.undeclared_actions(desired, live)
        held, moved = _bounds_of_schedules(desired, live, to_delete) if live.exists else ({}, {})
        goal = desired.target | moved | {member: live.target[member] for member in held}
        wanted = without(held, goal)
        target_changes = differences(TARGET_RULES, without(held, live.target), wanted)
        dependents = target_dependents.changes(self.alarms, desired, live, to_delete)
        changes = target_changes + dependents.differences
        notes = (*scheduled_actions.note_of(held, live.target), *dependents.notes)
        tags = with_declared_bounds(desired, live, bool(changes))
        if not live.exists:
            request = desired.target | {"Tags": as_sent(SERVICE, tags.wanted)}
            steps = (Step(SERVICE, REGISTER, request, "missing"), *dependents.steps, *dependents.tagging)
            found = changes + added_tags(tags.wanted)
            compared = target_dependents.compared(LiveScaling(), desired)
            return Plan(desired.resource, Effect.CREATE, differences=found, steps=steps, notes=notes, compared=compared)
        registers = (Step(SERVICE, REGISTER, wanted, "changed"),) if target_changes else ()
        plan = Plan(
            desired.resource,
            Effect.IN_PLACE,
            differences=tuple(item for item in changes if item.before != target_dependents.PRESENT),
            steps=(*registers, *dependents.steps),
            notes=notes,
            compared=target_dependents.compared(live, dataclasses.replace(desired, target=goal)),
            parts=(*target_dependents.deletions(desired, live, to_delete), *dependents.gone),
        )
        tag_changes = tags.change(self.scope, live.tags)
        if tag_changes.differences and not live.can_have_tags:
            raise Refused(
                "it has no ARN, because it was registered before March 2023; without an ARN it can have no tags, which "
                "would say whose it is; deregister it, then the next run registers it as declared"
            )
        plan = with_tag_steps(plan, SERVICE, live.arn or Output(REGISTER, "ScalableTargetARN"), tag_changes)
        if dependents.tagging:
            effect = Effect.TAGS if plan.effect is Effect.NONE else plan.effect
            plan = dataclasses.replace(plan, effect=effect, steps=plan.steps + dependents.tagging)
        return unless_unowned(self.scope, plan, live.tags, desired.may_be_adopted)

    def plan_absent(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        if nothing := kept(self.scope, desired.resource, live.tags, exists=live.exists):
            return nothing
        gone = policy_alarms.deletions(self.alarms, live.policies, live)
        # [D] deregistering deletes the policies too.
        step = Step(SERVICE, "DeregisterScalableTarget", autoscaling.key_of(desired.target), "no longer wanted")
        steps = (*(each for plan in gone for each in plan.calls), step)
        parts = tuple(dataclasses.replace(plan, steps=()) for plan in gone)
        return dataclasses.replace(target_dependents.removal(desired.resource, live), steps=steps, parts=parts)

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
        found = shown.options | (shown.action_options if desired.actions_are_given else {})
        for policy in found["policies"]:
            if alarm := desired.alarms.get(policy["policy_name"]):
                live_alarm = policy_alarms.comparable(alarm.name, live)
                policy["alarm"] = policy_alarms.options(live_alarm.request or alarm.request)
        return found


def _has_bounds(desired: DesiredScaling, found: Request) -> bool:
    return all(desired.target.get(member, found[member]) == found[member] for member in scheduled_actions.BOUNDS)


def _needs_actions(desired: DesiredScaling, found: Request) -> bool:
    """Whether scheduled actions are declared, or may have set the bounds, which are not as declared."""
    return desired.actions_are_given or not _has_bounds(desired, found)


def _found_as(desired: DesiredScaling) -> autoscaling.Target:
    return desired.name, desired.target["ScalableDimension"]


def _bounds_of_schedules(
    desired: DesiredScaling, live: LiveScaling, to_delete: t.Sequence[str]
) -> tuple[dict[str, str], dict[str, int]]:
    """The bounds that a scheduled action has set and that stay, and those that take its new numbers."""
    before = list(live.scheduled_actions.values())
    now = live.read_at or datetime.datetime.now(datetime.UTC)
    after = scheduled_actions.afterwards(desired.scheduled_actions, live.scheduled_actions, to_delete, now)
    before, after = (scheduled_actions.in_force(actions, now) for actions in (before, after))
    moved = scheduled_actions.moved_bounds(before, after, live.target, desired.target)
    return scheduled_actions.held_bounds(after, live.target, desired.target), moved


def _name_problems(variant: VariantId) -> t.Iterator[Problem]:
    """What the resource ID, which has both names in it, does not show."""
    shape = shape_at("sagemaker", "CreateEndpoint", "EndpointName")
    yield from leaf_problems(shape, variant.endpoint, "endpoint_name")
    shape = shape_at("sagemaker", "CreateEndpointConfig", "ProductionVariants", "VariantName")
    yield from leaf_problems(shape, variant.variant, "variant_name")
