# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The query protocol, which older clients use for CloudWatch: moto's parser and serializer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import parse_qsl
from uuid import uuid4
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import OperationModel
from moto.core.model import ServiceModel
from moto.core.parse import QueryParser
from moto.core.serialize import QuerySerializer

from ..errors import AwsError
from ..types import Params, Result
from .conform import conformed
from .http import HttpRequest, HttpResponse


@cache
def _moto_model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@dataclass(frozen=True)
class QueryCodec:
    model: OperationModel

    def parameters(self, request: HttpRequest) -> Params:
        form = dict(parse_qsl(request.body.decode() or request.query, keep_blank_values=True))
        operation = self._operation()
        try:
            params: Params = QueryParser(operation).parse({"values": form})
        except ValueError as problem:
            raise AwsError("MalformedInput", str(problem)) from problem
        return params

    def answer(self, result: Result) -> HttpResponse:
        shape = self.model.output_shape
        content = conformed(shape, result, _unchanged) if shape else {}
        response = QuerySerializer(self._operation()).serialize(content)
        return HttpResponse(200, response["body"].encode(), {"Content-Type": "text/xml"})

    def refusal(self, error: AwsError) -> HttpResponse:
        kind = "Sender" if error.status < 500 else "Receiver"
        namespace = self.model.service_model.metadata["xmlNamespace"]
        body = (
            f'<ErrorResponse xmlns="{namespace}"><Error><Type>{kind}</Type><Code>{escape(error.code)}</Code>'
            f"<Message>{escape(error.message)}</Message></Error><RequestId>{uuid4()}</RequestId></ErrorResponse>"
        )
        return HttpResponse(error.status, body.encode(), {"Content-Type": "text/xml"})

    def _operation(self) -> OperationModel:
        operation: OperationModel = _moto_model(self.model.service_model.service_name).operation_model(self.model.name)
        return operation


def _unchanged(moment: datetime) -> datetime:
    return moment
