# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Faults on request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, HTTPClientError

from simulator.faults import Fault, FaultBook, Kind, fault_from
from simulator.testing import Aws, alarm, refusal

DROPPED = (ConnectionClosedError, EndpointConnectionError, HTTPClientError)


def _outcomes(function: Callable[[], Any], times: int) -> list[str]:
    def outcome() -> str:
        try:
            function()
        except ClientError as error:
            code: str = error.response["Error"]["Code"]
            return code
        return "ok"

    return [outcome() for _time in range(times)]


def test_throttles_after_some_calls_for_some_calls(aws: Aws) -> None:
    aws.simulator.fault("throttle", operation="ListModels", count=2, skip=1)
    assert _outcomes(aws.sagemaker.list_models, 5) == ["ok", "ThrottlingException", "ThrottlingException", "ok", "ok"]
    assert aws.simulator.journal()[1]["message"] == "Rate exceeded"


def test_throttles_cloudwatch_in_its_own_words(aws: Aws) -> None:
    aws.simulator.fault("throttle", service="cloudwatch")
    assert refusal(aws.cloudwatch.describe_alarms) == ("Throttling", "Rate exceeded")


def test_strikes_by_name(aws: Aws) -> None:
    aws.model("a-1")
    aws.model("b-1")
    aws.simulator.fault("error", name="b-*", code="X", message="y", status=503, count=None)
    aws.sagemaker.describe_model(ModelName="a-1")
    for _time in range(3):
        assert refusal(aws.sagemaker.describe_model, ModelName="b-1") == ("X", "y")


def test_error_has_its_status(aws: Aws) -> None:
    aws.simulator.fault("error", code="ServiceUnavailable", message="m", status=503)
    with pytest.raises(ClientError) as caught:
        aws.sagemaker.list_models()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_an_error_after_the_call_took_effect(aws: Aws) -> None:
    aws.simulator.fault("error_after", operation="CreateModel", code="InternalFailure", message="m", status=500)
    assert refusal(aws.model) == ("InternalFailure", "m")
    assert aws.sagemaker.describe_model(ModelName="model")


def test_a_retrying_client_gets_over_it(aws: Aws) -> None:
    patient = aws.client("sagemaker", retries={"total_max_attempts": 3, "mode": "standard"})
    aws.simulator.fault("error", count=1)
    patient.list_models()
    assert len(aws.simulator.journal()) == 2


def test_denies_access(aws: Aws) -> None:
    aws.simulator.fault("access_denied", operation="DeleteModel", count=None)
    code, message = refusal(aws.sagemaker.delete_model, ModelName="m")
    assert code == "AccessDeniedException"
    assert message == (
        "User: arn:aws:iam::123456789012:user/simulator is not authorized to perform: sagemaker:DeleteModel because "
        "no identity-based policy allows the sagemaker:DeleteModel action"
    )


def test_expires_tokens(aws: Aws) -> None:
    aws.simulator.fault("expired_token")
    assert refusal(aws.sagemaker.list_models)[0] == "ExpiredTokenException"
    aws.sagemaker.list_models()


def test_is_slow(aws: Aws) -> None:
    aws.simulator.fault("slow", seconds=1.0)
    started = time.perf_counter()
    aws.sagemaker.list_models()
    middle = time.perf_counter()
    aws.sagemaker.list_models()
    assert middle - started >= 1.0
    assert time.perf_counter() - middle < middle - started


def test_adds_latency_to_every_call(aws: Aws) -> None:
    aws.simulator.configure(latency_seconds=0.05)
    started = time.perf_counter()
    aws.sagemaker.list_models()
    aws.cloudwatch.describe_alarms()
    assert time.perf_counter() - started >= 0.1


@pytest.mark.parametrize(("kind", "names"), [("drop_before", []), ("drop_after", ["model"])])
def test_drops_the_connection(aws: Aws, kind: str, names: list[str]) -> None:
    aws.simulator.fault(kind, operation="CreateModel")
    with pytest.raises(DROPPED):
        aws.model()
    assert [item["ModelName"] for item in aws.sagemaker.list_models()["Models"]] == names
    assert aws.simulator.journal()[0]["result"] == "dropped"


def test_a_new_resource_is_not_visible_for_some_calls(aws: Aws) -> None:
    aws.model()
    aws.config()
    aws.simulator.fault("not_visible", name="config", count=2)
    create = {"EndpointName": "e", "EndpointConfigName": "config"}
    assert refusal(aws.sagemaker.describe_endpoint_config, EndpointConfigName="config")[1].startswith("Could not find")
    assert refusal(aws.sagemaker.create_endpoint, **create)[1].startswith("Could not find endpoint configuration")
    aws.sagemaker.create_endpoint(**create)


