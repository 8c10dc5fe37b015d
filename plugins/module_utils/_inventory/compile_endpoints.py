# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint of the inventory to the options of sagemaker_endpoint."""

from __future__ import annotations

from . import variants
from .compile_rollout import deployment_config
from .metrics import SERVERLESS
from .module_options import Options, given
from .reader import Tree


def endpoint_options(name: str, tree: Tree) -> Options:
    endpoint = tree["endpoints"][name]
    found = list(variants.of_endpoint(name, endpoint, tree["models"]))
    provisioned = endpoint["provisioned"] or {}
    key = endpoint["encryption_key"] if provisioned else None
    shadows = [_variant(variant) for variant in found if variant.is_shadow]
    return given(
        endpoint_name=name,
        production_variants=[_variant(variant) for variant in found if not variant.is_shadow],
        keep_variant_name=True if any(variant.keeps_name for variant in found) else None,
        shadow_production_variants=shadows or None,
        kms_key_id=key,
        data_capture_config=_data_capture(provisioned.get("enable_data_capture"), key),
        async_inference_config=_async(provisioned.get("async_invocation_config")),
        deployment_config=deployment_config(endpoint["deployment"], found),
        allow_replace=endpoint["allow_replace"],
        scaled_variants=[variant.name for variant in found if variant.scaling],
        alarm_names=variants.alarm_names(found),
        adopt=endpoint["adopt"],
        tags={**endpoint["additional_tags"], **tree["additional_tags_all"]},
    )


def _variant(variant: variants.Variant) -> Options:
    values = variant.values
    named = {"variant_name": variant.name, "model_name": variant.model_name}
    if variant.kind == SERVERLESS:
        return named | {
            "serverless_config": given(
                max_concurrency=values["max_concurrency"],
                memory_size_in_mb=values["memory_size"],
                provisioned_concurrency=values["provisioned_concurrency"],
            )
        }
    return named | given(
        instance_type=values["instance_type"],
        initial_instance_count=_first_count(values),
        initial_variant_weight=values["initial_weight"],
        volume_size_in_gb=values["volume_size"],
        container_startup_health_check_timeout_in_seconds=values["container_startup_timeout"],
        model_data_download_timeout_in_seconds=values["model_data_download_timeout"],
    )


def _first_count(values: Tree) -> int:
    """How many instances a new variant begins with: a scaled one with what autoscaling would give it at once."""
    count: int = values["initial_instance_count"]
    scaling = values.get("auto_scaling")
    return max(count, scaling["minimum_capacity"]) if scaling else count


def _data_capture(capture: Tree | None, key: str | None) -> Options | None:
    if capture is None:
        return None
    content = capture["capture_content_type"]
    return given(
        enable_capture=True,
        initial_sampling_percentage=capture["sampling_percentage"],
        destination_s3_uri=capture["s3_location_to_store_data_collected"],
        kms_key_id=key,
        capture_options=[{"capture_mode": _capture_mode(**capture["data_capture_options"])}],
        capture_content_type_header=content
        and given(csv_content_types=content["csv_text"], json_content_types=content["json"]),
    )


def _capture_mode(prediction_request: bool, prediction_response: bool) -> str:
    if prediction_request and prediction_response:
        return "InputAndOutput"
    return "Input" if prediction_request else "Output"


def _async(invocation: Tree | None) -> Options | None:
    if invocation is None:
        return None
    most = invocation["max_concurrent_invocations_per_instance"]
    return given(
        output_config=given(
            s3_output_path=invocation["s3_output_path"],
            s3_failure_path=invocation["s3_failure_path"],
            kms_key_id=invocation["encryption_key"],
            notification_config=_notifications(invocation),
        ),
        client_config={"max_concurrent_invocations_per_instance": most} if most else None,
    )


def _notifications(invocation: Tree) -> Options | None:
    """As the Terraform module does, the model's response goes to every topic, unless the inventory says otherwise."""
    error, success = invocation["error_notification_location"], invocation["success_notification_location"]
    if not error and not success:
        return None
    topics = (["ERROR_NOTIFICATION_TOPIC"] if error else []) + (["SUCCESS_NOTIFICATION_TOPIC"] if success else [])
    included = topics if invocation["include_response_in_notifications"] else None
    return given(error_topic=error, success_topic=success, include_inference_response_in=included)
