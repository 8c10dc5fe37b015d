# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""DeploymentConfig: what it must be like, what stays of it, rolling back on alarms."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, provisioned, refusal, serverless

PERCENT = "CAPACITY_PERCENT"
INSTANCES = "INSTANCE_COUNT"
ALARM = {
    "AlarmName": "errors",
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocation5XXErrors",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0.5,
    "ComparisonOperator": "GreaterThanThreshold",
}


def _size(kind: str, value: int) -> dict[str, Any]:
    return {"Type": kind, "Value": value}


def _blue_green(routing: dict[str, Any], **policy: Any) -> dict[str, Any]:
    routing = {"WaitIntervalInSeconds": 60, **routing}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, **policy}}


def _rolling(size: dict[str, Any], **policy: Any) -> dict[str, Any]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 60, **policy}}


CANARY = {"Type": "CANARY", "CanarySize": _size(PERCENT, 10)}
LINEAR = {"Type": "LINEAR", "LinearStepSize": _size(PERCENT, 10)}
ROLLBACK = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}


@pytest.fixture
def live(aws: Aws) -> Aws:
    """An endpoint of one variant on two instances."""
    aws.model()
    aws.config()
    aws.config("next")
    aws.config("several", provisioned("main"), provisioned("second"))
    aws.endpoint()
    return aws


def _update(aws: Aws, config: str = "next", **params: Any) -> None:
    aws.sagemaker.update_endpoint(EndpointName="endpoint", EndpointConfigName=config, **params)


@pytest.mark.parametrize(
    "deployment",
    [
        _blue_green({"Type": "ALL_AT_ONCE"}, TerminationWaitInSeconds=60, MaximumExecutionTimeoutInSeconds=600),
        _blue_green(CANARY),
        _blue_green({"Type": "CANARY", "CanarySize": _size(INSTANCES, 1)}),
        _blue_green(LINEAR),
        _blue_green({"Type": "LINEAR", "LinearStepSize": _size(INSTANCES, 1)}),
        _rolling(_size(PERCENT, 5)),
        _rolling(_size(PERCENT, 50), RollbackMaximumBatchSize=_size(PERCENT, 100)),
        _rolling(_size(INSTANCES, 1)),
    ],
)
def test_accepts(live: Aws, deployment: dict[str, Any]) -> None:
    _update(live, DeploymentConfig=deployment)
    live.settle()
    found = live.describe()
    assert (found["EndpointConfigName"], found["LastDeploymentConfig"]) == ("next", deployment)


@pytest.mark.parametrize(
    ("deployment", "part"),
    [
        ({**_blue_green(CANARY), **_rolling(_size(PERCENT, 5))}, "Only one of BlueGreenUpdatePolicy"),
        (_blue_green({"Type": "CANARY"}), "CanarySize must be specified"),
        (_blue_green({"Type": "LINEAR"}), "LinearStepSize must be specified"),
        (_blue_green({**CANARY, "Type": "ALL_AT_ONCE"}), "CanarySize must be specified"),
        (_blue_green({**LINEAR, **CANARY}), "LinearStepSize must be specified"),
        (_blue_green({"Type": "CANARY", "CanarySize": _size(PERCENT, 51)}), "between 1 and 50 percent"),
        (_blue_green({"Type": "CANARY", "CanarySize": _size(INSTANCES, 2)}), "must not exceed 50 percent"),
        (_blue_green({"Type": "LINEAR", "LinearStepSize": _size(PERCENT, 9)}), "between 10 and 50 percent"),
        (_rolling(_size(PERCENT, 4)), "between 5 and 50 percent"),
        (_rolling(_size(INSTANCES, 2)), "must not exceed 50 percent"),
        (_rolling(_size(PERCENT, 5), RollbackMaximumBatchSize=_size(PERCENT, 101)), "between 1 and 100 percent"),
        (
            _blue_green(CANARY, TerminationWaitInSeconds=540, MaximumExecutionTimeoutInSeconds=600),
            "must be larger than the sum",
        ),
        (_blue_green(CANARY, MaximumExecutionTimeoutInSeconds=599), "greater than or equal to 600"),
        (_blue_green(CANARY, MaximumExecutionTimeoutInSeconds=28801), "less than or equal to 28800"),
        (_blue_green({**CANARY, "WaitIntervalInSeconds": 3601}), "less than or equal to 3600"),
        ({**_blue_green(CANARY), **ROLLBACK}, "Alarm errors in AutoRollbackConfiguration does not exist"),
        ({"AutoRollbackConfiguration": {"Alarms": []}}, "greater than or equal to 1"),
    ],
)
@pytest.mark.parametrize("operation", ["create", "update"])
def test_refuses(live: Aws, deployment: dict[str, Any], part: str, operation: str) -> None:
    function = live.sagemaker.create_endpoint if operation == "create" else live.sagemaker.update_endpoint
    name = "second" if operation == "create" else "endpoint"
    code, message = refusal(function, EndpointName=name, EndpointConfigName="next", DeploymentConfig=deployment)
    assert code == "ValidationException"
    assert part in message


def test_rolling_is_for_one_provisioned_variant(live: Aws) -> None:
    rolling = _rolling(_size(PERCENT, 5))
    live.config("serverless", serverless())
    for config, part in (("several", "several production variants"), ("serverless", "serverless endpoints")):
        params = {"EndpointName": "e", "EndpointConfigName": config, "DeploymentConfig": rolling}
        assert part in refusal(live.sagemaker.create_endpoint, **params)[1]


def test_the_last_deployment_is_dropped_unless_retained(live: Aws) -> None:
    deployment = _blue_green(CANARY)
    _update(live, DeploymentConfig=deployment)
    live.settle()
    _update(live, "config", RetainDeploymentConfig=True)
    live.settle()
    assert live.describe()["LastDeploymentConfig"] == deployment
    _update(live)
    live.settle()
    assert "LastDeploymentConfig" not in live.describe()


@pytest.mark.parametrize("when", ["before", "meanwhile", "never"])
def test_an_alarm_rolls_the_update_back(live: Aws, when: str) -> None:
    live.cloudwatch.put_metric_alarm(**ALARM)
    alarm = {"AlarmName": "errors", "StateReason": "test"}
    if when == "before":
        live.cloudwatch.set_alarm_state(StateValue="ALARM", **alarm)
    _update(live, DeploymentConfig={**_blue_green(CANARY), **ROLLBACK})
    if when == "meanwhile":
        live.cloudwatch.set_alarm_state(StateValue="ALARM", **alarm)
        live.simulator.advance(1)
        live.cloudwatch.set_alarm_state(StateValue="OK", **alarm)
    live.settle()
    found = live.describe()
    assert found["EndpointStatus"] == "InService"
    if when == "never":
        assert found["EndpointConfigName"] == "next"
    else:
        assert found["EndpointConfigName"] == "config"
        assert "[errors]" in found["FailureReason"]


def test_an_alarm_after_the_update_changes_nothing(live: Aws) -> None:
    live.cloudwatch.put_metric_alarm(**ALARM)
    _update(live, DeploymentConfig={**_blue_green(CANARY), **ROLLBACK})
    live.simulator.advance(61)
    live.cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    assert live.describe()["EndpointConfigName"] == "next"
