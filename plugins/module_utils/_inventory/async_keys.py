# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what ``async_invocation_config`` of an endpoint can say."""

from __future__ import annotations

from .schema import CONFIG, Structure, key

_ASYNC = "AsyncInferenceConfig"

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

ASYNC_KEYS = Structure(CONFIG(_ASYNC), ASYNC)
