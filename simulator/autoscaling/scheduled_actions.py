# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutScheduledAction, DescribeScheduledActions, DeleteScheduledAction; the actions run on request only."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from ..call import Call
from ..clock import to_datetime
from ..errors import AwsError, invalid
from ..types import Params, Result
from .lookup import described, find_target, object_not_found, one_page, targets_asked_for
from .resources import NAMESPACE, ScalableTarget, ScheduledAction
from .schedule_rules import check_schedule

_PAGE = 50
_MAX_ACTIONS = 200
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
    check_schedule(content.get("Schedule", ""), content.get("Timezone"), now)
    if "EndTime" in content and content["EndTime"] <= now:
        # [X] a reading, as that of an at expression in the past.
        raise invalid(f"EndTime {content['EndTime']:%Y-%m-%dT%H:%M:%SZ} is in the past.")
    action = content.get("ScalableTargetAction", {})
    minimum, maximum = action.get("MinCapacity"), action.get("MaxCapacity")
    if minimum is None and maximum is None:
        raise invalid("ScalableTargetAction must have MinCapacity or MaxCapacity.")
    if minimum is not None and maximum is not None and maximum < minimum:
        # [M] for scalable targets
        raise invalid("Maximum capacity cannot be less than minimum capacity")
    if "StartTime" in content and "EndTime" in content and content["StartTime"] >= content["EndTime"]:
        raise invalid("StartTime must be before EndTime.")


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
