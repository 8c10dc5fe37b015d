# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling of a variant as it is declared, and as it is: targets with their policies and scheduled actions."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t
from dataclasses import dataclass, field

from .._aws import autoscaling
from .._aws.autoscaling import SERVICE
from .._aws.client import Api, Result
from .._engine.canonical import Request, Rules, without
from .._engine.ownership import TagRequest
from .._engine.plan import Plan, ResourceId
from .._engine.requests import Options, options_of, sent_members
from .alarm import DesiredAlarm, LiveAlarm
from .names import VariantId, variant_of
from .policies import PUT, Policies, in_order_of_steps, tracked_metric

REGISTER = "RegisterScalableTarget"
SCHEDULE = "PutScheduledAction"
_KEY = ("ServiceNamespace", "ResourceId", "ScalableDimension")

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


@dataclass(frozen=True, kw_only=True)
class DesiredScaling:
    """A variant's scaling as the user declares it."""

    name: str
    target: Request
    policies: dict[str, Request]
    policies_are_given: bool
    tags: TagRequest
    scheduled_actions: dict[str, Request] = field(default_factory=dict)
    actions_are_given: bool = False
    alarms: dict[str, DesiredAlarm] = field(default_factory=dict)
    """By the name of the policy that each calls."""
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("scaling", self.name)


@dataclass(frozen=True, kw_only=True)
class LiveScaling:
    """A scalable target with its policies, as the requests that create them; no target means none is registered."""

    arn: str = ""
    """Empty also for a target that does not exist yet."""
    can_have_tags: bool = True
    target: Request = field(default_factory=dict)
    policies: Policies = field(default_factory=dict)
    """By name, like the scheduled actions, which are read only if they matter."""
    policy_arns: t.Mapping[str, str] = field(default_factory=dict)
    """By name; a policy that does not exist yet has none."""
    alarms: t.Mapping[str, LiveAlarm] = field(default_factory=dict)
    """By the name of the policy, those named as one that they are declared with, or may have been."""
    scheduled_actions: t.Mapping[str, Request] = field(default_factory=dict)
    tags: t.Mapping[str, str] = field(default_factory=dict)
    called: tuple[tuple[str, str], ...] = ()
    """The step policies that alarms call, each with its former ARN, because it is restored with a new one."""
    callers: tuple[str, ...] = ()
    """The alarms that call them, where they have just been looked up."""
    read_at: datetime.datetime | None = None
    """By AWS's clock, where it matters which scheduled actions are in force."""

    @classmethod
    def from_description(cls, description: Result) -> LiveScaling:
        """The target alone."""
        request = sent_members(SERVICE, REGISTER, description)
        # [D] RoleARN is ignored and reads back as the service-linked role.
        request.pop("RoleARN", None)
        arn = autoscaling.arn_of(description)
        return cls(arn=arn, target=request, can_have_tags=bool(arn))

    def with_details(
        self, policies: t.Iterable[Result], actions: t.Iterable[Result], tags: t.Mapping[str, str]
    ) -> LiveScaling:
        """This target with its policies and scheduled actions, as AWS describes them."""
        described = list(policies)
        return dataclasses.replace(
            self,
            policies={each["PolicyName"]: in_order_of_steps(sent_members(SERVICE, PUT, each)) for each in described},
            policy_arns={each["PolicyName"]: each["PolicyARN"] for each in described},
            scheduled_actions={each["ScheduledActionName"]: sent_members(SERVICE, SCHEDULE, each) for each in actions},
            tags=tags,
        )

    @property
    def exists(self) -> bool:
        return bool(self.target)

    @property
    def name(self) -> str:
        return str(self.target["ResourceId"])

    @property
    def dimension(self) -> str:
        return str(self.target["ScalableDimension"])

    @property
    def key(self) -> autoscaling.Target:
        return self.name, self.dimension

    @property
    def variant_name(self) -> str:
        return variant_of(self.name).variant

    @property
    def options(self) -> Options:
        """The target and its policies in the options of a module."""
        of = variant_of(self.name)
        return {
            "endpoint_name": of.endpoint,
            "variant_name": of.variant,
            "scalable_dimension": self.dimension,
            **_options(REGISTER, self.target),
            "policies": [_options(PUT, policy) for policy in self.policies.values()],
            "tags": dict(self.tags),
        }

    @property
    def action_options(self) -> Options:
        """The scheduled actions in the options of a module, their times as text."""
        return {"scheduled_actions": [_action_options(each) for each in self.scheduled_actions.values()]}

    @property
    def description(self) -> str:
        """The variant with the names of its policies and scheduled actions, for messages."""
        dependents = {
            "policies": self.policies,
            "scheduled actions": self.scheduled_actions,
            "calls of alarms": self.callers,
        }
        parts = [f"{what} {', '.join(found)}" for what, found in dependents.items() if found]
        return f"variant {self.variant_name}" + (f" ({'; '.join(parts)})" if parts else "")

    def with_planned(self, other: LiveScaling) -> LiveScaling:
        """This target with the policies and scheduled actions that *other* puts on it."""
        return dataclasses.replace(
            self,
            policies={**self.policies, **other.policies},
            policy_arns=without(other.policies, self.policy_arns),
            scheduled_actions={**self.scheduled_actions, **other.scheduled_actions},
        )

    def with_at_least(self, minimum: int, maximum: int) -> LiveScaling:
        """This target with bounds that are not below these."""
        low = max(self.target["MinCapacity"], minimum)
        high = max(self.target["MaxCapacity"], maximum, low)
        return dataclasses.replace(self, target={**self.target, "MinCapacity": low, "MaxCapacity": high})

    def with_callers(self, by_arn: t.Mapping[str, t.Sequence[str]]) -> LiveScaling:
        """This target with the alarms that call its step policies, each once, by the ARNs that these have had."""
        names = (name for _policy, arn in self.called for name in by_arn.get(arn, ()))
        return dataclasses.replace(self, callers=tuple(dict.fromkeys(names)))

    def with_missing(self, other: LiveScaling) -> LiveScaling:
        """This target with the policies and scheduled actions of *other* that it does not have and can have."""
        metrics = {tracked_metric(policy) for policy in self.policies.values()} - {None}
        # [I] one target tracking policy for each metric specification of a target.
        possible = {name: policy for name, policy in other.policies.items() if tracked_metric(policy) not in metrics}
        return dataclasses.replace(
            self,
            policies={**self.policies, **{name: possible[name] for name in possible if name not in self.policies}},
            scheduled_actions={**other.scheduled_actions, **self.scheduled_actions},
            called=tuple(dict.fromkeys((*self.called, *other.called))),
            callers=tuple(dict.fromkeys((*self.callers, *other.callers))),
        )


