# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Composite alarms, and what they do to the alarms under them."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.cloudwatch.composite_rule import children_of
from simulator.errors import AwsError
from simulator.testing import Aws, alarm, refusal

TOPIC = "arn:aws:sns:eu-west-1:123456789012:topic"


@pytest.fixture
def alarms(aws: Aws) -> Aws:
    for name in ("a", "b", "c"):
        aws.cloudwatch.put_metric_alarm(**alarm(name))
    return aws


def _over(aws: Aws, *names: str, name: str = "all") -> None:
    rule = " OR ".join(f'ALARM("{each}")' for each in names)
    aws.cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule)


def _composites(aws: Aws, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.cloudwatch.describe_alarms(**{"AlarmTypes": ["CompositeAlarm"], **params})[
        "CompositeAlarms"
    ]
    return found


def _metric_names(aws: Aws) -> list[str]:
    return [alarm["AlarmName"] for alarm in aws.cloudwatch.describe_alarms()["MetricAlarms"]]


@pytest.mark.parametrize(
    ("rule", "children"),
    [
        ("ALARM(a)", ["a"]),
        ('ALARM("a") OR ALARM("b")', ["a", "b"]),
        ('(ALARM("e/v/a b") OR OK( b )) AND NOT INSUFFICIENT_DATA(a)', ["e/v/a b", "b", "a"]),
        ("ALARM(a) AND NOT NOT ALARM(a) AND TRUE", ["a"]),
        ("FALSE", []),
        (r'ALARM("say \"no\"")', ['say "no"']),
        ('ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a:b")', ["a:b"]),
        ("ALARM(ORDERS) OR ALARM(NOTHING)", ["ORDERS", "NOTHING"]),
    ],
)
def test_a_rule_names_its_children(rule: str, children: list[str]) -> None:
    assert children_of(rule) == children


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("()", "Error in AlarmRule [Unsupported token ')' at char 1]"),
        ("a", "Unsupported token 'a' at char 0"),
        ("ALARM(a) AND", "Unsupported token '' at char 12"),
        ("ALARM(a) ALARM(b)", "Unsupported token 'A' at char 9"),
        ("(ALARM(a)", "Unsupported token '' at char 9"),
        ("ALARM(a))", "Unsupported token ')' at char 8"),
        ("OR ALARM(a)", "Unsupported token 'O' at char 0"),
        ('ALARM("")', "Unsupported token 'A' at char 0"),
        (" OR ".join(f"ALARM(a{number})" for number in range(101)), "more than 100 alarms"),
        (" OR ".join(["TRUE"] * 501), "more than 500 elements"),
    ],
)
def test_what_is_no_rule(rule: str, text: str) -> None:
    with pytest.raises(AwsError, match="ValidationError") as refused:
        children_of(rule)
    assert text in refused.value.message


def test_is_put_and_described(alarms: Aws) -> None:
    alarms.cloudwatch.put_composite_alarm(
        AlarmName="all", AlarmRule="ALARM(a)", AlarmActions=[TOPIC], Tags=[{"Key": "k", "Value": "1"}]
    )
    (found,) = _composites(alarms)
    assert {name for name in found if name.endswith("Timestamp")} == {
        "AlarmConfigurationUpdatedTimestamp",
        "StateUpdatedTimestamp",
        "StateTransitionedTimestamp",
    }
    assert {name: value for name, value in found.items() if not name.endswith("Timestamp")} == {
        "AlarmName": "all",
        "AlarmArn": alarms.arn("cloudwatch", "alarm:all"),
        "AlarmRule": "ALARM(a)",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [],
        "InsufficientDataActions": [],
        "StateValue": "INSUFFICIENT_DATA",
        "StateReason": "Unchecked: Initial alarm creation",
    }


def test_putting_again_overwrites_all_but_state_and_tags(alarms: Aws) -> None:
    client = alarms.cloudwatch
    client.put_composite_alarm(
        AlarmName="all", AlarmRule="ALARM(a)", ActionsEnabled=False, Tags=[{"Key": "k", "Value": "1"}]
    )
    client.set_alarm_state(AlarmName="all", StateValue="OK", StateReason="test")
    client.put_composite_alarm(AlarmName="all", AlarmRule="ALARM(b)", Tags=[{"Key": "k", "Value": "2"}])
    (found,) = _composites(alarms)
    assert (found["AlarmRule"], found["ActionsEnabled"], found["StateValue"]) == ("ALARM(b)", True, "OK")
    assert client.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == [{"Key": "k", "Value": "1"}]
    client.delete_alarms(AlarmNames=["a"])
    client.disable_alarm_actions(AlarmNames=["all"])
    assert _composites(alarms)[0]["ActionsEnabled"] is False


@pytest.mark.parametrize(
    ("params", "text"),
    [
        (
            {"AlarmRule": "ALARM(a) OR ALARM(x)"},
            "Could not save the composite alarm as alarms [x] in the alarm rule do not exist",
        ),
        ({"AlarmName": "a"}, "another type already exists"),
        ({"AlarmActions": ["arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1:p"]}, "Invalid arn syntax"),
        ({"ActionsSuppressor": "b"}, "are required when ActionsSuppressor is specified"),
        ({"AlarmRule": f'ALARM("a"){" " * 10_231}'}, "less than or equal to 10240"),
    ],
)
def test_refuses(alarms: Aws, params: dict[str, Any], text: str) -> None:
    request = {"AlarmName": "all", "AlarmRule": "ALARM(a)"} | params
    code, message = refusal(alarms.cloudwatch.put_composite_alarm, **request)
    assert code == "ValidationError"
    assert text in message
    assert _composites(alarms) == []


