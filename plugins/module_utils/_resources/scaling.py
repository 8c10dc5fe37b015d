# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling of a variant: its scalable target and its policies, registered and put whole."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

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
from .._engine.plan import Effect, Finished, Output, Plan, Recovery, Refused, ResourceId, Step
from .._engine.requests import Options, request_of
from ..problems import InvalidInput, Problem, join
from . import policies as ordering
from . import schedules
from .fast_path import FastPath
from .live_scaling import PUT, REGISTER, LiveScaling
from .names import INSTANCE_COUNT, VariantId, taken_apart, variant_of

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

_TRACKING = "TargetTrackingScalingPolicyConfiguration"
POLICY_RULES = Rules(
    read_only=("ServiceNamespace", "ResourceId", "ScalableDimension", "PolicyName"),
    # [D] cooldowns of SageMaker.
    defaults={
        f"{_TRACKING}.DisableScaleIn": False,
        f"{_TRACKING}.ScaleInCooldown": 300,
        f"{_TRACKING}.ScaleOutCooldown": 300,
    },
    keyed_lists={f"{_TRACKING}.CustomizedMetricSpecification.Dimensions": "Name"},
)


@dataclass(frozen=True)
class DesiredScaling:
    """A variant's scaling as the user declares it."""

    name: str
    target: Request
    policies: dict[str, Request]
    policies_are_given: bool
    tags: TagRequest
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("scaling", self.name)


class ScalingKind:
    """What the runner needs to know of scaling."""

    services = (SERVICE, tagging.SERVICE)

    def __init__(self, scope: Scope, foretold: t.Mapping[str, LiveScaling] | None = None) -> None:
        """*foretold* is what will be there, by resource ID, and is not yet: targets, or policies of those that are."""
        self.scope = scope
        self.foretold = foretold or {}

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredScaling:
        given = dict(options)
        tags, may_be_adopted = given.pop("tags", None), bool(given.pop("adopt", False))
        policies = given.pop("policies", None)
        variant = VariantId(given.pop("endpoint_name"), given.pop("variant_name"))
        key = variant.target_options(given.pop("scalable_dimension", INSTANCE_COUNT))
        problems: list[Problem] = []
        requests = _policies(key, policies or [], problems)
        try:
            target = request_of(SERVICE, REGISTER, key | given, TARGET_RULES, is_for_deletion)
        except InvalidInput as error:
            raise InvalidInput([*error.problems, *problems]) from error
        if problems:
            raise InvalidInput(problems)
        return DesiredScaling(
            target["ResourceId"],
            target,
            requests,
            policies is not None,
            tag_request(self.scope, tags),
            may_be_adopted,
        )

    def read(
        self, api: Api, desired: t.Sequence[DesiredScaling], is_for_deletion: bool
    ) -> list[LiveScaling | CallFailed]:
        found = autoscaling.describe_targets(api, [scaling.name for scaling in desired])
        policies = autoscaling.describe_policies(api, list(found))
        dated = [(each["ScalableTargetARN"], each.get("CreationTime")) for each in found.values()]
        fast_path = FastPath(self.scope, api, () if is_for_deletion else dated, autoscaling.list_tags)

        def live(scaling: DesiredScaling, tags: dict[str, str]) -> LiveScaling:
            key = _found_as(scaling)
            actions = _actions_in_force(api, scaling, found[key])
            described = LiveScaling.from_description(found[key]).with_details(policies[key], actions, tags)
            put_back = self.foretold.get(scaling.name, LiveScaling()).policies
            return dataclasses.replace(described, policies={**described.policies, **put_back})

        def unchanged(scaling: DesiredScaling) -> LiveScaling | None:
            target = found.get(_found_as(scaling))
            if target is None:
                return self.foretold.get(scaling.name, LiveScaling())
            tags = fast_path.proof(target["ScalableTargetARN"], scaling.tags)
            return live(scaling, tags) if tags is not None and _has_bounds(scaling, target) else None

        def described(scaling: DesiredScaling) -> LiveScaling:
            return live(scaling, autoscaling.list_tags(api, found[_found_as(scaling)]["ScalableTargetARN"]))

        return api.each(described, desired, unchanged)

    def plan(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        refuse_foreign(self.scope, desired.resource, live.tags)
        actions = list(live.scheduled_actions.values())
        held = schedules.held_bounds(actions, live.target, desired.target) if live.exists else {}
        notes = schedules.note_of(held, live.target)
        wanted = without(held, desired.target)
        target_changes = differences(TARGET_RULES, without(held, live.target), wanted)
        policy_changes, policy_steps = _policy_changes(desired, live)
        if not live.exists:
            request = desired.target | {"Tags": as_sent(SERVICE, desired.tags.wanted)}
            steps = (Step(SERVICE, REGISTER, request, "missing"), *policy_steps)
            changes = target_changes + policy_changes + added_tags(desired.tags.wanted)
            return Plan(desired.resource, Effect.CREATE, changes, steps)
        registers = (Step(SERVICE, REGISTER, wanted, "changed"),) if target_changes else ()
        steps = (*registers, *policy_steps)
        plan = Plan(desired.resource, Effect.IN_PLACE, target_changes + policy_changes, steps, notes)
        arn = live.arn or Output(REGISTER, "ScalableTargetARN")
        plan = with_tag_steps(plan, SERVICE, arn, desired.tags.change(self.scope, live.tags))
        return unless_unowned(self.scope, plan, live.tags, desired.may_be_adopted)

    def plan_absent(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        if nothing := kept(self.scope, desired.resource, live.tags, exists=live.exists):
            return nothing
        # [D] deregistering deletes the policies too.
        step = Step(SERVICE, "DeregisterScalableTarget", autoscaling.key_of(desired.target), "no longer wanted")
        removed = tuple(Difference(("policies", name), "present", None) for name in live.policies)
        return Plan(desired.resource, Effect.DELETE, differences(TARGET_RULES, live.target, None) + removed, (step,))

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredScaling, LiveScaling]]) -> t.Iterable[Plan]:
        return []

    def facts(self, desired: DesiredScaling, live: LiveScaling, plan: Plan) -> Options:
        return {"scalable_target_arn": live.arn or None}

    def options(self, desired: DesiredScaling, live: LiveScaling, plan: Plan) -> Options:
        made = LiveScaling(target=desired.target, policies=desired.policies, tags=desired.tags.wanted)
        return (live if live.exists else made).options


