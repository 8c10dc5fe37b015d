# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.service_model import (
    input_shape,
    interval,
    leaf_problems,
    shape_at,
    to_api,
    to_options,
    violations,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput, Problem
from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SAGEMAKER = "sagemaker"
CLOUDWATCH = "cloudwatch"
AUTOSCALING = "application-autoscaling"

SPELLINGS: list[tuple[str, str, dict[str, t.Any], dict[str, t.Any]]] = [
    (
        SAGEMAKER,
        "CreateEndpointConfig",
        {"production_variants": [{"volume_size_in_gb": 5, "enable_ssm_access": True, "inference_ami_version": "a"}]},
        {"ProductionVariants": [{"VolumeSizeInGB": 5, "EnableSSMAccess": True, "InferenceAmiVersion": "a"}]},
    ),
    (
        SAGEMAKER,
        "CreateEndpointConfig",
        {"production_variants": [{"serverless_config": {"memory_size_in_mb": 1024, "max_concurrency": 1}}]},
        {"ProductionVariants": [{"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}}]},
    ),
    (
        SAGEMAKER,
        "CreateEndpointConfig",
        {
            "kms_key_id": "k",
            "async_inference_config": {"output_config": {"s3_output_path": "s3://b", "kms_key_id": "k"}},
            "data_capture_config": {"destination_s3_uri": "s3://b", "kms_key_id": "k"},
        },
        {
            "KmsKeyId": "k",
            "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://b", "KmsKeyId": "k"}},
            "DataCaptureConfig": {"DestinationS3Uri": "s3://b", "KmsKeyId": "k"},
        },
    ),
    (
        SAGEMAKER,
        "CreateModel",
        {
            "primary_container": {
                "environment": {"model_name": "a", "ModelName": "b", "MODEL-name": "c"},
                "model_data_source": {"s3_data_source": {"s3_uri": "s3://b/"}},
            },
            "tags": [{"key": "CostCenter", "value": "x_y"}],
        },
        {
            "PrimaryContainer": {
                "Environment": {"model_name": "a", "ModelName": "b", "MODEL-name": "c"},
                "ModelDataSource": {"S3DataSource": {"S3Uri": "s3://b/"}},
            },
            "Tags": [{"Key": "CostCenter", "Value": "x_y"}],
        },
    ),
    (CLOUDWATCH, "PutMetricAlarm", {"ok_actions": ["a"]}, {"OKActions": ["a"]}),
    (
        AUTOSCALING,
        "RegisterScalableTarget",
        {"role_arn": "r", "tags": {"cost_center": "1", "CostCenter": "2"}},
        {"RoleARN": "r", "Tags": {"cost_center": "1", "CostCenter": "2"}},
    ),
]


@pytest.mark.parametrize(("service", "operation", "options", "request_"), SPELLINGS)
def test_options_and_members_are_spelled_alike_in_both_directions(
    service: str, operation: str, options: dict[str, t.Any], request_: dict[str, t.Any]
) -> None:
    shape = input_shape(service, operation)
    assert to_api(shape, options) == request_
    assert to_options(shape, request_) == options


def test_options_that_are_none_are_left_out_at_every_depth() -> None:
    shape = input_shape(SAGEMAKER, "CreateModel")
    options = {"model_name": "m", "vpc_config": None, "containers": [{"image": "i", "mode": None}]}
    assert to_api(shape, options) == {"ModelName": "m", "Containers": [{"Image": "i"}]}


def test_members_that_botocore_does_not_know_are_dropped_from_options() -> None:
    assert to_options(input_shape(SAGEMAKER, "CreateModel"), {"ModelName": "m", "Brandnew": 1}) == {"model_name": "m"}


def test_every_unknown_option_is_reported_with_its_path_and_the_nearest_name() -> None:
    options = {
        "production_variants": [{"variant_name": "v"}, {"volume_size_in_g": 5}],
        "data_capture_config": {"zzz": 1},
        "KmsKeyId": "k",
    }
    with pytest.raises(InvalidInput) as caught:
        to_api(input_shape(SAGEMAKER, "CreateEndpointConfig"), options)
    assert [str(problem) for problem in caught.value.problems] == [
        'production_variants[1].volume_size_in_g: unknown option; did you mean "volume_size_in_gb"?',
        "data_capture_config.zzz: unknown option",
        "KmsKeyId: unknown option",
    ]


def problems_of(service: str, operation: str, options: dict[str, t.Any]) -> list[Problem]:
    shape = input_shape(service, operation)
    return list(violations(shape, to_api(shape, options)))


MODEL = {"model_name": "m"}
ALARM = {"alarm_name": "a", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1}
TARGET = {
    "service_namespace": "sagemaker",
    "resource_id": "r",
    "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
}
BROKEN: list[tuple[str, str, str, dict[str, t.Any], str, str]] = [
    ("required", SAGEMAKER, "CreateModel", {}, "model_name", "required"),
    (
        "required in a structure",
        SAGEMAKER,
        "CreateModel",
        {**MODEL, "vpc_config": {"subnets": ["s"]}},
        "vpc_config.security_group_ids",
        "required",
    ),
    ("text for int", CLOUDWATCH, "PutMetricAlarm", {**ALARM, "period": "60"}, "period", "'60' is not of type integer"),
    ("bool for int", CLOUDWATCH, "PutMetricAlarm", {**ALARM, "period": True}, "period", "True is not of type integer"),
    (
        "bool for number",
        CLOUDWATCH,
        "PutMetricAlarm",
        {**ALARM, "threshold": False},
        "threshold",
        "False is not of type double",
    ),
    ("float for int", CLOUDWATCH, "PutMetricAlarm", {**ALARM, "period": 60.5}, "period", "60.5 is not of type integer"),
    (
        "int for bool",
        CLOUDWATCH,
        "PutMetricAlarm",
        {**ALARM, "actions_enabled": 1},
        "actions_enabled",
        "1 is not of type boolean",
    ),
    (
        "text for list",
        CLOUDWATCH,
        "PutMetricAlarm",
        {**ALARM, "ok_actions": "x"},
        "ok_actions",
        "'x' is not of type list",
    ),
    (
        "list for structure",
        SAGEMAKER,
        "CreateModel",
        {**MODEL, "vpc_config": ["s"]},
        "vpc_config",
        "['s'] is not of type structure",
    ),
    (
        "too little",
        CLOUDWATCH,
        "PutMetricAlarm",
        {**ALARM, "evaluation_periods": 0},
        "evaluation_periods",
        "0 is out of range; allowed: 1 or more",
    ),
    (
        "too much",
        SAGEMAKER,
        "CreateEndpointConfig",
        {
            "endpoint_config_name": "c",
            "production_variants": [
                {"variant_name": "v", "serverless_config": {"memory_size_in_mb": 9999, "max_concurrency": 1}}
            ],
        },
        "production_variants[0].serverless_config.memory_size_in_mb",
        "9999 is out of range; allowed: 1024 to 6144",
    ),
    (
        "too long a text",
        CLOUDWATCH,
        "PutMetricAlarm",
        {**ALARM, "alarm_description": "x" * 1025},
        "alarm_description",
        "has 1025 characters; allowed: 0 to 1024",
    ),
    (
        "too long a list",
        SAGEMAKER,
        "CreateModel",
        {**MODEL, "vpc_config": {"subnets": ["s"], "security_group_ids": ["a", "b", "c", "d", "e", "f"]}},
        "vpc_config.security_group_ids",
        "has 6 entries; allowed: 1 to 5",
    ),
    (
        "too short a list",
        SAGEMAKER,
        "CreateModel",
        {**MODEL, "vpc_config": {"subnets": [], "security_group_ids": ["a"]}},
        "vpc_config.subnets",
        "[] has 0 entries; allowed: 1 to 16",
    ),
    (
        "pattern",
        SAGEMAKER,
        "CreateModel",
        {"model_name": "my_model"},
        "model_name",
        "'my_model' does not match the pattern",
    ),
    (
        "the pattern holds to the end",
        SAGEMAKER,
        "CreateModel",
        {"model_name": "model-"},
        "model_name",
        "'model-' does not match the pattern",
    ),
    (
        "pattern of a map's key",
        SAGEMAKER,
        "CreateModel",
        {**MODEL, "primary_container": {"environment": {"A-B": "x"}}},
        "primary_container.environment.A-B",
        "'A-B' does not match the pattern",
    ),
    (
        "Java: letters of any script",
        SAGEMAKER,
        "CreateModel",
        {**MODEL, "tags": [{"key": "a#b", "value": ""}]},
        "tags[0].key",
        "'a#b' does not match the pattern",
    ),
    (
        "Java: printable",
        AUTOSCALING,
        "PutScalingPolicy",
        {**TARGET, "policy_name": "a\tb"},
        "policy_name",
        "does not match the pattern",
    ),
    (
        "Java: characters beyond 16 bits",
        AUTOSCALING,
        "RegisterScalableTarget",
        {**TARGET, "resource_id": "a\x00"},
        "resource_id",
        "does not match the pattern",
    ),
]


@pytest.mark.parametrize(
    ("service", "operation", "options", "path", "message"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_limit_is_reported_with_path_and_limit(
    service: str, operation: str, options: dict[str, t.Any], path: str, message: str
) -> None:
    (problem,) = problems_of(service, operation, options)
    assert problem.path == path
    assert message in problem.message
    assert not problem.is_warning


FINE: list[tuple[str, str, dict[str, t.Any]]] = [
    (SAGEMAKER, "CreateModel", {**MODEL, "tags": [{"key": "Größe 5 /日本:a=b+c-@", "value": ""}]}),
    (SAGEMAKER, "CreateModel", {**MODEL, "primary_container": {"environment": {"_A": "any\nthing", "B": ""}}}),
    (AUTOSCALING, "PutScalingPolicy", {**TARGET, "policy_name": "rt/demo/keep near 1000"}),
    (AUTOSCALING, "RegisterScalableTarget", {**TARGET, "resource_id": "endpoint/a\u00e9\U0001f600\r\n\t"}),
    (CLOUDWATCH, "PutMetricAlarm", {**ALARM, "threshold": 5}),
    (CLOUDWATCH, "PutMetricAlarm", {**ALARM, "namespace": "/aws/sagemaker/Endpoints", "threshold": -0.5}),
]


@pytest.mark.parametrize(("service", "operation", "options"), FINE)
def test_what_aws_takes_is_no_problem(service: str, operation: str, options: dict[str, t.Any]) -> None:
    assert problems_of(service, operation, options) == []


def test_all_problems_are_reported_at_once() -> None:
    options = {"model_name": "my_model", "vpc_config": {"subnets": []}, "enable_network_isolation": 1}
    assert {problem.path for problem in problems_of(SAGEMAKER, "CreateModel", options)} == {
        "model_name",
        "vpc_config.security_group_ids",
        "vpc_config.subnets",
        "enable_network_isolation",
    }


def test_a_value_that_botocore_does_not_list_is_a_warning_with_the_nearest_ones() -> None:
    shape = shape_at(SAGEMAKER, "CreateEndpointConfig", "ProductionVariants", "InstanceType")
    (problem,) = leaf_problems(shape, "ml.m5.larg", "instance_type")
    assert problem.is_warning
    assert '"ml.m5.large"' in problem.message
    assert list(leaf_problems(shape, "ml.m5.large")) == []


def test_a_value_far_from_all_is_answered_with_a_short_list() -> None:
    (problem,) = leaf_problems(shape_at(CLOUDWATCH, "PutMetricAlarm", "Statistic"), "p99", "statistic")
    assert problem.is_warning
    assert "known: SampleCount, Average, Sum, Minimum, Maximum" in problem.message


SECRET = "hush-hush"
INDISCREET: list[tuple[str, dict[str, t.Any]]] = [
    ("too long", {"primary_container": {"environment": {"TOKEN": SECRET * 200}}}),
    ("not a text", {"containers": [{"environment": {"TOKEN": [SECRET]}}]}),
    ("too many", {"primary_container": {"environment": {f"TOKEN{n}": SECRET for n in range(101)}}}),
    ("not a map", {"primary_container": {"environment": f"TOKEN={SECRET}"}}),
    ("not a list", {"containers": {"environment": {"TOKEN": SECRET}}}),
    ("not a structure", {"primary_container": [{"environment": {"TOKEN": SECRET}}]}),
    ("too many containers", {"containers": [{"environment": {"TOKEN": SECRET}}] * 16}),
]


@pytest.mark.parametrize("options", [row[1] for row in INDISCREET], ids=[row[0] for row in INDISCREET])
def test_values_of_environment_variables_are_in_no_message(options: dict[str, t.Any]) -> None:
    problems = problems_of(SAGEMAKER, "CreateModel", {**MODEL, **options})
    assert len(problems) == 1
    assert "hush" not in str(problems[0])
    assert "the value (hidden)" in str(problems[0])


@pytest.mark.parametrize(
    ("low", "high", "text"), [(1, None, "1 or more"), (None, 5, "0 to 5"), (1, 5, "1 to 5"), (0, 5, "0 to 5")]
)
def test_interval_in_words(low: float | None, high: float | None, text: str) -> None:
    assert interval(low, high) == text


NUMBERS = [
    (SAGEMAKER, "CreateEndpointConfig", ("ProductionVariants", "VolumeSizeInGB")),
    (SAGEMAKER, "CreateEndpointConfig", ("ProductionVariants", "ServerlessConfig", "MaxConcurrency")),
    (SAGEMAKER, "CreateEndpointConfig", ("ProductionVariants", "ModelDataDownloadTimeoutInSeconds")),
    (SAGEMAKER, "CreateEndpointConfig", ("DataCaptureConfig", "InitialSamplingPercentage")),
    (
        SAGEMAKER,
        "CreateEndpointConfig",
        ("AsyncInferenceConfig", "ClientConfig", "MaxConcurrentInvocationsPerInstance"),
    ),
]


@pytest.mark.parametrize(("service", "operation", "members"), NUMBERS, ids=[row[2][-1] for row in NUMBERS])
@given(number=st.integers(-10, 4000))
def test_a_number_is_fine_exactly_within_its_bounds(
    service: str, operation: str, members: tuple[str, ...], number: int
) -> None:
    shape = shape_at(service, operation, *members)
    is_within = bool(shape.metadata["min"] <= number <= shape.metadata["max"])
    assert (list(leaf_problems(shape, number)) == []) == is_within


USER_KEYS = st.text("aBc_X1", min_size=1, max_size=5)


def options_of(shape: Shape) -> st.SearchStrategy[t.Any]:
    """Options that are right in everything but in texts without enum, which are any."""
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if isinstance(shape, StructureShape):
        members = {xform_name(member): options_of(inner) for member, inner in shape.members.items()}
        required = {xform_name(member) for member in shape.required_members}
        if shape.metadata.get("union"):
            return st.one_of([st.fixed_dictionaries({name: values}) for name, values in members.items()])
        return st.fixed_dictionaries(
            {name: values for name, values in members.items() if name in required},
            optional={name: values for name, values in members.items() if name not in required},
        )
    if isinstance(shape, ListShape):
        return st.lists(options_of(shape.member), min_size=low or 0, max_size=(low or 0) + 1)
    if isinstance(shape, MapShape):
        return st.dictionaries(USER_KEYS, options_of(shape.value), max_size=2)
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name in ("integer", "long"):
        return st.integers(low, high)
    if shape.type_name in ("float", "double"):
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    if shape.metadata.get("enum"):
        return st.sampled_from(shape.metadata["enum"])
    return st.text("aZ9-", min_size=max(low or 0, 0), max_size=max(low or 0, 4))


OPERATIONS = [
    (SAGEMAKER, "CreateModel"),
    (SAGEMAKER, "CreateEndpointConfig"),
    (SAGEMAKER, "UpdateEndpoint"),
    (CLOUDWATCH, "PutMetricAlarm"),
    (AUTOSCALING, "RegisterScalableTarget"),
    (AUTOSCALING, "PutScalingPolicy"),
]


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_options_survive_the_way_to_the_api_and_back(service: str, operation: str) -> None:
    shape = input_shape(service, operation)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(options_of(shape))
    def law(options: dict[str, t.Any]) -> None:
        request = to_api(shape, options)
        assert to_options(shape, request) == options
        assert all("pattern" in problem.message for problem in violations(shape, request))

    law()
