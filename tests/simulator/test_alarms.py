# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""CloudWatch metric alarms."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, refusal

BASE: dict[str, Any] = {
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocation5XXErrors",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 3,
    "Threshold": 0.5,
    "ComparisonOperator": "GreaterThanThreshold",
}
DIMENSIONS = [{"Name": "VariantName", "Value": "main"}, {"Name": "EndpointName", "Value": "endpoint"}]
TOPIC = "arn:aws:sns:eu-west-1:123456789012:topic"
QUERIES: list[dict[str, Any]] = [
    {
        "Id": "m1",
        "MetricStat": {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 60, "Stat": "Sum"},
        "ReturnData": False,
    },
    {"Id": "e1", "Expression": "m1 * 2"},
]
MATH: dict[str, Any] = {
    "Metrics": QUERIES,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}


def _put(aws: Aws, name: str = "alarm", **params: Any) -> None:
    aws.cloudwatch.put_metric_alarm(AlarmName=name, **{**BASE, **params})


def _alarm(aws: Aws, name: str = "alarm") -> dict[str, Any]:
    found: list[dict[str, Any]] = aws.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return found[0]


def _state(aws: Aws, value: str, name: str = "alarm") -> None:
    aws.cloudwatch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="test")


def test_is_born_with_insufficient_data_and_defaults(aws: Aws) -> None:
    _put(aws)
    alarm = _alarm(aws)
    for time in ("AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp"):
        assert alarm.pop(time)
    assert alarm == {
        **BASE,
        "AlarmName": "alarm",
        "AlarmArn": aws.arn("cloudwatch", "alarm:alarm"),
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        "Dimensions": [],
        "StateValue": "INSUFFICIENT_DATA",
        "StateReason": "Unchecked: Initial alarm creation",
    }


def test_dimensions_have_no_order(aws: Aws) -> None:
    _put(aws, Dimensions=DIMENSIONS)
    assert [item["Name"] for item in _alarm(aws)["Dimensions"]] == ["EndpointName", "VariantName"]


def test_putting_again_overwrites_all_but_the_state(aws: Aws) -> None:
    _put(
        aws,
        AlarmDescription="d",
        AlarmActions=[TOPIC],
        ActionsEnabled=False,
        Unit="Count",
        TreatMissingData="breaching",
        Dimensions=DIMENSIONS,
    )
    _state(aws, "ALARM")
    _put(aws)
    alarm = _alarm(aws)
    assert alarm["StateValue"] == "ALARM"
    assert (alarm["ActionsEnabled"], alarm["AlarmActions"], alarm["Dimensions"]) == (True, [], [])
    for gone in ("AlarmDescription", "Unit", "TreatMissingData"):
        assert gone not in alarm


def test_tags_are_taken_at_creation_only(aws: Aws) -> None:
    _put(aws, Tags=[{"Key": "a", "Value": "1"}])
    _put(aws, Tags=[{"Key": "b", "Value": "2"}])
    arn = aws.arn("cloudwatch", "alarm:alarm")
    tags = aws.cloudwatch.list_tags_for_resource
    assert tags(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    aws.cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}])
    aws.cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["b", "none"])
    assert tags(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "3"}]


def test_tag_refusals(aws: Aws) -> None:
    _put(aws)
    arn = aws.arn("cloudwatch", "alarm:alarm")
    tag = aws.cloudwatch.tag_resource
    for tags, part in (
        ([{"Key": "aws:x", "Value": ""}], "reserved prefix aws:"),
        ([{"Key": "a", "Value": ""}] * 2, "unique"),
        ([{"Key": f"k{number}", "Value": ""} for number in range(51)], "more than 50 tags"),
    ):
        code, message = refusal(tag, ResourceARN=arn, Tags=tags)
        assert code == "InvalidParameterValue"
        assert part in message
    calls: list[tuple[Any, dict[str, Any]]] = [
        (tag, {"Tags": []}),
        (aws.cloudwatch.untag_resource, {"TagKeys": []}),
        (aws.cloudwatch.list_tags_for_resource, {}),
    ]
    for function, params in calls:
        assert refusal(function, ResourceARN=f"{arn}2", **params)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "extended",
    [
        "p0", "p99", "p99.9", "p100", "tm90", "tc10.5", "ts80", "wm95", "IQM", "PR(1:10)", "PR(:10)", "PR(1:)",
        "TM(10%:90%)", "TM(:90%)", "WM(10%:)", "TC(0.005:0.03)", "TS(80%:)",
    ],
)  # fmt: skip
def test_accepts_extended_statistics(aws: Aws, extended: str) -> None:
    params: dict[str, Any] = {key: value for key, value in BASE.items() if key != "Statistic"}
    aws.cloudwatch.put_metric_alarm(AlarmName="a", ExtendedStatistic=extended, **params)


