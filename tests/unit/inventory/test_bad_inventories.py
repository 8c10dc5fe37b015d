# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: E501
"""Inventories that are refused: the path, the offending value and what is allowed."""

from __future__ import annotations

import datetime

import botocore
import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.service_model import input_shape
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    KEY,
    ROLE,
    change,
    example,
    refused,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.newer_keys import refusals

C = "models.m.container_definitions.c"
PRODUCTION = "endpoints.e.provisioned.production_variants"
V = f"{PRODUCTION}.m"
SCALING = f"{V}.auto_scaling"
COOLDOWN = f"{SCALING}.policies.p.scale_in_cooldown_period"
POLICY = f"{SCALING}.policies.p.expression"
SECOND = f"{SCALING}.policies.q.expression"
TRACKED = "SageMakerVariantInvocationsPerInstance = 7"
PARAMETERS = f"{SCALING}.policies.p.api_parameters"
METRIC = f"{PARAMETERS}.target_tracking_scaling_policy_configuration.customized_metric_specification"
UNIT = {"target_tracking_scaling_policy_configuration": {"customized_metric_specification": {"unit": "Percent"}}}
STEPS = "CPUUtilization average >= 70 then +1"
OF_ENDPOINT = "endpoints.e.composite_alarms"
CROSS_REGION: dict[str, object] = {"cross_region_traffic_config": {}}
COMPUTED = "Invocations / ModelLatency average = 1"
ALARMS = f"{V}.cloudwatch_alarms"
A = f"{ALARMS}.a"
ASYNC = "endpoints.e.provisioned.async_invocation_config"
CAPTURE = "endpoints.e.provisioned.enable_data_capture"
LESS = "endpoints.e.serverless.variant"
SHADOW = "endpoints.e.provisioned.shadow_variants"
VARIANT = {"instance_type": "ml.m5.large"}
PACKAGE = "arn:aws:sagemaker:us-east-1:111122223333:model-package/p/1"
MANY = {"image": "i", "model_data_location": "s3://bucket/models/", "use_multiple_models": {}}
ROLLOUT = "endpoints.e.deployment"
SIZE = f"{ROLLOUT}.size"
ROLLBACK = f"{ROLLOUT}.rollback_on"
CANARY = {"strategy": "canary", "size": "10%"}
ROLLING = {"strategy": "rolling", "size": "10%"}
SIGNAL = "TimeToFirstToken p99 > 2 s"
SLOW = {"expression": "ModelLatency p99 > 500000"}
TWO = {"a": {"image": "i"}, "b": {"image": "i"}}


LONG = "x" * 253
SHOWN_LONG = f"'{LONG[:78]}…"  # as part of a path


def if_known(member: str, message: str) -> list[str]:
    """The message about a member of PutMetricAlarm or CreateEndpointConfig, which the installed botocore may not know."""
    known = {**input_shape("cloudwatch", "PutMetricAlarm").members}
    known |= input_shape("sagemaker", "CreateEndpointConfig").members
    return [message] if member in known else [f"botocore {botocore.__version__} does not know this member"]


