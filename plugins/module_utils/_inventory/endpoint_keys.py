# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what ``endpoints`` can say, apart from variants."""

from __future__ import annotations

from .alarm_keys import COMPOSITE_ALARMS
from .async_keys import ASYNC
from .data_capture_keys import DATA_CAPTURE
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
                    CONFIG("AsyncInferenceConfig"),
                    help="Makes the endpoint asynchronous.",
                    keys=ASYNC,
                ),
                key(
                    "enable_data_capture",
                    "object",
                    CONFIG("DataCaptureConfig"),
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
        owned={
            "EndpointConfigName": "is made of the name of the endpoint, for each generation another",
        },
    ),
)

ENDPOINT_KEYS = Structure(CONFIG(), ENDPOINTS.keys)
PROVISIONED_KEYS = Structure(CONFIG(), ENDPOINTS.by_name["provisioned"].keys)

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
