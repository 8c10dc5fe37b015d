# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms: one request, overwritten whole when it changes."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass, field

from .._aws import cloudwatch, tagging
from .._aws.client import Api, CallFailed, Result
from .._aws.cloudwatch import SERVICE
from .._engine.canonical import Request, Rules
from .._engine.diff import differences
from .._engine.ownership import (
    Scope,
    TagRequest,
    added_tags,
    as_sent,
    kept,
    may_delete,
    refuse_foreign,
    sent_tags,
    tag_request,
    unless_unowned,
    with_tag_steps,
)
from .._engine.plan import Compared, Effect, Finished, Made, Plan, Refused, ResourceId, Step
from .._engine.requests import Options, options_of, request_of, sent_members
from .fast_path import FastPath
from .metric_ids import with_ids_of, with_labels_of

PUT = "PutMetricAlarm"
PUT_COMPOSITE = "PutCompositeAlarm"

RULES = Rules(
    # [D] PutMetricAlarm, MetricDataQuery.
    defaults={
        "TreatMissingData": "missing",
        "ActionsEnabled": True,
        "Metrics.*.ReturnData": True,
        "EvaluateLowSampleCountPercentile": "evaluate",
    },
    read_only=("AlarmName", "Tags"),
    # A muted alarm stays muted: a put that leaves ActionsEnabled out would switch it on again.
    # A label is what a graph shows.
    computed=("ActionsEnabled", "Metrics.*.Label"),
    unordered=cloudwatch.ACTIONS,
    keyed_lists={"Dimensions": "Name", "Metrics": "Id", "Metrics.*.MetricStat.Metric.Dimensions": "Name"},
)


@dataclass(frozen=True)
class DesiredAlarm:
    """An alarm as the user declares it."""

    name: str
    request: Request
    tags: TagRequest
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("alarm", self.name)

    @property
    def put(self) -> str:
        return put_of(self.request)


def is_composite(alarm: t.Mapping[str, t.Any]) -> bool:
    """Whether it is the description of a composite alarm, or the request for one."""
    return "AlarmRule" in alarm


def put_of(alarm: t.Mapping[str, t.Any]) -> str:
    """The operation that puts such an alarm."""
    return PUT_COMPOSITE if is_composite(alarm) else PUT


@dataclass(frozen=True, kw_only=True)
class LiveAlarm:
    """An alarm; without a request there is none."""

    arn: str = ""
    request: Request = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    state: str | None = None
    composites: tuple[str, ...] = ()
    """The composite alarms that depend on it, where it is to be deleted."""

    @classmethod
    def from_description(cls, description: Result, tags: dict[str, str], composites: t.Sequence[str] = ()) -> LiveAlarm:
        return cls(
            arn=description["AlarmArn"],
            request=sent_members(SERVICE, put_of(description), description),
            tags=tags,
            state=description.get("StateValue"),
            composites=tuple(composites),
        )

    @property
    def exists(self) -> bool:
        return bool(self.request)

    @property
    def name(self) -> str:
        return str(self.request["AlarmName"])


