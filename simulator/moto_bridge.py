# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Hands calls that are not simulated to moto's own server, which is loaded at the first of them."""

from __future__ import annotations

import io
import sys
import threading
from functools import cache
from typing import Any
from urllib.parse import unquote

from .wire.http import HttpRequest, HttpResponse

_loading = threading.Lock()


def handle(request: HttpRequest) -> HttpResponse:
    with _loading:
        application = _application()
    return _through_wsgi(application, request)


def reset() -> None:
    """Forget what moto holds, if it was ever used."""
    if "moto.moto_server.werkzeug_app" in sys.modules:
        from moto.moto_api._internal.models import moto_api_backend  # see the module's docstring

        moto_api_backend.reset()


def account_of(access_key: str) -> str | None:
    """The account of temporary credentials that moto has handed out; of others it does not know better than we do."""
    # [D IAM] unique identifiers: ASIA is the prefix of temporary access keys.
    if not access_key.startswith("ASIA") or "moto.iam.models" not in sys.modules:
        return None
    from moto.iam.models import get_account_id_from  # see the module's docstring

    return str(get_account_id_from(access_key))


@cache
def _application() -> Any:
    from moto.moto_server.werkzeug_app import (  # see the module's docstring
        DomainDispatcherApplication,
        create_backend_app,
    )

    return DomainDispatcherApplication(create_backend_app)


def _through_wsgi(application: Any, request: HttpRequest) -> HttpResponse:
    answer: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], _problem: Any = None) -> None:
        answer["status"], answer["headers"] = int(status.split()[0]), dict(headers)

    chunks = application(_environ(request), start_response)
    body = b"".join(chunks)
    return HttpResponse(answer["status"], body, answer["headers"])


def _environ(request: HttpRequest) -> dict[str, Any]:
    host = request.header("Host") or "127.0.0.1"
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.path, "latin-1"),
        "RAW_URI": f"{request.path}?{request.query}" if request.query else request.path,
        "QUERY_STRING": request.query,
        "CONTENT_TYPE": request.header("Content-Type"),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": host.split(":")[0],
        "SERVER_PORT": host.partition(":")[2] or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[f"HTTP_{key}"] = value
    return environ
