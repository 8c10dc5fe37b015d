# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The HTTP server: one thread per connection, connections kept open."""

from __future__ import annotations

import socket
import sys
import traceback
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .dispatcher import ConnectionDropped
from .front import Front
from .wire.http import HttpRequest, HttpResponse
from .world import World


class Server(ThreadingHTTPServer):
    """Listens on the loopback interface; the simulator checks no signature, so it must not be reachable."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, world: World) -> None:
        if host not in ("127.0.0.1", "localhost"):
            raise ValueError(f"the simulator listens on the loopback interface only, not on {host}")
        super().__init__((host, port), _Handler)
        self.front = Front(world)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error here."""
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one packet, or the client's delayed acknowledgement costs 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        path, _mark, query = self.path.partition("?")
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit():
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        request = HttpRequest(self.command, path, query, self.headers, self.rfile.read(int(length)))
        try:
            self._send(self.server.front.respond(request))
        except ConnectionDropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every HTTP method is served alike: `do_GET`, `do_POST` and so on."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The answer's Date, by the simulator's clock."""
        return super().date_time_string(timestamp or self.server.front.world.clock.now())

    def _send(self, response: HttpResponse) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name.lower() not in ("content-length", "server", "date", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, *_arguments: object) -> None:
        """Quiet: the journal has it all."""
