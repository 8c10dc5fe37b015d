# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row for each leaf of the schema: what setting it alone changes, and what leaving it out gives."""

from __future__ import annotations

import copy
import types
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import leaves
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    KEY,
    OTHER_TOPIC,
    TOPIC,
    change,
    example,
    flat,
    options,
    refused,
    without,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.newer_keys import refusals

GONE = "<gone>"
REQUIRED = "<required>"
ONE_OF_SEVERAL = "<one of several>"
"""Without the leaf, the inventory is refused because none of its alternatives is there."""


class Row(t.NamedTuple):
    """*leaf* set to *value* in the example *base* changes the compiled options by *changed*.

    Without it, the options have *left_out*, or the inventory is refused. *also* is set on both sides, and *beside*
    together with the leaf.
    """

    leaf: str
    base: str
    value: object
    changed: dict[str, object]
    left_out: dict[str, object] | str
    also: t.Mapping[str, object] = types.MappingProxyType({})
    beside: t.Mapping[str, object] = types.MappingProxyType({})


VPC = {"models.*.vpc_config": {"security_group_ids": ["sg-1"], "subnet_ids": ["subnet-1"]}}
NAMES = {"models": "m", "container_definitions": "c", "endpoints": "e", "production_variants": "m",
         "shadow_variants": "other", "policies": "p", "schedules": "s", "cloudwatch_alarms": "a",
         "composite_alarms": "any", "additional_model_data_sources": "draft"}  # fmt: skip

CONTAINER = "models.*.container_definitions.*"
PROVISIONED = "endpoints.*.provisioned"
PRODUCTION = f"{PROVISIONED}.production_variants.*"
SHADOW = f"{PROVISIONED}.shadow_variants.*"
SCALING = f"{PRODUCTION}.auto_scaling"
ALARM = f"{PRODUCTION}.cloudwatch_alarms.*"
ASYNC = f"{PROVISIONED}.async_invocation_config"
CAPTURE = f"{PROVISIONED}.enable_data_capture"
ROLLOUT = "endpoints.*.deployment"
SERVERLESS = "endpoints.*.serverless.variant"

M = "models[0]"
C = "models[0].containers[0]"
E = "endpoints[0]"
V = "endpoints[0].production_variants[0]"
S = "endpoints[0].shadow_production_variants[0]"
T = "targets[0]"
P = "targets[0].policies[0].target_tracking_scaling_policy_configuration"
A = "alarms[0]"
OUT = "endpoints[0].async_inference_config.output_config"
CAP = "endpoints[0].data_capture_config"
LESS = f"{V}.serverless_config"
NOTIFY = f"{OUT}.notification_config"
D = f"{E}.deployment_config"
GREEN = f"{D}.blue_green_update_policy"
ROUTING = f"{GREEN}.traffic_routing_configuration"
CANARY: dict[str, object] = {f"{ROUTING}.type": "CANARY", f"{ROUTING}.canary_size.type": "CAPACITY_PERCENT",
                             f"{ROUTING}.canary_size.value": 10}  # fmt: skip
AT_ONCE: dict[str, object] = {f"{ROUTING}.type": "ALL_AT_ONCE"}
PLAIN: dict[str, object] = {ROLLOUT: {}}
TAR = "s3://bucket/model.tar.gz"
ARN = "arn:aws:sagemaker:us-east-1:111122223333"
PLAN = f"{ARN}:training-plan/one"
LAMBDA = "arn:aws:lambda:us-east-1:111122223333:function:login"
HUB = f"{ARN}:hub-content/hub/Model/llama/1.0.0"
UNCOMPRESSED = {f"{CONTAINER}.compression_type": "UncompressedModel",
                f"{CONTAINER}.model_data_location": "s3://bucket/model/"}  # fmt: skip
IMAGE_CONFIG = {f"{CONTAINER}.image_config": {"repository_access_mode": "Platform"}}
OF_ENDPOINT = {f"{PROVISIONED}.vpc_config": {"security_group_ids": ["sg-1"], "subnet_ids": ["subnet-1"]}}
EXPLAINER = {"ClarifyExplainerConfig": {"shap_config": {"ShapBaselineConfig": {"mime_type": "text/csv"}}}}
TRACKING = "target_tracking_scaling_policy_configuration"
METRIC = "customized_metric_specification"
SOURCE = f"{C}.model_data_source.s3_data_source"
CHANNEL = f"{CONTAINER}.additional_model_data_sources.*"
OF_CHANNEL = f"{C}.additional_model_data_sources[0].s3_data_source"
DRAFT = {f"{CONTAINER}.additional_model_data_sources": {"draft": {"model_data_location": "s3://bucket/draft/"}}}


def _tagged(*resources: str) -> dict[str, object]:
    """Changes where resources that had no tags get one."""
    return {**{f"{at}.tags.k": "v" for at in resources}, **{f"{at}.tags": GONE for at in resources}}


def _renamed(at: str, name: str) -> dict[str, object]:
    """Changes where the name of a serverless variant is another."""
    return {
        f"{V}.variant_name": name,
        "endpoints[0].alarm_names[0]": f"e/{name}/a",
        f"{at}.alarm_name": f"e/{name}/a",
        f"{at}.dimensions[1].value": name,
    }