@pytest.mark.parametrize(
    "params",
    [
        {"Period": 10},
        {"Period": 30},
        {"Period": 3600, "EvaluationPeriods": 168},
        {"Period": 60, "EvaluationPeriods": 1440},
        {"DatapointsToAlarm": 3},
        {"TreatMissingData": "notBreaching"},
        {"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 5}},
        {"OKActions": [TOPIC], "AlarmActions": [TOPIC], "InsufficientDataActions": [TOPIC]},
        {"Statistic": None, "ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "ignore"},
    ],
)
def test_accepts(aws: Aws, params: dict[str, Any]) -> None:
    request = {key: value for key, value in {**BASE, **params}.items() if value is not None}
    aws.cloudwatch.put_metric_alarm(AlarmName="alarm", **request)
    alarm = _alarm(aws)
    assert {key: alarm[key] for key in request} == request


def test_metric_math(aws: Aws) -> None:
    aws.cloudwatch.put_metric_alarm(AlarmName="alarm", **MATH)
    assert [query["ReturnData"] for query in _alarm(aws)["Metrics"]] == [False, True]


def _promql(query: str = "up == 0", **more: Any) -> dict[str, Any]:
    return {"EvaluationCriteria": {"PromQLCriteria": {"Query": query}}, "EvaluationInterval": 60, **more}


def test_promql(aws: Aws) -> None:
    aws.cloudwatch.put_metric_alarm(AlarmName="alarm", **_promql())
    alarm = _alarm(aws)
    assert alarm["EvaluationCriteria"] == _promql()["EvaluationCriteria"]
    assert (alarm["EvaluationInterval"], alarm["StateValue"]) == (60, "OK")


@pytest.mark.parametrize(
    ("request_", "code", "part"),
    [
        (_promql(Threshold=1), "InvalidParameterCombination", "Threshold cannot be specified together with Evaluation"),
        (_promql(EvaluationPeriods=1), "InvalidParameterCombination", "EvaluationPeriods cannot be specified"),
        (_promql(**BASE), "InvalidParameterCombination", "Namespace, MetricName, Period"),
        (_promql(EvaluationInterval=61), "ValidationError", "EvaluationInterval must be 10, 20, 30 or a multiple"),
        (_promql(EvaluationInterval=3660), "ValidationError", "less than or equal to 3600"),
        (_promql("sum(up"), "ValidationError", "unclosed quote or bracket"),
        (_promql("up{a='b}"), "ValidationError", "unclosed quote or bracket"),
        (_promql("x" * 10_001), "ValidationError", "less than or equal to 10000"),
        (BASE | {"EvaluationInterval": 60}, "InvalidParameterCombination", "together with EvaluationCriteria only"),
        ({"EvaluationCriteria": {"PromQLCriteria": {"Query": "up"}}}, "MissingParameter", "EvaluationInterval"),
    ],
)
def test_refuses_promql(aws: Aws, request_: dict[str, Any], code: str, part: str) -> None:
    found = refusal(aws.cloudwatch.put_metric_alarm, AlarmName="a", **request_)
    assert found[0] == code
    assert part in found[1]


def test_what_an_alarm_may_call(aws: Aws) -> None:
    for action in (
        TOPIC,
        "arn:aws:lambda:eu-west-1:123456789012:function:page",
        "arn:aws:ssm:eu-west-1:123456789012:opsitem:1#CATEGORY=Performance",
        "arn:aws:ssm-incidents::123456789012:response-plan/outage",
        "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1:resource/sagemaker/endpoint/e/variant/v:policyName/p",
    ):
        _put(aws, AlarmActions=[action], OKActions=[action])
    refused = refusal(aws.cloudwatch.put_metric_alarm, AlarmName="alarm", **BASE, AlarmActions=["arn:aws:s3:::bucket"])
    assert refused == ("ValidationError", "Invalid arn syntax: arn:aws:s3:::bucket")
    assert (
        "duplicate actions"
        in refusal(aws.cloudwatch.put_metric_alarm, AlarmName="alarm", **BASE, AlarmActions=[TOPIC, TOPIC])[1]
    )


BAND: dict[str, Any] = {
    "Metrics": [{**QUERIES[0], "ReturnData": True}, {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)"}],
    "ThresholdMetricId": "ad1",
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanUpperThreshold",
}


def test_anomaly_detection(aws: Aws) -> None:
    aws.cloudwatch.put_metric_alarm(AlarmName="alarm", **BAND)


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"ThresholdMetricId": "m1"}, "must be the Id of an ANOMALY_DETECTION_BAND expression"),
        ({"Threshold": 1}, "Threshold must be specified for static thresholds"),
        ({"ComparisonOperator": "GreaterThanThreshold"}, "for anomaly detection operators and for no other"),
        (
            {"AlarmActions": ["arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1:p"]},
            "cannot have Auto Scaling actions",
        ),
        ({"Metrics": [*BAND["Metrics"], {"Id": "e2", "Expression": "m1 + 1"}]}, "only that in the band"),
    ],
)
def test_refuses_anomaly_detection(aws: Aws, params: dict[str, Any], part: str) -> None:
    assert part in refusal(aws.cloudwatch.put_metric_alarm, AlarmName="a", **{**BAND, **params})[1]


