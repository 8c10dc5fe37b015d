# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of each kind of resource, which its module takes flat or in a list, and sagemaker_deployment in lists."""

from __future__ import annotations

from .._aws.service_model import API_PARAMETERS
from .._engine.requests import Options
from .resource_spec import ResourceSpec

MORE: Options = {API_PARAMETERS: {"type": "dict"}}
CONTAINER: Options = {
    "container_hostname": {"type": "str"},
    "image": {"type": "str"},
    "image_config": {"type": "dict"},
    "mode": {"type": "str"},
    "model_data_url": {"type": "str"},
    "model_data_source": {"type": "dict"},
    "additional_model_data_sources": {"type": "list", "elements": "dict"},
    "environment": {"type": "dict"},
    "model_package_name": {"type": "str"},
    "inference_specification_name": {"type": "str"},
    "multi_model_config": {"type": "dict"},
    **MORE,
}
MODEL = ResourceSpec(
    "model",
    names=("model_name",),
    options={
        "model_name": {"type": "str"},
        "execution_role_arn": {"type": "str"},
        "primary_container": {"type": "dict", "options": CONTAINER},
        "containers": {"type": "list", "elements": "dict", "options": CONTAINER},
        "inference_execution_config": {"type": "dict", "options": {"mode": {"type": "str", "required": True}}},
        "vpc_config": {
            "type": "dict",
            "options": {
                "security_group_ids": {"type": "list", "elements": "str", "required": True},
                "subnets": {"type": "list", "elements": "str", "required": True},
            },
        },
        "enable_network_isolation": {"type": "bool"},
        **MORE,
        "redeploy": {"type": "str"},
    },
)

ALARM = ResourceSpec(
    "alarm",
    names=("alarm_name",),
    options={
        "alarm_name": {"type": "str"},
        "alarm_description": {"type": "str"},
        "alarm_rule": {"type": "str"},
        "actions_enabled": {"type": "bool"},
        "alarm_actions": {"type": "list", "elements": "str"},
        "ok_actions": {"type": "list", "elements": "str"},
        "insufficient_data_actions": {"type": "list", "elements": "str"},
        "namespace": {"type": "str"},
        "metric_name": {"type": "str"},
        "dimensions": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str", "required": True}, "value": {"type": "str", "required": True}},
        },
        "statistic": {"type": "str"},
        "extended_statistic": {"type": "str"},
        "comparison_operator": {"type": "str"},
        "threshold": {"type": "float"},
        "metrics": {"type": "list", "elements": "dict"},
        "threshold_metric_id": {"type": "str"},
        "evaluation_criteria": {"type": "dict"},
        "evaluation_interval": {"type": "int"},
        "period": {"type": "int"},
        "unit": {"type": "str"},
        "evaluation_periods": {"type": "int"},
        "datapoints_to_alarm": {"type": "int"},
        "treat_missing_data": {"type": "str"},
        "evaluate_low_sample_count_percentile": {"type": "str"},
        **MORE,
        "adopt": {"type": "bool"},
    },
    shared=("adopt",),
)

