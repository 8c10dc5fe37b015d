# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms and scalable targets of an endpoint that this deployment owns and no longer declares: they are deleted."""

from __future__ import annotations

import typing as t

from ..._aws import autoscaling, cloudwatch, tagging
from ..._aws.client import FEW, Api, CallFailed
from ..._aws.endpoint_descriptions import variants_of
from ..._engine.ownership import DEPLOYMENT, Scope, owns
from ..._engine.plan import Effect, Plan, Refused, ResourceId
from ..alarm import AlarmKind, DesiredAlarm, LiveAlarm, without_composites
from ..names import endpoint_of
from ..scaling_state import LiveScaling
from .state import DesiredEndpoint, LiveEndpoint


def undeclared_targets(scope: Scope, api: Api, desired: DesiredEndpoint, live: LiveEndpoint) -> dict[str, LiveScaling]:
    """The targets of variants that stay but are no longer scaled, by variant, whoever owns them."""
    if desired.scaled_variants is None or not scope.deployment:
        return {}
    unscaled = variants_of(desired.config).keys() - desired.scaled_variants
    return {
        name: target
        for name, target in live.targets.items()
        if name in unscaled and owns(scope, autoscaling.list_tags(api, target.arn))
    }


def declared_alarms(desired: t.Iterable[DesiredEndpoint]) -> dict[str, t.Collection[str]]:
    """The names of the declared alarms by endpoint, of those endpoints of which they are known."""
    return {item.name: item.alarm_names for item in desired if item.alarm_names is not None}


def alarm_plans(scope: Scope, api: Api, declared: t.Mapping[str, t.Collection[str]]) -> list[Plan]:
    """The deletions of alarms named ``<endpoint>/...`` that are of this deployment and that nothing declares.

    *declared* has the names of the declared alarms by endpoint. The deletions are plans of their own, due once the
    updates of these endpoints, which may need the alarms, have ended.
    """
    if not declared or not scope.deployment:
        return []
    kind = AlarmKind(scope)
    try:
        doubtful = [
            kind.desired({"alarm_name": name}, True)
            for name in _names(scope, api, list(declared))
            if (of_endpoint := declared.get(endpoint_of(name))) is not None and name not in of_endpoint
        ]
        found = kind.read(api, doubtful, True)
    except CallFailed as failure:
        return [Plan(ResourceId("alarms that are no longer declared", ""), Effect.NONE, refusal=str(failure))]
    staying = {name for names in declared.values() for name in names}
    plans = [_deletion(kind, alarm, live, staying) for alarm, live in zip(doubtful, found, strict=True)]
    return sorted((plan for plan in plans if plan.steps or plan.refusal), key=lambda plan: plan.order)


def _deletion(kind: AlarmKind, alarm: DesiredAlarm, live: LiveAlarm | CallFailed, declared: t.Collection[str]) -> Plan:
    """Rules of composite alarms that are *declared* name only alarms that are declared, once they are as declared."""
    try:
        if isinstance(live, CallFailed):
            raise Refused(str(live))
        return kind.plan_absent(alarm, without_composites(live, declared))
    except Refused as refusal:
        return Plan(alarm.resource, Effect.NONE, refusal=str(refusal))


def _names(scope: Scope, api: Api, endpoints: t.Sequence[str]) -> list[str]:
    """The names of all alarms that may be of these endpoints, from the index of tags where they are many."""
    if scope.trusts_tags and len(endpoints) > FEW:
        arns = tagging.arns_with_tags(api, {DEPLOYMENT: scope.deployment or ""}, "cloudwatch:alarm")
        if arns is not None:
            return [arn.split(":", 6)[6] for arn in arns]
    return cloudwatch.alarms_of_endpoints(api, endpoints)