def _instances(prefix: str, base: str, at: str) -> list[Row]:
    return [
        Row(f"{prefix}.instance_type", base, "ml.c5.xlarge", {f"{at}.instance_type": "ml.c5.xlarge"}, REQUIRED),
        Row(f"{prefix}.container_startup_timeout", base, "1 hour",
            {f"{at}.container_startup_health_check_timeout_in_seconds": 3600}, {}),
        # The count of a scaled variant, as that of the base is, decides nothing.
        Row(f"{prefix}.initial_instance_count", "capture" if base == "realtime" else base, 3,
            {f"{at}.initial_instance_count": 3},
            {f"{at}.initial_instance_count": 1}),
        Row(f"{prefix}.initial_weight", base, 0.5, {f"{at}.initial_variant_weight": 0.5},
            {f"{at}.initial_variant_weight": 1.0}),
        Row(f"{prefix}.model_data_download_timeout", base, "20 Minutes",
            {f"{at}.model_data_download_timeout_in_seconds": 1200}, {}),
        Row(f"{prefix}.volume_size", base, 512, {f"{at}.volume_size_in_gb": 512}, {}),
    ]  # fmt: skip


def _added_to_instances(prefix: str, base: str, at: str) -> list[Row]:
    ami = "al2-ami-sagemaker-inference-gpu-2"
    return [
        Row(f"{prefix}.inference_ami_version", base, ami, {f"{at}.inference_ami_version": ami}, {}),
        Row(f"{prefix}.routing_strategy", base, "least_outstanding_requests",
            {f"{at}.routing_config.routing_strategy": "LEAST_OUTSTANDING_REQUESTS"}, {}),
        Row(f"{prefix}.instance_pools", base, ["ml.m5.large", {"instance_type": "ml.c5.large", "model_name": "m"}],
            {f"{at}.instance_pools[0].instance_type": "ml.m5.large", f"{at}.instance_pools[0].priority": 1,
             f"{at}.instance_pools[1].instance_type": "ml.c5.large", f"{at}.instance_pools[1].priority": 2,
             f"{at}.instance_pools[1].model_name_override": "m", f"{at}.instance_type": GONE},
            {f"{at}.instance_type": "ml.m5.large"}, beside={f"{prefix}.instance_type": None}),
        Row(f"{prefix}.instance_provision_timeout", base, "5 minutes",
            {f"{at}.variant_instance_provision_timeout_in_seconds": 300}, {},
            {f"{prefix}.instance_type": None, f"{prefix}.instance_pools": ["ml.m5.large"]}),
        Row(f"{prefix}.capacity_reservation", base, PLAN,
            {f"{at}.capacity_reservation_config.ml_reservation_arn": PLAN,
             f"{at}.capacity_reservation_config.capacity_reservation_preference": "capacity-reservations-only"}, {}),
        Row(f"{prefix}.enable_ssm_access", base, True, {f"{at}.enable_ssm_access": True}, {}),
    ]  # fmt: skip


def _parameters_of_variant(prefix: str, base: str, at: str) -> list[Row]:
    dumps = {"core_dump_config": {"DestinationS3Uri": "s3://b/dumps"}}
    changed: dict[str, object] = {f"{at}.api_parameters.core_dump_config.destination_s3_uri": "s3://b/dumps"}
    return [Row(f"{prefix}.api_parameters", base, dumps, changed, {})]


def _on_query(base: str, query: str) -> dict[str, object]:
    """What an alarm on a metric no longer has once it is on a query."""
    gone = ("namespace", "metric_name", "dimensions[0].name", "dimensions[0].value", "dimensions[1].name",
            "dimensions[1].value", "comparison_operator", "threshold", "period", "evaluation_periods",
            "extended_statistic" if base == "realtime" else "statistic")  # fmt: skip
    changed: dict[str, object] = {f"{A}.{option}": GONE for option in gone}
    return changed | {f"{A}.evaluation_criteria.prom_ql_criteria.query": query, f"{A}.evaluation_interval": 60}


def _on_metric(base: str) -> dict[str, object]:
    """What the alarm of the example has because it is on a metric."""
    found = flat(options(compile_inventory(example(base))))
    return {at: value for at, value in found.items() if at in _on_query(base, "")}


