# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""CreateModel, DescribeModel, DeleteModel."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import ROLE, Aws, refusal

IMAGE = {"Image": "image:1"}
S3 = {"S3Uri": "s3://bucket/model/", "S3DataType": "S3Prefix", "CompressionType": "None"}


def _described(aws: Aws, **params: Any) -> dict[str, Any]:
    aws.sagemaker.create_model(ModelName="Model-1", **params)
    found: dict[str, Any] = aws.sagemaker.describe_model(ModelName="Model-1")
    for name in ("ResponseMetadata", "CreationTime"):
        del found[name]
    return found


def test_fills_in_what_aws_fills_in(aws: Aws) -> None:
    assert _described(aws, PrimaryContainer=IMAGE, ExecutionRoleArn=ROLE) == {
        "ModelName": "Model-1",
        "ModelArn": aws.arn("sagemaker", "model/model-1"),
        "PrimaryContainer": {"Image": "image:1", "Mode": "SingleModel", "Environment": {}},
        "ExecutionRoleArn": ROLE,
        "EnableNetworkIsolation": False,
        "DeploymentRecommendation": {"RecommendationStatus": "COMPLETED", "RealTimeInferenceRecommendations": []},
    }


def test_model_data_url_also_shows_as_data_source(aws: Aws) -> None:
    url = "https://bucket.s3.eu-west-1.amazonaws.com/model.tar.gz"
    container = _described(aws, PrimaryContainer={**IMAGE, "ModelDataUrl": url})["PrimaryContainer"]
    assert container["ModelDataUrl"] == url
    assert container["ModelDataSource"]["S3DataSource"] == {
        "S3Uri": url,
        "S3DataType": "S3Object",
        "CompressionType": "Gzip",
    }


def test_data_source_stays_alone(aws: Aws) -> None:
    container = _described(aws, PrimaryContainer={**IMAGE, "ModelDataSource": {"S3DataSource": S3}})["PrimaryContainer"]
    assert "ModelDataUrl" not in container
    assert container["ModelDataSource"] == {"S3DataSource": S3}


def test_one_container_in_a_list_stays_a_list(aws: Aws) -> None:
    found = _described(aws, Containers=[IMAGE])
    assert "PrimaryContainer" not in found
    assert "InferenceExecutionConfig" not in found
    assert len(found["Containers"]) == 1


def test_pipeline_keeps_its_order_and_is_serial(aws: Aws) -> None:
    found = _described(aws, Containers=[{"Image": "z"}, {"Image": "a"}])
    assert [container["Image"] for container in found["Containers"]] == ["z", "a"]
    assert all("ContainerHostname" not in container for container in found["Containers"])
    assert found["InferenceExecutionConfig"] == {"Mode": "Serial"}


def test_hostname_of_a_single_container_is_kept(aws: Aws) -> None:
    container = {**IMAGE, "ContainerHostname": "test"}
    assert _described(aws, PrimaryContainer=container)["PrimaryContainer"]["ContainerHostname"] == "test"


