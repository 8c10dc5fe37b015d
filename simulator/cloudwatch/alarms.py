# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutMetricAlarm, DescribeAlarms, DeleteAlarms, SetAlarmState, EnableAlarmActions, DisableAlarmActions."""

from __future__ import annotations

from collections.abc import Iterator

from ..call import Call
from ..clock import to_datetime
from ..errors import AwsError
from ..paging import page
from ..region import Region
from ..types import Params, Result
from .alarm_rules import check_alarm
from .resources import Alarm, StateChange
from .tag_rules import checked_tags

# Guess: the documentation gives no default for MaxRecords.
_PAGE = 50


def put_metric_alarm(call: Call, params: Params) -> Result:
    """Creates, or overwrites as a whole; the state stays, tags are taken at creation only. [D CW]"""
    check_alarm(params)
    is_new = params["AlarmName"] not in call.region.alarms
    tags = checked_tags(params.get("Tags", []), {})
    alarm = put(call.region, {key: value for key, value in params.items() if key != "Tags"}, call.now)
    if is_new:
        call.region.tags.put(alarm.arn, tags, call.now)
    return {}


def put(region: Region, content: Params, now: float) -> Alarm:
    """The alarm as DescribeAlarms shows it; a new one starts as INSUFFICIENT_DATA. [D CW]"""
    name = content["AlarmName"]
    alarm = region.alarms.get(name)
    if alarm is None:
        initial = StateChange(now, "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation", "")
        alarm = Alarm(name, region.arn("cloudwatch", f"alarm:{name}"), {}, now, [initial])
    region.alarms.put(alarm, _filled_in(content))
    alarm.configured = now
    return alarm


def describe_alarms(call: Call, params: Params) -> Result:
    names, prefix = params.get("AlarmNames"), params.get("AlarmNamePrefix")
    if names and prefix:
        # [D CW]; the text is a guess.
        raise AwsError("InvalidParameterCombination", "AlarmNames and AlarmNamePrefix cannot be specified together.")
    shown: list[Alarm] = []
    if "MetricAlarm" in params.get("AlarmTypes", ["MetricAlarm"]):
        shown = [alarm for alarm in _named(call.region, params) if _is_asked_for(alarm, params)]
    try:
        alarms, token = page(shown, call.operation, params.get("MaxRecords", _PAGE), params.get("NextToken"))
    except ValueError:
        raise AwsError("InvalidNextToken", "The next token specified is invalid.") from None
    return {
        "MetricAlarms": [_description(alarm) for alarm in alarms],
        "CompositeAlarms": [],
        **({"NextToken": token} if token else {}),
    }


def delete_alarms(call: Call, params: Params) -> Result:
    """Deletes those that exist; only if none does it is an error. [D CW; the latter a guess]"""
    found = [alarm for name in set(params["AlarmNames"]) if (alarm := call.region.alarms.pop(name))]
    for alarm in found:
        call.region.tags.forget(alarm.arn, call.now)
    if params["AlarmNames"] and not found:
        raise _not_found(params["AlarmNames"][0])
    return {}


def set_alarm_state(call: Call, params: Params) -> Result:
    alarm = call.region.alarms.get(params["AlarmName"])
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
        if alarm := call.region.alarms.get(name):
            alarm.content["ActionsEnabled"] = on
    return {}


def _not_found(name: str) -> AwsError:
    """The code is documented, the text a guess."""
    return AwsError("ResourceNotFound", f"Unknown alarm {name}", 404)


def _named(region: Region, params: Params) -> Iterator[Alarm]:
    """The alarms of the given names or prefix, in order of name."""
    names = params.get("AlarmNames")
    for name in sorted(set(names)) if names else region.alarms.names(params.get("AlarmNamePrefix", "")):
        if alarm := region.alarms.get(name):
            yield alarm


def _is_asked_for(alarm: Alarm, params: Params) -> bool:
    state, wanted = params.get("StateValue"), params.get("ActionPrefix", "")
    if state and alarm.state.value != state:
        return False
    keys = ("OKActions", "AlarmActions", "InsufficientDataActions")
    return not wanted or any(action.startswith(wanted) for key in keys for action in alarm.content[key])


def _filled_in(content: Params) -> Params:
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


def _description(alarm: Alarm) -> Params:
    state = alarm.state
    changed = next(
        (
            later.since
            for later, earlier in reversed(list(zip(alarm.states[1:], alarm.states, strict=False)))
            if later.value != earlier.value
        ),
        alarm.states[0].since,
    )
    return {
        **alarm.content,
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": to_datetime(alarm.configured),
        "StateValue": state.value,
        "StateReason": state.reason,
        "StateUpdatedTimestamp": to_datetime(state.since),
        "StateTransitionedTimestamp": to_datetime(changed),
        **({"StateReasonData": state.data} if state.data else {}),
    }