def _alarm(prefix: str, base: str, threshold: float) -> list[Row]:
    return [
        Row(f"{prefix}.expression", base, f"OverheadLatency average <= {threshold + 1}",
            {f"{A}.metric_name": "OverheadLatency", f"{A}.statistic": "Average", f"{A}.threshold": threshold + 1,
             f"{A}.comparison_operator": "LessThanOrEqualToThreshold"}
            | ({f"{A}.extended_statistic": GONE} if base == "realtime" else {}), REQUIRED),
        Row(f"{prefix}.description", base, "Slow", {f"{A}.alarm_description": "Slow"}, {}),
        Row(f"{prefix}.evaluation_periods", base, 5, {f"{A}.evaluation_periods": 5}, {f"{A}.evaluation_periods": 1}),
        Row(f"{prefix}.notification_sns_topic", base, TOPIC,
            {f"{A}.alarm_actions[0]": TOPIC, f"{A}.ok_actions[0]": TOPIC}, {}),
        Row(f"{prefix}.period", base, "6 hours", {f"{A}.period": 21600}, {f"{A}.period": 60}),
        Row(f"{prefix}.treat_missing_data", base, "notBreaching", {f"{A}.treat_missing_data": "notBreaching"}, {}),
        Row(f"{prefix}.datapoints_to_alarm", base, 1, {f"{A}.datapoints_to_alarm": 1}, {}),
        *(Row(f"{prefix}.actions.{word}", base, [TOPIC, OTHER_TOPIC],
              {f"{A}.{word}_actions[0]": TOPIC, f"{A}.{word}_actions[1]": OTHER_TOPIC}, {})
          for word in ("alarm", "ok", "insufficient_data")),
        Row(f"{prefix}.query", base, "up == 0", _on_query(base, query="up == 0"), _on_metric(base), {},
            {f"{prefix}.expression": None}),
        *(Row(f"{prefix}.{key}", base, "5 minutes", {f"{A}.evaluation_criteria.prom_ql_criteria.{key}": 300}, {},
              {f"{prefix}.expression": None, f"{prefix}.query": "up == 0"})
          for key in ("pending_period", "recovery_period")),
        Row(f"{prefix}.actions_enabled", base, False, {f"{A}.actions_enabled": False}, {}),
        Row(f"{prefix}.evaluate_low_sample_count_percentile", base, "ignore",
            {f"{A}.evaluate_low_sample_count_percentile": "ignore"}, {},
            {f"{prefix}.expression": "ModelLatency p99 > 500000"}),
        Row(f"{prefix}.unit", base, "Microseconds", {f"{A}.unit": "Microseconds"}, {}),
        # The oldest botocore knows no member without a key; test_newer_botocore.py has one of tomorrow.
        Row(f"{prefix}.api_parameters", base, {}, {}, {}),
    ]  # fmt: skip


def _steps() -> list[Row]:
    """What a policy with steps says, and what the alarm that calls it says of itself."""
    prefix, at = f"{SCALING}.policies.*", f"{T}.policies[0].step_scaling_policy_configuration"
    steps: dict[str, object] = {f"{prefix}.expression": "CPUUtilization average >= 60 then +1"}
    percent: dict[str, object] = {f"{prefix}.expression": "CPUUtilization average >= 60 then +50%"}
    percentile: dict[str, object] = {f"{prefix}.expression": "ModelLatency p99 > 500000 then +1"}
    of_alarm = [
        row
        for row in _alarm(f"{prefix}.alarm", "realtime", 1)
        if row.leaf.split(".")[-1] not in ("expression", "query", "pending_period", "recovery_period")
    ]
    low_sample = "evaluate_low_sample_count_percentile"
    return [
        Row(f"{prefix}.cooldown_period", "realtime", "1 minute", {f"{at}.cooldown": 60}, {}, steps),
        Row(f"{prefix}.minimum_adjustment", "realtime", 2, {f"{at}.min_adjustment_magnitude": 2}, {}, percent),
        Row(f"{prefix}.aggregation", "realtime", "maximum", {f"{at}.metric_aggregation_type": "Maximum"}, {}, steps),
        *(row._replace(changed=_of_policy(row.changed),
                       left_out=_of_policy(row.left_out) if isinstance(row.left_out, dict) else row.left_out,
                       also=percentile if row.leaf.endswith(low_sample) else steps) for row in of_alarm),
    ]  # fmt: skip


def _of_policy(changed: t.Mapping[str, object]) -> dict[str, object]:
    """What changes of an alarm, where that is the alarm of a policy."""
    return {path.replace(A, f"{T}.policies[0].alarm", 1): value for path, value in changed.items()}


def _composite() -> list[Row]:
    """The alarm of the example is the first, the composite alarm the second."""
    prefix, at = "endpoints.*.composite_alarms.*", "alarms[1]"
    also: dict[str, object] = {"endpoints.*.composite_alarms": {"any": {"any_of": ["a"]}}}
    two: dict[str, object] = {
        f"{PRODUCTION}.cloudwatch_alarms": {key: {"expression": "Invocations sum > 5"} for key in "abc"}
    }
    signs = {"any_of": "OR", "all_of": "AND"}
    periods = {"actions_suppressor_wait_period": 60, "ActionsSuppressorExtensionPeriod": 90}
    guarded: dict[str, object] = {
        "endpoints.*.composite_alarms": {
            "any": {"any_of": ["a"], "api_parameters": {"actions_suppressor": "release", **periods}}
        }
    }
    suppressed: dict[str, object] = {f"{at}.api_parameters.actions_suppressor": "maintenance"}
    return [
        *(Row(f"{prefix}.{how}", "realtime", ["m/a", "b", "c"],
              {"alarms[3].alarm_rule": f' {sign} '.join(f'ALARM("e/m/{key}")' for key in "abc")}, ONE_OF_SEVERAL,
              {**two, "endpoints.*.composite_alarms": {"any": {how: ["m/a", "b"]}}}) for how, sign in signs.items()),
        Row(f"{prefix}.description", "realtime", "Trouble", {f"{at}.alarm_description": "Trouble"}, {}, also),
        Row(f"{prefix}.notification_sns_topic", "realtime", TOPIC,
            {f"{at}.alarm_actions[0]": TOPIC, f"{at}.ok_actions[0]": TOPIC}, {}, also),
        *(Row(f"{prefix}.actions.{word}", "realtime", [TOPIC, OTHER_TOPIC],
              {f"{at}.{word}_actions[0]": TOPIC, f"{at}.{word}_actions[1]": OTHER_TOPIC}, {}, also)
          for word in ("alarm", "ok", "insufficient_data")),
        Row(f"{prefix}.actions_enabled", "realtime", False, {f"{at}.actions_enabled": False}, {}, also),
        Row(f"{prefix}.api_parameters", "realtime", {"ActionsSuppressor": "maintenance", **periods}, suppressed, {},
            guarded),
    ]  # fmt: skip


