# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling of a variant: its scalable target and its policies, registered and put whole."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._aws import autoscaling, tagging
from .._aws.client import Api, CallFailed
from .._engine.canonical import Request, Rules
from .._engine.diff import Difference, differences
from .._engine.ownership import (
    Scope,
    added_tags,
    as_sent,
    may_delete,
    refuse_foreign,
    tag_change,
    tag_steps,
    tags_match,
    unless_unowned,
    wanted_tags,
)
from .._engine.plan import Effect, Finished, Output, Plan, Recovery, Refused, ResourceId, Step
from .._engine.requests import Options, options_of, request_of, sent_members
from ..problems import InvalidInput, Problem, join
from . import policies as ordering
from . import schedules

SERVICE = "application-autoscaling"
REGISTER = "RegisterScalableTarget"
PUT = "PutScalingPolicy"
INSTANCE_COUNT = "sagemaker:variant:DesiredInstanceCount"

TARGET_RULES = Rules(
    defaults=dict.fromkeys(
        (
            "SuspendedState.DynamicScalingInSuspended",
            "SuspendedState.DynamicScalingOutSuspended",
            "SuspendedState.ScheduledScalingSuspended",
        ),
        False,
    ),
    # [D] RoleARN is ignored and reads back as the service-linked role.
    read_only=("Tags", "RoleARN", "ServiceNamespace", "ResourceId"),
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
    tags: dict[str, str]
    tags_are_given: bool
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("scaling", self.name)


@dataclass(frozen=True)
class LiveScaling:
    """What is registered; without a target there are no policies either."""

    arn: str | Output | None
    target: Request | None
    policies: dict[str, Request]
    tags: dict[str, str]
    actions: tuple[Request, ...] = ()
    """The scheduled actions in force, where the bounds are not as declared."""


_ABSENT = LiveScaling(None, None, {}, {})


def variant_of(resource_id: str) -> tuple[str, str]:
    """The endpoint and the variant behind the ID of a scalable target."""
    _endpoint, endpoint, _variant, variant = resource_id.split("/")
    return endpoint, variant


def resource_id(endpoint_name: str, variant_name: str) -> str:
    return f"endpoint/{endpoint_name}/variant/{variant_name}"


class ScalingKind:
    """What the runner needs to know of scaling."""

    services = ("application-autoscaling", "resourcegroupstaggingapi")

    def __init__(self, scope: Scope, foretold: t.Mapping[str, LiveScaling] | None = None) -> None:
        """*foretold* is what will be there, by resource ID, and is not yet: targets, or policies of those that are."""
        self.scope = scope
        self.foretold = foretold or {}

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredScaling:
        given = dict(options)
        tags, may_be_adopted = given.pop("tags", None), bool(given.pop("adopt", False))
        policies = given.pop("policies", None)
        key = {
            "service_namespace": autoscaling.NAMESPACE,
            "resource_id": resource_id(given.pop("endpoint_name"), given.pop("variant_name")),
            "scalable_dimension": given.pop("scalable_dimension", INSTANCE_COUNT),
        }
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
            wanted_tags(self.scope, tags),
            tags is not None,
            may_be_adopted,
        )

    def read(
        self, api: Api, desired: t.Sequence[DesiredScaling], is_for_deletion: bool
    ) -> list[LiveScaling | CallFailed]:
        found = autoscaling.describe_targets(api, [scaling.name for scaling in desired])
        policies = autoscaling.describe_policies(api, list(found))
        looks = self.scope.trusts_tags and not is_for_deletion
        dated = [(each["ScalableTargetARN"], each.get("CreationTime")) for each in found.values()]
        tags_by_arn = tagging.trusted_tags(api, dated, autoscaling.list_tags) if looks else {}

        def live(scaling: DesiredScaling, tags: dict[str, str]) -> LiveScaling:
            key = _found_as(scaling)
            present = {policy["PolicyName"]: sent_members(SERVICE, PUT, policy) for policy in policies[key]}
            return LiveScaling(
                found[key]["ScalableTargetARN"],
                sent_members(SERVICE, REGISTER, found[key]),
                present | self.foretold.get(scaling.name, _ABSENT).policies,
                tags,
                _actions_in_force(api, scaling, found[key]),
            )

        def unchanged(scaling: DesiredScaling) -> LiveScaling | None:
            target = found.get(_found_as(scaling))
            if target is None:
                return self.foretold.get(scaling.name, _ABSENT)
            tags = tags_by_arn.get(target["ScalableTargetARN"])
            is_unchanged = tags_match(self.scope, tags, scaling.tags, scaling.tags_are_given)
            return live(scaling, tags or {}) if is_unchanged and _has_bounds(scaling, target) else None

        def described(scaling: DesiredScaling) -> LiveScaling:
            return live(scaling, autoscaling.list_tags(api, found[_found_as(scaling)]["ScalableTargetARN"]))

        return api.each(described, desired, unchanged)

    def plan(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        refuse_foreign(self.scope, desired.resource, live.tags)
        held = schedules.held_bounds(live.actions, live.target, desired.target) if live.target else {}
        notes = schedules.note_of(held, live.target or {})
        wanted = _without(held, desired.target)
        target_changes = differences(TARGET_RULES, live.target and _without(held, live.target), wanted)
        policy_changes, policy_steps = _policy_changes(desired, live)
        if live.arn is None:
            request = desired.target | {"Tags": as_sent(SERVICE, desired.tags)}
            steps = (Step(SERVICE, REGISTER, request, "missing"), *policy_steps)
            return Plan(
                desired.resource, Effect.CREATE, target_changes + policy_changes + added_tags(desired.tags), steps
            )
        registers = (Step(SERVICE, REGISTER, wanted, "changed"),) if target_changes else ()
        change = tag_change(self.scope, live.tags, desired.tags, desired.tags_are_given)
        steps = (*registers, *policy_steps, *tag_steps(SERVICE, live.arn, change))
        effect = Effect.IN_PLACE if registers or policy_steps else Effect.TAGS if steps else Effect.NONE
        plan = Plan(desired.resource, effect, target_changes + policy_changes + change.differences, steps, notes)
        return unless_unowned(self.scope, plan, live.tags, desired.may_be_adopted)

    def plan_absent(self, desired: DesiredScaling, live: LiveScaling) -> Plan:
        if live.arn is None:
            return Plan(desired.resource, Effect.NONE)
        if not may_delete(self.scope, live.tags):
            return Plan(desired.resource, Effect.NONE, notes=("not ours: left alone",))
        # [D] deregistering deletes the policies too.
        step = Step(SERVICE, "DeregisterScalableTarget", autoscaling.key_of(desired.target), "no longer wanted")
        removed = tuple(Difference(("policies", name), "present", None) for name in live.policies)
        return Plan(desired.resource, Effect.DELETE, differences(TARGET_RULES, live.target, None) + removed, (step,))

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredScaling, LiveScaling]]) -> t.Iterable[Plan]:
        return []

    def facts(self, desired: DesiredScaling, live: LiveScaling, plan: Plan) -> Options:
        return {"scalable_target_arn": live.arn if isinstance(live.arn, str) else None}

    def options(self, desired: DesiredScaling, live: LiveScaling, plan: Plan) -> Options:
        policies = live.policies if live.arn else desired.policies
        return options_of(SERVICE, REGISTER, live.target or desired.target) | {
            "policies": [options_of(SERVICE, PUT, policy) for policy in policies.values()],
            "tags": live.tags if live.arn else desired.tags,
        }


def _without(members: t.Collection[str], request: Request) -> Request:
    return {member: value for member, value in request.items() if member not in members}


def _has_bounds(desired: DesiredScaling, found: Request) -> bool:
    return all(desired.target.get(member, found[member]) == found[member] for member in schedules.BOUNDS)


def _actions_in_force(api: Api, desired: DesiredScaling, found: Request) -> tuple[Request, ...]:
    """What may have set the bounds, where they are not as declared."""
    if _has_bounds(desired, found):
        return ()
    actions = autoscaling.describe_scheduled_actions(api, *_found_as(desired))
    return tuple(schedules.in_force([sent_members(SERVICE, "PutScheduledAction", each) for each in actions], api.now()))


def _found_as(desired: DesiredScaling) -> autoscaling.Target:
    return desired.name, desired.target["ScalableDimension"]


def _undeclared(desired: DesiredScaling, live: LiveScaling) -> list[str]:
    """Policies named as the collection names them that are declared no more; those of others stay."""
    if not desired.policies_are_given:
        return []
    prefix = desired.name.removeprefix("endpoint/").replace("/variant/", "/", 1) + "/"
    return [name for name in live.policies if name.startswith(prefix) and name not in desired.policies]


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
