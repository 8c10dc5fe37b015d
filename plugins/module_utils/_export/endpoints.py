# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoint configurations back to the documented ``endpoints``: what compile_endpoints made of them."""

from __future__ import annotations

import typing as t

from .._engine.canonical import Request, single_precision
from .._inventory import durations
from .._inventory.module_options import given
from .._inventory.reader import Tree
from .._resources.endpoint.config import hosting_kind

Keys = t.Mapping[str, str]


def endpoint_tree(config: Request, keys: Keys, tags: t.Mapping[str, str]) -> Tree:
    """*config* is what runs, with its live counts and weights; *keys* are the models' keys by their names in AWS."""
    is_serverless = hosting_kind(config) == "serverless"
    return given(
        additional_tags=dict(tags) or None,
        encryption_key=None if is_serverless else config.get("KmsKeyId"),
        serverless={"variant": _serverless(config["ProductionVariants"][0], keys)} if is_serverless else None,
        provisioned=None if is_serverless else _provisioned(config, keys),
    )


def _serverless(variant: Request, keys: Keys) -> Tree:
    settings, key = variant["ServerlessConfig"], _key(variant, keys)
    return given(
        model_name=key,
        variant_name=variant["VariantName"] if variant["VariantName"] != key else None,
        max_concurrency=_unless(20, settings.get("MaxConcurrency")),
        memory_size=_unless(1024, settings.get("MemorySizeInMB")),
        provisioned_concurrency=settings.get("ProvisionedConcurrency"),
    )


def _provisioned(config: Request, keys: Keys) -> Tree:
    shadows = {each["VariantName"]: _variant(each, keys) for each in config.get("ShadowProductionVariants", ())}
    capture = config.get("DataCaptureConfig")
    return given(
        production_variants={each["VariantName"]: _variant(each, keys) for each in config["ProductionVariants"]},
        shadow_variants=shadows or None,
        async_invocation_config=_async(config["AsyncInferenceConfig"]) if "AsyncInferenceConfig" in config else None,
        enable_data_capture=_data_capture(capture) if capture and capture.get("EnableCapture", True) else None,
    )


def _variant(variant: Request, keys: Keys) -> Tree:
    key = _key(variant, keys)
    return given(
        model_name=key if key != variant["VariantName"] else None,
        instance_type=variant.get("InstanceType"),
        # The schema has no variant without an instance.
        initial_instance_count=_unless(1, max(variant.get("InitialInstanceCount", 1), 1)),
        initial_weight=_unless(1, _weight(variant.get("InitialVariantWeight", 1))),
        volume_size=variant.get("VolumeSizeInGB"),
        container_startup_timeout=_in_words(variant.get("ContainerStartupHealthCheckTimeoutInSeconds")),
        model_data_download_timeout=_in_words(variant.get("ModelDataDownloadTimeoutInSeconds")),
    )


def _key(variant: Request, keys: Keys) -> str | None:
    return keys.get(variant.get("ModelName", ""))


def _weight(weight: float) -> float:
    """The shortest number that AWS stores as this one, in 32 bits."""
    numbers = (float(f"{weight:.{digits}g}") for digits in range(1, 10))
    number = next((each for each in numbers if single_precision(each) == single_precision(weight)), float(weight))
    return int(number) if number.is_integer() else number


def _data_capture(capture: Request) -> Tree:
    modes = {option["CaptureMode"] for option in capture["CaptureOptions"]}
    header = capture.get("CaptureContentTypeHeader")
    options = given(
        prediction_request=None if modes & {"Input", "InputAndOutput"} else False,
        prediction_response=None if modes & {"Output", "InputAndOutput"} else False,
    )
    return given(
        s3_location_to_store_data_collected=capture["DestinationS3Uri"],
        sampling_percentage=_unless(30, capture["InitialSamplingPercentage"]),
        data_capture_options=options or None,
        capture_content_type=header
        and given(csv_text=header.get("CsvContentTypes"), json=header.get("JsonContentTypes")),
    )


def _async(config: Request) -> Tree:
    output = config["OutputConfig"]
    notification = output.get("NotificationConfig", {})
    has_topics = "ErrorTopic" in notification or "SuccessTopic" in notification
    return given(
        s3_output_path=output.get("S3OutputPath"),
        s3_failure_path=output.get("S3FailurePath"),
        encryption_key=output.get("KmsKeyId"),
        error_notification_location=notification.get("ErrorTopic"),
        success_notification_location=notification.get("SuccessTopic"),
        include_response_in_notifications=(
            False if has_topics and not notification.get("IncludeInferenceResponseIn") else None
        ),
        max_concurrent_invocations_per_instance=config.get("ClientConfig", {}).get(
            "MaxConcurrentInvocationsPerInstance"
        ),
    )


def _unless(default: t.Any, value: t.Any) -> t.Any:
    return None if value == default else value


def _in_words(seconds: int | None) -> str | None:
    return None if seconds is None else durations.as_duration(seconds)
