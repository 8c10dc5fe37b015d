# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""CreateEndpointConfig, DescribeEndpointConfig, DeleteEndpointConfig."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.sagemaker.endpoint_configs import shown_metrics
from simulator.testing import ROLE, Aws, provisioned, refusal, serverless

CAPTURE = {
    "InitialSamplingPercentage": 50,
    "DestinationS3Uri": "s3://b/",
    "CaptureOptions": [{"CaptureMode": "Output"}, {"CaptureMode": "Input"}],
}
ASYNC = {"OutputConfig": {"S3OutputPath": "s3://b/out"}}
CROSS_REGION = {"MaxInvocationsPerSecondPerInstance": 1, "MaxCrossRegionPercentPerEndpoint": 1}
TOPIC = "arn:aws:sns:eu-west-1:123456789012:topic"


def _described(aws: Aws, *variants: dict[str, Any], **params: Any) -> dict[str, Any]:
    aws.config("Config", *variants, **params)
    found: dict[str, Any] = aws.sagemaker.describe_endpoint_config(EndpointConfigName="Config")
    for name in ("ResponseMetadata", "CreationTime"):
        del found[name]
    return found


@pytest.fixture
def with_models(aws: Aws) -> Aws:
    container = {"Image": "image:1"}
    source = {"S3Uri": "s3://b/k", "S3DataType": "S3Object", "CompressionType": "None"}
    vpc = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    aws.model()
    aws.sagemaker.create_model(ModelName="pipeline", Containers=[container, container])
    aws.model("multi", PrimaryContainer={**container, "Mode": "MultiModel", "ModelDataUrl": "s3://b/p/"})
    aws.model("source", PrimaryContainer={**container, "ModelDataSource": {"S3DataSource": source}})
    aws.model("url", PrimaryContainer={**container, "ModelDataUrl": "s3://b/m.tar.gz"})
    aws.model("vpc", VpcConfig=vpc)
    aws.model("isolated", EnableNetworkIsolation=True)
    private = {**container, "ImageConfig": {"RepositoryAccessMode": "Vpc"}}
    aws.model("private", PrimaryContainer=private, VpcConfig=vpc)
    return aws


def test_fills_in_what_aws_fills_in(with_models: Aws) -> None:
    assert _described(with_models) == {
        "EndpointConfigName": "Config",
        "EndpointConfigArn": with_models.arn("sagemaker", "endpoint-config/config"),
        "ProductionVariants": [{**provisioned(), "InitialVariantWeight": 1.0}],
        "EnableNetworkIsolation": False,
        "MetricsConfig": {"EnableDetailedObservability": True},
    }


def test_vpc_lists_have_no_order(with_models: Aws) -> None:
    vpc = {"Subnets": ["subnet-2", "subnet-1"], "SecurityGroupIds": ["sg-1"]}
    assert _described(with_models, VpcConfig=vpc)["VpcConfig"]["Subnets"] == ["subnet-1", "subnet-2"]


def test_weights_are_single_precision(with_models: Aws) -> None:
    variant = _described(with_models, provisioned(InitialVariantWeight=0.1))["ProductionVariants"][0]
    assert variant["InitialVariantWeight"] == 0.10000000149011612


def test_serverless_has_a_volume_of_its_own(with_models: Aws) -> None:
    variant = _described(with_models, serverless())["ProductionVariants"][0]
    assert (variant["VolumeSizeInGB"], variant["InitialVariantWeight"]) == (5, 1.0)


def test_instances_have_the_volume_that_was_asked_for(with_models: Aws) -> None:
    variant = _described(with_models, provisioned(VolumeSizeInGB=64))["ProductionVariants"][0]
    assert variant["VolumeSizeInGB"] == 64


def test_data_capture_is_on_and_keeps_its_order(with_models: Aws) -> None:
    assert _described(with_models, DataCaptureConfig=CAPTURE)["DataCaptureConfig"] == {**CAPTURE, "EnableCapture": True}


