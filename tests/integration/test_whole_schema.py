# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory with every key of the schema, from nothing to nothing."""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import EVERYTHING

from simulator.testing import ACCOUNT

from .conftest import Workplace

ECR = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
ELSEWHERE = "222222222222"
BY_AWS = "{}|(?<=scalable-target/)[0-9a-f]{{32}}|(?<=scalingPolicy:)[-0-9a-f]{{36}}"
"""Parts of ARNs: the account, and what AWS makes up."""
SNS = "arn:aws:sns:us-east-1:111122223333"
SAGEMAKER = "arn:aws:sagemaker:us-east-1:111122223333"


def test_every_key_of_the_schema_works(workplace: Workplace) -> None:
    workplace.declare(**EVERYTHING)
    assert workplace.run("apply").changed == 1
    assert_models_are_as_written(workplace)
    assert_configurations_are_as_written(workplace)
    assert_alarms_are_as_written(workplace)
    assert_scaling_is_as_written(workplace)
    assert_one_process_makes_the_same_calls(workplace, **EVERYTHING)
    workplace.simulator.clear_journal()
    assert not workplace.apply_here(**EVERYTHING).changed
    assert workplace.simulator.writes() == []
    assert workplace.run("destroy", "-e", "sagemaker_inference_confirm=default").changed == 1
    assert workplace.left_over() == []


def assert_one_process_makes_the_same_calls(workplace: Workplace, **variables: t.Any) -> None:
    """That what other tests arrange is what the playbook would: in another account its calls are those of the run.

    How often a wait asks is a matter of time.
    """
    workplace.arrange(ELSEWHERE, **variables)
    entries = workplace.simulator.journal()
    assert calls(entries, ELSEWHERE) == calls(entries, ACCOUNT)


def calls(entries: list[dict[str, t.Any]], account: str) -> tuple[list[str], set[str]]:
    """The writes, and the various reads, of an account, with all that was sent."""
    ours = [entry for entry in entries if entry["account"] == account]
    texts = [(entry["write"], json.dumps([entry["operation"], entry["parameters"]], sort_keys=True)) for entry in ours]
    result = [(is_write, re.sub(BY_AWS.format(account), "...", text)) for is_write, text in texts]
    return sorted(text for is_write, text in result if is_write), {text for is_write, text in result if not is_write}


def sent_by_name(workplace: Workplace, operation: str, name: str) -> dict[str, dict[str, t.Any]]:
    """What was sent, by what *name* says, without tags."""
    return {
        request[name]: {member: value for member, value in request.items() if member not in ("Tags", name)}
        for request in workplace.sent(operation)
    }


def assert_models_are_as_written(workplace: Workplace) -> None:
    models = sent_by_name(workplace, "CreateModel", "ModelName")
    assert set(models) == set(EVERYTHING["models"])
    source = {
        "S3Uri": "s3://demo-bucket/first/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
        "ModelAccessConfig": {"AcceptEula": True},
        "HubAccessConfig": {"HubContentArn": f"{SAGEMAKER}:hub-content/hub/Model/llama/1.0.0"},
        "ETag": "5eb63bbbe01eeed093cb22bb8f5acdc3",
    }
    draft = {
        "S3Uri": "s3://demo-bucket/draft/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
        "ModelAccessConfig": {"AcceptEula": True},
        "HubAccessConfig": {"HubContentArn": f"{SAGEMAKER}:hub-content/hub/Model/draft/1.0.0"},
        "ETag": "0123456789abcdef0123456789abcdef",
        "ManifestS3Uri": "s3://demo-bucket/draft.json",
    }
    login = {"RepositoryCredentialsProviderArn": "arn:aws:lambda:us-east-1:111122223333:function:login"}
    assert models["pipeline"] == {
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/service-role/demo",
        "Containers": [
            {
                "ContainerHostname": "zebra",
                "Image": f"{ECR}/first:1",
                "ModelDataSource": {"S3DataSource": source},
                "AdditionalModelDataSources": [
                    {
                        "ChannelName": "adapter",
                        "S3DataSource": {
                            "S3Uri": "s3://demo-bucket/adapter.tar.gz",
                            "S3DataType": "S3Object",
                            "CompressionType": "Gzip",
                        },
                    },
                    {"ChannelName": "draft", "S3DataSource": draft},
                ],
                "ImageConfig": {"RepositoryAccessMode": "Vpc", "RepositoryAuthConfig": login},
                "Environment": {"camelCase": "<hidden>", "SAGEMAKER_PROGRAM": "<hidden>"},
            },
            {
                "ContainerHostname": "apple",
                "Image": f"{ECR}/second:1",
                "ModelDataUrl": "https://demo-bucket.s3.us-east-1.amazonaws.com/second.tar.gz",
            },
        ],
        "InferenceExecutionConfig": {"Mode": "Direct"},
        "VpcConfig": {"SecurityGroupIds": ["sg-0123"], "Subnets": ["subnet-0123", "subnet-4567"]},
        "EnableNetworkIsolation": True,
    }
    package = {"ModelPackageName": f"{SAGEMAKER}:model-package/demo/1", "InferenceSpecificationName": "second"}
    assert models["packaged"]["Containers"] == [{"ContainerHostname": "host", **package}]
    (tags,) = (request["Tags"] for request in workplace.sent("CreateModel") if request["ModelName"] == "pipeline")
    own = {tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].startswith("friendsofansible.sagemaker/")}
    assert own == {"managed-by": "Ansible", "team": "ml", "shared": "model", "stage": "test"}


