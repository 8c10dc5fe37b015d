# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The simulator in this very process: botocore's requests reach it without a socket, which makes tests fast."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from email.message import Message
from email.utils import formatdate
from queue import Empty, Queue
from typing import Any
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from .client import Simulator
from .control import PREFIX
from .dispatcher import ConnectionDropped
from .front import Front
from .settings import Settings
from .types import Params
from .wire.http import HttpRequest, HttpResponse
from .world import World

_URL = "http://127.0.0.1:1"
"""An address where nobody listens: a client that was not connected gets no answer."""


class LocalSimulator(Simulator):
    """A simulator without a server; clients have to be connected to it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(_URL)
        self._front = Front(World(Settings(**settings)))

    def connect(self, client: Any, read_timeout: float | None = None) -> None:
        """Leads the client's requests here; they say who makes them, without a signature, which nobody would check."""
        client.meta.events.register("choose-signer", _unsigned, unique_id="simulator")
        key, region = client._request_signer._credentials.access_key, client.meta.region_name
        scope = f"{key}/20260101/{region}/{client.meta.service_model.signing_name}/aws4_request"
        client._endpoint.http_session = _Session(self._front, f"AWS4-HMAC-SHA256 Credential={scope}", read_timeout)

    def _call(self, method: str, path: str, body: Params | None = None) -> Any:
        """Converts to JSON and back, as over HTTP, so that no object is shared with the caller."""
        path, _mark, query = path.partition("?")
        data = json.dumps(body).encode() if body is not None else b""
        response = self._front.control.handle(HttpRequest(method, f"{PREFIX}{path}", query, Message(), data))
        answer = json.loads(response.body)
        if response.status != 200:
            raise ValueError(answer["error"])
        return answer


class _Session:
    """What botocore sends its requests with; after `read_timeout` it gives up, while the simulator goes on."""

    def __init__(self, front: Front, authorization: str, read_timeout: float | None) -> None:
        self._front = front
        self._authorization = authorization
        self._read_timeout = read_timeout

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        try:
            response = self._answer(_received(request, self._authorization))
        except ConnectionDropped as dropped:
            raise ConnectionClosedError(error=dropped, request=request, endpoint_url=request.url) from None
        except Empty as late:
            raise ReadTimeoutError(error=late, endpoint_url=request.url) from None
        headers: Any = {**response.headers, "Date": formatdate(self._front.world.clock.now(), usegmt=True)}
        return AWSResponse(request.url, response.status, headers, _Body(response.body))

    def close(self) -> None:
        """There is nothing to close."""

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if self._read_timeout is None:
            return self._front.respond(request)
        answers: Queue[HttpResponse | ConnectionDropped] = Queue()

        def work() -> None:
            try:
                answers.put(self._front.respond(request))
            except ConnectionDropped as dropped:
                answers.put(dropped)

        threading.Thread(target=work, daemon=True).start()
        answer = answers.get(timeout=self._read_timeout)
        if isinstance(answer, ConnectionDropped):
            raise answer
        return answer


class _Body:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def _unsigned(**_signing: Any) -> Any:
    return UNSIGNED


def _received(request: AWSPreparedRequest, authorization: str) -> HttpRequest:
    url, headers = urlsplit(request.url), Message()
    for name, value in request.headers.items():
        headers[name] = value.decode() if isinstance(value, bytes) else str(value)
    headers["Host"], headers["Authorization"] = url.netloc, authorization
    body: Any = request.body if request.body is not None else b""
    return HttpRequest(request.method, url.path, url.query, headers, body.encode() if isinstance(body, str) else body)