def test_what_was_made_before_detailed_observability_came_does_not_show_it() -> None:
    before, after = (datetime(2026, 6, day, tzinfo=UTC).timestamp() for day in (16, 18))
    assert shown_metrics(None, before) == {}
    assert shown_metrics(None, after) == {"EnableDetailedObservability": True}
    assert shown_metrics({"EnableDetailedObservability": False}, after)["EnableDetailedObservability"] is False


def test_metrics_config_shows_its_defaults(with_models: Aws) -> None:
    assert _described(with_models, MetricsConfig={"EnableEnhancedMetrics": True})["MetricsConfig"] == {
        "EnableEnhancedMetrics": True,
        "EnableDetailedObservability": True,
        "MetricPublishFrequencyInSeconds": 60,
    }


def test_topics_for_responses_have_no_order(with_models: Aws) -> None:
    notification = {
        "SuccessTopic": TOPIC,
        "IncludeInferenceResponseIn": ["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"],
    }
    config = {"OutputConfig": {"S3OutputPath": "s3://b/o", "NotificationConfig": notification}}
    shown = _described(with_models, AsyncInferenceConfig=config)["AsyncInferenceConfig"]["OutputConfig"]
    assert shown["NotificationConfig"]["IncludeInferenceResponseIn"] == [
        "ERROR_NOTIFICATION_TOPIC",
        "SUCCESS_NOTIFICATION_TOPIC",
    ]


@pytest.mark.parametrize(
    ("variants", "params"),
    [
        ([provisioned("a"), provisioned("b", InitialVariantWeight=0.5)], {}),
        ([provisioned()], {"ShadowProductionVariants": [provisioned("shadow")]}),
        ([provisioned(RoutingConfig={"RoutingStrategy": "RANDOM"})], {}),
        ([provisioned(InstanceType="ml.t2.medium", InferenceAmiVersion="al2-ami-sagemaker-inference-gpu-2")], {}),
        ([provisioned(AcceleratorType="ml.eia1.medium")], {}),
        ([provisioned(EnableSSMAccess=True, CoreDumpConfig={"DestinationS3Uri": "s3://b/"})], {}),
        ([serverless(MaxConcurrency=200, MemorySizeInMB=5120, ProvisionedConcurrency=100)], {}),
        ([serverless()], {}),
        ([provisioned()], {"AsyncInferenceConfig": ASYNC}),
        ([provisioned()], {"KmsKeyId": "alias/key"}),
        ([provisioned(ModelName="multi")], {}),
        ([provisioned(ModelName="pipeline")], {}),
        ([{"VariantName": "a", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}], {"ExecutionRoleArn": ROLE}),
        (
            [
                {
                    "VariantName": "a",
                    "InstanceType": "ml.g5.4xlarge",
                    "InitialInstanceCount": 1,
                    "ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 2},
                }
            ],
            {"ExecutionRoleArn": ROLE},
        ),
        (
            [
                {
                    "VariantName": "a",
                    "ModelName": "model",
                    "InitialInstanceCount": 1,
                    "InstancePools": [
                        {"InstanceType": "ml.m5.large", "Priority": 1},
                        {"InstanceType": "ml.m4.xlarge", "Priority": 2, "ModelNameOverride": "url"},
                    ],
                }
            ],
            {},
        ),
    ],
)
def test_accepts(with_models: Aws, variants: list[dict[str, Any]], params: dict[str, Any]) -> None:
    shown = _described(with_models, *variants, **params)["ProductionVariants"]
    assert [{key: variant[key] for key in sent} for variant, sent in zip(shown, variants, strict=True)] == variants


def _serverless_of(model: str) -> dict[str, Any]:
    return {**serverless(), "ModelName": model}