def _schedule(
    leaf: str, value: object, changed: dict[str, object], left_out: dict[str, object] | str, **base: object
) -> Row:
    """A leaf of a schedule that otherwise says *base*; the options are those of the scheduled action."""
    action = f"{T}.scheduled_actions[0]"
    also = {f"{SCALING}.schedules": {"s": base or {"at": "20:00", "minimum": 1}}}
    options: dict[str, object] = {f"{action}.{name}": found for name, found in changed.items()}
    return Row(f"{SCALING}.schedules.*.{leaf}", "realtime", value, options, left_out, also)


SUSPENDED = f"{T}.suspended_state"


def _woken() -> dict[str, object]:
    """What wake_from_zero declares."""
    policy = f"{T}.policies[1]"
    steps, alarm = f"{policy}.step_scaling_policy_configuration", f"{policy}.alarm"
    return {
        f"{policy}.policy_name": "e/m/wake-from-zero",
        f"{policy}.policy_type": "StepScaling",
        f"{steps}.adjustment_type": "ChangeInCapacity",
        f"{steps}.step_adjustments[0].metric_interval_lower_bound": 0.0,
        f"{steps}.step_adjustments[0].scaling_adjustment": 1,
        f"{alarm}.namespace": "AWS/SageMaker",
        f"{alarm}.metric_name": "HasBacklogWithoutCapacity",
        f"{alarm}.dimensions[0].name": "EndpointName",
        f"{alarm}.dimensions[0].value": "e",
        f"{alarm}.statistic": "Average",
        f"{alarm}.comparison_operator": "GreaterThanOrEqualToThreshold",
        f"{alarm}.threshold": 1.0,
        f"{alarm}.evaluation_periods": 2,
        f"{alarm}.period": 60,
        f"{E}.alarm_names[1]": "e/m/wake-from-zero",
    }