def test_an_alarm_is_in_the_rules_of_at_most_150(alarms: Aws) -> None:
    for number in range(150):
        _over(alarms, "a", name=f"over-{number}")
    _over(alarms, "a", "b", name="over-0")
    assert (
        "composite alarms already"
        in refusal(alarms.cloudwatch.put_composite_alarm, AlarmName="one-more", AlarmRule="ALARM(a)")[1]
    )


def test_a_metric_alarm_does_not_take_its_name(alarms: Aws) -> None:
    _over(alarms, "a")
    assert refusal(alarms.cloudwatch.put_metric_alarm, **alarm("all"))[0] == "ValidationError"


def test_only_those_who_ask_are_shown_composite_alarms(alarms: Aws) -> None:
    _over(alarms, "a")
    describe = alarms.cloudwatch.describe_alarms
    for params in ({}, {"AlarmTypes": ["MetricAlarm"]}, {"AlarmNames": ["all"]}):
        assert describe(**params)["CompositeAlarms"] == []
    both = describe(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert (len(both["MetricAlarms"]), len(both["CompositeAlarms"])) == (3, 1)
    assert _composites(alarms, AlarmNamePrefix="b") == _composites(alarms, AlarmNames=["a"]) == []
    assert len(_composites(alarms, AlarmNamePrefix="al")) == len(_composites(alarms, AlarmNames=["all", "x"])) == 1


def test_parents_and_children(alarms: Aws) -> None:
    _over(alarms, "a", "b", name="two")
    _over(alarms, "two", "a", name="top")
    describe = alarms.cloudwatch.describe_alarms
    assert describe(ParentsOfAlarmName="a")["CompositeAlarms"] == [
        {"AlarmName": name, "AlarmArn": alarms.arn("cloudwatch", f"alarm:{name}")} for name in ("top", "two")
    ]
    assert [each["AlarmName"] for each in describe(ParentsOfAlarmName="two")["CompositeAlarms"]] == ["top"]
    assert describe(ParentsOfAlarmName="c")["CompositeAlarms"] == []
    below = describe(ChildrenOfAlarmName="top")
    assert [each["AlarmName"] for each in below["MetricAlarms"]] == ["a"]
    assert [each["AlarmName"] for each in below["CompositeAlarms"]] == ["two"]
    assert set(below["MetricAlarms"][0]) == {"AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp"}
    refused = refusal(describe, ParentsOfAlarmName="a", AlarmTypes=["CompositeAlarm"])
    assert refused == ("ValidationError", "ParentsOfAlarmName cannot be specified together with other parameters.")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["a"], "Cannot delete a as there are composite alarm(s) depending on it."),
        (["c", "b", "a"], "Cannot delete b,a as there are composite alarm(s) depending on them."),
    ],
)
def test_an_alarm_under_a_composite_alarm_stays_and_the_others_of_the_call_with_it(
    alarms: Aws, names: list[str], text: str
) -> None:
    _over(alarms, "a", "b")
    assert refusal(alarms.cloudwatch.delete_alarms, AlarmNames=names) == ("ValidationError", text)
    assert _metric_names(alarms) == ["a", "b", "c"]


def test_a_composite_alarm_goes_alone_or_with_what_is_under_it(alarms: Aws) -> None:
    _over(alarms, "a", name="one")
    _over(alarms, "b", name="other")
    delete = alarms.cloudwatch.delete_alarms
    code, message = refusal(delete, AlarmNames=["one", "other"])
    assert (code, "Only one composite alarm" in message) == ("ValidationError", True)
    delete(AlarmNames=["one", "a"])
    delete(AlarmNames=["other"])
    assert _composites(alarms) == []
    delete(AlarmNames=["b", "c"])
    assert _metric_names(alarms) == []


def test_making_one_has_to_be_allowed_for_everything(alarms: Aws) -> None:
    one = alarms.arn("cloudwatch", "alarm:all")
    narrow = {"Effect": "Allow", "Action": "cloudwatch:*", "Resource": one}
    alarms.simulator.allow({"Statement": [narrow]})
    code, _message = refusal(alarms.cloudwatch.put_composite_alarm, AlarmName="all", AlarmRule="ALARM(a)")
    assert code == "AccessDenied"
    put = {"Effect": "Allow", "Action": "cloudwatch:PutCompositeAlarm", "Resource": "*"}
    alarms.simulator.allow({"Statement": [put]})
    tags = [{"Key": "k", "Value": "v"}]
    untagged = refusal(alarms.cloudwatch.put_composite_alarm, AlarmName="all", AlarmRule="ALARM(a)", Tags=tags)
    assert "cloudwatch:TagResource" in untagged[1]
    alarms.simulator.allow({"Statement": [put, narrow]})
    alarms.cloudwatch.put_composite_alarm(AlarmName="all", AlarmRule="ALARM(a)", Tags=tags)