# Example, what is changed in it, the path of the problem, and parts of the message.
BAD: list[tuple[str, dict[str, object], str, list[str]]] = [
    # Model packages, private registries, details of model data, metrics
    ("models", {f"{C}.image": None}, f"{C}.image", ["required"]),
    ("models", {f"{C}.model_package": PACKAGE}, f"{C}.image", ["cannot be combined with model_package"]),
    ("models", {f"{C}.image": None, f"{C}.model_package": PACKAGE, f"{C}.environment_variables": {"A": "hush"}}, f"{C}.environment_variables", ["cannot be combined with model_package, because AWS refuses that"]),
    ("models", {f"{C}.accept_eula": True}, f"{C}.accept_eula", ["requires model_data_location"]),
    ("models", {"models.m.container_definitions": {"c": {**MANY, "model_data_etag": "x"}}}, f"{C}.model_data_etag", ["cannot be combined with use_multiple_models"]),
    ("models", {f"{C}.image_config": {"repository_access_mode": "Vpc"}}, f"{C}.image_config.repository_access_mode", ["'Vpc' requires vpc_config"]),
    ("models", {f"{C}.image_config": {"repository_access_mode": "Platform", "repository_credentials_provider_arn": "arn"}}, f"{C}.image_config.repository_credentials_provider_arn", ["allowed only with repository_access_mode: Vpc"]),
    ("models", {f"{C}.additional_model_data_sources": {"a b": {"model_data_location": "s3://b/k/"}}}, f"{C}.additional_model_data_sources.a b", ["does not match the pattern"]),
    ("models", {f"{C}.additional_model_data_sources": {"draft": {}}}, f"{C}.additional_model_data_sources.draft.model_data_location", ["required"]),
    ("models", {f"{C}.additional_model_data_sources": {f"c{number}": {"model_data_location": "s3://b/k/"} for number in range(6)}}, f"{C}.additional_model_data_sources", ["6 entries; allowed: 0 to 5"]),
    ("models", {f"{C}.api_parameters": {"AdditionalModelDataSources": []}}, f"{C}.api_parameters.additional_model_data_sources", ["use the key additional_model_data_sources"]),
    ("models", {f"{C}.additional_model_data_sources": {"draft": {"model_data_location": "s3://b/k/", "api_parameters": {"channel_name": "x"}}}}, f"{C}.additional_model_data_sources.draft.api_parameters.channel_name", ["is the key of the data source"]),
    ("serverless", {f"{C}.model_data_location": "s3://b/m.tar.gz", f"{C}.accept_eula": True}, f"{LESS}.model_name", ["accept_eula, hub_content_arn or model_data_etag"]),
    ("realtime", {"endpoints.e.metrics.publish_frequency": "45 seconds"}, "endpoints.e.metrics.publish_frequency", ["'45 seconds' is not possible", "10 seconds, 30 seconds, 1 minute"]),
    ("realtime", {"endpoints.e.redeploy": datetime.date(2026, 11, 27)}, "endpoints.e.redeploy", ["expected a string, got the date 2026-11-27", "quotes"]),
    # Instance pools
    ("realtime", {f"{V}.instance_pools": ["ml.m5.large"]}, f"{V}.instance_pools", ["cannot be combined with instance_type"]),
    ("async", {f"{V}.instance_type": None}, f"{V}.instance_type", ["required"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": "ml.m5.large"}, f"{V}.instance_pools", ["expected a list, got a string"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": [5]}, f"{V}.instance_pools[0]", ["expected an instance type or a map"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": [{"typ": 5}]}, f"{V}.instance_pools[0].typ", ["unknown key"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": [{"priority": 5}]}, f"{V}.instance_pools[0].instance_type", ["required"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": [{"instance_type": "ml.m5.large", "priority": 6}]}, f"{V}.instance_pools[0].priority", ["6 is out of range", "1 to 5"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": ["ml.m5.large", "ml.m5.large"]}, f"{V}.instance_pools[1].instance_type", ["'ml.m5.large' is given twice"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": ["ml.m5.large", {"instance_type": "ml.c5.large", "priority": 1}]}, f"{V}.instance_pools[1].priority", ["1 is given twice"]),
    ("async", {f"{V}.instance_type": None, f"{V}.instance_pools": [{"instance_type": "ml.m5.large", "model_name": "none"}]}, f"{V}.instance_pools", ["'none' is not one of the models"]),
    ("async", {f"{V}.instance_provision_timeout": "5 minutes"}, f"{V}.instance_provision_timeout", ["allowed only with instance_pools"]),
    # Members without a key
    ("realtime", {f"{V}.api_parameters": []}, f"{V}.api_parameters", ["expected a map, got a list"]),
    ("realtime", {f"{V}.api_parameters.core_dump_confg": {}}, f"{V}.api_parameters.core_dump_confg", [f"botocore {botocore.__version__} does not know this member", '"core_dump_config"']),
    ("realtime", {f"{V}.api_parameters.CoreDumpConfg": {}}, f"{V}.api_parameters.CoreDumpConfg", ['"CoreDumpConfig"']),
    ("realtime", {f"{V}.api_parameters.InstanceType": "ml.m5.large"}, f"{V}.api_parameters.instance_type", ["use the key instance_type"]),
    ("realtime", {f"{V}.api_parameters.routing_config": {"routing_strategy": "RANDOM"}}, f"{V}.api_parameters.routing_config.routing_strategy", ["use the key routing_strategy"]),
    ("realtime", {f"{V}.api_parameters.variant_name": "x"}, f"{V}.api_parameters.variant_name", ["is the key of the variant"]),
    ("realtime", {f"{V}.api_parameters.ServerlessConfig": {}}, f"{V}.api_parameters.serverless_config", ["allowed only with serverless"]),
    ("serverless", {f"{LESS}.api_parameters.instance_type": "ml.m5.large"}, f"{LESS}.api_parameters.instance_type", ["allowed only with provisioned"]),
    ("realtime", {f"{V}.api_parameters.core_dump_config": {"kms_key_id": KEY}}, f"{V}.api_parameters.core_dump_config.destination_s3_uri", ["required"]),
    ("realtime", {f"{V}.api_parameters.accelerator_type": 5}, f"{V}.api_parameters.accelerator_type", ["5 is not of type string"]),
    ("realtime", {f"{V}.api_parameters": {"CoreDumpConfig": {"DestinationS3Uri": "s3://b/d"}, "core_dump_config": {}}}, f"{V}.api_parameters.core_dump_config", ["CoreDumpConfig is given in both spellings"]),
    ("realtime", {"endpoints.e.api_parameters.tags": []}, "endpoints.e.api_parameters.tags", ["use the key additional_tags"]),
    ("realtime", {"endpoints.e.api_parameters.ProductionVariants": []}, "endpoints.e.api_parameters.production_variants", ["production_variants"]),
    ("realtime", {f"{A}.api_parameters.alarm_name": "x"}, f"{A}.api_parameters.alarm_name", ["is made of the names of endpoint and variant"]),
    ("realtime", {f"{A}.api_parameters.MetricName": "x"}, f"{A}.api_parameters.metric_name", ["use the key expression"]),
    ("realtime", {f"{SCALING}.policies.p.api_parameters.policy_type": "StepScaling"}, f"{SCALING}.policies.p.api_parameters.policy_type", ["follows from the expression"]),
    ("models", {f"{C}.api_parameters.environment": {"TOKEN": "x"}}, f"{C}.api_parameters.environment", ["use the key environment_variables"]),
    ("models", {"models.m.api_parameters.PrimaryContainer": {}}, "models.m.api_parameters.primary_container", ["is the only one of container_definitions"]),
    # The shape of the inventory
    ("models", {"models": None}, "models", ["required"]),
    ("models", {"models": []}, "models", ["expected a map, got a list"]),
    ("models", {"endpoint": {}}, "endpoint", ["unknown key", '"endpoints"']),
    ("models", {"models.m": "x"}, "models.m", ["got a string", "iam_role_arn"]),
    ("models", {"models.m": None}, "models.m.iam_role_arn", ["required"]),
    ("models", {"models.m.role": ROLE}, "models.m.role", ["unknown key", "iam_role_arn"]),
    ("models", {f"{C}.enviroment_variables": {}}, f"{C}.enviroment_variables", ['"environment_variables"']),
    ("realtime", {f"{V}.instance_typ": "ml.m5.large"}, f"{V}.instance_typ", ['mean "instance_type"']),
    ("realtime", {"endpoints.e": {}}, "endpoints.e", ["exactly one of provisioned and serverless", "neither"]),
    ("realtime", {"endpoints.e": None}, "endpoints.e", ["neither"]),
    ("realtime", {LESS: {"model_name": "m"}}, "endpoints.e", ["exactly one", "both"]),
    ("realtime", {"endpoints.e.provisioned": True}, "endpoints.e.provisioned", ["got a boolean"]),
    ("realtime", {PRODUCTION: {}}, PRODUCTION, ["0 entries", "1 to 10"]),
    ("models", {"models.m.container_definitions": {}}, "models.m.container_definitions", ["0 entries", "1 to 15"]),
    # Types
    ("models", {f"{C}.image": 1.5}, f"{C}.image", ["got the number 1.5", "quotes"]),
    ("models", {f"{C}.image": True}, f"{C}.image", ["got the boolean True", "quotes"]),
    ("models", {f"{C}.image": datetime.date(2024, 1, 2)}, f"{C}.image", ["got the date 2024-01-02", "quotes"]),
    ("models", {f"{C}.image": ["x"]}, f"{C}.image", ["expected a string, got a list"]),
    ("models", {f"{C}.image": ""}, f"{C}.image", ["empty"]),
    ("models", {f"{C}.image": "a b"}, f"{C}.image", ["'a b' does not match"]),
    ("models", {f"{C}.image": "x" * 256}, f"{C}.image", ["xxx", "256 characters", "0 to 255"]),
    ("models", {f"{C}.image": "\ud800"}, f"{C}.image", ["not valid Unicode"]),
    ("models", {"models.m.enable_network_isolation": "maybe"}, "models.m.enable_network_isolation", ["'maybe'", "true"]),
    ("realtime", {f"{V}.volume_size": "big"}, f"{V}.volume_size", ["'big'", "whole number"]),
    ("realtime", {f"{V}.volume_size": 1.5}, f"{V}.volume_size", ["1.5", "whole number"]),
    ("realtime", {f"{V}.volume_size": True}, f"{V}.volume_size", ["got the boolean True"]),
    ("realtime", {f"{V}.initial_weight": float("nan")}, f"{V}.initial_weight", ["nan"]),
    ("realtime", {f"{V}.initial_weight": "heavy"}, f"{V}.initial_weight", ["'heavy'", "number"]),
    ("realtime", {f"{V}.initial_instance_count": 10**5000}, f"{V}.initial_instance_count", ["huge number"]),
    # What AWS's service model states
    ("models", {"models.a_b": {}}, "models.a_b", ["'a_b' does not match the pattern"]),
    ("models", {f"models.{'x' * 64}": {}}, f"models.{'x' * 64}", ["64 characters", "0 to 63"]),
    ("models", {"models.m.container_definitions.c_1": {"image": "i"}}, "models.m.container_definitions.c_1", ["'c_1'"]),
    ("models", {"models.m.iam_role_arn": "demo-role"}, "models.m.iam_role_arn", ["demo-role"]),
    ("models", {"models.m.vpc_config": {"subnet_ids": ["s"]}}, "models.m.vpc_config.security_group_ids", ["required"]),
    (
        "models",
        {"models.m.vpc_config": {"subnet_ids": [], "security_group_ids": ["g"]}},
        "models.m.vpc_config.subnet_ids",
        ["0 entries", "1 to 16"],
    ),
    (
        "models",
        {"models.m.vpc_config": {"subnet_ids": ["s"], "security_group_ids": ["g", 7]}},
        "models.m.vpc_config.security_group_ids[1]",
        ["got the number 7"],
    ),
    ("realtime", {f"{V}.volume_size": 513}, f"{V}.volume_size", ["513", "1 to 512"]),
    ("realtime", {f"{V}.initial_weight": -1}, f"{V}.initial_weight", ["-1", "0 or more"]),
    ("realtime", {f"{V}.initial_instance_count": 0}, f"{V}.initial_instance_count", ["0 is out of range", "1 or more"]),
    ("async", {f"{ASYNC}.max_concurrent_invocations_per_instance": 1001}, f"{ASYNC}.max_concurrent_invocations_per_instance", ["1001", "1 to 1000"]),
    ("async", {f"{ASYNC}.s3_output_path": "bucket/out"}, f"{ASYNC}.s3_output_path", ["'bucket/out'", "s3"]),
    ("async", {f"{ASYNC}.error_notification_location": KEY}, f"{ASYNC}.error_notification_location", [":kms:", "sns"]),
    ("capture", {f"{CAPTURE}.sampling_percentage": 101}, f"{CAPTURE}.sampling_percentage", ["101", "0 to 100"]),
    (
        "capture",
        {f"{CAPTURE}.capture_content_type": {"json": ["json"]}},
        f"{CAPTURE}.capture_content_type.json[0]",
        ["'json' does not match"],
    ),
    ("capture", {f"{CAPTURE}.capture_content_type": {"json": "a/b"}}, f"{CAPTURE}.capture_content_type.json", ["expected a list, got a string"]),
    ("capture", {f"{CAPTURE}.capture_content_type": {"json": []}}, f"{CAPTURE}.capture_content_type.json", ["0 entries"]),
    ("capture", {"endpoints.e.encryption_key": "key 1"}, "endpoints.e.encryption_key", ["'key 1'"]),
    ("realtime", {"endpoints.bad_name": {}}, "endpoints.bad_name", ["'bad_name' does not match"]),
    ("realtime", {f"{PRODUCTION}.m_1": VARIANT}, f"{PRODUCTION}.m_1", ["'m_1' does not match"]),
    ("realtime", {f"{PRODUCTION}.v{i}": {**VARIANT, "model_name": "m"} for i in range(10)}, PRODUCTION, ["11 entries", "1 to 10"]),
    ("realtime", {f"{A}.notification_sns_topic": "topic"}, f"{A}.notification_sns_topic", ["'topic'", "sns"]),
    ("realtime", {f"{A}.description": "x" * 1025}, f"{A}.description", ["1025 characters", "0 to 1024"]),
    # What the documented schema states
    ("models", {f"{C}.compression_type": "Compressed"}, f"{C}.compression_type", ["'Compressed'", "UncompressedModel"]),
    ("models", {"models.m.inference_execution_config.mode": "serial"}, "models.m.inference_execution_config.mode", ["'serial'", '"Serial"']),
    ("serverless", {f"{LESS}.memory_size": 1000}, f"{LESS}.memory_size", ["1000", "1024, 2048"]),
    ("serverless", {f"{LESS}.max_concurrency": 201}, f"{LESS}.max_concurrency", ["201", "1 to 200"]),
    ("serverless", {f"{LESS}.model_name": None}, f"{LESS}.model_name", ["required"]),
    ("realtime", {f"{A}.period": "7 hours"}, f"{A}.period", ["'7 hours'", "10 seconds to 6 hours"]),
    ("realtime", {f"{A}.treat_missing_data": "Breaching"}, f"{A}.treat_missing_data", ["'Breaching'", '"breaching"']),
    # Durations
    ("realtime", {f"{A}.period": "5 fortnights"}, f"{A}.period", ["'5 fortnights'", "fortnights", "minutes"]),
    ("realtime", {f"{A}.period": 60}, f"{A}.period", ["got the number 60", '"5 minutes"']),
    ("realtime", {f"{A}.period": "90 seconds"}, f"{A}.period", ["1 minute 30 seconds", "whole number of minutes", "10, 20, 30 seconds"]),
    ("realtime", {f"{V}.container_startup_timeout": "2 hours"}, f"{V}.container_startup_timeout", ["'2 hours'", "1 minute to 1 hour"]),
    ("realtime", {f"{V}.model_data_download_timeout": "30 seconds"}, f"{V}.model_data_download_timeout", ["1 minute to 1 hour"]),
    ("realtime", {COOLDOWN: "five minutes"}, COOLDOWN, ["'five minutes'", "column 1"]),
    # Expressions
    ("realtime", {f"{A}.expression": "Invocations averag > 1"}, f"{A}.expression", ["'Invocations averag > 1', column 13", '"Average"']),
    ("realtime", {f"{A}.expression": "Invocations sum = 1"}, f"{A}.expression", ["column 17", '"="', ">="]),
    ("realtime", {f"{A}.expression": "Invocations sum > many"}, f"{A}.expression", ["column 19", "a number"]),
    ("realtime", {f"{A}.expression": "ModelLatency > 1"}, f"{A}.expression", ["column 14", "a statistic"]),
    ("realtime", {f"{A}.expression": "Invocations p101 > 1"}, f"{A}.expression", ["p101"]),
    ("realtime", {f"{A}.expression": "MemoryUtilization average > 70%"}, f"{A}.expression", ["in percent by itself", "write 70"]),
    ("realtime", {f"{A}.expression": " + ".join(f"ModelLatency p{number}" for number in range(11)) + " > 1"}, f"{A}.expression", ["11 statistics", "allows 10"]),
    ("realtime", {f"{A}.expression": None}, f"{A}.expression", ["required"]),
    ("realtime", {f"{A}.query": "up == 0"}, f"{A}.query", ["either an expression or a query"]),
    ("realtime", {f"{A}.recovery_period": "1 minute"}, f"{A}.recovery_period", ["only for an alarm on a query"]),
    ("realtime", {f"{A}.expression": SIGNAL, f"{A}.pending_period": "1 minute"}, f"{A}.pending_period", ["write for and the duration"]),
    ("realtime", {f"{A}.expression": SIGNAL, f"{A}.unit": "Seconds"}, f"{A}.unit", ["no meaning for an alarm on a query"]),
    # Parameters that AWS refuses beside what the keys say
    ("realtime", {POLICY: COMPUTED, PARAMETERS: UNIT}, f"{METRIC}.unit", [f"'{COMPUTED}' is computed", "allowed only for the statistic of one metric"]),
    ("realtime", {POLICY: TRACKED, PARAMETERS: UNIT}, METRIC, [f"'{TRACKED}' is a metric of Application Auto Scaling", "allowed only for the statistic of one metric"]),
    ("realtime", {POLICY: STEPS, PARAMETERS: UNIT}, f"{PARAMETERS}.target_tracking_scaling_policy_configuration", ["not allowed for a policy with steps"]),
    ("realtime", {POLICY: TRACKED, PARAMETERS: {"step_scaling_policy_configuration": {}}}, f"{PARAMETERS}.step_scaling_policy_configuration", ["allowed only with steps"]),
    ("realtime", {POLICY: TRACKED, PARAMETERS: {"predictive_scaling_policy_configuration": {"metric_specifications": []}}}, f"{PARAMETERS}.predictive_scaling_policy_configuration", ["no predictive scaling for SageMaker"]),
    ("realtime", {f"{A}.expression": SIGNAL, f"{A}.api_parameters": {"evaluation_window": {"sliding_window": {}}}}, f"{A}.api_parameters.evaluation_window", if_known("EvaluationWindow", "not allowed for an alarm on a query")),
    ("realtime", {f"{A}.expression": None, f"{A}.query": "up == 0", f"{A}.api_parameters": {"EvaluationWindow": {"SlidingWindow": {}}}}, f"{A}.api_parameters.evaluation_window", if_known("EvaluationWindow", "not allowed for an alarm on a query")),
    ("realtime", {f"{A}.api_parameters": {"evaluation_window": {"sliding_window": {}, "wall_clock_window": {}}}}, f"{A}.api_parameters.evaluation_window", if_known("EvaluationWindow", "exactly one of sliding_window, wall_clock_window must be given")),
    ("realtime", {OF_ENDPOINT: {"c": {"any_of": ["a"], "api_parameters": {"actions_suppressor": "x", "actions_suppressor_wait_period": 60}}}}, f"{OF_ENDPOINT}.c.api_parameters.actions_suppressor_extension_period", ["required with actions_suppressor"]),
    ("realtime", {OF_ENDPOINT: {"c": {"any_of": ["a"], "api_parameters": {"actions_suppressor": "x"}}}}, f"{OF_ENDPOINT}.c.api_parameters.actions_suppressor_wait_period", ["required with actions_suppressor"]),
    ("serverless", {"endpoints.e.api_parameters": CROSS_REGION}, "endpoints.e.api_parameters.cross_region_traffic_config", if_known("CrossRegionTrafficConfig", "not allowed for a serverless endpoint")),
    ("async", {"endpoints.e.api_parameters": CROSS_REGION}, "endpoints.e.api_parameters.cross_region_traffic_config", if_known("CrossRegionTrafficConfig", "not allowed for an asynchronous endpoint")),
    ("realtime", {f"{A}.api_parameters": {"unit": "Seconds"}}, f"{A}.api_parameters.unit", ["use the key unit"]),
    ("realtime", {f"{A}.expression": SIGNAL, f"{A}.treat_missing_data": "ignore"}, f"{A}.treat_missing_data", ["no meaning for an alarm on a query"]),
    ("realtime", {f"{A}.expression": SIGNAL, f"{A}.evaluation_periods": 3}, f"{A}.evaluation_periods", ["not allowed for an alarm on a query"]),
    ("realtime", {f"{A}.expression": SIGNAL, f"{A}.period": "2 hours"}, f"{A}.period", ["at least once an hour"]),
    ("realtime", {f"{A}.expression": "TimeToFirstToken average > 2 s"}, f"{A}.expression", ["TimeToFirstToken takes a percentile such as p99"]),
    ("realtime", {f"{A}.expression": "TimeToFirstToken p99 > 2"}, f"{A}.expression", ["s or ms"]),
    ("realtime", {f"{A}.expression": "QueueDepth p99 > 2"}, f"{A}.expression", ["QueueDepth takes Average, Maximum, Minimum, Sum"]),
    ("realtime", {f"{A}.expression": f"{SIGNAL} for ages"}, f"{A}.expression", ["is not a duration"]),
    ("realtime", {"endpoints.e.deployment": {"rollback_on": [{"extern": "slo"}]}}, "endpoints.e.deployment.rollback_on[0]", ["a map with external and the name"]),
    ("realtime", {"endpoints.e.deployment": {"rollback_on": [{"external": 5}]}}, "endpoints.e.deployment.rollback_on[0].external", ["expected a string, got the number 5"]),
    ("realtime", {"endpoints.e.deployment": {"rollback_on": [{"external": "a" * 256}]}}, "endpoints.e.deployment.rollback_on[0].external", ["256 characters", "1 to 255"]),
    ("realtime", {f"{A}.actions": {"alarm": ["on-call"]}}, f"{A}.actions.alarm[0]", ["'on-call' is not an ARN"]),
    ("realtime", {f"{A}.notification_sns_topic": "arn:aws:sns:us-east-1:111122223333:t", f"{A}.actions": {"ok": [f"arn:aws:sns:us-east-1:111122223333:{name}" for name in "abcde"]}}, f"{A}.actions.ok", ["6 actions, including notification_sns_topic", "allows 5"]),
    ("realtime", {f"{A}.evaluate_low_sample_count_percentile": "ignore", f"{A}.expression": "Invocations sum > 5"}, f"{A}.evaluate_low_sample_count_percentile", ["Sum is not a percentile"]),
    ("realtime", {f"{A}.evaluate_low_sample_count_percentile": "ignore", f"{A}.expression": "ModelLatency p90 outside 2 bands"}, f"{A}.evaluate_low_sample_count_percentile", ["is not on a percentile of one metric"]),
    ("realtime", {f"{A}.expression": ""}, f"{A}.expression", ["a metric name"]),
    ("realtime", {POLICY: "Invocations sum > 1"}, POLICY, ['">" has no meaning']),
    ("realtime", {POLICY: "Invocations p99 = 1"}, POLICY, ["p99", "Average"]),
    ("realtime", {POLICY: "SageMakerVariantInvocationPerInstance = 1"}, POLICY, ["no statistic", '"SageMakerVariantInvocationsPerInstance"']),
    ("realtime", {POLICY: "SageMakerInferenceComponentInvocationsPerCopy = 1"}, POLICY, ["DesiredCopyCount", "SageMakerVariantInvocationsPerInstance"]),
    ("realtime", {POLICY: "SageMakerVariantProvisionedConcurrencyUtilization = 0.5"}, POLICY, ["DesiredProvisionedConcurrency"]),
    ("realtime", {SECOND: "CPUUtilization average = 50"}, SECOND, ["tracks CPUUtilization Average, as policy 'p' does"]),
    ("realtime", {POLICY: COMPUTED, SECOND: f"{COMPUTED}0"}, SECOND, ["tracks Invocations / ModelLatency Average, as policy 'p' does"]),
    ("realtime", {POLICY: "SageMakerVariantInvocationsPerInstance sum / 2 = 1"}, POLICY, ["'SageMakerVariantInvocationsPerInstance'", "use it without arithmetic"]),
    ("realtime", {POLICY: " + ".join(f"m{number} sum" for number in range(11)) + " = 1"}, POLICY, ["11 statistics of metrics; CloudWatch allows 10"]),
    ("realtime", {POLICY: TRACKED, SECOND: f"{TRACKED}0"}, SECOND, ["tracks SageMakerVariantInvocationsPerInstance,", "one policy for a metric"]),
    # Models
    ("models", {f"{C}.environment_variables": {"1A": "x"}}, f"{C}.environment_variables.1A", ["'1A' does not match"]),
    ("models", {f"{C}.environment_variables": {1: "x"}}, f"{C}.environment_variables.1", ["got the number 1", "quotes"]),
    ("models", {f"{C}.environment_variables": {f"N{i}": "" for i in range(101)}}, f"{C}.environment_variables", ["101 entries", "100"]),
    ("models", {f"{C}.environment_variables": {f"N{i}": "x" * 1000 for i in range(33)}}, "models.m.container_definitions", ["33089 bytes", "32768"]),
    ("models", {f"{C}.model_data_location": "bucket/model.tar.gz"}, f"{C}.model_data_location", ["'bucket/model.tar.gz'"]),
    ("models", {f"{C}.model_data_location": "s3://bucket/model"}, f"{C}.model_data_location", ["'s3://bucket/model'", ".tar.gz"]),
    ("models", {f"{C}.compression_type": "UncompressedModel"}, f"{C}.model_data_location", ["required for an Uncompressed"]),
    ("models", {f"{C}.use_multiple_models": {}}, f"{C}.model_data_location", ["required with use_multiple_models"]),
    ("models", {C: {**MANY, "compression_type": "UncompressedModel"}}, f"{C}.compression_type", ["'UncompressedModel'"]),
    ("models", {f"models.m.container_definitions.c{i}": {"image": "i"} for i in range(15)}, "models.m.container_definitions", ["16 entries", "1 to 15"]),
    ("models", {"models.m.additional_tags": {"aws:x": "y"}}, "models.m.additional_tags.aws:x", ["reserved"]),
    ("models", {"additional_tags_all": {"friendsofansible.sagemaker/x": "y"}}, "additional_tags_all.friendsofansible.sagemaker/x", ["reserved"]),
    ("models", {"additional_tags_all": {"team": 7}}, "additional_tags_all.team", ["got the number 7"]),
    ("models", {"additional_tags_all": {"team": "a;b"}}, "additional_tags_all.team", ["'a;b'"]),
    ("models", {"additional_tags_all": {f"t{i}": "" for i in range(47)}}, "models.m.additional_tags", ["47 tags", "allowed: 46"]),
    # Endpoints
    ("realtime", {"endpoints.E": {"serverless": {"variant": {"model_name": "m"}}}}, "endpoints.E", ["'e'", "case"]),
    ("realtime", {f"{PRODUCTION}.othr": VARIANT}, f"{PRODUCTION}.othr", ["'othr' is not one of the models", '"other"']),
    ("realtime", {f"{V}.model_name": "xyz"}, f"{V}.model_name", ["'xyz' is not one of the models", "known: m, other"]),
    ("serverless", {f"{LESS}.model_name": "xyz"}, f"{LESS}.model_name", ["'xyz' is not one of the models"]),
    ("serverless", {f"{LESS}.provisioned_concurrency": 21}, f"{LESS}.provisioned_concurrency", ["21", "max_concurrency, 20"]),
    ("serverless", {"endpoints.e.serverless.variant.auto_scaling": {"policies": {"p": {"expression": "SageMakerVariantProvisionedConcurrencyUtilization = 0.7"}}}}, "endpoints.e.serverless.variant.provisioned_concurrency", ["required with auto_scaling"]),
    ("serverless", {"endpoints.e.serverless.variant.provisioned_concurrency": 1, "endpoints.e.serverless.variant.auto_scaling": {"policies": {"p": {"expression": "SageMakerVariantProvisionedConcurrencyUtilization = 0.7"}}, "maximum_capacity": 21}}, "endpoints.e.serverless.variant.auto_scaling.maximum_capacity", ["21 is more than max_concurrency, 20"]),
    ("serverless", {"endpoints.e.serverless.variant.provisioned_concurrency": 1, "endpoints.e.serverless.variant.auto_scaling": {"policies": {"p": {"expression": "SageMakerVariantProvisionedConcurrencyUtilization = 0.7"}}, "minimum_capacity": 0}}, "endpoints.e.serverless.variant.auto_scaling.minimum_capacity", ["0 is not allowed"]),
    ("serverless", {"endpoints.e.serverless.variant.provisioned_concurrency": 1, "endpoints.e.serverless.variant.auto_scaling": {"policies": {"p": {"expression": "SageMakerVariantInvocationsPerInstance = 7"}}}}, "endpoints.e.serverless.variant.auto_scaling.policies.p.expression", ["sets the provisioned concurrency", "SageMakerVariantProvisionedConcurrencyUtilization"]),
    ("realtime", {f"{SCALING}.schedules": {"a/b": {"at": "20:00", "minimum": 1}}}, f"{SCALING}.schedules.a/b", ["has a colon, a slash"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"at": "20h", "minimum": 1}}}, f"{SCALING}.schedules.s.at", ["20:00 MON-FRI"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"at": "20:00 MOO", "minimum": 1}}}, f"{SCALING}.schedules.s.at", ["day of the week", "MON"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"at": 1200, "minimum": 1}}}, f"{SCALING}.schedules.s.at", ["put it in quotes"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"cron": "0 8 * * *", "minimum": 1}}}, f"{SCALING}.schedules.s.cron", ["5 fields", "six"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"cron": "0 8 * * * *", "minimum": 1}}}, f"{SCALING}.schedules.s.cron", ["exactly one of day of month and day of week"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"at": "8:00"}}}, f"{SCALING}.schedules.s", ["at least one of minimum and maximum"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"at": "8:00", "minimum": 0}}}, f"{SCALING}.schedules.s.minimum", ["0 is not allowed"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"at": "8:00", "minimum": 2, "maximum": 1}}}, f"{SCALING}.schedules.s.minimum", ["2 is more than maximum, 1"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"at": "8:00", "minimum": 1, "time_zone": "berlin"}}}, f"{SCALING}.schedules.s.time_zone", ["is not the name of a time zone"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"rate": "90 seconds", "minimum": 1}}}, f"{SCALING}.schedules.s.rate", ["not in whole minutes"]),
    ("realtime", {f"{SCALING}.schedules": {"s": {"rate": "1 hour", "minimum": 1, "time_zone": "UTC"}}}, f"{SCALING}.schedules.s.time_zone", ["allowed only with at and cron"]),
    ("realtime", {f"{SCALING}.suspended": ["inn"]}, f"{SCALING}.suspended[0]", ["allowed: in, out, scheduled"]),
    ("serverless", {"models.m.vpc_config": {"subnet_ids": ["s"], "security_group_ids": ["g"]}}, f"{LESS}.model_name", ["serverless", "'m'", "vpc_config"]),
    ("serverless", {"models.m.enable_network_isolation": True}, f"{LESS}.model_name", ["enable_network_isolation"]),
    ("serverless", {"models.m.container_definitions": TWO}, f"{LESS}.model_name", ["more than one container"]),
    ("serverless", {C: MANY}, f"{LESS}.model_name", ["use_multiple_models"]),
    ("serverless", {f"{C}.model_data_location": "s3://b/m/", f"{C}.compression_type": "UncompressedModel"}, f"{LESS}.model_name", ["UncompressedModel"]),
    ("shadow", {f"{SHADOW}.more": {**VARIANT, "model_name": "m"}}, SHADOW, ["exactly one production", "1 and 2"]),
    ("shadow", {f"{PRODUCTION}.more": {**VARIANT, "model_name": "m"}}, SHADOW, ["2 and 1"]),
    ("shadow", {SHADOW: {"m": VARIANT}}, f"{SHADOW}.m", ["'m' is also the name of the production variant", "model_name"]),
    ("shadow", {ASYNC: {"s3_output_path": "s3://b/o"}}, SHADOW, ["async_invocation_config"]),
    ("shadow", {f"{SHADOW}.other.instance_type": "ml.inf1.xlarge"}, f"{SHADOW}.other.instance_type", ["'ml.inf1.xlarge'"]),
    ("shadow", {C: MANY}, f"{PRODUCTION}.m", ["shadow testing", "use_multiple_models"]),
    ("shadow", {"models.other.container_definitions": TWO}, f"{SHADOW}.other", ["more than one container"]),
    ("async", {CAPTURE: {"s3_location_to_store_data_collected": "s3://b/c"}}, CAPTURE, ["async_invocation_config"]),
    ("async", {f"{PRODUCTION}.other": VARIANT}, PRODUCTION, ["2 entries", "async_invocation_config: one"]),
    ("async", {C: MANY}, f"{PRODUCTION}.m", ["asynchronous", "use_multiple_models"]),
    ("capture", {C: MANY}, f"{PRODUCTION}.m", ["data capture", "use_multiple_models"]),
    ("capture", {"models.m.container_definitions": TWO}, f"{PRODUCTION}.m", ["data capture", "more than one container"]),
    (
        "capture",
        {f"{CAPTURE}.data_capture_options": {"prediction_request": False, "prediction_response": False}},
        f"{CAPTURE}.data_capture_options",
        ["both are false"],
    ),
    ("capture", {f"{CAPTURE}.capture_content_type": {}}, f"{CAPTURE}.capture_content_type", ["csv_text, json or both"]),
    # Scaling and alarms
    ("realtime", {f"{SCALING}.policies": None}, f"{SCALING}.policies", ["required"]),
    ("realtime", {f"{SCALING}.minimum_capacity": 3}, f"{SCALING}.minimum_capacity", ["3", "maximum_capacity, 2"]),
    ("realtime", {f"{SCALING}.minimum_capacity": 0}, f"{SCALING}.minimum_capacity", ["0 is not allowed", "asynchronous"]),
    ("realtime", {f"{SCALING}.wake_from_zero": True}, f"{SCALING}.wake_from_zero", ["only an asynchronous endpoint"]),
    ("async", {SCALING: {"wake_from_zero": True, "policies": {"wake-from-zero": {"expression": "CPUUtilization average = 5"}}}}, f"{SCALING}.wake_from_zero", ["policy wake-from-zero", "keep only one"]),
    ("realtime", {f"{SCALING}.minimum_capacity": -1}, f"{SCALING}.minimum_capacity", ["-1", "0 or more"]),
    ("realtime", {f"{V}.instance_type": "ml.t2.medium"}, SCALING, ["'ml.t2.medium'", "burstable"]),
    ("realtime", {f"{SCALING}.policies": {LONG: {"expression": "CPUUtilization sum = 1"}}}, f"{SCALING}.policies.{SHOWN_LONG}", ["257 characters", "1 to 256"]),
    ("realtime", {ALARMS: {LONG: {"expression": "Invocations sum > 1"}}}, f"{ALARMS}.{SHOWN_LONG}", ["257 characters", "1 to 255"]),
    ("realtime", {ALARMS: {"a\nb": {"expression": "Invocations sum > 1"}}}, f"{ALARMS}.'a\\nb'", ["cannot be printed"]),
    ("realtime", {f"{A}.datapoints_to_alarm": 2}, f"{A}.datapoints_to_alarm", ["2 is more than evaluation_periods, 1"]),
    ("realtime", {f"{A}.evaluation_periods": 1441}, f"{A}.evaluation_periods", ["1441 periods of 1 minute", "1440 periods"]),
    ("realtime", {f"{A}.evaluation_periods": 200, f"{A}.period": "1 hour"}, f"{A}.evaluation_periods", ["7 days", "168 periods"]),
    # Deployments
    ("realtime", {f"{ROLLOUT}.strategy": "blue_green"}, f"{ROLLOUT}.strategy", ["'blue_green'", "all_at_once, canary, linear, rolling"]),
    ("realtime", {ROLLOUT: "canary"}, ROLLOUT, ["got a string", "strategy"]),
    ("realtime", {f"{ROLLOUT}.strategy": "canary"}, SIZE, ["required with strategy 'canary'", '"1 instance"']),
    ("realtime", {SIZE: "10%"}, SIZE, ["'10%' cannot be combined with strategy 'all_at_once'"]),
    ("realtime", {ROLLOUT: {**CANARY, "size": 10}}, SIZE, ["expected a size, got the number 10", '"10%"']),
    ("realtime", {ROLLOUT: {**CANARY, "size": "a tenth"}}, SIZE, ["'a tenth' is not a size", '"1 instance"']),
    ("realtime", {ROLLOUT: {**CANARY, "size": "0%"}}, SIZE, ["'0%' is not a size"]),
    ("realtime", {ROLLOUT: {**CANARY, "size": "51%"}}, SIZE, ["'51%'", "'canary': 1% to 50%"]),
    ("realtime", {ROLLOUT: {"strategy": "linear", "size": "9%"}}, SIZE, ["'9%'", "'linear': 10% to 50%"]),
    ("realtime", {ROLLOUT: {**ROLLING, "size": "4%"}}, SIZE, ["'4%'", "'rolling': 5% to 50%"]),
    ("realtime", {ROLLOUT: {**CANARY, "size": "2 instances"}}, SIZE, ["'2 instances' of the 1 to 2 instances of variant 'm'", "50%"]),
    ("async", {ROLLOUT: {**CANARY, "size": "1 instance"}}, SIZE, ["'1 instance' of the 1 instance of variant 'm'"]),
    ("async", {f"{V}.initial_instance_count": 20, ROLLOUT: {"strategy": "linear", "size": "1 instance"}}, SIZE, ["'1 instance' of the 20", "10% to 50%"]),
    ("realtime", {f"{ROLLOUT}.wait_interval": "2 hours"}, f"{ROLLOUT}.wait_interval", ["'2 hours'", "0 seconds to 1 hour"]),
    ("realtime", {ROLLOUT: {**ROLLING, "termination_wait": "1 minute"}}, f"{ROLLOUT}.termination_wait", ["'1 minute'", "'rolling'", "blue/green"]),
    ("realtime", {ROLLOUT: ROLLING, f"{PRODUCTION}.other": VARIANT}, f"{ROLLOUT}.strategy", ["'rolling'", "2 variants", "one production variant"]),
    ("realtime", {f"{ROLLOUT}.maximum_execution_timeout": "9 minutes"}, f"{ROLLOUT}.maximum_execution_timeout", ["'9 minutes'", "10 minutes to 8 hours"]),
    (
        "realtime",
        {ROLLOUT: {"wait_interval": "6 minutes", "termination_wait": "5 minutes", "maximum_execution_timeout": "11 minutes"}},
        f"{ROLLOUT}.maximum_execution_timeout",
        ["'11 minutes' is too short", "take 11 minutes together"],
    ),
    ("serverless", {ROLLOUT: {}}, ROLLOUT, ["cannot be combined with serverless"]),
    ("capture", {f"{V}.instance_type": "ml.inf1.xlarge", ROLLOUT: {}}, ROLLOUT, ["'ml.inf1.xlarge'", "silently"]),
    ("realtime", {ROLLBACK: "slow"}, ROLLBACK, ["expected all or a list, got 'slow'"]),
    ("realtime", {ROLLBACK: []}, ROLLBACK, ["0 entries", "1 to 10"]),
    ("realtime", {ROLLBACK: ["a", "alarm"]}, f"{ROLLBACK}[1]", ["'alarm' is not an alarm of the endpoint", "known: a, m/a"]),
    ("realtime", {ALARMS: {"slow": SLOW}, ROLLBACK: ["slwo"]}, f"{ROLLBACK}[0]", ["'slwo'", 'mean "slow"']),
    ("realtime", {ROLLBACK: [7]}, f"{ROLLBACK}[0]", ["expected a string, got the number 7"]),
    ("async", {ROLLBACK: "all"}, ROLLBACK, ["'all' alarms of the endpoint", "none"]),
    ("async", {ROLLBACK: ["a"]}, f"{ROLLBACK}[0]", ["'a' is not an alarm", "known: none"]),
    ("realtime", {ALARMS: {f"a{i}": SLOW for i in range(11)}, ROLLBACK: "all"}, ROLLBACK, ["11 alarms", "1 to 10"]),
    (
        "realtime",
        {f"{PRODUCTION}.other": {**VARIANT, "cloudwatch_alarms": {"a": SLOW}}, ROLLBACK: ["a"]},
        f"{ROLLBACK}[0]",
        ["'a' is an alarm of several variants", "m/a, other/a"],
    ),
    ("realtime", {"endpoints.e.allow_replace": "maybe"}, "endpoints.e.allow_replace", ["'maybe'", "true or false"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "changes", "path", "messages"), BAD, ids=[f"{at}-{row[2]}" for at, row in enumerate(BAD)]
)
def test_refused_with_path_and_value(base: str, changes: dict[str, object], path: str, messages: list[str]) -> None:
    inventory = example(base)
    for where, value in changes.items():
        change(inventory, where, value)
    problems = refused(inventory)
    too_new = refusals(inventory)
    if too_new and set(too_new) <= set(problems):
        return
    matching = [problem for problem in problems if problem.startswith(f"{path}: ")]
    assert matching, problems
    assert any(all(word in problem for word in messages) for problem in matching), matching