DOCUMENTED = [
    Row(f"{CONTAINER}.image", "models", "repo/image:2", {f"{C}.image": "repo/image:2"}, REQUIRED),
    Row(f"{CONTAINER}.compression_type", "models", "UncompressedModel",
        {f"{C}.model_data_url": GONE, f"{SOURCE}.s3_uri": TAR, f"{SOURCE}.s3_data_type": "S3Object",
         f"{SOURCE}.compression_type": "Gzip"},
        {f"{C}.model_data_url": TAR}, {f"{CONTAINER}.model_data_location": TAR}),
    Row(f"{CONTAINER}.environment_variables", "models", {"fooBar": "1"}, {f"{C}.environment.fooBar": "1"}, {}),
    Row(f"{CONTAINER}.model_data_location", "models", TAR, {f"{C}.model_data_url": TAR}, {}),
    Row(f"{CONTAINER}.use_multiple_models.enable_model_caching", "models", False,
        {f"{C}.multi_model_config.model_cache_setting": "Disabled"},
        {f"{C}.multi_model_config.model_cache_setting": "Enabled", f"{C}.mode": "MultiModel"},
        {f"{CONTAINER}.use_multiple_models": {}, f"{CONTAINER}.model_data_location": "s3://bucket/models/"}),
    Row("models.*.iam_role_arn", "models", "arn:aws:iam::111122223333:role/two",
        {f"{M}.execution_role_arn": "arn:aws:iam::111122223333:role/two"}, REQUIRED),
    Row("models.*.additional_tags", "models", {"teamName": "x"}, {f"{M}.tags.teamName": "x", f"{M}.tags": GONE}, {}),
    Row("models.*.enable_network_isolation", "models", True, {f"{M}.enable_network_isolation": True},
        {f"{M}.enable_network_isolation": False}),
    Row("models.*.inference_execution_config.mode", "models", "Direct",
        {f"{M}.inference_execution_config.mode": "Direct"}, {f"{M}.inference_execution_config.mode": "Serial"},
        {"models.*.container_definitions": {"c": {"image": "i"}, "d": {"image": "i"}}}),
    Row("models.*.vpc_config.security_group_ids", "models", ["sg-2"],
        {f"{M}.vpc_config.security_group_ids[0]": "sg-2"}, REQUIRED, VPC),
    Row("models.*.vpc_config.subnet_ids", "models", ["subnet-1", "subnet-2"],
        {f"{M}.vpc_config.subnets[1]": "subnet-2"}, REQUIRED, VPC),
    Row("additional_tags_all", "realtime", {"k": "v"},
        _tagged(M, "models[1]", E, A, T), {}),
    Row("endpoints.*.additional_tags", "realtime", {"k": "v"},
        _tagged(E, A, T), {}),
    Row("endpoints.*.encryption_key", "capture", KEY, {f"{E}.kms_key_id": KEY, f"{CAP}.kms_key_id": KEY}, {}),
    *_instances(PRODUCTION, "realtime", V),
    Row(f"{SCALING}.policies.*.expression", "realtime", "SageMakerVariantInvocationsPerInstance = 5",
        {f"{P}.target_value": 5.0,
         f"{P}.predefined_metric_specification.predefined_metric_type": "SageMakerVariantInvocationsPerInstance"}
        | {f"{P}.customized_metric_specification.{gone}": GONE for gone in (
            "metric_name", "namespace", "statistic", "dimensions[0].name", "dimensions[0].value", "dimensions[1].name",
            "dimensions[1].value")},
        REQUIRED),
    Row(f"{SCALING}.policies.*.enable_scale_in", "realtime", False, {f"{P}.disable_scale_in": True},
        {f"{P}.disable_scale_in": False}),
    Row(f"{SCALING}.policies.*.scale_in_cooldown_period", "realtime", "0 seconds", {f"{P}.scale_in_cooldown": 0},
        {f"{P}.scale_in_cooldown": 300}),
    Row(f"{SCALING}.policies.*.scale_out_cooldown_period", "realtime", "90 seconds", {f"{P}.scale_out_cooldown": 90},
        {f"{P}.scale_out_cooldown": 300}),
    Row(f"{SCALING}.maximum_capacity", "realtime", 9, {f"{T}.max_capacity": 9}, {f"{T}.max_capacity": 1}),
    Row(f"{SCALING}.minimum_capacity", "realtime", 2,
        {f"{T}.min_capacity": 2, f"{V}.initial_instance_count": 2},
        {f"{T}.min_capacity": 1, f"{V}.initial_instance_count": 1}),
    *_alarm(ALARM, "realtime", 500000)[:5],
    Row(f"{ASYNC}.s3_output_path", "async", "s3://bucket/two", {f"{OUT}.s3_output_path": "s3://bucket/two"}, REQUIRED),
    Row(f"{ASYNC}.encryption_key", "async", KEY, {f"{OUT}.kms_key_id": KEY}, {}),
    Row(f"{ASYNC}.error_notification_location", "async", TOPIC,
        {f"{NOTIFY}.error_topic": TOPIC, f"{NOTIFY}.include_inference_response_in[0]": "ERROR_NOTIFICATION_TOPIC"}, {}),
    Row(f"{ASYNC}.max_concurrent_invocations_per_instance", "async", 1000,
        {f"{E}.async_inference_config.client_config.max_concurrent_invocations_per_instance": 1000}, {}),
    Row(f"{ASYNC}.s3_failure_path", "async", "s3://bucket/bad", {f"{OUT}.s3_failure_path": "s3://bucket/bad"}, {}),
    Row(f"{ASYNC}.success_notification_location", "async", OTHER_TOPIC,
        {f"{NOTIFY}.success_topic": OTHER_TOPIC,
         f"{NOTIFY}.include_inference_response_in[0]": "SUCCESS_NOTIFICATION_TOPIC"}, {}),
    Row(f"{CAPTURE}.s3_location_to_store_data_collected", "capture", "s3://bucket/two",
        {f"{CAP}.destination_s3_uri": "s3://bucket/two"}, REQUIRED),
    Row(f"{CAPTURE}.capture_content_type.csv_text", "capture", ["text/csv"],
        {f"{CAP}.capture_content_type_header.csv_content_types[0]": "text/csv"}, {},
        {f"{CAPTURE}.capture_content_type.json": ["application/json"]}),
    Row(f"{CAPTURE}.capture_content_type.json", "capture", ["application/json"],
        {f"{CAP}.capture_content_type_header.json_content_types[0]": "application/json"}, {},
        {f"{CAPTURE}.capture_content_type.csv_text": ["text/csv"]}),
    Row(f"{CAPTURE}.data_capture_options.prediction_request", "capture", False,
        {f"{CAP}.capture_options[0].capture_mode": "Output"},
        {f"{CAP}.capture_options[0].capture_mode": "InputAndOutput"}),
    Row(f"{CAPTURE}.data_capture_options.prediction_response", "capture", False,
        {f"{CAP}.capture_options[0].capture_mode": "Input"},
        {f"{CAP}.capture_options[0].capture_mode": "InputAndOutput"}),
    Row(f"{CAPTURE}.sampling_percentage", "capture", 100, {f"{CAP}.initial_sampling_percentage": 100},
        {f"{CAP}.initial_sampling_percentage": 30}),
    *_instances(SHADOW, "shadow", S),
    Row(f"{SERVERLESS}.model_name", "serverless", "other", {f"{V}.model_name": "other", **_renamed(A, "other")},
        REQUIRED),
    Row(f"{SERVERLESS}.max_concurrency", "serverless", 200, {f"{LESS}.max_concurrency": 200},
        {f"{LESS}.max_concurrency": 20}),
    Row(f"{SERVERLESS}.memory_size", "serverless", 6144, {f"{LESS}.memory_size_in_mb": 6144},
        {f"{LESS}.memory_size_in_mb": 1024}),
    Row(f"{SERVERLESS}.provisioned_concurrency", "serverless", 20, {f"{LESS}.provisioned_concurrency": 20}, {}),
]  # fmt: skip

