# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms: one request, overwritten whole when it changes."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._aws import cloudwatch, tagging
from .._aws.client import Api, CallFailed, Result
from .._engine.canonical import Request, Rules
from .._engine.diff import differences
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
from .._engine.plan import Effect, Finished, Plan, Refused, ResourceId, Step
from .._engine.requests import Options, options_of, request_of, sent_members

SERVICE = "cloudwatch"
PUT = "PutMetricAlarm"

RULES = Rules(
    # [D] PutMetricAlarm.
    defaults={"TreatMissingData": "missing", "ActionsEnabled": True},
    read_only=("AlarmName", "Tags"),
    # A muted alarm stays muted: a put that leaves ActionsEnabled out would switch it on again.
    computed=("ActionsEnabled",),
    unordered=cloudwatch.ACTIONS,
    keyed_lists={"Dimensions": "Name"},
)


@dataclass(frozen=True)
class DesiredAlarm:
    """An alarm as the user declares it."""

    name: str
    request: Request
    tags: dict[str, str]
    tags_are_given: bool
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("alarm", self.name)


@dataclass(frozen=True)
class LiveAlarm:
    """An alarm that exists, or, without an ARN, one that does not."""

    arn: str | None
    request: Request | None
    tags: dict[str, str]
    state: str | None = None
    composites: tuple[str, ...] = ()
    """The composite alarms that depend on it, where it is to be deleted."""


_ABSENT = LiveAlarm(None, None, {})


def _live(description: Result, tags: dict[str, str], composites: t.Sequence[str] = ()) -> LiveAlarm:
    request = sent_members(SERVICE, PUT, description)
    return LiveAlarm(description["AlarmArn"], request, tags, description.get("StateValue"), tuple(composites))


class AlarmKind:
    """What the runner needs to know of alarms."""

    services = ("cloudwatch", "resourcegroupstaggingapi")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredAlarm:
        given = dict(options)
        tags, may_be_adopted = given.pop("tags", None), bool(given.pop("adopt", False))
        request = request_of(SERVICE, PUT, given, RULES, is_for_deletion)
        wanted = wanted_tags(self.scope, tags)
        return DesiredAlarm(request["AlarmName"], request, wanted, tags is not None, may_be_adopted)

    def read(self, api: Api, desired: t.Sequence[DesiredAlarm], is_for_deletion: bool) -> list[LiveAlarm | CallFailed]:
        found = cloudwatch.describe_metric_alarms(api, [alarm.name for alarm in desired])
        looks = self.scope.trusts_tags and not is_for_deletion
        dated = [(each["AlarmArn"], each.get("AlarmConfigurationUpdatedTimestamp")) for each in found.values()]
        tags_by_arn = tagging.trusted_tags(api, dated, cloudwatch.list_tags) if looks else {}
        rules = cloudwatch.composite_rules(api) if is_for_deletion and found else []

        def unchanged(alarm: DesiredAlarm) -> LiveAlarm | None:
            description = found.get(alarm.name)
            if description is None:
                return _ABSENT
            tags = tags_by_arn.get(description["AlarmArn"])
            is_unchanged = tags_match(self.scope, tags, alarm.tags, alarm.tags_are_given)
            return _live(description, tags or {}) if is_unchanged else None

        def described(alarm: DesiredAlarm) -> LiveAlarm:
            description = found[alarm.name]
            # Whatever way a rule names an alarm, the name is in it; AWS tells whether the rule means that alarm.
            is_in_rule = any(alarm.name in rule for rule in rules)
            composites = cloudwatch.composites_over(api, alarm.name) if is_in_rule else ()
            return _live(description, cloudwatch.list_tags(api, description["AlarmArn"]), composites)

        return api.each(described, desired, unchanged)

    def plan(self, desired: DesiredAlarm, live: LiveAlarm) -> Plan:
        changes = differences(RULES, live.request, desired.request)
        if live.arn is None:
            request = desired.request | {"Tags": as_sent(SERVICE, desired.tags)}
            step = Step(SERVICE, PUT, request, "missing")
            return Plan(desired.resource, Effect.CREATE, changes + added_tags(desired.tags), (step,))
        refuse_foreign(self.scope, desired.resource, live.tags)
        change = tag_change(self.scope, live.tags, desired.tags, desired.tags_are_given)
        puts = (Step(SERVICE, PUT, _kept(live) | desired.request, "changed"),) if changes else ()
        steps = puts + tag_steps(SERVICE, live.arn, change)
        effect = Effect.IN_PLACE if puts else Effect.TAGS if steps else Effect.NONE
        plan = Plan(desired.resource, effect, changes + change.differences, steps)
        return unless_unowned(self.scope, plan, live.tags, desired.may_be_adopted)

    def plan_absent(self, desired: DesiredAlarm, live: LiveAlarm) -> Plan:
        if live.arn is None:
            return Plan(desired.resource, Effect.NONE)
        if not may_delete(self.scope, live.tags):
            return Plan(desired.resource, Effect.NONE, notes=("not ours: left alone",))
        if live.composites:
            # [C] "Cannot delete … as there are composite alarm(s) depending on it."
            names = ", ".join(live.composites)
            raise Refused(
                f"AWS does not delete it while composite alarm {names} depends on it; take it out of that rule first"
            )
        step = Step(SERVICE, "DeleteAlarms", {"AlarmNames": [desired.name]}, "no longer wanted")
        return Plan(desired.resource, Effect.DELETE, differences(RULES, live.request, None), (step,))

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredAlarm, LiveAlarm]]) -> t.Iterable[Plan]:
        return []

    def facts(self, desired: DesiredAlarm, live: LiveAlarm, plan: Plan) -> Options:
        return {"alarm_arn": live.arn, "state_value": live.state}

    def options(self, desired: DesiredAlarm, live: LiveAlarm, plan: Plan) -> Options:
        tags = live.tags if live.arn else desired.tags
        return options_of(SERVICE, PUT, live.request or desired.request) | {"tags": tags}


def endpoint_of(alarm_name: str) -> str:
    """The endpoint after which an alarm is named."""
    return alarm_name.partition("/")[0]


def _kept(live: LiveAlarm) -> Request:
    return {member: value for member, value in (live.request or {}).items() if member in RULES.computed}