@pytest.mark.parametrize(
    ("params", "code", "part"),
    [
        ({"Period": 61}, "ValidationError", "Period must be 10, 20, 30 or a multiple of 60"),
        ({"Period": 60, "EvaluationPeriods": 1441}, "ValidationError", "EvaluationPeriods * Period must be <= 86400"),
        ({"Period": 3600, "EvaluationPeriods": 169}, "ValidationError", "EvaluationPeriods * Period must be <= 604800"),
        ({"DatapointsToAlarm": 4}, "ValidationError", "DatapointsToAlarm must be less than or equal"),
        ({"AlarmName": "a\x07b"}, "ValidationError", "control characters"),
        ({"Statistic": "average"}, "ValidationError", "Member must satisfy enum value set: [SampleCount, Average"),
        ({"EvaluationPeriods": 0}, "ValidationError", "'evaluationPeriods' failed to satisfy constraint"),
        ({"AlarmActions": [TOPIC] * 6}, "ValidationError", "length less than or equal to 5"),
        (
            {"Dimensions": [{"Name": str(number), "Value": "x"} for number in range(31)]},
            "ValidationError",
            "length less than or equal to 30",
        ),
        ({"ExtendedStatistic": "p99"}, "InvalidParameterCombination", "Exactly one of Statistic and Extended"),
        ({"Statistic": None}, "InvalidParameterCombination", "Exactly one of Statistic and ExtendedStatistic"),
        (
            {"Statistic": None, "ExtendedStatistic": "p101"},
            "InvalidParameterValue",
            "The value p101 for parameter ExtendedStatistic is not supported.",
        ),
        ({"Statistic": None, "ExtendedStatistic": "P99"}, "InvalidParameterValue", "The value P99 for parameter"),
        (
            {"EvaluateLowSampleCountPercentile": "ignore"},
            "InvalidParameterCombination",
            "Option evaluateLowSampleCountPercentile can not be applied with statistic Average.",
        ),
        (
            {"Statistic": None, "ExtendedStatistic": "p9", "EvaluateLowSampleCountPercentile": "x"},
            "InvalidParameterValue",
            "must be evaluate or ignore",
        ),
        ({"TreatMissingData": "never"}, "InvalidParameterValue", "TreatMissingData must be one of"),
        ({"Dimensions": [DIMENSIONS[0]] * 2}, "InvalidParameterValue", "duplicate dimension"),
        ({"Threshold": None}, "InvalidParameterCombination", "Threshold must be specified"),
        ({"ThresholdMetricId": "x"}, "InvalidParameterCombination", "ThresholdMetricId must be specified"),
        ({"MetricName": None}, "InvalidParameterCombination", "Exactly one of MetricName, Metrics"),
        ({"Metrics": QUERIES}, "InvalidParameterCombination", "Exactly one of MetricName, Metrics"),
        ({"Namespace": None}, "MissingParameter", "Namespace"),
        ({"Period": None}, "MissingParameter", "Period"),
        ({"EvaluationPeriods": None}, "MissingParameter", "EvaluationPeriods"),
        ({"ComparisonOperator": None}, "MissingParameter", "ComparisonOperator"),
    ],
)
def test_refuses(aws: Aws, params: dict[str, Any], code: str, part: str) -> None:
    request = {"AlarmName": "alarm", **BASE, **params}
    request = {key: value for key, value in request.items() if value is not None}
    found_code, message = refusal(aws.cloudwatch.put_metric_alarm, **request)
    assert found_code == code
    assert part in message


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"Statistic": "Sum"}, "cannot be specified together with Metrics"),
        ({"Metrics": [QUERIES[1], {**QUERIES[0], "ReturnData": True}]}, "Exactly one element"),
        ({"Metrics": [QUERIES[0], {"Id": "e1"}]}, "either Expression or MetricStat"),
        ({"Metrics": [QUERIES[0], {**QUERIES[1], "Id": "m1"}]}, "must be unique"),
        ({"EvaluationPeriods": 1441}, "must be <= 86400"),
        ({"Metrics": [QUERIES[0], {**QUERIES[1], "Id": "E1"}]}, "must start with a lowercase letter"),
        ({"Metrics": [QUERIES[0], {"Id": "e1", "Expression": "m1 / m2"}]}, "Undefined variable m2"),
        ({"Metrics": [QUERIES[0], {"Id": "e1", "Expression": "(m1 * 2"}]}, "Unbalanced parentheses"),
        (
            {"Metrics": [*({**QUERIES[0], "Id": f"m{number}"} for number in range(11)), QUERIES[1]]},
            "at most 10 metrics",
        ),
        (
            {"Metrics": [{**QUERIES[0], "MetricStat": {**QUERIES[0]["MetricStat"], "Stat": "average"}}, QUERIES[1]]},
            "The value average for parameter Stat is not supported.",
        ),
        ({"EvaluateLowSampleCountPercentile": "ignore"}, "can not be applied with Metrics"),
    ],
)
def test_refuses_metric_math(aws: Aws, params: dict[str, Any], part: str) -> None:
    assert part in refusal(aws.cloudwatch.put_metric_alarm, AlarmName="a", **{**MATH, **params})[1]


