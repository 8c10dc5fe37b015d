# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The one exception that an operation raises to answer with an AWS error."""

from __future__ import annotations


class AwsError(Exception):
    """An error answer: code, message and HTTP status as AWS sends them."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.namespace = ""

    @property
    def type(self) -> str:
        """The code as JSON and CBOR carry it, with a namespace and a link if it has one. [D Smithy awsJson]"""
        return f"{self.namespace}#{self.code}:http://{self.namespace}/" if self.namespace else self.code


def invalid(message: str) -> AwsError:
    """The answer of SageMaker and Application Auto Scaling to a request that breaks a rule."""
    return AwsError("ValidationException", message)
