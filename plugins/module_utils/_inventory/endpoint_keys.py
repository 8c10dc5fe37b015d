# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what ``endpoints`` can say, apart from variants."""

from __future__ import annotations

from .alarm_keys import COMPOSITE_ALARMS
from .model_keys import MODELS, vpc_keys
from .rollout_keys import DEPLOYMENT
from .schema import (
    ALARM,
    COMPOSITE,
    CONFIG,
    ENDPOINT,
    MODEL,
    TARGET,
    Key,
    Structure,
    key,
    redeploy_key,
    tags,
    with_api_parameters,
)
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
        help="SNS topic that is notified of failed inferences.",
    ),
    key(
        "max_concurrent_invocations_per_instance",
        "integer",
        CONFIG(f"{_ASYNC}.ClientConfig.MaxConcurrentInvocationsPerInstance"),
        help="The maximum number of concurrent requests to a container. Without it, SageMaker chooses.",
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
        help="SNS topic that is notified of successful inferences.",
    ),
    key(
        "include_response_in_notifications",
        "boolean",
        CONFIG(f"{_ASYNC}.OutputConfig.NotificationConfig.IncludeInferenceResponseIn"),
        codec=None,
        default=True,
        added=True,
        help="Whether the SNS messages contain the model's response, as they always do with the Terraform module."
        " Everyone who subscribes to the topic can then read the response. With `false`, the messages contain only"
        " the location of the response.",
    ),
)

_METRICS = "MetricsConfig"
METRICS = (
    key(
        "enable_detailed_observability",
        "boolean",
        CONFIG(f"{_METRICS}.EnableDetailedObservability"),
        since="1.43.31",
        added=True,
        help="Whether the metrics of GPUs, hosts and the framework in the container are published. AWS bills them by"
        " volume. Without it, they are published for what was created since June 2026.",
    ),
    key(
        "enable_enhanced_metrics",
        "boolean",
        CONFIG(f"{_METRICS}.EnableEnhancedMetrics"),
        since="1.41.0",
        added=True,
        help="Whether metrics are also published for each instance and container.",
    ),
    key(
        "publish_frequency",
        "duration",
        CONFIG(f"{_METRICS}.MetricPublishFrequencyInSeconds"),
        low="10 seconds",
        high="5 minutes",
        since="1.41.0",
        added=True,
        help="How often metrics are published: every 10 or 30 seconds, or every 1, 2, 3, 4 or 5 minutes.",
    ),
)

DATA_CAPTURE = (
    key(
        "enabled",
        "boolean",
        CONFIG(f"{_CAPTURE}.EnableCapture"),
        default=True,
        added=True,
        help="Whether capturing is on. With `false` it is configured, and stores nothing.",
    ),
    key(
        "encryption_key",
        "text",
        CONFIG(f"{_CAPTURE}.KmsKeyId"),
        codec=None,
        added=True,
        help="KMS key for the captured data. The default is the `encryption_key` of the endpoint.",
    ),
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
        help="The content types that are captured as text. Requires `csv_text`, `json` or both.",
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
        help="What to capture. At least one of the two must be `true`.",
        keys=(
            key(
                "prediction_request",
                "boolean",
                CONFIG(f"{_CAPTURE}.CaptureOptions.CaptureMode"),
                codec=None,
                default=True,
                help="Whether requests are captured (`Input`).",
            ),
            key(
                "prediction_response",
                "boolean",
                CONFIG(f"{_CAPTURE}.CaptureOptions.CaptureMode"),
                codec=None,
                default=True,
                help="Whether responses are captured (`Output`).",
            ),
        ),
    ),
    key(
        "sampling_percentage",
        "integer",
        CONFIG(f"{_CAPTURE}.InitialSamplingPercentage"),
        default=30,
        help="The percentage of requests that is captured.",
    ),
)

ENDPOINTS = key(
    "endpoints",
    "map of objects",
    default={},
    names=ENDPOINT("EndpointName"),
    help="The endpoints. Each key is the name of an endpoint.",
    keys=with_api_parameters(
        CONFIG(),
        tags(
            "additional_tags",
            ENDPOINT("Tags"),
            CONFIG("Tags"),
            ALARM("Tags"),
            COMPOSITE("Tags"),
            TARGET("Tags"),
            help="Tags of the endpoint, its configuration, its alarms and its scalable targets.",
        ),
        key(
            "encryption_key",
            "text",
            CONFIG("KmsKeyId"),
            codec=None,
            help="KMS key for the volumes of a provisioned endpoint and, unless `enable_data_capture` has another, for"
            " its captured data, as in the Terraform module. For asynchronous responses, set"
            " `async_invocation_config.encryption_key`.",
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
                    help="A variant that receives a copy of the traffic. Requires exactly one production variant.",
                    keys=SHADOW_VARIANT,
                ),
                key(
                    "iam_role_arn",
                    "text",
                    CONFIG("ExecutionRoleArn"),
                    added=True,
                    help="The role of the endpoint itself, beside those of its models.",
                ),
                key(
                    "enable_network_isolation",
                    "boolean",
                    CONFIG("EnableNetworkIsolation"),
                    aws_default=False,
                    added=True,
                    help="Whether the containers of all models are prevented from making outbound network calls.",
                ),
                key(
                    "vpc_config",
                    "object",
                    CONFIG("VpcConfig"),
                    added=True,
                    help="The VPC that the endpoint connects to.",
                    keys=vpc_keys(CONFIG),
                ),
            ),
        ),
        key(
            "metrics",
            "object",
            CONFIG(_METRICS),
            since="1.41.0",
            added=True,
            help="Which metrics the endpoint publishes beyond the usual ones, and how often.",
            keys=METRICS,
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
        COMPOSITE_ALARMS,
        DEPLOYMENT,
        key(
            "allow_replace",
            "boolean",
            added=True,
            help="Whether the run may delete the endpoint and create it again, which is an outage, if AWS cannot update"
            " it: from provisioned to serverless or back, from real-time to asynchronous or back, if it hosts inference"
            " components, or if AWS can no longer update it. If not set, the role variable"
            " `sagemaker_inference_allow_replace` applies.",
        ),
        key(
            "adopt",
            "boolean",
            added=True,
            help="Whether the run may change the endpoint, its alarms and its scaling if they already exist and no"
            " deployment owns them. If `false`, the run adopts what equals the declaration, which changes only tags,"
            " and refuses what differs. If not set, the role variable `sagemaker_inference_adopt` applies.",
        ),
        key(
            "deletion_protection",
            "boolean",
            added=True,
            help="Whether runs refuse to delete the endpoint. It is a tag of the endpoint, so it holds also when the"
            " endpoint is no longer in the inventory. Only `false` takes it off; a later run can then delete the"
            " endpoint. If not set, the protection stays as it is.",
        ),
        redeploy_key("the configuration of the endpoint"),
        owned=("EndpointConfigName",),
    ),
)

ENDPOINT_KEYS = Structure(CONFIG(), ENDPOINTS.keys)
PROVISIONED_KEYS = Structure(CONFIG(), ENDPOINTS.by_name["provisioned"].keys)
ASYNC_KEYS = Structure(CONFIG(_ASYNC), ASYNC)
CAPTURE_KEYS = Structure(CONFIG(_CAPTURE), DATA_CAPTURE)

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
            MODEL("Tags"),
            ENDPOINT("Tags"),
            CONFIG("Tags"),
            ALARM("Tags"),
            COMPOSITE("Tags"),
            TARGET("Tags"),
            help="Tags for all resources. They take precedence over all other tags.",
        ),
    ),
)
