# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""DescribeAlarms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from ..call import Call
from ..clock import to_datetime
from ..errors import AwsError
from ..paging import page
from ..region import Region
from ..types import Params, Result
from .composites import children_in, parents_of
from .resources import Alarm, CompositeAlarm

# Guess: the documentation gives no default for MaxRecords.
_PAGE = 50
_KIN: dict[str, Callable[[Region, str], Sequence[Alarm]]] = {
    "ChildrenOfAlarmName": children_in,
    "ParentsOfAlarmName": parents_of,
}
# [D CW] of these "only … are returned".
_KIN_MEMBERS = {
    "ChildrenOfAlarmName": ("AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp"),
    "ParentsOfAlarmName": ("AlarmName", "AlarmArn"),
}


def describe_alarms(call: Call, params: Params) -> Result:
    names, prefix = params.get("AlarmNames"), params.get("AlarmNamePrefix")
    if names and prefix:
        # [D CW]; the text is a guess.
        raise AwsError("InvalidParameterCombination", "AlarmNames and AlarmNamePrefix cannot be specified together.")
    kin = [name for name in _KIN if name in params]
    if kin and params.keys() - {kin[0], "MaxRecords", "NextToken"}:
        # [D CW]; the text is a guess.
        raise AwsError("ValidationError", f"{kin[0]} cannot be specified together with other parameters.")
    shown = _KIN[kin[0]](call.region, params[kin[0]]) if kin else _asked_for(call.region, params)
    try:
        limit, token = params.get("MaxRecords", _PAGE), params.get("NextToken")
        alarms, token = page(shown, call.operation, limit, token, call.settings)
    except ValueError:
        raise AwsError("InvalidNextToken", "The next token specified is invalid.") from None
    describe = partial(_named_only, members=_KIN_MEMBERS[kin[0]]) if kin else _description
    return {
        "MetricAlarms": [describe(alarm) for alarm in alarms if not isinstance(alarm, CompositeAlarm)],
        "CompositeAlarms": [describe(alarm) for alarm in alarms if isinstance(alarm, CompositeAlarm)],
        **({"NextToken": token} if token else {}),
    }


def _asked_for(region: Region, params: Params) -> list[Alarm]:
    """Of the requested types; without any, only metric alarms. [D CW]"""
    types = params.get("AlarmTypes") or ["MetricAlarm"]
    found = [
        *(_named(region, params) if "MetricAlarm" in types else ()),
        *(_named_composites(region, params) if "CompositeAlarm" in types else ()),
    ]
    return [alarm for alarm in found if _is_asked_for(alarm, params)]


def _named(region: Region, params: Params) -> Iterator[Alarm]:
    """The metric alarms of the given names or prefix, in order of name."""
    names = params.get("AlarmNames")
    for name in sorted(set(names)) if names else region.alarms.names(params.get("AlarmNamePrefix", "")):
        if alarm := region.alarms.get(name):
            yield alarm


def _named_composites(region: Region, params: Params) -> Iterator[Alarm]:
    names, prefix = params.get("AlarmNames"), params.get("AlarmNamePrefix", "")
    for name, alarm in sorted(region.composites.items()):
        if name in names if names else name.startswith(prefix):
            yield alarm


def _is_asked_for(alarm: Alarm, params: Params) -> bool:
    state, wanted = params.get("StateValue"), params.get("ActionPrefix", "")
    if state and alarm.state.value != state:
        return False
    keys = ("OKActions", "AlarmActions", "InsufficientDataActions")
    return not wanted or any(action.startswith(wanted) for key in keys for action in alarm.content[key])


def _named_only(alarm: Alarm, members: Collection[str]) -> Params:
    return {name: value for name, value in _description(alarm).items() if name in members}


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