def assert_configurations_are_as_written(workplace: Workplace) -> None:
    configs = sent_by_name(workplace, "CreateEndpointConfig", "EndpointConfigName")
    created = {request["EndpointName"]: request["EndpointConfigName"] for request in workplace.sent("CreateEndpoint")}
    assert set(created) == set(EVERYTHING["endpoints"])
    assert configs[created["queued"]]["AsyncInferenceConfig"] == {
        "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
        "OutputConfig": {
            "S3OutputPath": "s3://demo-bucket/out",
            "S3FailurePath": "s3://demo-bucket/failed",
            "KmsKeyId": "alias/demo",
            "NotificationConfig": {"SuccessTopic": f"{SNS}:done", "ErrorTopic": f"{SNS}:failed"},
        },
    }
    assert configs[created["realtime"]]["DataCaptureConfig"] == {
        "EnableCapture": False,
        "InitialSamplingPercentage": 5,
        "DestinationS3Uri": "s3://demo-bucket/captured",
        "KmsKeyId": "alias/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]},
    }
    assert configs[created["realtime"]]["MetricsConfig"] == {
        "EnableDetailedObservability": False,
        "EnableEnhancedMetrics": True,
        "MetricPublishFrequencyInSeconds": 30,
    }
    of_endpoint = configs[created["multiple"]]
    assert of_endpoint["ExecutionRoleArn"] == "arn:aws:iam::111122223333:role/demo"
    assert of_endpoint["VpcConfig"] == {"SecurityGroupIds": ["sg-0123"], "Subnets": ["subnet-0123"]}
    assert of_endpoint["EnableNetworkIsolation"] is True
    assert configs[created["on-demand"]] == {
        "ProductionVariants": [
            {
                "VariantName": "AllTraffic",
                "ModelName": "plain",
                "ServerlessConfig": {"MaxConcurrency": 10, "MemorySizeInMB": 2048, "ProvisionedConcurrency": 5},
                "CoreDumpConfig": {"DestinationS3Uri": "s3://b/dumps"},
            }
        ]
    }
    (shadow,) = configs[created["shadowed"]]["ShadowProductionVariants"]
    assert shadow == {
        "VariantName": "candidate",
        "ModelName": "plain",
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 0.5,
        "VolumeSizeInGB": 30,
        "ContainerStartupHealthCheckTimeoutInSeconds": 300,
        "ModelDataDownloadTimeoutInSeconds": 300,
        "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2",
        "RoutingConfig": {"RoutingStrategy": "RANDOM"},
        "EnableSSMAccess": False,
        "CapacityReservationConfig": {
            "CapacityReservationPreference": "capacity-reservations-only",
            "MlReservationArn": f"{SAGEMAKER}:training-plan/plan",
        },
        "CoreDumpConfig": {"DestinationS3Uri": "s3://b/dumps"},
    }


def assert_alarms_are_as_written(workplace: Workplace) -> None:
    alarms = sent_by_name(workplace, "PutMetricAlarm", "AlarmName")
    assert alarms["realtime/plain/slow"] == {
        "AlarmDescription": "One request in a thousand takes more than half a second.",
        "ActionsEnabled": False,
        "AlarmActions": [
            f"{SNS}:alarms",
            f"{SNS}:on-call",
            "arn:aws:ssm-incidents::111122223333:response-plan/slow",
        ],
        "OKActions": [f"{SNS}:alarms", f"{SNS}:on-call"],
        "InsufficientDataActions": ["arn:aws:lambda:us-east-1:111122223333:function:look"],
        "Namespace": "AWS/SageMaker",
        "MetricName": "ModelLatency",
        "Dimensions": [{"Name": "EndpointName", "Value": "realtime"}, {"Name": "VariantName", "Value": "plain"}],
        "ExtendedStatistic": "p99.9",
        "EvaluateLowSampleCountPercentile": "ignore",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 500000.0,
        "Period": 300,
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 3,
        "TreatMissingData": "notBreaching",
        "Unit": "Microseconds",
    }
    assert alarms["on-demand/AllTraffic/errors"]["Statistic"] == "SampleCount"


