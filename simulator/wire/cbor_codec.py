# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The protocol rpc-v2-cbor, for clients that prefer it for CloudWatch and the tagging API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from botocore.model import OperationModel

from ..errors import AwsError
from ..types import Params, Result
from . import cbor
from .conform import conformed
from .http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class CborCodec:
    model: OperationModel

    def parameters(self, request: HttpRequest) -> Params:
        try:
            params = cbor.decode(request.body) if request.body else {}
        except ValueError as problem:
            raise AwsError("SerializationException", str(problem)) from problem
        if not isinstance(params, dict):
            raise AwsError("SerializationException", "the body is not a map")
        return params

    def answer(self, result: Result) -> HttpResponse:
        shape = self.model.output_shape
        body = cbor.encode(conformed(shape, result, _unchanged)) if shape else b""
        return HttpResponse(200, body, _headers())

    def refusal(self, error: AwsError) -> HttpResponse:
        headers = _headers()
        if "awsQueryCompatible" in self.model.service_model.metadata:
            headers["x-amzn-query-error"] = f"{error.code};{'Sender' if error.status < 500 else 'Receiver'}"
        return HttpResponse(error.status, cbor.encode({"__type": error.type, "message": error.message}), headers)


def _unchanged(moment: datetime) -> datetime:
    return moment


def _headers() -> dict[str, str]:
    return {
        "Content-Type": "application/cbor",
        "smithy-protocol": "rpc-v2-cbor",
        "x-amzn-RequestId": str(uuid4()),
    }