def test_finds_by_name_prefix_state_and_action(aws: Aws) -> None:
    for name in ("b-2", "a-1", "b-1"):
        _put(aws, name, **({"AlarmActions": [TOPIC]} if name == "b-1" else {}))
    _state(aws, "OK", "b-2")

    def names(**params: Any) -> list[str]:
        return [alarm["AlarmName"] for alarm in aws.cloudwatch.describe_alarms(**params)["MetricAlarms"]]

    assert names() == ["a-1", "b-1", "b-2"]
    assert names(AlarmNames=["b-2", "none", "a-1"]) == ["a-1", "b-2"]
    assert names(AlarmNamePrefix="b-") == ["b-1", "b-2"]
    assert names(StateValue="OK") == ["b-2"]
    assert names(ActionPrefix="arn:aws:sns:") == ["b-1"]
    assert names(AlarmTypes=["CompositeAlarm"]) == []
    both = refusal(aws.cloudwatch.describe_alarms, AlarmNames=["a-1"], AlarmNamePrefix="b")
    assert both[0] == "InvalidParameterCombination"
    assert refusal(aws.cloudwatch.describe_alarms, AlarmNames=["a"] * 101)[0] == "ValidationError"
    assert refusal(aws.cloudwatch.describe_alarms, NextToken="?")[0] == "InvalidNextToken"


def test_pages(aws: Aws) -> None:
    for number in range(101):
        _put(aws, f"alarm-{number:03}")
    paginate = aws.cloudwatch.get_paginator("describe_alarms").paginate
    assert [len(page["MetricAlarms"]) for page in paginate()] == [50, 50, 1]
    assert [len(page["MetricAlarms"]) for page in paginate(PaginationConfig={"PageSize": 100})] == [100, 1]


def test_deletes_those_that_exist(aws: Aws) -> None:
    for name in ("a", "b", "c"):
        _put(aws, name)
    aws.cloudwatch.delete_alarms(AlarmNames=["a", "none"])
    aws.cloudwatch.delete_alarms(AlarmNames=["b"])
    assert [alarm["AlarmName"] for alarm in aws.cloudwatch.describe_alarms()["MetricAlarms"]] == ["c"]
    assert refusal(aws.cloudwatch.delete_alarms, AlarmNames=["a", "b"])[0] == "ResourceNotFound"
    assert refusal(aws.cloudwatch.delete_alarms, AlarmNames=["a"] * 101)[0] == "ValidationError"


def test_state_changes_have_their_times(aws: Aws) -> None:
    _put(aws)
    born = _alarm(aws)["StateTransitionedTimestamp"]
    aws.simulator.advance(10)
    _state(aws, "OK")
    moved = _alarm(aws)["StateTransitionedTimestamp"]
    aws.simulator.advance(10)
    _state(aws, "OK")
    alarm = _alarm(aws)
    assert moved > born
    assert alarm["StateTransitionedTimestamp"] == moved
    assert alarm["StateUpdatedTimestamp"] > moved
    assert (
        refusal(aws.cloudwatch.set_alarm_state, AlarmName="x", StateValue="OK", StateReason="")[0] == "ResourceNotFound"
    )


def test_actions_are_switched_off_and_on(aws: Aws) -> None:
    _put(aws)
    aws.cloudwatch.disable_alarm_actions(AlarmNames=["alarm", "none"])
    assert _alarm(aws)["ActionsEnabled"] is False
    aws.cloudwatch.enable_alarm_actions(AlarmNames=["alarm"])
    assert _alarm(aws)["ActionsEnabled"] is True
