# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutScheduledAction, DescribeScheduledActions, DeleteScheduledAction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator.testing import Aws, refusal

ID: dict[str, Any] = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/endpoint/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
START, END = datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
ACTION: dict[str, Any] = {
    "Schedule": "cron(0 8 ? * MON-FRI *)",
    "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 4},
}


@pytest.fixture
def scaled(aws: Aws) -> Aws:
    """An endpoint that is registered as a scalable target."""
    aws.model()
    aws.config()
    aws.endpoint()
    aws.autoscaling.register_scalable_target(**ID, MinCapacity=1, MaxCapacity=9)
    return aws


def _put(aws: Aws, name: str = "action", **params: Any) -> None:
    aws.autoscaling.put_scheduled_action(ScheduledActionName=name, **ID, **params)


def _shown(aws: Aws) -> dict[str, Any]:
    found = aws.autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"]
    action: dict[str, Any] = found[0]
    assert action.pop("ScheduledActionARN").endswith(":scheduledActionName/action")
    assert action.pop("CreationTime")
    return action


def test_describes_what_was_put(scaled: Aws) -> None:
    _put(scaled, **ACTION, Timezone="Europe/Berlin", StartTime=START, EndTime=END)
    expected = {**ID, **ACTION, "ScheduledActionName": "action", "Timezone": "Europe/Berlin"}
    shown = _shown(scaled)
    assert (shown.pop("StartTime"), shown.pop("EndTime")) == (START, END)
    assert shown == expected


def test_an_update_keeps_all_but_the_times(scaled: Aws) -> None:
    _put(scaled, **ACTION, Timezone="Europe/Berlin", StartTime=START, EndTime=END)
    _put(scaled, Schedule="rate(2 hours)")
    assert _shown(scaled) == {
        **ID,
        **ACTION,
        "ScheduledActionName": "action",
        "Timezone": "Europe/Berlin",
        "Schedule": "rate(2 hours)",
    }


