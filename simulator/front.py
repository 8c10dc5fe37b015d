# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Answers requests, whatever way they come: the control API, the simulated services, and moto for all others."""

from __future__ import annotations

import time

from . import moto_bridge
from .control import PREFIX, Control
from .dispatcher import Dispatcher, wait
from .journal import is_write, key_hash
from .wire.http import HttpRequest, HttpResponse
from .wire.route import Caller, caller_of, query_action, target_of
from .world import World


class Front:
    def __init__(self, world: World) -> None:
        self.world = world
        self.dispatcher = Dispatcher(world)
        self.control = Control(world)

    def respond(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PREFIX):
            return self.control.handle(request)
        caller = caller_of(request)
        target = target_of(request, caller)
        if target:
            return self.dispatcher.handle(request, target, caller)
        return self._through_moto(request, caller)

    def _through_moto(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        started = time.perf_counter()
        wait(self.world.settings.latency_seconds)
        response = moto_bridge.handle(request)
        operation = (
            request.header("X-Amz-Target").rpartition(".")[2]
            or query_action(request)
            or f"{request.method} {request.path}"
        )
        is_read = request.method in ("GET", "HEAD") or not is_write(operation)
        self.world.journal.record(
            {
                "time": self.world.clock.now(),
                "service": caller.signing_name,
                "operation": operation,
                "region": caller.region,
                "account": caller.account,
                "access_key": key_hash(caller.access_key),
                "parameters": {},
                "write": not is_read,
                "result": "ok" if response.status < 400 else "error",
                "code": "" if response.status < 400 else str(response.status),
                "seconds": round(time.perf_counter() - started, 6),
            }
        )
        return response
