# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what ``enable_data_capture`` of an endpoint can say."""

from __future__ import annotations

from .schema import CONFIG, Structure, key

_CAPTURE = "DataCaptureConfig"

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

CAPTURE_KEYS = Structure(CONFIG(_CAPTURE), DATA_CAPTURE)