def _has_bounds(desired: DesiredScaling, found: Request) -> bool:
    return all(desired.target.get(member, found[member]) == found[member] for member in schedules.BOUNDS)


def _actions_in_force(api: Api, desired: DesiredScaling, found: Request) -> list[Request]:
    """What may have set the bounds, where they are not as declared."""
    if _has_bounds(desired, found):
        return []
    return schedules.in_force(autoscaling.describe_scheduled_actions(api, *_found_as(desired)), api.now())


def _found_as(desired: DesiredScaling) -> autoscaling.Target:
    return desired.name, desired.target["ScalableDimension"]


def _undeclared(desired: DesiredScaling, live: LiveScaling) -> list[str]:
    """Policies named as the collection names them that are declared no more; those of others stay."""
    if not desired.policies_are_given:
        return []
    own = variant_of(desired.name)
    others = [name for name in live.policies if name not in desired.policies]
    return [name for name in others if (its := taken_apart(name)) and its.of == own]


def _policies(
    key: t.Mapping[str, str], policies: t.Sequence[t.Mapping[str, t.Any]], problems: list[Problem]
) -> dict[str, Request]:
    requests: dict[str, Request] = {}
    places: dict[str, str] = {}
    for index, options in enumerate(policies):
        path = f"policies[{index}]"
        try:
            request = request_of(SERVICE, PUT, {**key, **options}, POLICY_RULES)
        except InvalidInput as error:
            problems += [Problem(join(path, problem.path), problem.message) for problem in error.problems]
            continue
        if request["PolicyName"] in requests:
            problems.append(Problem(path, f'"{request["PolicyName"]}" twice'))
        requests[request["PolicyName"]] = request
        places[request["PolicyName"]] = path
    for name, other in ordering.doubled(requests).items():
        message = f'tracks {ordering.metric_name(requests[name])}, as "{other}" does; AWS takes one policy for a metric'
        problems.append(Problem(places[name], message))
    return requests


def _policy_changes(desired: DesiredScaling, live: LiveScaling) -> tuple[tuple[Difference, ...], tuple[Step, ...]]:
    """Raises Refused where a policy that stays, and is not declared, tracks what a declared one is to track."""
    changes: list[Difference] = []
    puts = {}
    for name, request in desired.policies.items():
        found = differences(POLICY_RULES, live.policies.get(name), request)
        changes += [Difference(("policies", name, *item.path), item.before, item.after) for item in found]
        if found:
            puts[name] = request
    leaving = _undeclared(desired, live)
    changes += [Difference(("policies", name), "present", None) for name in leaving]
    for name, other in ordering.held_by_others(live.policies, puts, leaving).items():
        raise Refused(
            f'policy "{other}", which is not declared here, tracks {ordering.metric_name(puts[name])} already, and AWS '
            f'takes one policy for a metric: delete it, or leave out "{name}"'
        )
    steps = (_policy_step(desired, live, change) for change in ordering.in_order(live.policies, puts, leaving))
    return tuple(changes), tuple(steps)


def _policy_step(desired: DesiredScaling, live: LiveScaling, change: ordering.Change) -> Step:
    undo = tuple(_policy_step(desired, live, each) for each in change.undo)
    names = ", ".join(dict.fromkeys(each.name for each in change.undo if each.request is not None))
    recovery = Recovery(f"scaling policy {names}", undo) if undo else None
    if change.request is None:
        is_replaced = change.name in desired.policies
        reason = "makes way for another policy of its metric" if is_replaced else "no longer declared"
        parameters = autoscaling.key_of(desired.target) | {"PolicyName": change.name}
        return Step(SERVICE, "DeleteScalingPolicy", parameters, reason, recovery)
    return Step(SERVICE, PUT, change.request, "changed" if change.name in live.policies else "missing", recovery)
