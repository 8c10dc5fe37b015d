# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The codes with which CloudWatch refuses an alarm. [D CW] lists them; which one stands for what is partly a guess."""

from __future__ import annotations

from ..errors import AwsError


def invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def wrong_value(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)


def wrong_combination(message: str) -> AwsError:
    return AwsError("InvalidParameterCombination", message)


def missing(parameter: str) -> AwsError:
    return AwsError("MissingParameter", f"The parameter {parameter} is required")
