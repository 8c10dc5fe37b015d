# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Changes by others, immediately or just before a call: by AWS itself, or by another user."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace

from .autoscaling.activities import run_scheduled_action, scale_to
from .call import Call
from .errors import AwsError
from .operations import OPERATIONS
from .request_check import checked
from .sagemaker.lookup import endpoints_now
from .sagemaker.resources import Progress, Status, Work
from .service_models import BY_NAME, operation_model
from .types import Params


def act(call: Call, move: Params) -> bool:
    """Makes the move where the call is made, whoever makes that; says whether anything moved."""
    return _ACTORS[move["actor"]](replace(call, may=lambda action: True), **_members(move))


def check_move(move: Params | None) -> None:
    """ValueError says what is wrong with the move."""
    if not move or "actor" not in move:
        raise ValueError("a move needs an actor")
    if move["actor"] not in _ACTORS:
        raise ValueError(f"no actor {move['actor']}, known are {sorted(_ACTORS)}")
    try:
        inspect.signature(_ACTORS[move["actor"]]).bind(None, **_members(move))
    except TypeError as problem:
        raise ValueError(f"{move['actor']}: {problem}") from None
    if "status" in move:
        Status(move["status"])
    if move["actor"] == "call":
        _checked(move["service"], move["operation"], move["parameters"])


def _members(move: Params) -> Params:
    return {name: value for name, value in move.items() if name != "actor"}


def put_endpoint(
    call: Call, name: str, status: str, seconds: float | None = None, reason: str = "", only_from: str = ""
) -> bool:
    """Puts an endpoint into a status, if it is in *only_from*; with *seconds* it is InService again after that time."""
    endpoints_now(call)
    endpoint = call.region.endpoint(name)
    if endpoint is None or only_from not in ("", endpoint.status):
        return False
    endpoint.status, endpoint.modified, endpoint.failure_reason = Status(status), call.now, reason
    endpoint.progress = Progress(Work.HOLD, call.now, call.now + seconds) if seconds is not None else None
    return True


def _call(call: Call, service: str, operation: str, parameters: Params) -> bool:
    """A call of a user with all permissions; a call that AWS refuses changes nothing."""
    request = _checked(service, operation, parameters)
    try:
        OPERATIONS[service][operation](replace(call, service=service, operation=operation), request)
    except AwsError:
        return False
    return True


def _checked(service: str, operation: str, parameters: Params) -> Params:
    if operation not in OPERATIONS.get(service, {}):
        raise ValueError(f"{service} {operation} is not simulated")
    try:
        return checked(operation_model(service, operation).input_shape, parameters, BY_NAME[service].error_if_malformed)
    except AwsError as problem:
        raise ValueError(str(problem)) from None


_ACTORS: dict[str, Callable[..., bool]] = {
    "autoscale": scale_to,
    "run_schedule": run_scheduled_action,
    "put_endpoint": put_endpoint,
    "call": _call,
}