def test_a_late_read_shows_an_endpoint_as_it_was(aws: Aws) -> None:
    aws.simulator.configure(create_seconds=20)
    aws.model()
    aws.config()
    aws.simulator.fault("late", operation="DescribeEndpoint", seconds=5, count=None)
    aws.sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="config")

    def status() -> str:
        found: str = aws.sagemaker.describe_endpoint(EndpointName="e")["EndpointStatus"]
        return found

    assert status() == "Creating"
    aws.simulator.advance(21)
    assert status() == "Creating", "which is what was seen before, however long ago that was"
    aws.simulator.advance(4)
    assert status() == "Creating"
    aws.simulator.advance(2)
    assert status() == "InService"


def test_a_new_resource_is_not_visible_for_some_time(aws: Aws) -> None:
    aws.simulator.fault("not_visible", name="model", seconds=5)
    aws.model()
    assert refusal(aws.sagemaker.describe_model, ModelName="model")[1].startswith("Could not find model")
    aws.simulator.advance(6)
    aws.sagemaker.describe_model(ModelName="model")


def test_what_the_call_names_is_gone(aws: Aws) -> None:
    aws.model()
    aws.config()
    aws.config("next")
    aws.endpoint()
    aws.simulator.fault("gone", operation="UpdateEndpoint", name="next")
    update = {"EndpointName": "endpoint", "EndpointConfigName": "next"}
    assert refusal(aws.sagemaker.update_endpoint, **update)[1].startswith("Could not find endpoint configuration")
    aws.simulator.fault("gone", operation="DescribeEndpoint")
    assert refusal(aws.sagemaker.describe_endpoint, EndpointName="endpoint")[1].startswith("Could not find endpoint")
    aws.simulator.fault("gone", operation="DeleteModel")
    assert refusal(aws.sagemaker.delete_model, ModelName="model")[1].startswith("Could not find model")


def test_an_alarm_and_a_target_are_gone(aws: Aws) -> None:
    aws.cloudwatch.put_metric_alarm(**alarm())
    aws.simulator.fault("gone", operation="SetAlarmState")
    state = {"AlarmName": "alarm", "StateValue": "OK", "StateReason": ""}
    assert refusal(aws.cloudwatch.set_alarm_state, **state)[0] == "ResourceNotFound"
    aws.model()
    aws.config()
    aws.endpoint()
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/endpoint/variant/main",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    aws.autoscaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2)
    aws.simulator.fault("gone", service="application-autoscaling", name="endpoint/endpoint/*")
    assert refusal(aws.autoscaling.deregister_scalable_target, **target)[0] == "ObjectNotFoundException"


@pytest.mark.parametrize(("reason", "shown"), [(None, "Request to service failed"), ("no capacity", "no capacity")])
def test_creation_fails(aws: Aws, reason: str | None, shown: str) -> None:
    aws.model()
    aws.config()
    aws.simulator.fault("rollout_fails", operation="CreateEndpoint", name="e*", reason=reason)
    aws.endpoint()
    found = aws.describe()
    assert found["EndpointStatus"] == "Failed"
    assert found["FailureReason"].startswith(shown)
    aws.sagemaker.delete_endpoint(EndpointName="endpoint")


def test_creation_is_stuck(aws: Aws) -> None:
    aws.model()
    aws.config()
    aws.simulator.fault("stuck", operation="CreateEndpoint")
    aws.endpoint()
    assert aws.status() == "Creating"
    assert "in-progress" in refusal(aws.sagemaker.delete_endpoint, EndpointName="endpoint")[1]
    assert aws.simulator.state()[0]["endpoints"]["endpoint"]["progress"]["due"] is None
    aws.simulator.put_endpoint("endpoint", "InService")
    assert aws.status() == "InService"


def test_probability_is_seeded(aws: Aws) -> None:
    def draw() -> list[str]:
        aws.simulator.configure(seed=7)
        aws.simulator.fault("throttle", operation="ListModels", count=None, probability=0.5)
        return _outcomes(aws.sagemaker.list_models, 30)

    first = draw()
    assert set(first) == {"ok", "ThrottlingException"}
    assert draw() == first


def test_faults_are_listed_and_cleared(aws: Aws) -> None:
    aws.simulator.fault(Kind.THROTTLE, count=None)
    assert [fault["kind"] for fault in aws.simulator.faults()] == ["throttle"]
    aws.simulator.clear_faults()
    assert aws.simulator.faults() == []
    aws.sagemaker.list_models()


@pytest.mark.parametrize("description", [{}, {"kind": "none"}, {"kind": "slow", "colour": "red"}])
def test_refuses_strange_faults(description: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"kind|none|colour"):
        fault_from(description)


def test_the_first_fault_that_is_left_strikes() -> None:
    book = FaultBook(faults=[Fault(Kind.ERROR, code="A"), Fault(Kind.ERROR, code="B")])
    taken = [book.take(Kind.ERROR, "sagemaker", "ListModels", []) for _time in range(3)]
    assert [fault.code if fault else None for fault in taken] == ["A", "B", None]
