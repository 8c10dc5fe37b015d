# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import Rules
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.requests import (
    options_of,
    request_of,
    sent_members,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from botocore import xform_name

RULES = Rules(keyed_lists={"ProductionVariants": "VariantName", "ProductionVariants.*.InstancePools": "InstanceType"})
VARIANT = {"variant_name": "v", "model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}


def request(options: dict[str, t.Any], is_for_deletion: bool = False) -> dict[str, t.Any]:
    return request_of("sagemaker", "CreateEndpointConfig", options, RULES, is_for_deletion)


def problems(options: dict[str, t.Any], is_for_deletion: bool = False) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        request(options, is_for_deletion)
    return [str(problem) for problem in caught.value.problems]


def test_options_become_the_request() -> None:
    assert request({"endpoint_config_name": "c", "production_variants": [VARIANT], "kms_key_id": None}) == {
        "EndpointConfigName": "c",
        "ProductionVariants": [
            {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        ],
    }


def test_every_problem_at_once() -> None:
    options = {"production_variants": [VARIANT, {**VARIANT, "initial_instance_count": 0}, {"model_name": "m"}]}
    assert problems(options) == [
        "endpoint_config_name: required",
        "production_variants[1].initial_instance_count: 0 is out of range; allowed: 1 or more",
        "production_variants[2].variant_name: required",
        'production_variants: "v" is given twice',
    ]


def test_an_unknown_option_is_refused() -> None:
    assert problems({"endpoint_config_nam": "c"}) == [
        'endpoint_config_nam: unknown option; did you mean "endpoint_config_name" or "explainer_config"?'
    ]


def test_members_without_an_option_come_in_either_spelling() -> None:
    more = {"CoreDumpConfig": {"destination_s3_uri": "s3://b/d"}, "routing_config": {"RoutingStrategy": "RANDOM"}}
    options = {"endpoint_config_name": "c", "production_variants": [{**VARIANT, "api_parameters": more}]}
    (variant,) = request(options)["ProductionVariants"]
    assert variant["CoreDumpConfig"] == {"DestinationS3Uri": "s3://b/d"}
    assert variant["RoutingConfig"] == {"RoutingStrategy": "RANDOM"}
    assert "api_parameters" not in variant


def test_they_stand_beside_what_options_set_of_the_same_structure() -> None:
    given = {**VARIANT, "managed_instance_scaling": {"status": "ENABLED"}}
    given["api_parameters"] = {"managed_instance_scaling": {"max_instance_count": 2}}
    (variant,) = request({"endpoint_config_name": "c", "production_variants": [given]})["ProductionVariants"]
    assert variant["ManagedInstanceScaling"] == {"Status": "ENABLED", "MaxInstanceCount": 2}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"InstanceType": "ml.c5.large"}, "instance_type: another option sets it too; use only one of the two"),
        ({"instance_typ": "x"}, "instance_typ: botocore"),
        ({"core_dump_config": {"kms_key_id": "k"}}, ": required"),
    ],
)
def test_what_they_cannot_be(parameters: dict[str, t.Any], message: str) -> None:
    variant = {**VARIANT, "api_parameters": parameters}
    (problem,) = problems({"endpoint_config_name": "c", "production_variants": [variant]})
    assert problem.startswith("production_variants[0].")
    assert message in problem


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("sagemaker", "CreateModel", "Tags"),
        ("application-autoscaling", "RegisterScalableTarget", "RoleARN"),
    ],
)
def test_what_no_option_sets_is_refused_in_them_too(service: str, operation: str, member: str) -> None:
    with pytest.raises(InvalidInput, match=f"api_parameters.{xform_name(member)}"):
        request_of(service, operation, {"api_parameters": {member: "x"}}, Rules(), is_for_deletion=True)


def test_what_the_installed_botocore_does_not_list_is_left_to_aws() -> None:
    variant = {**VARIANT, "instance_type": "ml.brandnew.large"}
    made = request({"endpoint_config_name": "c", "production_variants": [variant]})
    assert made["ProductionVariants"][0]["InstanceType"] == "ml.brandnew.large"


def test_for_deletion_the_name_is_enough_but_what_is_given_must_be_right() -> None:
    assert request({"endpoint_config_name": "c"}, is_for_deletion=True) == {"EndpointConfigName": "c"}
    assert problems({"endpoint_config_name": "c"}) == ["production_variants: required"]
    (problem,) = problems({"endpoint_config_name": "c_d"}, is_for_deletion=True)
    assert problem.startswith("endpoint_config_name: 'c_d' does not match the pattern")


@pytest.mark.parametrize("variants", [["v", "v"], [1, 1], "vv", [{"model_name": "m"}, {"model_name": "m"}]])
def test_names_that_cannot_be_compared_are_problems_of_their_own(variants: t.Any) -> None:
    found = problems({"endpoint_config_name": "c", "production_variants": variants})
    assert found
    assert not any("twice" in problem for problem in found)


def test_of_a_description_only_what_a_request_sends_is_kept() -> None:
    description = {"EndpointConfigName": "c", "EndpointConfigArn": "arn", "CreationTime": 1, "KmsKeyId": "k"}
    assert sent_members("sagemaker", "CreateEndpointConfig", description) == {
        "EndpointConfigName": "c",
        "KmsKeyId": "k",
    }


def test_what_is_empty_of_a_description_says_nothing() -> None:
    """Which of its members an alarm has tells its kind; an empty structure may say something, too."""
    alarm = {"AlarmName": "a", "MetricName": "m", "Metrics": [], "AlarmActions": [], "Dimensions": []}
    assert sent_members("cloudwatch", "PutMetricAlarm", alarm) == {"AlarmName": "a", "MetricName": "m"}
    variants = [{"VariantName": "v", "InstancePools": [], "ServerlessConfig": {}}]
    output: dict[str, t.Any] = {"NotificationConfig": {"IncludeInferenceResponseIn": []}}
    config = {"ProductionVariants": variants, "AsyncInferenceConfig": {"OutputConfig": output}}
    assert sent_members("sagemaker", "CreateEndpointConfig", config) == {
        "ProductionVariants": [{"VariantName": "v", "ServerlessConfig": {}}],
        "AsyncInferenceConfig": {"OutputConfig": {"NotificationConfig": {}}},
    }


def test_a_request_is_shown_in_options() -> None:
    made = request({"endpoint_config_name": "c", "production_variants": [VARIANT]})
    assert options_of("sagemaker", "CreateEndpointConfig", made) == {
        "endpoint_config_name": "c",
        "production_variants": [VARIANT],
    }