def assert_scaling_is_as_written(workplace: Workplace) -> None:
    targets = sent_by_name(workplace, "RegisterScalableTarget", "ResourceId")
    assert {name: (target["MinCapacity"], target["MaxCapacity"]) for name, target in targets.items()} == {
        "endpoint/realtime/variant/plain": (2, 6),
        "endpoint/queued/variant/plain": (0, 4),
        "endpoint/on-demand/variant/AllTraffic": (2, 9),
    }
    serverless = targets["endpoint/on-demand/variant/AllTraffic"]
    assert serverless["ScalableDimension"] == "sagemaker:variant:DesiredProvisionedConcurrency"
    assert serverless["SuspendedState"]["ScheduledScalingSuspended"]
    policies = sent_by_name(workplace, "PutScalingPolicy", "PolicyName")
    assert policies["queued/plain/backlog"]["TargetTrackingScalingPolicyConfiguration"] == {
        "TargetValue": 5.0,
        "CustomizedMetricSpecification": {
            "MetricName": "ApproximateBacklogSizePerInstance",
            "Namespace": "AWS/SageMaker",
            "Dimensions": [{"Name": "EndpointName", "Value": "queued"}],
            "Statistic": "Average",
        },
        "DisableScaleIn": False,
        "ScaleInCooldown": 300,
        "ScaleOutCooldown": 300,
    }


def test_an_update_is_rolled_out_as_the_deployment_says(workplace: Workplace) -> None:
    endpoints = {name: EVERYTHING["endpoints"][name] for name in ("realtime", "queued")}
    models = {"plain": EVERYTHING["models"]["plain"]}
    for account in (ACCOUNT, ELSEWHERE):
        workplace.arrange(account, models=models, endpoints=endpoints)
    workplace.simulator.clear_journal()
    changed = {
        "models": {"plain": {**models["plain"], "enable_network_isolation": True}},
        "endpoints": endpoints,
        "sagemaker_inference_keep_generations": 0,
    }
    workplace.declare(**changed)
    assert workplace.run("apply").changed == 1
    updates = {request["EndpointName"]: request["DeploymentConfig"] for request in workplace.sent("UpdateEndpoint")}
    assert updates == {
        "realtime": {
            "BlueGreenUpdatePolicy": {
                "TrafficRoutingConfiguration": {
                    "Type": "CANARY",
                    "WaitIntervalInSeconds": 600,
                    "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 10},
                },
                "TerminationWaitInSeconds": 300,
                "MaximumExecutionTimeoutInSeconds": 3600,
            },
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "realtime/plain/slow"}]},
        },
        "queued": {
            "RollingUpdatePolicy": {
                "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 25},
                "RollbackMaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 100},
                "WaitIntervalInSeconds": 300,
            },
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "queued/plain/stuck"}]},
        },
    }
    assert [request["ModelName"] for request in workplace.sent("DeleteModel")] == ["plain"]
    assert_one_process_makes_the_same_calls(workplace, **changed)


def test_a_replacement_needs_leave(workplace: Workplace) -> None:
    models = {"plain": EVERYTHING["models"]["plain"]}
    on_demand = {"serverless": {"variant": {"model_name": "plain"}}}
    provisioned = {"provisioned": {"production_variants": {"plain": {"instance_type": "ml.m5.large"}}}}
    workplace.arrange(models=models, endpoints={"one": on_demand, "two": on_demand})
    endpoints: dict[str, dict[str, t.Any]] = {"one": provisioned, "two": {**provisioned, "allow_replace": False}}
    workplace.declare(models=models, endpoints=endpoints, sagemaker_inference_allow_replace=True)
    workplace.simulator.clear_journal()
    outcome = workplace.run("apply")
    assert outcome.returncode != 0
    assert "two: AWS cannot update a serverless endpoint to a real-time one" in outcome.output
    assert [request["EndpointName"] for request in workplace.sent("DeleteEndpoint")] == ["one"]
