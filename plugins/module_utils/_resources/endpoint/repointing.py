# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms that call a step policy which is restored with a new ARN: they are pointed to it, whoever owns them.

Nothing else of such an alarm changes: it is read again just before it is put. The note of the former ARNs stays until
then, so that the next run finishes what a run that died has left.
"""

from __future__ import annotations

import typing as t

from ..._aws import autoscaling, cloudwatch, sagemaker
from ..._aws.client import Api, CallFailed, Result
from ..._engine.diff import Difference
from ..._engine.plan import Effect, Finished, Output, Plan, ResourceId, Step
from ..._engine.requests import sent_members
from ..alarm import PUT
from .state import DesiredEndpoint, LiveEndpoint
from .suspended_scaling import Callers, remaining_callers

_ACTIONS = dict(zip(cloudwatch.ACTIONS, ("alarm_actions", "ok_actions", "insufficient_data_actions"), strict=True))
"""With the options that they are."""
_ALARMS = "alarms of endpoint"
_NOT_YET_BACK = Output("PutScalingPolicy", "PolicyARN")
_REASON = "the step policy that it calls has a new ARN"


class Moved(t.NamedTuple):
    """A step policy and its new ARN."""

    policy_name: str
    arn: str | Output


def plan(
    api: Api,
    finished: Finished[t.Any, t.Any],
    desired: DesiredEndpoint,
    live: LiveEndpoint | None,
    skipped: t.Collection[str],
) -> Plan | None:
    """Points the alarms to the current ARNs and deletes the notes; *skipped* alarms are about to be deleted.

    If the endpoint fails, the skipped alarms stay, and are pointed to the policies too.
    """
    planned: Callers | None = finished.plan.outcome.get("callers")
    if finished.unread:
        return unlisted(desired.name, planned, finished.unread) if planned else None
    if live is None or not (live.exists or finished.check_mode):
        return None
    callers = planned if finished.check_mode else remaining_callers(desired, live)
    if callers is None:
        return None
    try:
        return _plan(api, desired.name, callers, skipped, finished.check_mode)
    except CallFailed as failure:
        return unlisted(desired.name, planned or callers, str(failure))


def unlisted(name: str, callers: Callers, why: str) -> Plan:
    """The failure to find the alarms of an endpoint; the note stays, so that the next run finds them."""
    targets = ", ".join(target.description for target in callers.targets)
    reason = (
        f"those that call step policies of {targets} could not be listed, so their calls are missing until the next "
    )
    return Plan(ResourceId(_ALARMS, name), Effect.NONE, refusal=f"{reason}run: {why}")


def _plan(api: Api, name: str, callers: Callers, skipped: t.Collection[str], check_mode: bool) -> Plan | None:
    """Raises CallFailed."""
    resource = ResourceId(_ALARMS, name)
    moved = _moved(api, callers, check_mode)
    found = {alarm["AlarmName"]: alarm for arn in moved for alarm in cloudwatch.alarms_calling(api, arn)}
    alarms = [alarm for each, alarm in sorted(found.items()) if each not in skipped]
    deleted = {each: _put(found[each], moved) for each in sorted(found.keys() & set(skipped))}
    changes = tuple(change for alarm in alarms for change in _changes(alarm, moved))
    steps = (*(_put(alarm, moved) for alarm in alarms), *_drops(callers))
    effect = Effect.IN_PLACE if alarms else Effect.TAGS
    notes: tuple[str, ...] = ()
    if alarms:
        notes += ("they call a step policy that gets a new ARN; nothing else in them changes",)
    if deleted:
        names = ", ".join(deleted)
        notes += (
            f"alarm {names} stays until the endpoint is updated, and is pointed to the new ARN if the update fails",
        )
    if_not_reached = tuple(deleted.values())
    return (
        Plan(resource, effect, differences=changes, steps=steps, notes=notes, if_not_reached=if_not_reached)
        if steps
        else None
    )


def _moved(api: Api, callers: Callers, check_mode: bool) -> dict[str, Moved]:
    """The policies that have a new ARN, or will have one, by the former ARN."""
    targets = {each.key: each for each in callers.targets}
    policies = autoscaling.describe_policies(api, list(targets))
    moved: dict[str, Moved] = {}
    for key, target in targets.items():
        now: dict[str, str] = {policy["PolicyName"]: policy["PolicyARN"] for policy in policies[key]}
        for name, former in target.called:
            if check_mode and (name not in now or target.variant_name in callers.deregistered):
                moved[former] = Moved(name, _NOT_YET_BACK)
            elif now.get(name, former) != former:
                moved[former] = Moved(name, now[name])
    return moved


def _put(alarm: Result, moved: t.Mapping[str, Moved]) -> Step:
    request = sent_members(cloudwatch.SERVICE, PUT, alarm)
    for member in _ACTIONS:
        arns = [moved[arn].arn if arn in moved else arn for arn in request.get(member, ())]
        if arns != request.get(member, []):
            request[member] = arns
    called = ", ".join(f"{arn}, which is now {moved[arn].arn}" for arn in _called(alarm) if arn in moved)
    otherwise = f"alarm {alarm['AlarmName']} still calls {called}; correct it by hand"
    return Step(cloudwatch.SERVICE, PUT, request, _REASON, otherwise=otherwise)


def _called(alarm: Result) -> list[str]:
    return list(dict.fromkeys(arn for member in _ACTIONS for arn in alarm.get(member, ())))


def _changes(alarm: Result, moved: t.Mapping[str, Moved]) -> t.Iterator[Difference]:
    for member, option in _ACTIONS.items():
        for arn in alarm.get(member, ()):
            if arn in moved:
                after = f"policy {moved[arn].policy_name} under its new ARN"
                yield Difference((alarm["AlarmName"], option), arn, after)


def _drops(callers: Callers) -> list[Step]:
    reason = "the autoscaling has been restored, and the alarms call it"
    return [
        Step(sagemaker.SERVICE, "DeleteTags", {"ResourceArn": arn, "TagKeys": sorted(keys)}, reason)
        for arn, keys in callers.saved_in.items()
    ]
