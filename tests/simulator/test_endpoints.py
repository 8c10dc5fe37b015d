# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The life of an endpoint: create, describe, delete, and what each state allows."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, provisioned, refusal, serverless

IN_PROGRESS = 'Cannot update in-progress endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/endpoint".'
NOT_FOUND = 'Could not find endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/endpoint".'
ROLLING = {
    "RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 5},
        "WaitIntervalInSeconds": 60,
    }
}


@pytest.fixture
def ready(aws: Aws) -> Aws:
    """A model and two configurations."""
    aws.model()
    aws.config()
    aws.config("other")
    return aws


def _create(aws: Aws, name: str = "endpoint", config: str = "config", **params: Any) -> None:
    aws.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config, **params)


def _changes(aws: Aws) -> dict[str, tuple[Any, dict[str, Any]]]:
    weights = [{"VariantName": "main", "DesiredWeight": 2}]
    return {
        "update": (aws.sagemaker.update_endpoint, {"EndpointName": "endpoint", "EndpointConfigName": "other"}),
        "weights": (
            aws.sagemaker.update_endpoint_weights_and_capacities,
            {"EndpointName": "endpoint", "DesiredWeightsAndCapacities": weights},
        ),
        "delete": (aws.sagemaker.delete_endpoint, {"EndpointName": "endpoint"}),
    }


def test_creating_takes_its_time(ready: Aws) -> None:
    _create(ready)
    first = ready.describe()
    assert first["EndpointStatus"] == "Creating"
    assert "ProductionVariants" not in first
    pending = first["PendingDeploymentSummary"]
    assert pending["EndpointConfigName"] == "config"
    (status,) = pending["ProductionVariants"][0]["VariantStatus"]
    assert status == {"Status": "Creating", "StartTime": pending["StartTime"]}
    assert pending["ProductionVariants"][0]["InstanceType"] == "ml.m5.large"
    ready.simulator.advance(59)
    assert ready.status() == "Creating"
    ready.simulator.advance(2)
    assert ready.status() == "InService"


def test_describes_an_endpoint_in_service(ready: Aws) -> None:
    ready.endpoint("Endpoint")
    found = ready.describe("Endpoint")
    assert found["EndpointName"] == "Endpoint"
    assert found["EndpointArn"] == ready.arn("sagemaker", "endpoint/endpoint")
    assert (found["LastModifiedTime"] - found["CreationTime"]).total_seconds() == 60
    for absent in ("FailureReason", "LastDeploymentConfig", "PendingDeploymentSummary", "ShadowProductionVariants"):
        assert absent not in found
    variant = found["ProductionVariants"][0]
    image = variant.pop("DeployedImages")[0]
    assert variant == {
        "VariantName": "main",
        "CurrentWeight": 1.0,
        "DesiredWeight": 1.0,
        "CurrentInstanceCount": 2,
        "DesiredInstanceCount": 2,
    }
    assert image["SpecifiedImage"] == "image:1"
    assert image["ResolvedImage"].startswith("image@sha256:")


def test_name_is_found_in_any_case(ready: Aws) -> None:
    ready.endpoint("Endpoint")
    assert ready.describe("ENDPOINT")["EndpointName"] == "Endpoint"


def test_describes_a_serverless_variant(ready: Aws) -> None:
    ready.config("serverless", serverless(ProvisionedConcurrency=3))
    ready.endpoint(config="serverless")
    variant = ready.describe()["ProductionVariants"][0]
    expected = {"MemorySizeInMB": 2048, "MaxConcurrency": 10, "ProvisionedConcurrency": 3}
    assert (variant["CurrentServerlessConfig"], variant["CurrentInstanceCount"]) == (expected, 0)
    assert not {"DesiredServerlessConfig", "DesiredInstanceCount"} & set(variant)
    change = {"VariantName": "main", "ServerlessUpdateConfig": {"MaxConcurrency": 20}}
    ready.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="endpoint", DesiredWeightsAndCapacities=[change]
    )
    variant = ready.describe()["ProductionVariants"][0]
    assert variant["CurrentServerlessConfig"] == expected
    assert variant["DesiredServerlessConfig"] == {**expected, "MaxConcurrency": 20}