@pytest.mark.parametrize(
    ("variants", "params", "part"),
    [
        ([provisioned(InstanceType="ml.t3.medium")], {}, "Member must satisfy enum value set: ["),
        ([{"VariantName": "a", "ModelName": "model"}], {}, "exactly one of InstanceType, InstancePools"),
        ([{**serverless(), "InstanceType": "ml.m5.large"}], {}, "exactly one of InstanceType, InstancePools"),
        ([{**serverless(), "InitialInstanceCount": 1}], {}, "cannot have InitialInstanceCount"),
        ([{**serverless(), "VolumeSizeInGB": 5}], {}, "cannot have VolumeSizeInGB"),
        ([{**serverless(), "EnableSSMAccess": True}], {}, "cannot have EnableSSMAccess"),
        ([{**serverless(), "RoutingConfig": {"RoutingStrategy": "RANDOM"}}], {}, "cannot have RoutingConfig"),
        ([serverless(MemorySizeInMB=1500)], {}, "multiple of 1024"),
        ([serverless(MemorySizeInMB=7168)], {}, "'productionVariants.1.member.serverlessConfig.memorySizeInMB'"),
        ([serverless(MaxConcurrency=201)], {}, "less than or equal to 200"),
        ([serverless(MaxConcurrency=5, ProvisionedConcurrency=6)], {}, "cannot be greater than its MaxConcurrency"),
        ([serverless("a"), serverless("b")], {}, "only one production variant"),
        ([serverless()], {"DataCaptureConfig": CAPTURE}, "DataCaptureConfig is not supported for serverless"),
        ([serverless()], {"AsyncInferenceConfig": ASYNC}, "AsyncInferenceConfig is not supported for serverless"),
        ([serverless()], {"CrossRegionTrafficConfig": CROSS_REGION}, "CrossRegionTrafficConfig is not supported"),
        ([serverless()], {"ShadowProductionVariants": [serverless("b")]}, "ShadowProductionVariants is not supported"),
        ([_serverless_of("multi")], {}, "Multi-model is not supported"),
        ([_serverless_of("pipeline")], {}, "pipelines are not supported"),
        ([_serverless_of("vpc")], {}, "VpcConfig is not supported"),
        ([_serverless_of("isolated")], {}, "EnableNetworkIsolation is not supported"),
        ([_serverless_of("source")], {}, "Model with containers that use ModelDataSource"),
        ([_serverless_of("private")], {}, "Private docker registries are not supported"),
        ([provisioned("a"), provisioned("a")], {}, "Variant names must be unique"),
        ([provisioned("a")], {"ShadowProductionVariants": [provisioned("a")]}, "Variant names must be unique"),
        (
            [provisioned("a"), provisioned("b")],
            {"ShadowProductionVariants": [provisioned("c")]},
            "exactly one production variant and one shadow variant",
        ),
        (
            [provisioned("a")],
            {"ShadowProductionVariants": [provisioned("b"), provisioned("c")]},
            "exactly one production variant and one shadow variant",
        ),
        (
            [provisioned("a", ModelName="multi")],
            {"ShadowProductionVariants": [provisioned("b")]},
            "not supported for multi-model and multi-container",
        ),
        (
            [provisioned("a")],
            {"ShadowProductionVariants": [provisioned("b", ModelName="pipeline")]},
            "not supported for multi-model and multi-container",
        ),
        (
            [provisioned("a")],
            {"ShadowProductionVariants": [provisioned("b")], "AsyncInferenceConfig": ASYNC},
            "not supported together with AsyncInferenceConfig",
        ),
        ([provisioned("a"), provisioned("b")], {"AsyncInferenceConfig": ASYNC}, "only one production variant"),
        (
            [provisioned()],
            {"AsyncInferenceConfig": ASYNC, "DataCaptureConfig": CAPTURE},
            "DataCaptureConfig is not supported together",
        ),
        ([provisioned(ModelName="multi")], {"AsyncInferenceConfig": ASYNC}, "not supported for multi-model endpoints"),
        ([provisioned(ModelName="multi")], {"DataCaptureConfig": CAPTURE}, "DataCaptureConfig is not supported"),
        ([provisioned(ModelName="pipeline")], {"DataCaptureConfig": CAPTURE}, "DataCaptureConfig is not supported"),
        (
            [provisioned(ManagedInstanceScaling={"Status": "ENABLED"})],
            {},
            "ManagedInstanceScaling is only supported for inference component endpoints.",
        ),
        ([provisioned(InstanceType="ml.g5.xlarge", VolumeSizeInGB=30)], {}, "VolumeSizeInGB is not supported"),
        ([provisioned(InstanceType="ml.m5d.large", VolumeSizeInGB=30)], {}, "VolumeSizeInGB is not supported"),
        (
            [{"VariantName": "a", "ModelName": "model", "InstanceType": "ml.m5.large"}],
            {},
            "InitialInstanceCount must be specified",
        ),
        (
            [{"VariantName": "a", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}],
            {},
            "ExecutionRoleArn must be specified",
        ),
        (
            [provisioned("a"), {"VariantName": "b", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}],
            {"ExecutionRoleArn": ROLE},
            "for every variant or for none",
        ),
        (
            [
                {
                    "VariantName": "a",
                    "ModelName": "model",
                    "InitialInstanceCount": 1,
                    "InstancePools": [
                        {"InstanceType": "ml.m5.large", "Priority": 1},
                        {"InstanceType": "ml.m4.xlarge", "Priority": 1},
                    ],
                }
            ],
            {},
            "must have different priorities",
        ),
        ([provisioned()], {"MetricsConfig": {"MetricPublishFrequencyInSeconds": 45}}, "must be one of [10, 30, 60"),
        ([provisioned(str(number)) for number in range(11)], {}, "less than or equal to 10"),
        ([provisioned(VolumeSizeInGB=513)], {}, "less than or equal to 512"),
        ([provisioned(ModelDataDownloadTimeoutInSeconds=59)], {}, "greater than or equal to 60"),
        ([provisioned(ContainerStartupHealthCheckTimeoutInSeconds=3601)], {}, "less than or equal to 3600"),
        (
            [provisioned(ModelName="none")],
            {},
            'Could not find model "arn:aws:sagemaker:eu-west-1:123456789012:model/none"',
        ),
        (
            [provisioned()],
            {"DataCaptureConfig": {**CAPTURE, "InitialSamplingPercentage": 101}},
            "less than or equal to 100",
        ),
        (
            [provisioned()],
            {"AsyncInferenceConfig": {**ASYNC, "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 1001}}},
            "less than or equal to 1000",
        ),
    ],
)
def test_refuses(with_models: Aws, variants: list[dict[str, Any]], params: dict[str, Any], part: str) -> None:
    code, message = refusal(
        with_models.sagemaker.create_endpoint_config, EndpointConfigName="c", ProductionVariants=variants, **params
    )
    assert code == "ValidationException"
    assert part in message
    assert with_models.sagemaker.list_endpoint_configs()["EndpointConfigs"] == []


def test_a_model_data_url_is_no_data_source(with_models: Aws) -> None:
    with_models.config("c", _serverless_of("url"))


def test_refuses_a_second_configuration_of_that_name(aws: Aws) -> None:
    aws.model()
    aws.config("Config")
    arn = aws.arn("sagemaker", "endpoint-config/config")
    again = refusal(
        aws.sagemaker.create_endpoint_config, EndpointConfigName="config", ProductionVariants=[provisioned()]
    )
    assert again == ("ValidationException", f'Cannot create already existing endpoint configuration "{arn}".')


@pytest.mark.parametrize("operation", ["describe_endpoint_config", "delete_endpoint_config"])
def test_says_what_it_cannot_find(aws: Aws, operation: str) -> None:
    assert refusal(getattr(aws.sagemaker, operation), EndpointConfigName="none") == (
        "ValidationException",
        f'Could not find endpoint configuration "{aws.arn("sagemaker", "endpoint-config/none")}".',
    )


def test_deletes_a_configuration_in_use(aws: Aws) -> None:
    aws.model()
    aws.config()
    aws.endpoint()
    aws.sagemaker.delete_endpoint_config(EndpointConfigName="config")
    assert aws.describe()["EndpointConfigName"] == "config"
