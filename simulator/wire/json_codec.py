# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The protocols json 1.0 and json 1.1.

moto's JSON parser drops unknown members and converts types before anybody could object, so this one is our own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from botocore.model import OperationModel

from ..errors import AwsError
from ..types import Params, Result
from .conform import conformed
from .http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class JsonCodec:
    model: OperationModel
    content_type: str

    def parameters(self, request: HttpRequest) -> Params:
        try:
            params = json.loads(request.body or b"{}")
        except ValueError as problem:
            raise AwsError("SerializationException", "Unexpected end-of-input") from problem
        if not isinstance(params, dict):
            raise AwsError("SerializationException", "Start of structure or map found where not expected")
        return params

    def answer(self, result: Result) -> HttpResponse:
        shape = self.model.output_shape
        body = json.dumps(conformed(shape, result, _epoch)).encode() if shape else b"{}"
        return HttpResponse(200, body, self._headers())

    def refusal(self, error: AwsError) -> HttpResponse:
        body = json.dumps({"__type": error.type, "message": error.message}).encode()
        headers = self._headers()
        if "awsQueryCompatible" in self.model.service_model.metadata:
            # [D Smithy awsQueryCompatible] old code names travel in this header.
            headers["x-amzn-query-error"] = f"{error.code};{'Sender' if error.status < 500 else 'Receiver'}"
        return HttpResponse(error.status, body, headers)

    def _headers(self) -> dict[str, str]:
        return {"Content-Type": self.content_type, "x-amzn-RequestId": str(uuid4())}


def _epoch(moment: datetime) -> float:
    return round(moment.timestamp(), 3)
