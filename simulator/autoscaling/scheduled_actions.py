# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutScheduledAction, DescribeScheduledActions, DeleteScheduledAction; the actions run on request only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from uuid import uuid4
from zoneinfo import ZoneInfo

from ..call import Call
from ..clock import to_datetime
from ..errors import AwsError, invalid
from ..types import Params, Result
from .lookup import described, find_target, object_not_found, one_page, targets_asked_for
from .resources import NAMESPACE, ScalableTarget, ScheduledAction

_PAGE = 50
_MAX_ACTIONS = 200
_SCHEDULE = re.compile(
    r"at\((?P<moment>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)"
    r"|rate\([1-9]\d* (minute|minutes|hour|hours|day|days)\)"
    r"|cron\(\S+( \S+){5}\)"
)
_IDENTITY = ("ServiceNamespace", "ScheduledActionName", "ResourceId", "ScalableDimension")
# [D AS PutScheduledAction] "If you don't specify start and end times, the old values are deleted."
_KEPT_ON_UPDATE = ("Schedule", "Timezone", "ScalableTargetAction")


def put_scheduled_action(call: Call, params: Params) -> Result:
    target = find_target(call, params)
    name = params["ScheduledActionName"]
    present = target.scheduled_actions.get(name)
    content = {key: value for key, value in params.items() if key not in _IDENTITY}
    if present:
        content = {key: present.content[key] for key in _KEPT_ON_UPDATE if key in present.content} | content
    elif len(target.scheduled_actions) >= _MAX_ACTIONS:
        # [D AS quotas]; the text is a guess.
        raise AwsError("LimitExceededException", f"Maximum number of scheduled actions per target is {_MAX_ACTIONS}.")
    _check(content, to_datetime(call.now))
    if present:
        present.content = content
    else:
        target.scheduled_actions[name] = ScheduledAction(name, _arn(call, target, name), call.now, content)
    return {}


def describe_scheduled_actions(call: Call, params: Params) -> Result:
    names = params.get("ScheduledActionNames")
    found = [
        (target, action)
        for target in targets_asked_for(call, params)
        for action in target.scheduled_actions.values()
        if not names or action.name in names
    ]
    shown, token = one_page(call, found, params, _PAGE)
    return {"ScheduledActions": [_description(call, target, action) for target, action in shown], **token}


def delete_scheduled_action(call: Call, params: Params) -> Result:
    target = find_target(call, params)
    name = params["ScheduledActionName"]
    if target.scheduled_actions.pop(name, None) is None:
        # [D AS] for the code; the text is a guess after the one for policies.
        raise object_not_found(f"No scheduled action found for {described(params)}, scheduled action name: {name}")
    return {}


def _check(content: Params, now: datetime) -> None:
    """[D AS PutScheduledAction] for the rules; the texts are guesses."""
    schedule = _SCHEDULE.fullmatch(content.get("Schedule", ""))
    if not schedule:
        raise _no_schedule()
    _check_past(content, schedule["moment"], now)
    action = content.get("ScalableTargetAction", {})
    minimum, maximum = action.get("MinCapacity"), action.get("MaxCapacity")
    if minimum is None and maximum is None:
        raise invalid("ScalableTargetAction must have MinCapacity or MaxCapacity.")
    if minimum is not None and maximum is not None and maximum < minimum:
        # [M] for scalable targets
        raise invalid("Maximum capacity cannot be less than minimum capacity")
    if "StartTime" in content and "EndTime" in content and content["StartTime"] >= content["EndTime"]:
        raise invalid("StartTime must be before EndTime.")


def _check_past(content: Params, moment: str | None, now: datetime) -> None:
    """[X] a reading: nobody has quoted these refusals, only the one of EC2 Auto Scaling for a start in the past."""
    if moment and _moment(moment, content.get("Timezone")) <= now:
        raise invalid(f"The schedule at({moment}) is in the past.")
    if "EndTime" in content and content["EndTime"] <= now:
        raise invalid(f"EndTime {content['EndTime']:%Y-%m-%dT%H:%M:%SZ} is in the past.")


def _moment(text: str, zone: str | None) -> datetime:
    """The moment of an at expression, which is in UTC unless there is a time zone. [D AS Timezone]"""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone(zone))
    except ValueError:
        raise _no_schedule() from None


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, OSError, ValueError):
        raise invalid(f"{name} is not a valid time zone.") from None


def _no_schedule() -> AwsError:
    return invalid("Schedule must be an at, rate or cron expression.")


def _arn(call: Call, target: ScalableTarget, name: str) -> str:
    """[D AS ScheduledAction] the form of the documentation's examples."""
    resource = f"resource/{NAMESPACE}/{target.key.resource_id}:scheduledActionName/{name}"
    return call.region.arn("autoscaling", f"scheduledAction:{uuid4()}:{resource}")


def _description(call: Call, target: ScalableTarget, action: ScheduledAction) -> Params:
    return {
        "ScheduledActionName": action.name,
        "ScheduledActionARN": action.arn,
        "ServiceNamespace": NAMESPACE,
        "ResourceId": target.key.resource_id,
        "ScalableDimension": target.key.dimension,
        "CreationTime": call.time(action.created),
        **action.content,
    }
