# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema has no words for, and what an export says of it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.alarms import (
    alarm_tree,
    composite_tree,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.omissions import Unsupported
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.scaling import (
    policy_tree,
    schedule_tree,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.policy_alarms import ITS_POLICY

Request = dict[str, t.Any]

STEPS = {
    "PolicyName": "e/v/p",
    "PolicyType": "StepScaling",
    "StepScalingPolicyConfiguration": {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}],
    },
}


def metric(key: str, name: str = "Invocations", period: int = 60) -> Request:
    return {
        "Id": key,
        "MetricStat": {
            "Metric": {"Namespace": "AWS/SageMaker", "MetricName": name, "Dimensions": []},
            "Period": period,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }


def math(*expressions: str) -> list[Request]:
    return [{"Id": f"x{at}", "Expression": text, "ReturnData": True} for at, text in enumerate(expressions)]


def alarm(**more: t.Any) -> Request:
    plain = {"AlarmName": "e/v/a", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
    return plain | ({} if "ThresholdMetricId" in more else {"Threshold": 1.0}) | more


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (alarm(EvaluationCriteria={}), "it is not an alarm on a PromQL query"),
        (alarm(MetricName="Invocations"), "it is not an alarm on a statistic of one metric"),
        (
            alarm(MetricName="Invocations", Statistic="Sum", ComparisonOperator="LessThanLowerThreshold"),
            "the schema cannot express LessThanLowerThreshold",
        ),
        (
            alarm(Metrics=[metric("m"), metric("n", period=300), *math("m / n")]),
            "its metrics differ in Period",
        ),
        (alarm(Metrics=[metric("m"), *math("m / 2", "m * 2")]), "it has several expressions"),
        (alarm(Metrics=[metric("m", "a b"), *math("m / 2")]), "no expression can name the metric 'a b'"),
        (
            alarm(
                Metrics=[metric("m"), metric("n"), *math("ANOMALY_DETECTION_BAND(m, 2)")],
                ThresholdMetricId="x0",
                ComparisonOperator="GreaterThanUpperThreshold",
            ),
            "it is not a band around one metric",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_alarm_without_words(request_: Request, reason: str) -> None:
    with pytest.raises(Unsupported, match=reason):
        alarm_tree(request_)


@pytest.mark.parametrize(
    ("name", "rule", "reason"),
    [
        ("theirs", 'ALARM("e/v/a")', "its rule is not any_of or all_of over alarms of one endpoint"),
        ("e/c", 'NOT ALARM("e/v/a")', "its rule is not any_of or all_of over alarms of one endpoint"),
        ("e/c", 'ALARM("e/v/a") OR ALARM("f/v/a")', "its rule names f/v/a, which is not an exported alarm"),
        ("e/c", 'ALARM("e/v/a") OR ALARM("e/v/b")', "its rule names e/v/b, which is not an exported alarm"),
    ],
)
def test_a_composite_alarm_without_words(name: str, rule: str, reason: str) -> None:
    with pytest.raises(Unsupported, match=reason):
        composite_tree({"AlarmName": name, "AlarmRule": rule}, ["v/a"])


def test_a_schedule_without_words() -> None:
    with pytest.raises(Unsupported, match=r"the schema cannot express the schedule at\(now\)"):
        schedule_tree({"ScheduledActionName": "e.v.s", "Schedule": "at(now)"})


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (None, "no alarm with the name of the policy calls it"),
        (alarm(MetricName="Invocations", Statistic="Sum"), "no alarm with the name of the policy calls it"),
    ],
    ids=["no alarm", "an alarm that does not call it"],
)
def test_steps_that_nothing_of_the_inventory_calls(caller: Request | None, reason: str) -> None:
    with pytest.raises(Unsupported, match=reason):
        policy_tree(STEPS, caller)


def test_steps_that_a_band_calls() -> None:
    queries = [metric("m"), *math("ANOMALY_DETECTION_BAND(m, 2)")]
    band = alarm(Metrics=queries, ThresholdMetricId="x0", ComparisonOperator="GreaterThanUpperThreshold")
    with pytest.raises(Unsupported, match="a policy with steps cannot use "):
        policy_tree(STEPS, band | {"AlarmActions": [ITS_POLICY]})
