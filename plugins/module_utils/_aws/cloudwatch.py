# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of CloudWatch alarms."""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from .client import Api, Result

SERVICE = "cloudwatch"
NAMES_PER_CALL = 100
ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
"""The members of an alarm that name its actions."""
MADE_BY_SCALING = "TargetTracking-"
"""[D] The prefix of the names of the alarms that target tracking creates and manages."""


TYPES = ("MetricAlarm", "CompositeAlarm")
"""[D] Unless both types are requested, only metric alarms are returned."""
LISTS = ("MetricAlarms", "CompositeAlarms")


def describe_alarms(api: Api, names: t.Sequence[str]) -> dict[str, Result]:
    """The alarms of these names that exist, of either type."""
    chunks = [names[start : start + NAMES_PER_CALL] for start in range(0, len(names), NAMES_PER_CALL)]
    found: dict[str, Result] = {}
    for answer in api.all(lambda chunk: _describe(api, chunk), chunks):
        found |= {alarm["AlarmName"]: alarm for alarm in answer}
    return found


def alarms_of_endpoints(api: Api, endpoint_names: t.Sequence[str]) -> list[str]:
    """The names of the alarms that are named after these endpoints, one call an endpoint."""
    found = api.all(lambda name: _list(api, f"{name}/"), endpoint_names)
    return [alarm for names in found for alarm in names if not alarm.startswith(MADE_BY_SCALING)]


def _list(api: Api, name_prefix: str) -> list[str]:
    """The names of the alarms with this prefix."""
    return [alarm["AlarmName"] for alarm in _pages(api, AlarmNamePrefix=name_prefix, AlarmTypes=list(TYPES))]


def _describe(api: Api, names: t.Sequence[str]) -> list[Result]:
    return list(_pages(api, AlarmNames=list(names), AlarmTypes=list(TYPES)))


def _pages(api: Api, **parameters: t.Any) -> t.Iterator[Result]:
    return api.pages(SERVICE, "DescribeAlarms", *LISTS, **parameters, MaxRecords=NAMES_PER_CALL)


def every_alarm(api: Api) -> t.Iterator[Result]:
    """The alarms of the region, of either type, 100 a call."""
    return _pages(api, AlarmTypes=list(TYPES))


def alarms_calling(api: Api, action: str) -> list[Result]:
    """The metric alarms that have this, an ARN, among their actions."""
    parameters = {"ActionPrefix": action, "AlarmTypes": ["MetricAlarm"], "MaxRecords": NAMES_PER_CALL}
    found = api.pages(SERVICE, "DescribeAlarms", "MetricAlarms", **parameters)
    return [alarm for alarm in found if any(action in alarm.get(each, ()) for each in ACTIONS)]


def callers_by_action(api: Api, actions: t.Iterable[str]) -> dict[str, list[str]]:
    """By action, an ARN, the names of the metric alarms that have it among their actions."""
    return {each: [alarm["AlarmName"] for alarm in alarms_calling(api, each)] for each in actions}


def composite_rules(api: Api) -> list[str]:
    """The rules of the composite alarms of the region, 100 a call, read once: AWS itself refuses by those put since."""
    parameters = {"AlarmTypes": ["CompositeAlarm"], "MaxRecords": NAMES_PER_CALL}

    def asked() -> list[str]:
        return [alarm["AlarmRule"] for alarm in api.pages(SERVICE, "DescribeAlarms", "CompositeAlarms", **parameters)]

    return api.once("composite rules", asked)


def composites_over(api: Api, name: str) -> list[str]:
    """The composite alarms whose rule names this alarm."""
    parameters = {"ParentsOfAlarmName": name, "MaxRecords": NAMES_PER_CALL}
    return [alarm["AlarmName"] for alarm in api.pages(SERVICE, "DescribeAlarms", "CompositeAlarms", **parameters)]


def list_tags(api: Api, arn: str) -> dict[str, str]:
    answer = api.call(SERVICE, "ListTagsForResource", ResourceARN=arn)
    return t.cast("dict[str, str]", boto3_tag_list_to_ansible_dict(answer.get("Tags", [])))
