# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what ``endpoints`` can say, apart from variants."""

from __future__ import annotations

from .model_keys import MODELS
from .rollout_keys import DEPLOYMENT
from .schema import ALARM, CONFIG, ENDPOINT, MODEL, TARGET, Key, key, tags
from .variant_keys import PRODUCTION_VARIANT, SERVERLESS_VARIANT, SHADOW_VARIANT

_ASYNC = "AsyncInferenceConfig"
_CAPTURE = "DataCaptureConfig"

ASYNC = (
    key(
        "s3_output_path",
        "text",
        CONFIG(f"{_ASYNC}.OutputConfig.S3OutputPath"),
        required=True,
        help="Where responses are stored, as an S3 address.",
    ),
    key("encryption_key", "text", CONFIG(f"{_ASYNC}.OutputConfig.KmsKeyId"), help="KMS key for the responses in S3."),
    key(
        "error_notification_location",
        "text",
        CONFIG(f"{_ASYNC}.OutputConfig.NotificationConfig.ErrorTopic"),
        help="SNS topic that hears of failed inferences.",
    ),
    key(
        "max_concurrent_invocations_per_instance",
        "integer",
        CONFIG(f"{_ASYNC}.ClientConfig.MaxConcurrentInvocationsPerInstance"),
        help="Requests that a container gets at a time. SageMaker chooses if it is not given.",
    ),
    key(
        "s3_failure_path",
        "text",
        CONFIG(f"{_ASYNC}.OutputConfig.S3FailurePath"),
        help="Where the responses of failed inferences are stored, as an S3 address.",
    ),
    key(
        "success_notification_location",
        "text",
        CONFIG(f"{_ASYNC}.OutputConfig.NotificationConfig.SuccessTopic"),
        help="SNS topic that hears of successful inferences.",
    ),
    key(
        "include_response_in_notifications",
        "boolean",
        CONFIG(f"{_ASYNC}.OutputConfig.NotificationConfig.IncludeInferenceResponseIn"),
        default=True,
        added=True,
        help="Whether the model's response is part of the SNS messages, as the Terraform module always has it."
        " Everyone who is subscribed to the topic then reads what the model answers; set it to false to send only where"
        " the response is stored.",
    ),
)

DATA_CAPTURE = (
    key(
        "s3_location_to_store_data_collected",
        "text",
        CONFIG(f"{_CAPTURE}.DestinationS3Uri"),
        required=True,
        help="Where requests and responses are stored, as an S3 address.",
    ),
    key(
        "capture_content_type",
        "object",
        CONFIG(f"{_CAPTURE}.CaptureContentTypeHeader"),
        help="The content types that are text. Needs `csv_text` or `json`, or both.",
        keys=(
            key(
                "csv_text",
                "list of text",
                CONFIG(f"{_CAPTURE}.CaptureContentTypeHeader.CsvContentTypes"),
                help="Content types to capture as CSV.",
            ),
            key(
                "json",
                "list of text",
                CONFIG(f"{_CAPTURE}.CaptureContentTypeHeader.JsonContentTypes"),
                help="Content types to capture as JSON.",
            ),
        ),
    ),
    key(
        "data_capture_options",
        "object",
        CONFIG(f"{_CAPTURE}.CaptureOptions"),
        default={},
        help="What to capture. At least one of the two must be on.",
        keys=(
            key(
                "prediction_request",
                "boolean",
                CONFIG(f"{_CAPTURE}.CaptureOptions.CaptureMode"),
                default=True,
                help="Capture requests (Input).",
            ),
            key(
                "prediction_response",
                "boolean",
                CONFIG(f"{_CAPTURE}.CaptureOptions.CaptureMode"),
                default=True,
                help="Capture responses (Output).",
            ),
        ),
    ),
    key(
        "sampling_percentage",
        "integer",
        CONFIG(f"{_CAPTURE}.InitialSamplingPercentage"),
        default=30,
        help="The share of the traffic that is captured.",
    ),
)

ENDPOINTS = key(
    "endpoints",
    "map of objects",
    default={},
    names=ENDPOINT("EndpointName"),
    help="The endpoints. Each key is the name of an endpoint.",
    keys=(
        tags(
            "additional_tags",
            "Tags of the endpoint, its configuration, its alarms and its scalable targets.",
            ENDPOINT("Tags"),
            CONFIG("Tags"),
            ALARM("Tags"),
            TARGET("Tags"),
        ),
        key(
            "encryption_key",
            "text",
            CONFIG("KmsKeyId"),
            CONFIG(f"{_CAPTURE}.KmsKeyId"),
            help="KMS key for the volumes of a provisioned endpoint and for the data that it captures, as in the"
            " Terraform module. Asynchronous responses have their own key, `async_invocation_config.encryption_key`.",
        ),
        key(
            "provisioned",
            "object",
            help="An endpoint on instances. Exactly one of `provisioned` and `serverless` must be given.",
            keys=(
                key(
                    "production_variants",
                    "map of objects",
                    CONFIG("ProductionVariants"),
                    required=True,
                    low=1,
                    names=CONFIG("ProductionVariants.VariantName"),
                    help="The variants. Each key is the name of a variant and, without `model_name`, of its model.",
                    keys=PRODUCTION_VARIANT,
                ),
                key(
                    "async_invocation_config",
                    "object",
                    CONFIG(_ASYNC),
                    help="Makes the endpoint asynchronous.",
                    keys=ASYNC,
                ),
                key(
                    "enable_data_capture",
                    "object",
                    CONFIG(_CAPTURE),
                    help="Stores requests and responses in S3.",
                    keys=DATA_CAPTURE,
                ),
                key(
                    "shadow_variants",
                    "map of objects",
                    CONFIG("ShadowProductionVariants"),
                    default={},
                    names=CONFIG("ShadowProductionVariants.VariantName"),
                    help="A variant that gets a copy of the traffic. Needs exactly one production variant beside it.",
                    keys=SHADOW_VARIANT,
                ),
            ),
        ),
        key(
            "serverless",
            "object",
            help="An endpoint without instances. Exactly one of `provisioned` and `serverless` must be given.",
            keys=(
                key(
                    "variant",
                    "object",
                    CONFIG("ProductionVariants"),
                    required=True,
                    help="The only variant.",
                    keys=SERVERLESS_VARIANT,
                ),
            ),
        ),
        DEPLOYMENT,
        key(
            "allow_replace",
            "boolean",
            added=True,
            help="Whether the endpoint may be deleted and made again, with an outage, where AWS offers no update: from"
            " provisioned to serverless or back, from real-time to asynchronous or back, where it hosts inference"
            " components, or when it cannot be updated any more. If it is not given, the role's"
            " `sagemaker_inference_allow_replace` decides.",
        ),
        key(
            "adopt",
            "boolean",
            added=True,
            help="Whether the endpoint, its alarms and its scaling may be changed although they are there already and"
            " no deployment owns them. Without it, what is there and equal is taken over with a change of tags, and"
            " what differs is refused. If it is not given, the role's `sagemaker_inference_adopt` decides.",
        ),
    ),
)

INVENTORY = Key(
    name="",
    kind="object",
    required=True,
    help="The whole inventory.",
    keys=(
        MODELS,
        ENDPOINTS,
        tags(
            "additional_tags_all",
            "Tags of everything that is made. They win over the other tags.",
            MODEL("Tags"),
            ENDPOINT("Tags"),
            CONFIG("Tags"),
            ALARM("Tags"),
            TARGET("Tags"),
        ),
    ),
)
