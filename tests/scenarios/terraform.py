# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes what the Terraform module aws-sagemaker-inference makes of the same words, call for call.

Sources: the module's appautoscaling-{target,policy}.tf, cloudwatch-metric-alarm.tf, sagemaker-{model,endpoint,
endpoint-configuration}.tf at 82956e5a, and what terraform-provider-aws sends for the resources in them.
"""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import as_sent
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import alarm_expressions, durations

from .harness import World
from .inventories import Inventory

Request = dict[str, t.Any]

# The module looks for every metric there.
NAMESPACE = "AWS/SageMaker"


def terraform_apply(world: World, inventory: Inventory) -> None:
    for name, model in inventory["models"].items():
        _make_model(world, name, model, _tags(model, inventory))
    for name, endpoint in inventory["endpoints"].items():
        _make_endpoint(world, name, endpoint, _tags(endpoint, inventory))


def _tags(resource: Inventory, inventory: Inventory) -> t.Any:
    own, common = resource.get("additional_tags", {}), inventory.get("additional_tags_all", {})
    return as_sent("sagemaker", {"managed-by": "Terraform", **own, **common})


def _sent(**members: t.Any) -> Request:
    return {name: value for name, value in members.items() if value is not None}


def _seconds(text: str | None) -> int | None:
    return None if text is None else durations.parse(text)


def _make_model(world: World, name: str, model: Inventory, tags: t.Any) -> None:
    # Terraform keeps a map in the order of its keys.
    containers = sorted(model["container_definitions"].items())
    vpc = model.get("vpc_config")
    mode = model.get("inference_execution_config", {}).get("mode", "Serial")
    request = _sent(
        ModelName=name,
        ExecutionRoleArn=model["iam_role_arn"],
        Containers=[_container(host, container) for host, container in containers],
        EnableNetworkIsolation=model.get("enable_network_isolation") or None,
        InferenceExecutionConfig={"Mode": mode} if len(containers) > 1 else None,
        VpcConfig=vpc and {"SecurityGroupIds": vpc["security_group_ids"], "Subnets": vpc["subnet_ids"]},
        Tags=tags,
    )
    world.client("sagemaker").create_model(**request)


def _container(host: str, container: Inventory) -> Request:
    location, many = container.get("model_data_location"), container.get("use_multiple_models")
    is_compressed = container.get("compression_type", "CompressedModel") == "CompressedModel"
    cache = "Enabled" if many is None or many.get("enable_model_caching", True) else "Disabled"
    return _sent(
        ContainerHostname=host,
        Image=container["image"],
        Mode="SingleModel" if many is None else "MultiModel",
        ModelDataUrl=location if is_compressed else None,
        ModelDataSource=None if is_compressed else {"S3DataSource": _source(str(location))},
        Environment=container.get("environment_variables") or None,
        MultiModelConfig=None if many is None else {"ModelCacheSetting": cache},
    )


def _source(location: str) -> Request:
    return {
        "S3Uri": location,
        "S3DataType": "S3Prefix" if location.endswith("/") else "S3Object",
        "CompressionType": "Gzip" if location.endswith(".tar.gz") else "None",
    }


def _make_endpoint(world: World, name: str, endpoint: Inventory, tags: t.Any) -> None:
    """The configuration has the name of the endpoint, a variant that of its model."""
    provisioned, client = endpoint["provisioned"], world.client("sagemaker")
    shadows = [_variant(key, variant) for key, variant in sorted(provisioned.get("shadow_variants", {}).items())]
    request = _sent(
        EndpointConfigName=name,
        ProductionVariants=[_variant(key, each) for key, each in sorted(provisioned["production_variants"].items())],
        ShadowProductionVariants=shadows or None,
        KmsKeyId=endpoint.get("encryption_key"),
        AsyncInferenceConfig=_async(provisioned.get("async_invocation_config")),
        DataCaptureConfig=_capture(provisioned.get("enable_data_capture"), endpoint.get("encryption_key")),
        Tags=tags,
    )
    client.create_endpoint_config(**request)
    client.create_endpoint(EndpointName=name, EndpointConfigName=name, Tags=tags)
    world.simulator.advance(100)
    for key, variant in provisioned["production_variants"].items():
        _make_alarms(world, name, key, variant.get("cloudwatch_alarms", {}))
        if "auto_scaling" in variant:
            _make_scaling(world, name, key, variant["auto_scaling"])
    world.simulator.advance(100)


def _variant(name: str, variant: Inventory) -> Request:
    return _sent(
        VariantName=name,
        ModelName=name,
        InstanceType=variant["instance_type"],
        InitialInstanceCount=variant.get("initial_instance_count", 1),
        InitialVariantWeight=variant.get("initial_weight", 1),
        VolumeSizeInGB=variant.get("volume_size"),
        EnableSSMAccess=False,
        ContainerStartupHealthCheckTimeoutInSeconds=_seconds(variant.get("container_startup_timeout")),
        ModelDataDownloadTimeoutInSeconds=_seconds(variant.get("model_data_download_timeout")),
    )


def _async(config: Inventory | None) -> Request | None:
    if config is None:
        return None
    error, success = config.get("error_notification_location"), config.get("success_notification_location")
    topics = (["ERROR_NOTIFICATION_TOPIC"] if error else []) + (["SUCCESS_NOTIFICATION_TOPIC"] if success else [])
    notification = _sent(ErrorTopic=error, SuccessTopic=success, IncludeInferenceResponseIn=topics or None)
    most = config.get("max_concurrent_invocations_per_instance")
    return _sent(
        OutputConfig=_sent(
            S3OutputPath=config["s3_output_path"],
            S3FailurePath=config.get("s3_failure_path"),
            KmsKeyId=config.get("encryption_key"),
            NotificationConfig=notification or None,
        ),
        ClientConfig=most and {"MaxConcurrentInvocationsPerInstance": most},
    )


def _capture(capture: Inventory | None, key: str | None) -> Request | None:
    if capture is None:
        return None
    options, header = capture.get("data_capture_options", {}), capture.get("capture_content_type")
    has_request, has_response = options.get("prediction_request", True), options.get("prediction_response", True)
    mode = "InputAndOutput" if has_request and has_response else "Input" if has_request else "Output"
    return _sent(
        InitialSamplingPercentage=capture.get("sampling_percentage", 30),
        DestinationS3Uri=capture["s3_location_to_store_data_collected"],
        KmsKeyId=key,
        EnableCapture=True,
        CaptureContentTypeHeader=header
        and _sent(CsvContentTypes=header.get("csv_text"), JsonContentTypes=header.get("json")),
        CaptureOptions=[{"CaptureMode": mode}],
    )


def _dimensions(endpoint: str, variant: str) -> list[Request]:
    return [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]


def _make_alarms(world: World, endpoint: str, variant: str, alarms: Inventory) -> None:
    for key, alarm in alarms.items():
        metric, statistic, operator, threshold = alarm["expression"].split(" ")
        topic = alarm.get("notification_sns_topic")
        request = _sent(
            AlarmName=f"{endpoint}/{variant}/{key}",
            AlarmDescription=alarm.get("description"),
            AlarmActions=topic and [topic],
            OKActions=topic and [topic],
            Namespace=NAMESPACE,
            MetricName=metric,
            Dimensions=_dimensions(endpoint, variant),
            Statistic=statistic.title(),
            ComparisonOperator=alarm_expressions.OPERATORS[operator],
            Threshold=float(threshold),
            Period=_seconds(alarm.get("period", "1 minute")),
            EvaluationPeriods=alarm.get("evaluation_periods", 1),
            TreatMissingData="missing",
            ActionsEnabled=True,
        )
        world.client("cloudwatch").put_metric_alarm(**request)


def _make_scaling(world: World, endpoint: str, variant: str, scaling: Inventory) -> None:
    client = world.client("application-autoscaling")
    key = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{variant}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    capacity = {"MinCapacity": scaling.get("minimum_capacity", 1), "MaxCapacity": scaling.get("maximum_capacity", 1)}
    client.register_scalable_target(**key, **capacity)
    for name, policy in scaling["policies"].items():
        metric, *statistic, _equals, target = policy["expression"].split(" ")
        customized = {"MetricName": metric, "Namespace": NAMESPACE, "Dimensions": _dimensions(endpoint, variant)}
        tracking = _sent(
            TargetValue=float(target),
            PredefinedMetricSpecification=None if statistic else {"PredefinedMetricType": metric},
            CustomizedMetricSpecification={**customized, "Statistic": statistic[0].title()} if statistic else None,
            DisableScaleIn=not policy.get("enable_scale_in", True),
            ScaleInCooldown=_seconds(policy.get("scale_in_cooldown_period", "5 minutes")),
            ScaleOutCooldown=_seconds(policy.get("scale_out_cooldown_period", "5 minutes")),
        )
        client.put_scaling_policy(
            **key,
            PolicyName=f"{endpoint}/{variant}/{name}",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
        )