def read_targets(api: Api, variants: t.Mapping[str, t.Iterable[str]]) -> dict[str, dict[str, LiveScaling]]:
    """The scalable targets of these variants, by endpoint and variant, read for all of them together."""
    found: dict[str, dict[str, LiveScaling]] = {endpoint: {} for endpoint in variants}
    ids = [VariantId(endpoint, variant).resource_id for endpoint, names in variants.items() for variant in names]
    for description in autoscaling.describe_targets(api, ids).values():
        endpoint, variant = variant_of(description["ResourceId"])
        found[endpoint][variant] = LiveScaling.from_description(description)
    return found


def restored(plans: t.Iterable[Plan]) -> dict[str, LiveScaling]:
    """By resource id, what these plans restore, as it will be after them: check mode plans from there.

    For a target that a killed run has already registered again, only what is put on it.
    """
    calls = [(step.operation, step.parameters) for plan in plans for step in plan.calls]

    def on(operation: str, named_by: str) -> dict[str, dict[str, Request]]:
        found: dict[str, dict[str, Request]] = {}
        for name, each in calls:
            if name == operation:
                found.setdefault(each["ResourceId"], {})[each[named_by]] = dict(each)
        return found

    policies, actions = on(PUT, "PolicyName"), on(SCHEDULE, "ScheduledActionName")
    targets = {each["ResourceId"]: each for operation, each in calls if operation == REGISTER}
    return {
        name: LiveScaling(
            target=without(("Tags",), targets.get(name, {})),
            policies=policies.get(name, {}),
            scheduled_actions=actions.get(name, {}),
            tags=targets.get(name, {}).get("Tags", {}),
        )
        for name in {**policies, **actions, **targets}
    }


def _options(operation: str, request: Request) -> Options:
    """The request in the options of a module, without those that name the target."""
    return options_of(SERVICE, operation, without(_KEY, request))


def _action_options(action: Request) -> Options:
    options = _options(SCHEDULE, action)
    return {name: str(value) if name in ("start_time", "end_time") else value for name, value in options.items()}