def test_describes_shadow_async_and_capture(ready: Aws) -> None:
    routing = {"RoutingStrategy": "RANDOM"}
    ready.config("shadow", provisioned(RoutingConfig=routing), ShadowProductionVariants=[provisioned("copy")])
    _create(ready, "shadow", "shadow")
    pending = ready.describe("shadow")["PendingDeploymentSummary"]
    assert [item["VariantName"] for item in pending["ShadowProductionVariants"]] == ["copy"]
    ready.settle()
    assert ready.describe("shadow")["ProductionVariants"][0]["RoutingConfig"] == routing
    assert [item["VariantName"] for item in ready.describe("shadow")["ShadowProductionVariants"]] == ["copy"]
    output = {"OutputConfig": {"S3OutputPath": "s3://b/o"}}
    ready.config("async", AsyncInferenceConfig=output)
    ready.endpoint("async", "async")
    assert ready.describe("async")["AsyncInferenceConfig"] == output
    capture = {
        "InitialSamplingPercentage": 10,
        "DestinationS3Uri": "s3://b/",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    ready.config("capture", DataCaptureConfig=capture)
    ready.endpoint("capture", "capture")
    assert ready.describe("capture")["DataCaptureConfig"] == {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": 10,
        "DestinationS3Uri": "s3://b/",
    }
    ready.config("encrypted", DataCaptureConfig={**capture, "KmsKeyId": "key"})
    ready.endpoint("encrypted", "encrypted")
    assert ready.describe("encrypted")["DataCaptureConfig"]["KmsKeyId"] == "key"


def test_describes_instance_pools(ready: Aws) -> None:
    pools = [{"InstanceType": "ml.m5.large", "Priority": 2}, {"InstanceType": "ml.m4.xlarge", "Priority": 1}]
    variant = {"VariantName": "main", "ModelName": "model", "InitialInstanceCount": 3, "InstancePools": pools}
    ready.config("pools", variant)
    ready.endpoint(config="pools")
    assert ready.describe()["ProductionVariants"][0]["InstancePools"] == [
        {"InstanceType": "ml.m4.xlarge", "CurrentInstanceCount": 3},
        {"InstanceType": "ml.m5.large", "CurrentInstanceCount": 0},
    ]


@pytest.mark.parametrize("change", ["update", "weights", "delete"])
@pytest.mark.parametrize("busy", ["creating", "updating", "scaling", "deleting", "SystemUpdating", "RollingBack"])
def test_a_busy_endpoint_refuses_every_change(ready: Aws, change: str, busy: str) -> None:
    _create(ready)
    if busy != "creating":
        ready.settle()
    if busy in ("SystemUpdating", "RollingBack"):
        ready.simulator.put_endpoint("endpoint", busy, seconds=20)
    elif busy in ("updating", "scaling", "deleting"):
        operation, params = _changes(ready)[{"updating": "update", "scaling": "weights", "deleting": "delete"}[busy]]
        operation(**params)
    operation, params = _changes(ready)[change]
    assert refusal(operation, **params) == ("ValidationException", IN_PROGRESS)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("InService", {"update", "weights", "delete"}),
        ("OutOfService", {"update", "delete"}),
        ("UpdateRollbackFailed", {"update", "delete"}),
        ("Failed", {"delete"}),
    ],
)
@pytest.mark.parametrize("change", ["update", "weights", "delete"])
def test_a_settled_endpoint_allows_what_its_status_allows(
    ready: Aws, status: str, allowed: set[str], change: str
) -> None:
    ready.endpoint()
    ready.simulator.put_endpoint("endpoint", status)
    operation, params = _changes(ready)[change]
    if change in allowed:
        operation(**params)
    else:
        assert refusal(operation, **params)[0] == "ValidationException"


def test_system_updating_ends_by_itself(ready: Aws) -> None:
    ready.endpoint()
    ready.simulator.put_endpoint("endpoint", "SystemUpdating", seconds=20)
    assert ready.status() == "SystemUpdating"
    ready.simulator.advance(21)
    assert ready.status() == "InService"


def test_refuses_a_second_endpoint_of_that_name_in_any_case(ready: Aws) -> None:
    _create(ready)
    assert refusal(ready.sagemaker.create_endpoint, EndpointName="ENDPOINT", EndpointConfigName="other") == (
        "ValidationException",
        f'Cannot create already existing endpoint "{ready.arn("sagemaker", "endpoint/endpoint")}".',
    )


