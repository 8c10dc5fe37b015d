# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""An error as AWS may word it instead."""

from __future__ import annotations

import re

from ..errors import AwsError
from ..service_models import Service
from .choices import Freedoms

_ARN = re.compile(r'"arn:[^"]*[:/]([^":/]+)"')


def worded(freedoms: Freedoms, service: Service, error: AwsError) -> AwsError:
    message = _ARN.sub(r'"\1"', error.message) if freedoms.short_errors else error.message
    other = AwsError(error.code, message, error.status)
    if freedoms.namespaced_errors:
        other.namespace = f"com.amazonaws.{service.iam_prefix}"
    return other