class AlarmKind:
    """What the runner needs to know of alarms."""

    services = (SERVICE, tagging.SERVICE)
    ignores_case = False

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredAlarm:
        given = dict(options)
        tags, may_be_adopted = given.pop("tags", None), bool(given.pop("adopt", False))
        operation = PUT if given.get("alarm_rule") is None else PUT_COMPOSITE
        request = request_of(SERVICE, operation, given, RULES, is_for_deletion)
        return DesiredAlarm(request["AlarmName"], request, tag_request(self.scope, tags), may_be_adopted)

    def read(
        self, api: Api, desired: t.Sequence[DesiredAlarm], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[LiveAlarm | CallFailed]:
        found = cloudwatch.describe_alarms(api, [alarm.name for alarm in desired])
        dated = [(each["AlarmArn"], each.get("AlarmConfigurationUpdatedTimestamp")) for each in found.values()]
        sent = sent_tags(made, PUT, "AlarmName") | sent_tags(made, PUT_COMPOSITE, "AlarmName")
        known = {found[name]["AlarmArn"]: tags for name, tags in sent.items() if name in found}
        fast_path = FastPath(self.scope, api, () if is_for_deletion else dated, cloudwatch.list_tags, known)
        rules = cloudwatch.composite_rules(api) if is_for_deletion and found else []

        def unchanged(alarm: DesiredAlarm) -> LiveAlarm | None:
            description = found.get(alarm.name)
            if description is None:
                return LiveAlarm()
            tags = fast_path.proof(description["AlarmArn"], alarm.tags)
            return None if tags is None else LiveAlarm.from_description(description, tags)

        def described(alarm: DesiredAlarm) -> LiveAlarm:
            description = found[alarm.name]
            # Whatever way a rule names an alarm, the name is in it; AWS decides whether the rule means that alarm.
            is_in_rule = any(alarm.name in rule for rule in rules)
            composites = cloudwatch.composites_over(api, alarm.name) if is_in_rule else ()
            tags = cloudwatch.list_tags(api, description["AlarmArn"])
            return LiveAlarm.from_description(description, tags, composites)

        return self._without_leaving(api.each(described, desired, unchanged))

    def _without_leaving(self, found: list[LiveAlarm | CallFailed]) -> list[LiveAlarm | CallFailed]:
        """The alarms without those composite alarms over them that are to be deleted with them, and before them."""
        alarms = [each for each in found if isinstance(each, LiveAlarm) and each.composites]
        over = {name for each in alarms for name in each.composites}
        deleted = {
            each.name
            for each in found
            if isinstance(each, LiveAlarm) and each.exists and each.name in over and may_delete(self.scope, each.tags)
        }
        return [without_composites(each, deleted) if isinstance(each, LiveAlarm) else each for each in found]

    def plan(self, desired: DesiredAlarm, live: LiveAlarm) -> Plan:
        live = dataclasses.replace(live, request=with_ids_of(desired.request, live.request))
        changes = differences(RULES, live.request, desired.request)
        if not live.exists:
            request = desired.request | {"Tags": as_sent(SERVICE, desired.tags.wanted)}
            step = Step(SERVICE, desired.put, request, "missing")
            found = changes + added_tags(desired.tags.wanted)
            compared, order = Compared(None, desired.request), _order(desired)
            return Plan(
                desired.resource, Effect.CREATE, differences=found, steps=(step,), compared=compared, order=order
            )
        refuse_foreign(self.scope, desired.resource, live.tags)
        if is_composite(live.request) != is_composite(desired.request):
            # [D] A name is unique within the region; no operation turns one type into the other.
            raise Refused(
                f"it is a {_type(live.request)}; AWS cannot turn it into a {_type(desired.request)}; delete it first"
            )
        request = _kept(live) | with_labels_of(live.request, desired.request)
        puts = (Step(SERVICE, desired.put, request, "changed"),) if changes else ()
        change = desired.tags.change(self.scope, live.tags)
        compared = Compared(live.request, desired.request)
        plan = Plan(
            desired.resource, Effect.IN_PLACE, differences=changes, steps=puts, compared=compared, order=_order(desired)
        )
        plan = with_tag_steps(plan, SERVICE, live.arn, change)
        return unless_unowned(self.scope, plan, live.tags, desired.may_be_adopted)

    def plan_absent(self, desired: DesiredAlarm, live: LiveAlarm) -> Plan:
        if nothing := kept(self.scope, desired.resource, live.tags, exists=live.exists):
            return nothing
        if live.composites:
            # [C] "Cannot delete … as there are composite alarm(s) depending on it."
            names = ", ".join(live.composites)
            raise Refused(
                f"AWS does not delete it while composite alarm {names} depends on it; remove it from that rule first"
            )
        step = Step(SERVICE, "DeleteAlarms", {"AlarmNames": [desired.name]}, "no longer wanted")
        changes = differences(RULES, live.request, None)
        compared, order = Compared(live.request, None), -1 if is_composite(live.request) else 0
        return Plan(desired.resource, Effect.DELETE, differences=changes, steps=(step,), compared=compared, order=order)

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredAlarm, LiveAlarm]]) -> t.Iterable[Plan]:
        return []

    def facts(self, desired: DesiredAlarm, live: LiveAlarm, plan: Plan) -> Options:
        return {"alarm_arn": live.arn or None, "state_value": live.state}

    def options(self, desired: DesiredAlarm, live: LiveAlarm, plan: Plan) -> Options:
        tags = live.tags if live.exists else desired.tags.wanted
        request = live.request or desired.request
        return options_of(SERVICE, put_of(request), request) | {"tags": tags}


def without_composites(alarm: LiveAlarm, names: t.Collection[str]) -> LiveAlarm:
    """The alarm without these composite alarms, which will not prevent its deletion."""
    return dataclasses.replace(alarm, composites=tuple(name for name in alarm.composites if name not in names))


def _order(desired: DesiredAlarm) -> int:
    """[D] What the rule of a composite alarm names has to be there."""
    return 1 if is_composite(desired.request) else 0


def _type(alarm: Request) -> str:
    return "composite alarm" if is_composite(alarm) else "metric alarm"


def _kept(live: LiveAlarm) -> Request:
    return {member: value for member, value in live.request.items() if member in RULES.computed}


def deleted_alarms(plans: t.Iterable[Plan]) -> set[str]:
    """The alarms that these plans delete."""
    steps = (step for plan in plans for step in plan.calls if step.operation == "DeleteAlarms")
    return {name for step in steps for name in step.parameters["AlarmNames"]}