ADDED = [
    *_alarm(ALARM, "realtime", 500000)[5:],
    *_composite(),
    *_steps(),
    *_alarm(f"{SERVERLESS}.cloudwatch_alarms.*", "serverless", 5000),
    *_added_to_instances(PRODUCTION, "realtime", V),
    *_added_to_instances(SHADOW, "shadow", S),
    Row(f"{PRODUCTION}.model_name", "realtime", "other", {f"{V}.model_name": "other"}, {f"{V}.model_name": "m"}),
    Row(f"{SHADOW}.model_name", "shadow", "m", {f"{S}.model_name": "m"}, {f"{S}.model_name": "other"}),
    Row(f"{SERVERLESS}.variant_name", "serverless", "AllTraffic",
        {**_renamed(A, "AllTraffic"), f"{E}.keep_variant_name": GONE},
        {**_renamed(A, "m"), f"{E}.keep_variant_name": True}),
    Row(f"{PRODUCTION}.additional_tags", "realtime", {"k": "v"},
        _tagged(A, T), {}),
    Row(f"{SERVERLESS}.additional_tags", "serverless", {"k": "v"}, _tagged(A), {}),
    Row(f"{ASYNC}.include_response_in_notifications", "async", False,
        {f"{NOTIFY}.include_inference_response_in[0]": GONE},
        {f"{NOTIFY}.include_inference_response_in[0]": "ERROR_NOTIFICATION_TOPIC"},
        {f"{ASYNC}.error_notification_location": TOPIC}),
    _schedule("at", "7:30 mon-fri, SUN", {"schedule": "cron(30 7 ? * MON-FRI,SUN *)"}, ONE_OF_SEVERAL),
    _schedule("cron", "0/10 8-18 ? * MON *", {"schedule": "cron(0/10 8-18 ? * MON *)"}, ONE_OF_SEVERAL,
              cron="0 8 1 * ? *", minimum=1),
    _schedule("rate", "90 minutes", {"schedule": "rate(90 minutes)"}, ONE_OF_SEVERAL, rate="2 hours", minimum=1),
    _schedule("time_zone", "Europe/Berlin", {"timezone": "Europe/Berlin"}, {}),
    _schedule("minimum", 2, {"scalable_target_action.min_capacity": 2}, {}, at="20:00", minimum=1, maximum=2),
    _schedule("maximum", 3, {"scalable_target_action.max_capacity": 3}, {}),
    _schedule("start", "2027-01-01 00:00", {"start_time": "2027-01-01T00:00:00+00:00"}, {}),
    _schedule("end", "2028-01-01 00:00:30", {"end_time": "2028-01-01T00:00:30+00:00"}, {}),
    Row(f"{SCALING}.wake_from_zero", "async", True, _woken(), {},
        {SCALING: {"policies": {"p": {"expression": "ApproximateBacklogSize average = 5"}}, "maximum_capacity": 2},
         ALARM: {"expression": "ApproximateBacklogSize average > 9"}}),
    # Every member of today has a key; test_newer_botocore.py has one of tomorrow.
    Row(f"{SCALING}.api_parameters", "realtime", {}, {}, {}),
    Row(f"{SCALING}.suspended", "realtime", ["in", "scheduled"],
        {f"{SUSPENDED}.dynamic_scaling_in_suspended": True, f"{SUSPENDED}.dynamic_scaling_out_suspended": False,
         f"{SUSPENDED}.scheduled_scaling_suspended": True}, {}),
    Row(f"{ROLLOUT}.strategy", "realtime", "canary", CANARY, AT_ONCE, PLAIN, {f"{ROLLOUT}.size": "10%"}),
    Row(f"{ROLLOUT}.size", "realtime", "10%", CANARY, AT_ONCE, PLAIN, {f"{ROLLOUT}.strategy": "canary"}),
    Row(f"{ROLLOUT}.rollback_size", "realtime", "50%",
        {f"{D}.rolling_update_policy.rollback_maximum_batch_size.type": "CAPACITY_PERCENT",
         f"{D}.rolling_update_policy.rollback_maximum_batch_size.value": 50}, {},
        {ROLLOUT: {"strategy": "rolling", "size": "50%", "wait_interval": "1 minute"},
         f"{PRODUCTION}.auto_scaling": None}),
    Row(f"{ROLLOUT}.wait_interval", "realtime", "1 hour", {f"{ROUTING}.wait_interval_in_seconds": 3600},
        {f"{ROUTING}.wait_interval_in_seconds": 0}, PLAIN),
    Row(f"{ROLLOUT}.termination_wait", "realtime", "5 minutes", {f"{GREEN}.termination_wait_in_seconds": 300}, {},
        PLAIN),
    Row(f"{ROLLOUT}.maximum_execution_timeout", "realtime", "8 hours",
        {f"{GREEN}.maximum_execution_timeout_in_seconds": 28800}, {}, PLAIN),
    Row(f"{ROLLOUT}.rollback_on", "realtime", "all",
        {f"{D}.auto_rollback_configuration.alarms[0].alarm_name": "e/m/a"}, {}, PLAIN),
    Row("endpoints.*.allow_replace", "realtime", True, {f"{E}.allow_replace": True}, {}),
    Row("models.*.redeploy", "models", "2026-11-27", {f"{M}.redeploy": "2026-11-27"}, {}),
    Row("endpoints.*.redeploy", "realtime", "2026-11-27", {f"{E}.redeploy": "2026-11-27"}, {}),
    Row("endpoints.*.deletion_protection", "realtime", True, {f"{E}.deletion_protection": True}, {}),
    Row(f"{CONTAINER}.model_package", "models", f"{ARN}:model-package/two/1",
        {f"{C}.model_package_name": f"{ARN}:model-package/two/1", f"{C}.image": GONE}, {f"{C}.image": "repo/image:1"},
        beside={f"{CONTAINER}.image": None}),
    Row(f"{CONTAINER}.accept_eula", "models", True, {f"{SOURCE}.model_access_config.accept_eula": True}, {},
        UNCOMPRESSED),
    Row(f"{CONTAINER}.hub_content_arn", "models", HUB, {f"{SOURCE}.hub_access_config.hub_content_arn": HUB}, {},
        UNCOMPRESSED),
    Row(f"{CONTAINER}.model_data_etag", "models", "abc123", {f"{SOURCE}.e_tag": "abc123"}, {}, UNCOMPRESSED),
    Row(f"{CHANNEL}.model_data_location", "models", TAR,
        {f"{OF_CHANNEL}.s3_uri": TAR, f"{OF_CHANNEL}.s3_data_type": "S3Object",
         f"{OF_CHANNEL}.compression_type": "Gzip"}, REQUIRED, DRAFT),
    Row(f"{CHANNEL}.accept_eula", "models", True, {f"{OF_CHANNEL}.model_access_config.accept_eula": True}, {}, DRAFT),
    Row(f"{CHANNEL}.hub_content_arn", "models", HUB, {f"{OF_CHANNEL}.hub_access_config.hub_content_arn": HUB}, {},
        DRAFT),
    Row(f"{CHANNEL}.model_data_etag", "models", "abc123", {f"{OF_CHANNEL}.e_tag": "abc123"}, {}, DRAFT),
    Row(f"{CHANNEL}.api_parameters", "models", {"S3DataSource": {"manifest_s3_uri": "s3://bucket/manifest.json"}},
        {f"{C}.additional_model_data_sources[0].api_parameters.s3_data_source.manifest_s3_uri":
         "s3://bucket/manifest.json"}, {}, DRAFT),
    Row(f"{CONTAINER}.image_config.repository_access_mode", "models", "Vpc",
        {f"{C}.image_config.repository_access_mode": "Vpc"}, REQUIRED, {**IMAGE_CONFIG, **VPC}),
    Row(f"{CONTAINER}.image_config.repository_credentials_provider_arn", "models", LAMBDA,
        {f"{C}.image_config.repository_auth_config.repository_credentials_provider_arn": LAMBDA}, {},
        {f"{CONTAINER}.image_config": {"repository_access_mode": "Vpc"}, **VPC}),
    Row("endpoints.*.metrics.enable_detailed_observability", "realtime", False,
        {f"{E}.metrics_config.enable_detailed_observability": False}, {}),
    Row("endpoints.*.metrics.enable_enhanced_metrics", "realtime", True,
        {f"{E}.metrics_config.enable_enhanced_metrics": True}, {}),
    Row("endpoints.*.metrics.publish_frequency", "realtime", "10 seconds",
        {f"{E}.metrics_config.metric_publish_frequency_in_seconds": 10}, {}),
    Row(f"{PROVISIONED}.iam_role_arn", "realtime", "arn:aws:iam::111122223333:role/two",
        {f"{E}.execution_role_arn": "arn:aws:iam::111122223333:role/two"}, {}),
    Row(f"{PROVISIONED}.enable_network_isolation", "realtime", True, {f"{E}.enable_network_isolation": True}, {}),
    Row(f"{PROVISIONED}.vpc_config.security_group_ids", "realtime", ["sg-2"],
        {f"{E}.vpc_config.security_group_ids[0]": "sg-2"}, REQUIRED, OF_ENDPOINT),
    Row(f"{PROVISIONED}.vpc_config.subnet_ids", "realtime", ["subnet-1", "subnet-2"],
        {f"{E}.vpc_config.subnets[1]": "subnet-2"}, REQUIRED, OF_ENDPOINT),
    Row(f"{CAPTURE}.enabled", "capture", False, {f"{CAP}.enable_capture": False}, {f"{CAP}.enable_capture": True}),
    Row(f"{CAPTURE}.encryption_key", "capture", KEY, {f"{CAP}.kms_key_id": KEY}, {}),
    Row(f"{CONTAINER}.api_parameters", "models", {"InferenceSpecificationName": "first"},
        {f"{C}.api_parameters.inference_specification_name": "first"}, {}),
    Row("endpoints.*.api_parameters", "realtime", {"explainer_config": EXPLAINER},
        {f"{E}.api_parameters.explainer_config.clarify_explainer_config.shap_config.shap_baseline_config.mime_type":
         "text/csv"}, {}),
    *_parameters_of_variant(PRODUCTION, "realtime", V),
    *_parameters_of_variant(SHADOW, "shadow", S),
    *_parameters_of_variant(SERVERLESS, "serverless", V),
    Row(f"{SCALING}.policies.*.api_parameters", "realtime", {TRACKING: {METRIC: {"unit": "Percent"}}},
        {f"{T}.policies[0].api_parameters.{TRACKING}.{METRIC}.unit": "Percent"}, {}),
    Row("endpoints.*.adopt", "realtime", True, {f"{each}.adopt": True for each in (E, A, T)}, {}),
]  # fmt: skip

