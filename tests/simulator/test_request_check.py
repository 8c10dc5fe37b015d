# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Requests against the service model, in AWS's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.errors import AwsError
from simulator.request_check import checked
from simulator.service_models import operation_model


def _check(service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    return checked(operation_model(service, operation).input_shape, params, "ValidationException")


def _complaint(service: str, operation: str, params: dict[str, Any]) -> AwsError:
    with pytest.raises(AwsError) as caught:
        _check(service, operation, params)
    return caught.value


VARIANT = {"VariantName": "v"}


@pytest.mark.parametrize(
    ("operation", "params", "complaint"),
    [
        ("DescribeModel", {}, "Value null at 'modelName' failed to satisfy constraint: Member must not be null"),
        (
            "DescribeModel",
            {"ModelName": "a_b"},
            "Value 'a_b' at 'modelName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            "[a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?",
        ),
        (
            "DescribeModel",
            {"ModelName": "a" * 64},
            f"Value '{'a' * 64}' at 'modelName' failed to satisfy constraint: "
            "Member must have length less than or equal to 63",
        ),
        (
            "ListModels",
            {"MaxResults": 101},
            "Value '101' at 'maxResults' failed to satisfy constraint: "
            "Member must have value less than or equal to 100",
        ),
        (
            "ListModels",
            {"SortBy": "Size"},
            "Value 'Size' at 'sortBy' failed to satisfy constraint: "
            "Member must satisfy enum value set: [Name, CreationTime]",
        ),
        (
            "CreateEndpointConfig",
            {"EndpointConfigName": "c", "ProductionVariants": [{"VariantName": "v", "InitialInstanceCount": 0}]},
            "Value '0' at 'productionVariants.1.member.initialInstanceCount' failed to satisfy constraint: "
            "Member must have value greater than or equal to 1",
        ),
        (
            "CreateEndpointConfig",
            {"EndpointConfigName": "c", "ProductionVariants": []},
            "Value '[]' at 'productionVariants' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1",
        ),
        (
            "CreateModel",
            {"ModelName": "m", "VpcConfig": {"Subnets": ["a_b"], "SecurityGroupIds": ["sg-1"]}},
            "Value '[a_b]' at 'vpcConfig.subnets' failed to satisfy constraint: Member must satisfy constraint: "
            "[Member must have length less than or equal to 32, Member must have length greater than or equal to 0, "
            "Member must satisfy regular expression pattern: [-0-9a-zA-Z]+]",
        ),
        (
            "CreateModel",
            {"ModelName": "m", "PrimaryContainer": {"Environment": {"A": "x" * 1025}}},
            f"Value '{'x' * 1025}' at 'primaryContainer.environment.A.member' failed to satisfy constraint: "
            "Member must have length less than or equal to 1024",
        ),
        (
            "CreateModel",
            {"ModelName": "m", "PrimaryContainer": {"Environment": {"1A": "x"}}},
            "Value '{1A=...}' at 'primaryContainer.environment' failed to satisfy constraint: Map keys must satisfy "
            "constraint: [Member must have length less than or equal to 1024, Member must have length greater than or "
            "equal to 0, Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]",
        ),
        (
            "CreateModel",
            {"ModelName": "m", "Colour": "red"},
            "Value 'red' at 'colour' failed to satisfy constraint: Member must be defined in the service model",
        ),
    ],
)
def test_says_what_aws_says(operation: str, params: dict[str, Any], complaint: str) -> None:
    error = _complaint("sagemaker", operation, params)
    assert (error.code, error.message) == ("ValidationException", f"1 validation error detected: {complaint}")


def test_names_the_allowed_instance_types() -> None:
    variant = {**VARIANT, "InstanceType": "ml.t3.medium"}
    error = _complaint(
        "sagemaker", "CreateEndpointConfig", {"EndpointConfigName": "c", "ProductionVariants": [variant]}
    )
    assert error.message.startswith(
        "1 validation error detected: Value 'ml.t3.medium' at 'productionVariants.1.member.instanceType' failed to "
        "satisfy constraint: Member must satisfy enum value set: ["
    )
    assert "ml.t2.medium" in error.message


def test_counts_all_violations() -> None:
    error = _complaint("sagemaker", "CreateEndpoint", {"EndpointName": "a_b"})
    assert error.message.startswith("2 validation errors detected: ")
    assert error.message.count("; ") == 1


def test_exactly_one_member_of_a_union() -> None:
    window = {"WallClockWindow": {"Timezone": "UTC"}, "SlidingWindow": {}}
    error = _complaint("cloudwatch", "PutMetricAlarm", {"AlarmName": "a", "EvaluationWindow": window})
    assert "Exactly one member must be set" in error.message


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"ModelName": 1}, "NUMBER_VALUE can not be converted to String"),
        ({"ModelName": "m", "EnableNetworkIsolation": "yes"}, "STRING_VALUE can not be converted to Boolean"),
        ({"ModelName": "m", "Containers": {}}, "START_OBJECT can not be converted to List"),
        ({"ModelName": "m", "PrimaryContainer": []}, "START_ARRAY can not be converted to Structure"),
    ],
)
def test_wrong_types_are_serialization_errors(params: dict[str, Any], message: str) -> None:
    error = _complaint("sagemaker", "CreateModel", params)
    assert (error.code, error.message) == ("SerializationException", message)


def test_a_number_for_text_and_a_fraction_for_a_whole_number() -> None:
    for value in ("5", 1.5, True):
        assert _complaint("sagemaker", "ListModels", {"MaxResults": value}).code == "SerializationException"


def test_returns_values_as_aws_stores_them() -> None:
    variant = {"VariantName": "v", "InitialVariantWeight": 0.3, "InitialInstanceCount": 2.0, "ModelName": None}
    params = _check("sagemaker", "CreateEndpointConfig", {"EndpointConfigName": "c", "ProductionVariants": [variant]})
    assert params["ProductionVariants"] == [
        {"VariantName": "v", "InitialVariantWeight": 0.30000001192092896, "InitialInstanceCount": 2}
    ]


def test_refuses_what_is_no_timestamp() -> None:
    assert _complaint("sagemaker", "ListModels", {"CreationTimeAfter": "soon"}).code == "SerializationException"


def test_names_the_allowed_values_of_a_list() -> None:
    included = {"IncludeInferenceResponseIn": ["EVERYWHERE"]}
    config = {"OutputConfig": {"NotificationConfig": included}}
    error = _complaint(
        "sagemaker",
        "CreateEndpointConfig",
        {"EndpointConfigName": "c", "ProductionVariants": [VARIANT], "AsyncInferenceConfig": config},
    )
    assert "Member must satisfy constraint: [Member must satisfy enum value set: [SUCCESS_NOTIF" in error.message


@pytest.mark.parametrize("value", [1700000000, 1700000000.0, "2023-11-14T22:13:20Z"])
def test_reads_timestamps(value: Any) -> None:
    params = _check("sagemaker", "ListModels", {"CreationTimeAfter": value})
    assert params["CreationTimeAfter"] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
