# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What an alarm may call. [D CW AlarmActions] for the kinds; the texts are guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..types import Params
from .alarm_errors import invalid

ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_FOR_ALL = r"sns:[a-z0-9-]+:\d{12}:.+|lambda:[a-z0-9-]+:\d{12}:function:.+|ssm:[a-z0-9-]*:\d{12}:opsitem:.+"
_FOR_ALL += r"|ssm-incidents::\d{12}:response-?plan[/:].+|aiops:[a-z0-9-]+:\d{12}:investigation-group[:/].+"
_SCALING = r"autoscaling:[a-z0-9-]+:\d{12}:scalingPolicy:.+"
_OF_INSTANCES = r"automate:[a-z0-9-]+:ec2:.+|swf:[a-z0-9-]+:\d{12}:action/actions/.+"
_ANY = re.compile(rf"arn:aws[a-z-]*:({_FOR_ALL}|{_SCALING}|{_OF_INSTANCES})")
_OF_COMPOSITES = re.compile(rf"arn:aws[a-z-]*:({_FOR_ALL})")


def check_actions(alarm: Params, *, is_composite: bool = False, is_of_band: bool = False) -> None:
    allowed = _OF_COMPOSITES if is_composite else _ANY
    for member, action in _actions(alarm):
        if not allowed.fullmatch(action):
            raise invalid(f"Invalid arn syntax: {action}")
        if is_of_band and re.search(_SCALING, action):
            # [D CW PutMetricAlarm] "Alarms based on anomaly detection models cannot have Auto Scaling actions."
            raise invalid("Alarms based on anomaly detection models cannot have Auto Scaling actions")
        if alarm[member].count(action) > 1:
            raise invalid("AlarmActions, OKActions, or InsufficientDataActions contains duplicate actions.")


def _actions(alarm: Params) -> Iterator[tuple[str, str]]:
    for member in ACTIONS:
        for action in alarm.get(member, ()):
            yield member, action