_ON_SERVERLESS = {f"{SERVERLESS}.provisioned_concurrency": 1,
                  f"{SERVERLESS}.auto_scaling": {"policies": {"p": {"expression": "CPUUtilization average = 70"}},
                                                 "maximum_capacity": 2}}  # fmt: skip


def _on_serverless(row: Row) -> Row:
    """The row of a leaf of the scaling of instances, for that of a serverless variant."""
    leaf = row.leaf.replace(PRODUCTION, SERVERLESS)
    also = {path.replace(PRODUCTION, SERVERLESS): value for path, value in row.also.items()}
    value, changed, left_out = row.value, row.changed, row.left_out
    if leaf.endswith("policies.*.expression"):
        value, predefined = "SageMakerVariantProvisionedConcurrencyUtilization = 0.5", changed
        changed = {at: 0.5 if at.endswith("target_value") else
                   "SageMakerVariantProvisionedConcurrencyUtilization" if at.endswith("metric_type") else found
                   for at, found in predefined.items()}  # fmt: skip
    if leaf.endswith("minimum_capacity"):
        changed = {f"{T}.min_capacity": 2, f"{LESS}.provisioned_concurrency": 2}
        left_out = {f"{T}.min_capacity": 1, f"{LESS}.provisioned_concurrency": 1}
    return row._replace(leaf=leaf, base="serverless", value=value, changed=changed, left_out=left_out,
                        also={**copy.deepcopy(_ON_SERVERLESS), **also})  # fmt: skip


