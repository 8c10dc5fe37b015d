# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The protocol rest-json, as far as operations need it whose body is the payload and whose members are headers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from uuid import uuid4

from botocore.model import OperationModel, StructureShape

from ..errors import AwsError
from ..types import Params, Result
from .http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class PayloadCodec:
    model: OperationModel

    def parameters(self, request: HttpRequest) -> Params:
        """The payload as text."""
        shape = _shape(self.model.input_shape)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.model.http["requestUri"])
        match = re.search(f"{pattern}$", request.path)
        params: Params = {shape.serialization["payload"]: request.body.decode(errors="replace")}
        params |= match.groupdict() if match else {}
        headers = {member: request.header(name) for member, name in _headers(shape).items()}
        return params | {member: value for member, value in headers.items() if value}

    def answer(self, result: Result) -> HttpResponse:
        shape = _shape(self.model.output_shape)
        sent = {name: str(result[member]) for member, name in _headers(shape).items() if member in result}
        return HttpResponse(200, str(result[shape.serialization["payload"]]).encode(), sent | _request_id())

    def refusal(self, error: AwsError) -> HttpResponse:
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error.code}
        body = json.dumps({"Code": error.code, "Message": error.message}).encode()
        return HttpResponse(error.status, body, headers | _request_id())


def _shape(shape: StructureShape | None) -> StructureShape:
    if shape is None:
        raise TypeError("an operation with a payload has a shape")
    return shape


def _headers(shape: StructureShape) -> dict[str, str]:
    """The name of the header of each member that is one."""
    members = shape.members.items()
    return {
        name: each.serialization["name"] for name, each in members if each.serialization.get("location") == "header"
    }


def _request_id() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid4())}