VARIANT: Options = {
    "variant_name": {"type": "str", "required": True},
    "model_name": {"type": "str"},
    "instance_type": {"type": "str"},
    "initial_instance_count": {"type": "int"},
    "initial_variant_weight": {"type": "float"},
    "volume_size_in_gb": {"type": "int"},
    "model_data_download_timeout_in_seconds": {"type": "int"},
    "container_startup_health_check_timeout_in_seconds": {"type": "int"},
    "enable_ssm_access": {"type": "bool"},
    "inference_ami_version": {"type": "str"},
    "routing_config": {"type": "dict"},
    "instance_pools": {"type": "list", "elements": "dict"},
    "variant_instance_provision_timeout_in_seconds": {"type": "int"},
    "capacity_reservation_config": {"type": "dict"},
    "serverless_config": {
        "type": "dict",
        "options": {
            "max_concurrency": {"type": "int", "required": True},
            "memory_size_in_mb": {"type": "int", "required": True},
            "provisioned_concurrency": {"type": "int"},
        },
    },
    **MORE,
}
ENDPOINT = ResourceSpec(
    "endpoint",
    names=("endpoint_name",),
    options={
        "endpoint_name": {"type": "str"},
        "production_variants": {"type": "list", "elements": "dict", "options": VARIANT},
        "shadow_production_variants": {"type": "list", "elements": "dict", "options": VARIANT},
        "data_capture_config": {
            "type": "dict",
            "options": {
                "enable_capture": {"type": "bool"},
                "initial_sampling_percentage": {"type": "int", "required": True},
                "destination_s3_uri": {"type": "str", "required": True},
                "kms_key_id": {"type": "str"},
                "capture_options": {"type": "list", "elements": "dict", "required": True},
                "capture_content_type_header": {"type": "dict"},
            },
        },
        "async_inference_config": {
            "type": "dict",
            "options": {
                "output_config": {"type": "dict", "required": True},
                "client_config": {"type": "dict"},
            },
        },
        "kms_key_id": {"type": "str"},
        "execution_role_arn": {"type": "str"},
        "vpc_config": {"type": "dict"},
        "enable_network_isolation": {"type": "bool"},
        "explainer_config": {"type": "dict"},
        "metrics_config": {"type": "dict"},
        **MORE,
        "deployment_config": {"type": "dict"},
        "allow_replace": {"type": "bool"},
        "scaled_variants": {"type": "list", "elements": "str"},
        "alarm_names": {"type": "list", "elements": "str"},
        "keep_variant_name": {"type": "bool"},
        "adopt": {"type": "bool"},
        "deletion_protection": {"type": "bool"},
        "redeploy": {"type": "str"},
    },
    shared=("allow_replace", "adopt"),
)

TARGET = ResourceSpec(
    "target",
    names=("endpoint_name", "variant_name"),
    options={
        "endpoint_name": {"type": "str"},
        "variant_name": {"type": "str"},
        "scalable_dimension": {"type": "str"},
        "min_capacity": {"type": "int"},
        "max_capacity": {"type": "int"},
        "suspended_state": {
            "type": "dict",
            "options": {
                "dynamic_scaling_in_suspended": {"type": "bool"},
                "dynamic_scaling_out_suspended": {"type": "bool"},
                "scheduled_scaling_suspended": {"type": "bool"},
            },
        },
        "policies": {
            "type": "list",
            "elements": "dict",
            "options": {
                "policy_name": {"type": "str", "required": True},
                "policy_type": {"type": "str", "required": True},
                "target_tracking_scaling_policy_configuration": {
                    "type": "dict",
                    "options": {
                        "target_value": {"type": "float", "required": True},
                        "predefined_metric_specification": {"type": "dict"},
                        "customized_metric_specification": {"type": "dict"},
                        "disable_scale_in": {"type": "bool"},
                        "scale_in_cooldown": {"type": "int"},
                        "scale_out_cooldown": {"type": "int"},
                    },
                },
                "step_scaling_policy_configuration": {"type": "dict"},
                "alarm": {"type": "dict"},
                **MORE,
            },
        },
        "scheduled_actions": {
            "type": "list",
            "elements": "dict",
            "options": {
                "scheduled_action_name": {"type": "str", "required": True},
                "schedule": {"type": "str", "required": True},
                "timezone": {"type": "str"},
                "start_time": {"type": "str"},
                "end_time": {"type": "str"},
                "scalable_target_action": {
                    "type": "dict",
                    "required": True,
                    "options": {"min_capacity": {"type": "int"}, "max_capacity": {"type": "int"}},
                },
                **MORE,
            },
        },
        **MORE,
        "adopt": {"type": "bool"},
    },
    shared=("adopt",),
)
