# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutMetricAlarm, DeleteAlarms, SetAlarmState, EnableAlarmActions, DisableAlarmActions."""

from __future__ import annotations

from ..call import Call
from ..errors import AwsError
from ..region import Region
from ..types import Params, Result
from .alarm_rules import check_alarm
from .composites import check_deletion, name_is_taken
from .resources import Alarm, StateChange, born, born_ok
from .tag_rules import checked_tags


def put_metric_alarm(call: Call, params: Params) -> Result:
    """Creates, or overwrites as a whole; the state stays, tags are taken at creation only. [D CW]"""
    check_alarm(params)
    if params["AlarmName"] in call.region.composites:
        raise name_is_taken(params["AlarmName"])
    is_new = params["AlarmName"] not in call.region.alarms
    tags = checked_tags(params.get("Tags", []), {})
    alarm = put(call.region, {key: value for key, value in params.items() if key != "Tags"}, call.now)
    if is_new:
        call.region.tags.put(alarm.arn, tags, call.now)
    return {}


def put(region: Region, content: Params, now: float) -> Alarm:
    """The alarm as DescribeAlarms shows it; a new one starts as INSUFFICIENT_DATA, or OK if it is on PromQL. [D CW]"""
    name = content["AlarmName"]
    alarm = region.alarms.get(name)
    if alarm is None:
        state = born_ok(now) if "EvaluationCriteria" in content else born(now)
        alarm = Alarm(name, region.arn("cloudwatch", f"alarm:{name}"), {}, now, [state])
    region.alarms.put(alarm, filled_in(content))
    alarm.configured = now
    return alarm


def delete_alarms(call: Call, params: Params) -> Result:
    """Deletes those that exist; only if none does it is an error. [D CW; the latter a guess]"""
    region, names = call.region, list(dict.fromkeys(params["AlarmNames"]))
    check_deletion(region, names)
    found = [alarm for name in names if (alarm := region.alarms.pop(name) or region.composites.pop(name, None))]
    for alarm in found:
        region.tags.forget(alarm.arn, call.now)
    if params["AlarmNames"] and not found:
        raise _not_found(params["AlarmNames"][0])
    return {}


def set_alarm_state(call: Call, params: Params) -> Result:
    alarm = _find(call.region, params["AlarmName"])
    if alarm is None:
        raise _not_found(params["AlarmName"])
    change = StateChange(call.now, params["StateValue"], params["StateReason"], params.get("StateReasonData", ""))
    alarm.states.append(change)
    return {}


def enable_alarm_actions(call: Call, params: Params) -> Result:
    return _switch_actions(call, params, on=True)


def disable_alarm_actions(call: Call, params: Params) -> Result:
    return _switch_actions(call, params, on=False)


def _switch_actions(call: Call, params: Params, on: bool) -> Result:
    """Unknown names are passed over (guess: the operation models no error)."""
    for name in params["AlarmNames"]:
        if alarm := _find(call.region, name):
            alarm.content["ActionsEnabled"] = on
    return {}


def _not_found(name: str) -> AwsError:
    """The code is documented, the text a guess."""
    return AwsError("ResourceNotFound", f"Unknown alarm {name}", 404)


def _find(region: Region, name: str) -> Alarm | None:
    return region.alarms.get(name) or region.composites.get(name)


def filled_in(content: Params) -> Params:
    """[D CW] what is not sent is reset; lists come back empty, TreatMissingData does not come back. [P]"""
    filled = {
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        "Dimensions": [],
        **content,
    }
    # [D CW] a set in all but name; that it comes back sorted is a guess.
    filled["Dimensions"] = sorted(filled["Dimensions"], key=lambda dimension: str(dimension["Name"]))
    if "Metrics" in content:
        # [D CW MetricDataQuery] the default; that it is shown is a guess.
        filled["Metrics"] = [{"ReturnData": True, **query} for query in content["Metrics"]]
    return filled