@pytest.mark.parametrize(
    "schedule",
    [
        "at(2030-01-01T08:00:00)",
        "rate(1 minute)",
        "cron(0 0 1 1 ? *)",
        "cron(30 6 ? * MON *)",
        "cron(0/10 8-17 ? JAN,MAR MON-FRI 2030-2032)",
        "cron(0 20 L * ? *)",
        "cron(0 20 ? * 6#3 *)",
    ],
)
def test_accepts_schedules(scaled: Aws, schedule: str) -> None:
    _put(scaled, **{**ACTION, "Schedule": schedule})


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"Schedule": None}, "must be an at, rate or cron expression"),
        ({"Schedule": "0 8 * * *"}, "must be an at, rate or cron expression"),
        ({"Schedule": "cron(0 8 * * *)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "cron(0 8 * * * *)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "cron(0 8 ? * ? *)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "cron(0 24 ? * MON-FRI *)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "cron(0 8 ? * MONDAY *)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "cron(0 8 ? * 0-4 *)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "rate(1 hours)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "rate(2 hour)"}, "must be an at, rate or cron expression"),
        ({"Timezone": "Nowhere/Land"}, "not a valid time zone"),
        ({"Schedule": "rate(0 days)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "at(2030-02-30T08:00:00)"}, "must be an at, rate or cron expression"),
        ({"Schedule": "at(2020-01-01T08:00:00)"}, "is in the past"),
        ({"Schedule": "at(2030-01-01T08:00:00)", "Timezone": "Nowhere/Land"}, "not a valid time zone"),
        ({"Schedule": "at(2030-01-01T08:00:00)", "Timezone": "Europe"}, "not a valid time zone"),
        ({"Schedule": "at(2030-01-01T08:00:00)", "Timezone": "/etc"}, "not a valid time zone"),
        ({"EndTime": datetime(2020, 1, 1, tzinfo=UTC)}, "is in the past"),
        ({"ScalableTargetAction": None}, "must have MinCapacity or MaxCapacity"),
        ({"ScalableTargetAction": {}}, "must have MinCapacity or MaxCapacity"),
        (
            {"ScalableTargetAction": {"MinCapacity": 5, "MaxCapacity": 4}},
            "Maximum capacity cannot be less than minimum capacity",
        ),
        ({"StartTime": END, "EndTime": START}, "StartTime must be before EndTime"),
        ({"ScheduledActionName": "a/b"}, "regular expression pattern"),
        ({"ScheduledActionName": "a:b"}, "regular expression pattern"),
        ({"ScheduledActionName": "a|b"}, "regular expression pattern"),
        ({"ScheduledActionName": " a"}, "regular expression pattern"),
        ({"ScheduledActionName": "a "}, "regular expression pattern"),
    ],
)
def test_refuses(scaled: Aws, params: dict[str, Any], part: str) -> None:
    request = {"ScheduledActionName": "action", **ID, **ACTION, **params}
    request = {key: value for key, value in request.items() if value is not None}
    code, message = refusal(scaled.autoscaling.put_scheduled_action, **request)
    assert code == "ValidationException"
    assert part in message


def _at(moment: datetime) -> str:
    return f"at({moment:%Y-%m-%dT%H:%M:%S})"


def test_the_past_is_past_by_the_simulators_clock(scaled: Aws) -> None:
    now = datetime.fromtimestamp(scaled.simulator.now(), UTC)
    _put(scaled, **{**ACTION, "Schedule": _at(now + timedelta(seconds=60))})
    once = {"ScheduledActionName": "action", **ID, "Schedule": _at(now + timedelta(seconds=60))}
    scaled.simulator.advance(120)
    code, message = refusal(scaled.autoscaling.put_scheduled_action, **once)
    assert code == "ValidationException"
    assert "is in the past" in message
    assert len(scaled.autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"]) == 1


@pytest.mark.parametrize(("zone", "hours"), [("Etc/GMT-12", 12), ("Etc/GMT+12", -12)])
def test_an_at_expression_is_in_its_time_zone(scaled: Aws, zone: str, hours: int) -> None:
    there = datetime.fromtimestamp(scaled.simulator.now(), UTC) + timedelta(hours=hours)
    past = {"Schedule": _at(there - timedelta(minutes=5)), "Timezone": zone}
    refused = refusal(scaled.autoscaling.put_scheduled_action, ScheduledActionName="a", **ID, **{**ACTION, **past})
    assert "is in the past" in refused[1]
    _put(scaled, **{**ACTION, "Schedule": _at(there + timedelta(minutes=5)), "Timezone": zone})


def test_a_start_in_the_past_is_a_start_at_once(scaled: Aws) -> None:
    _put(scaled, **ACTION, StartTime=datetime(2020, 1, 1, tzinfo=UTC))


def test_needs_a_target(aws: Aws) -> None:
    code, message = refusal(aws.autoscaling.put_scheduled_action, ScheduledActionName="a", **ID, **ACTION)
    assert code == "ObjectNotFoundException"
    assert message.startswith("No scalable target registered for service namespace: sagemaker")


def test_deletes(scaled: Aws) -> None:
    _put(scaled, **ACTION)
    scaled.autoscaling.delete_scheduled_action(ScheduledActionName="action", **ID)
    code, message = refusal(scaled.autoscaling.delete_scheduled_action, ScheduledActionName="action", **ID)
    assert code == "ObjectNotFoundException"
    assert message.startswith("No scheduled action found")


def test_fifty_a_page_two_hundred_a_target(scaled: Aws) -> None:
    for number in range(200):
        _put(scaled, f"a{number}", **ACTION)
    pages = scaled.autoscaling.get_paginator("describe_scheduled_actions").paginate(ServiceNamespace="sagemaker")
    assert [len(page["ScheduledActions"]) for page in pages] == [50] * 4
    last = {"ScheduledActionName": "last", **ID, **ACTION}
    assert refusal(scaled.autoscaling.put_scheduled_action, **last)[0] == "LimitExceededException"
    describe = scaled.autoscaling.describe_scheduled_actions
    assert len(describe(ServiceNamespace="sagemaker", ScheduledActionNames=["a1", "x"])["ScheduledActions"]) == 1