def test_the_name_stays_taken_while_deleting_and_while_failed(ready: Aws) -> None:
    ready.endpoint()
    ready.simulator.put_endpoint("endpoint", "Failed")
    again = {"EndpointName": "endpoint", "EndpointConfigName": "config"}
    assert "Cannot create already existing endpoint" in refusal(ready.sagemaker.create_endpoint, **again)[1]
    ready.sagemaker.delete_endpoint(EndpointName="endpoint")
    assert ready.status() == "Deleting"
    assert "Cannot create already existing endpoint" in refusal(ready.sagemaker.create_endpoint, **again)[1]
    ready.simulator.advance(11)
    assert refusal(ready.sagemaker.describe_endpoint, EndpointName="endpoint") == ("ValidationException", NOT_FOUND)
    ready.sagemaker.create_endpoint(**again)


def test_says_what_it_cannot_find(ready: Aws) -> None:
    for operation, params in _changes(ready).values():
        assert refusal(operation, **params) == ("ValidationException", NOT_FOUND)
    assert refusal(ready.sagemaker.create_endpoint, EndpointName="e", EndpointConfigName="none") == (
        "ValidationException",
        f'Could not find endpoint configuration "{ready.arn("sagemaker", "endpoint-config/none")}".',
    )


@pytest.mark.parametrize("lost", ["model", "config"])
def test_creation_fails_without_model_or_configuration(ready: Aws, lost: str) -> None:
    _create(ready)
    if lost == "model":
        ready.sagemaker.delete_model(ModelName="model")
    else:
        ready.sagemaker.delete_endpoint_config(EndpointConfigName="config")
    ready.settle()
    found = ready.describe()
    assert found["EndpointStatus"] == "Failed"
    assert lost in found["FailureReason"]
    assert "PendingDeploymentSummary" not in found


def test_deleting_leaves_model_and_configuration(ready: Aws) -> None:
    ready.endpoint()
    ready.sagemaker.delete_endpoint(EndpointName="endpoint")
    ready.settle()
    ready.sagemaker.describe_model(ModelName="model")
    ready.sagemaker.describe_endpoint_config(EndpointConfigName="config")


def test_a_recreated_configuration_does_not_reach_the_endpoint(ready: Aws) -> None:
    ready.endpoint()
    ready.sagemaker.delete_endpoint_config(EndpointConfigName="config")
    ready.config("config", provisioned("renamed"))
    assert [item["VariantName"] for item in ready.describe()["ProductionVariants"]] == ["main"]


def test_deployment_config_at_creation_is_the_last_one(ready: Aws) -> None:
    _create(ready, DeploymentConfig=ROLLING)
    ready.settle()
    assert ready.describe()["LastDeploymentConfig"] == ROLLING


def test_regions_and_accounts_are_separate(ready: Aws) -> None:
    for elsewhere in (Aws(ready.simulator, region="us-east-1"), Aws(ready.simulator, access_key="210987654321")):
        assert elsewhere.sagemaker.list_models()["Models"] == []
    other = Aws(ready.simulator, region="cn-north-1", access_key="210987654321")
    other.model()
    arn = other.sagemaker.describe_model(ModelName="model")["ModelArn"]
    assert arn == "arn:aws-cn:sagemaker:cn-north-1:210987654321:model/model"


def test_an_assumed_role_is_of_its_account(ready: Aws) -> None:
    for account in ("210987654321", "111122223333"):
        role = f"arn:aws:iam::{account}:role/deployer"
        credentials = ready.client("sts").assume_role(RoleArn=role, RoleSessionName="s")["Credentials"]
        other = Aws(ready.simulator, access_key=credentials["AccessKeyId"])
        assert other.sagemaker.list_models()["Models"] == []
        other.model()
        assert f":{account}:" in other.sagemaker.describe_model(ModelName="model")["ModelArn"]
        assert other.client("sts").get_caller_identity()["Account"] == account
        assert Aws(ready.simulator, access_key=account).sagemaker.list_models()["Models"] != []
    nobodys = Aws(ready.simulator, access_key="ASIAQQQQQQQQQQQQQQQQ")
    assert ":123456789012:" in nobodys.sagemaker.describe_model(ModelName="model")["ModelArn"]
