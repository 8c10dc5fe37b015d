# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The control API, under a path that no AWS service uses."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from enum import Enum
from typing import Any
from urllib.parse import parse_qs

from . import moto_bridge
from .actors import check_move
from .faults import fault_from
from .referee.brief import brief_from, ending_from
from .types import Params
from .wire.http import HttpRequest, HttpResponse
from .world import World

PREFIX = "/_simulator/"


class Control:
    """Journal, state, snapshots, settings, time, faults, policy, quotas and the moves of others."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._routes: dict[tuple[str, str], Callable[[HttpRequest, Params], Any]] = {
            ("GET", "health"): lambda _request, _body: {"status": "ok"},
            ("GET", "journal"): self._journal,
            ("GET", "journal/counts"): lambda _request, _body: world.journal.counts(),
            ("DELETE", "journal"): lambda _request, _body: world.journal.clear(),
            ("POST", "reset"): self._reset,
            ("GET", "state"): lambda _request, _body: [_plain(region) for region in world.regions()],
            ("GET", "settings"): lambda _request, _body: dataclasses.asdict(world.settings),
            ("POST", "settings"): self._settings,
            ("POST", "clock"): self._clock,
            ("POST", "snapshot"): lambda _request, _body: {"number": world.snapshot()},
            ("POST", "restore"): lambda _request, body: world.restore(body["number"]),
            ("GET", "faults"): lambda _request, _body: [_plain(fault) for fault in world.faults.faults],
            ("POST", "faults"): self._fault,
            ("DELETE", "faults"): lambda _request, _body: world.faults.clear(world.settings.seed),
            ("POST", "policy"): self._policy,
            ("POST", "quota"): self._quota,
            ("POST", "act"): self._act,
            ("POST", "referee/begin"): self._referee_begin,
            ("POST", "referee/end"): self._referee_end,
            ("GET", "referee/objections"): self._objections,
            ("DELETE", "referee"): lambda _request, _body: world.referee.clear(),
        }

    def handle(self, request: HttpRequest) -> HttpResponse:
        route = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if route is None:
            return _json(404, {"error": f"no {request.method} {request.path}"})
        try:
            body = json.loads(request.body or b"{}")
            with self._world.lock:
                self._world.referee.look(self._world.clock.now())
                return _json(200, route(request, body))
        except (KeyError, TypeError, ValueError) as problem:
            return _json(400, {"error": str(problem)})

    def _journal(self, request: HttpRequest, _body: Params) -> list[Params]:
        after = parse_qs(request.query).get("after", ["0"])[0]
        return self._world.journal.entries(int(after))

    def _reset(self, _request: HttpRequest, _body: Params) -> None:
        self._world.reset()
        moto_bridge.reset()

    def _settings(self, _request: HttpRequest, body: Params) -> Params:
        self._world.configure(body)
        return dataclasses.asdict(self._world.settings)

    def _clock(self, _request: HttpRequest, body: Params) -> Params:
        seconds = body["advance"]
        if seconds < 0:
            raise ValueError("time cannot go back")
        self._world.clock.advance(seconds)
        return {"now": self._world.clock.now()}

    def _fault(self, _request: HttpRequest, body: Params) -> None:
        fault = fault_from(body)
        if fault.move is not None:
            check_move(fault.move)
        self._world.faults.add(fault)

    def _act(self, _request: HttpRequest, body: Params) -> Params:
        check_move(body["move"])
        return {"moved": self._world.act_everywhere(body["move"], body.get("account", ""))}

    def _policy(self, _request: HttpRequest, body: Params) -> None:
        self._world.policies.put(body["allowed"], body["access_key"])

    def _quota(self, _request: HttpRequest, body: Params) -> None:
        limit = body["limit"]
        if limit is None:
            self._world.quotas.pop(body["instance_type"], None)
        elif isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            raise ValueError(f"a quota must be a whole number of at least 0, not {limit!r}")
        else:
            self._world.quotas[body["instance_type"]] = limit

    def _referee_begin(self, _request: HttpRequest, body: Params) -> int:
        return self._world.referee.begin(brief_from(body), self._world.clock.now())

    def _referee_end(self, _request: HttpRequest, body: Params) -> list[Params]:
        number, now = body.pop("run", None), self._world.clock.now()
        self._world.referee.end(number, ending_from(body), now)
        return self._objections(_request, body)

    def _objections(self, _request: HttpRequest, _body: Params) -> list[Params]:
        found = self._world.referee.objections(self._world.clock.now())
        return [dataclasses.asdict(each) for each in found]


def _json(status: int, content: Any) -> HttpResponse:
    body = json.dumps(content if content is not None else {}, default=str).encode()
    return HttpResponse(status, body, {"Content-Type": "application/json"})


def _plain(value: Any) -> Any:
    """Dataclasses as plain data, for assertions in tests."""
    if hasattr(value, "all") and callable(value.all):
        return _plain(value.all())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and value == float("inf"):
        return None
    if isinstance(value, dict):
        return {"|".join(key) if isinstance(key, tuple) else key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