def test_vpc_lists_have_no_order(aws: Aws) -> None:
    vpc = {"Subnets": ["subnet-2", "subnet-1"], "SecurityGroupIds": ["sg-2", "sg-1"]}
    found = _described(aws, PrimaryContainer=IMAGE, VpcConfig=vpc)
    assert found["VpcConfig"] == {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1", "sg-2"]}


@pytest.mark.parametrize(
    "container",
    [
        {"ModelPackageName": "arn:aws:sagemaker:eu-west-1:123456789012:model-package/name/1"},
        {"ModelPackageName": "package", "InferenceSpecificationName": "spec"},
        {**IMAGE, "ImageConfig": {"RepositoryAccessMode": "Platform"}},
        {**IMAGE, "ModelDataUrl": "s3://bucket/prefix/", "Mode": "MultiModel"},
        {
            **IMAGE,
            "ModelDataUrl": "s3://bucket/prefix/",
            "Mode": "MultiModel",
            "MultiModelConfig": {"ModelCacheSetting": "Disabled"},
        },
        {**IMAGE, "ModelDataSource": {"S3DataSource": {**S3, "S3DataType": "S3Object"}}},
        {
            **IMAGE,
            "AdditionalModelDataSources": [{"ChannelName": "draft", "S3DataSource": S3}],
        },
    ],
)
def test_accepts(aws: Aws, container: dict[str, Any]) -> None:
    shown = _described(aws, PrimaryContainer=container)["PrimaryContainer"]
    assert {key: shown[key] for key in container} == container


VPC_IMAGE = {"RepositoryAccessMode": "Vpc"}
CREDENTIALS = {"RepositoryCredentialsProviderArn": "arn:aws:lambda:eu-west-1:123456789012:function:f"}


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({}, "Exactly one of PrimaryContainer and Containers"),
        ({"PrimaryContainer": IMAGE, "Containers": [IMAGE]}, "Exactly one of PrimaryContainer and Containers"),
        ({"Containers": []}, "Exactly one of PrimaryContainer and Containers"),
        ({"PrimaryContainer": {}}, "must have an Image or a ModelPackageName"),
        ({"PrimaryContainer": {**IMAGE, "ModelPackageName": "p"}}, "Image cannot be specified together"),
        ({"PrimaryContainer": {**IMAGE, "InferenceSpecificationName": "s"}}, "only with ModelPackageName"),
        (
            {"PrimaryContainer": {**IMAGE, "ModelDataUrl": "s3://b/k", "ModelDataSource": {"S3DataSource": S3}}},
            "Only one of ModelDataUrl and ModelDataSource",
        ),
        (
            {"PrimaryContainer": {**IMAGE, "ModelDataSource": {"S3DataSource": {**S3, "CompressionType": "Gzip"}}}},
            "Gzip is supported only for S3DataType S3Object",
        ),
        (
            {"PrimaryContainer": {**IMAGE, "ModelDataSource": {"S3DataSource": {**S3, "S3Uri": "s3://b/k"}}}},
            "must end with a forward slash",
        ),
        (
            {
                "PrimaryContainer": {
                    **IMAGE,
                    "AdditionalModelDataSources": [{"ChannelName": "c", "S3DataSource": {**S3, "S3Uri": "s3://b/k"}}],
                }
            },
            "must end with a forward slash",
        ),
        (
            {
                "PrimaryContainer": {
                    **IMAGE,
                    "AdditionalModelDataSources": [{"ChannelName": "c", "S3DataSource": S3}] * 2,
                }
            },
            "ChannelName must be unique",
        ),
        ({"PrimaryContainer": {**IMAGE, "Mode": "MultiModel"}}, "ModelDataUrl must be specified"),
        (
            {"PrimaryContainer": {**IMAGE, "Mode": "MultiModel", "ModelDataSource": {"S3DataSource": S3}}},
            "ModelDataSource is not supported",
        ),
        ({"PrimaryContainer": {**IMAGE, "MultiModelConfig": {}}}, "only for a container in Mode MultiModel"),
        ({"PrimaryContainer": {**IMAGE, "ImageConfig": VPC_IMAGE}}, "VpcConfig must be specified"),
        (
            {
                "PrimaryContainer": {
                    **IMAGE,
                    "ImageConfig": {"RepositoryAccessMode": "Platform", "RepositoryAuthConfig": CREDENTIALS},
                }
            },
            "only for RepositoryAccessMode Vpc",
        ),
        ({"Containers": [{**IMAGE, "ContainerHostname": "a"}, IMAGE]}, "for every container or for none"),
        (
            {"Containers": [{**IMAGE, "ContainerHostname": "a"}, {**IMAGE, "ContainerHostname": "a"}]},
            "must be unique within a model",
        ),
        (
            {"PrimaryContainer": IMAGE, "InferenceExecutionConfig": {"Mode": "Direct"}},
            "only for a model with several containers",
        ),
        (
            {"Containers": [{**IMAGE, "Environment": {f"K{n}": "x" * 1000 for n in range(17)}}] * 2},
            "must not exceed 32 KB",
        ),
        (
            {"PrimaryContainer": {**IMAGE, "Environment": {f"K{n}": "x" for n in range(101)}}},
            "less than or equal to 100",
        ),
        ({"Containers": [IMAGE] * 16}, "less than or equal to 15"),
        ({"PrimaryContainer": IMAGE, "Tags": [{"Key": "a", "Value": ""}] * 2}, "Tag keys must be unique"),
        ({"PrimaryContainer": IMAGE, "Tags": [{"Key": "aws:x", "Value": ""}]}, "reserved prefix aws:"),
        ({"PrimaryContainer": IMAGE, "ExecutionRoleArn": "arn:aws:iam::1:user/none-such"}, "'executionRoleArn'"),
    ],
)
def test_refuses(aws: Aws, params: dict[str, Any], part: str) -> None:
    code, message = refusal(aws.sagemaker.create_model, ModelName="m", **params)
    assert code == "ValidationException"
    assert part in message
    assert aws.sagemaker.list_models()["Models"] == []


def test_refuses_a_second_model_of_that_name(aws: Aws) -> None:
    aws.model("Model")
    assert refusal(aws.sagemaker.create_model, ModelName="model", PrimaryContainer=IMAGE) == (
        "ValidationException",
        f'Cannot create already existing model "{aws.arn("sagemaker", "model/model")}".',
    )


@pytest.mark.parametrize("operation", ["describe_model", "delete_model"])
def test_says_what_it_cannot_find(aws: Aws, operation: str) -> None:
    assert refusal(getattr(aws.sagemaker, operation), ModelName="none") == (
        "ValidationException",
        f'Could not find model "{aws.arn("sagemaker", "model/none")}".',
    )


def test_deletes_a_model_in_use(aws: Aws) -> None:
    aws.model()
    aws.config()
    aws.endpoint()
    aws.sagemaker.delete_model(ModelName="model")
    assert refusal(aws.sagemaker.describe_model, ModelName="model")[0] == "ValidationException"
    assert aws.status() == "InService"