ADDED += [
    _on_serverless(row)
    for row in DOCUMENTED + ADDED
    if row.leaf.startswith(f"{SCALING}.") and not row.leaf.endswith(".wake_from_zero")
]
ROWS = DOCUMENTED + ADDED
NOTHING_TO_SET = {"models.*.api_parameters"}
"""Parameters of operations of which every member that the installed botocore knows has a key."""


def _place(leaf: str) -> str:
    """Where the leaf is in the examples."""
    parts = leaf.split(".")
    return ".".join(NAMES[parts[at - 1]] if part == "*" else part for at, part in enumerate(parts))


def _inventory(row: Row, beside: t.Mapping[str, object] = types.MappingProxyType({})) -> dict[str, t.Any]:
    inventory = example(row.base)
    for leaf, value in {**row.also, **beside}.items():
        change(inventory, _place(leaf), copy.deepcopy(value))
    return inventory


def _left_out(row: Row) -> dict[str, t.Any]:
    inventory = _inventory(row)
    try:
        return without(inventory, _place(row.leaf))
    except KeyError:
        return inventory


def _flat(inventory: dict[str, t.Any]) -> dict[str, object]:
    return flat(options(compile_inventory(inventory)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.leaf)
def test_setting_a_leaf_changes_just_its_members(row: Row) -> None:
    changed = change(_inventory(row, row.beside), _place(row.leaf), row.value)
    if too_new := refusals(changed):
        assert refused(changed) == too_new
        return
    before, after = _flat(_inventory(row)), _flat(changed)
    assert {at: after.get(at, GONE) for at in {**before, **after} if before.get(at) != after.get(at)} == row.changed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.leaf)
def test_leaving_a_leaf_out_gives_its_default(row: Row) -> None:
    inventory = _left_out(row)
    if too_new := refusals(change(copy.deepcopy(inventory), _place(row.leaf), None)):
        assert refused(change(inventory, _place(row.leaf), None)) == too_new
        return
    if row.left_out == REQUIRED:
        assert f"{_place(row.leaf)}: required" in refused(inventory)
        return
    if row.left_out == ONE_OF_SEVERAL:
        assert any("exactly one of" in problem for problem in refused(inventory))
        return
    found = _flat(inventory)
    assert isinstance(row.left_out, dict)
    assert row.left_out.items() <= found.items()
    assert not {at for at in row.changed if at not in row.left_out and not at.endswith(".tags")} & set(found)
    assert _flat(change(inventory, _place(row.leaf), None)) == found


def test_every_leaf_has_a_row() -> None:
    assert [row.leaf for row in ROWS] == list(dict.fromkeys(row.leaf for row in ROWS))
    assert {row.leaf for row in ROWS} | NOTHING_TO_SET == {leaf for leaf, _key in leaves(INVENTORY)}


@pytest.mark.parametrize("leaf", sorted(NOTHING_TO_SET))
def test_what_parameters_cannot_set_has_a_key(leaf: str) -> None:
    key = dict(leaves(INVENTORY))[leaf]
    assert [name for name in getattr(key.limit, "members", ()) if not _is_taken(name, key.taken)] == []


def _is_taken(name: str, taken: t.Iterable[str]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for path in taken)


def test_no_leaf_is_declared_twice() -> None:
    paths = [leaf for leaf, _key in leaves(INVENTORY)]
    assert len(paths) == len(set(paths))


def test_what_is_required_is_what_the_documented_schema_requires() -> None:
    required = {leaf for leaf, key in leaves(INVENTORY) if key.required}
    assert {row.leaf for row in ROWS if row.left_out == REQUIRED} == required


def test_the_documented_schema_has_53_leaves() -> None:
    assert len(DOCUMENTED) == 53
