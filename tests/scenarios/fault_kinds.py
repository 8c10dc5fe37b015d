# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with one call, and with which calls it can."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .harness import World
from .journeys import Call

READ_TIMEOUT_SECONDS = 0.5
"""Far beyond what the simulator takes on a busy machine."""

_NOT_FOUND = {
    "sagemaker": ("ValidationException", 'Could not find {noun} "arn:aws:sagemaker:eu-west-1:1:{noun}/e".'),
    "application-autoscaling": ("ObjectNotFoundException", "No scalable target registered for service namespace"),
    "cloudwatch": ("ResourceNotFound", "Unknown"),
}
_NOUNS = {"Model": "model", "EndpointConfig": "endpoint configuration", "Endpoint": "endpoint"}
_ASKS_FOR_ALL = ("ListModels", "ListEndpoints", "ListEndpointConfigs", "GetResources")
_NEVER_MISSES = (*_ASKS_FOR_ALL, "DescribeAlarms", "DescribeScal", "DescribeScheduled")
_PUTS = ("CreateModel", "PutMetricAlarm", "RegisterScalableTarget")


@dataclass(frozen=True)
class FaultKind:
    """How a fault is set, and why it cannot happen in some operations."""

    name: str
    strike: t.Callable[[World, Call], None]
    cannot: t.Callable[[Call], str] = lambda call: ""
    """Why the operation cannot meet this fault; empty if it can."""
    is_in_doubt: bool = False
    """Whether the caller cannot know if the call took effect."""
    is_of_others: bool = False
    """Whether somebody else is at work; another call than the one that is at fault may then be refused."""


def is_read(call: Call) -> bool:
    return call[1].startswith(("Describe", "List", "Get"))


def _fault(kind: str, **details: t.Any) -> t.Callable[[World, Call], None]:
    def strike(world: World, call: Call) -> None:
        world.simulator.fault(kind, service=call[0], operation=call[1], **details)

    return strike


def wait_for_answers(world: World, call: Call, seconds: float) -> None:
    """Sets the read timeout of the client."""
    world.simulator.connect(world.run_client(call[0]), seconds)


def _slow(world: World, call: Call) -> None:
    """The caller gives up while the service still works on the call."""
    wait_for_answers(world, call, READ_TIMEOUT_SECONDS)
    _fault("slow", seconds=2 * READ_TIMEOUT_SECONDS)(world, call)


def _not_visible(world: World, call: Call) -> None:
    """What the call needs was made a moment ago, and two looks do not see it yet."""
    service, operation = call
    code, message = _NOT_FOUND[service]
    needs = {"CreateEndpointConfig": "Model", "CreateEndpoint": "EndpointConfig", "UpdateEndpoint": "EndpointConfig"}
    kind = needs.get(operation) or next((each for each in _NOUNS if operation.endswith(each)), "Endpoint")
    text = message.format(noun=_NOUNS[kind])
    _fault("error", code=code, message=text, status=400, count=2)(world, call)


def _already_exists(world: World, call: Call) -> None:
    """Somebody makes the very same thing a moment before the call."""
    service, operation = call
    client, events = world.client(service), world.run_client(service).meta.events
    name = f"provide-client-params.{service}.{operation}"

    def be_quicker(params: dict[str, t.Any], **_more: t.Any) -> None:
        events.unregister(name, be_quicker)
        twin = getattr(client, _method(operation))
        twin(**params)

    events.register(name, be_quicker)


def _method(operation: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")


def _sees_at_once(call: Call) -> str:
    service, operation = call
    if service == "resourcegroupstaggingapi" or operation.startswith(_NEVER_MISSES):
        return "returns what it sees, and never refuses because of what it does not see yet"
    return "needs nothing that the run has created" if operation in _PUTS else ""


def _makes_nothing(call: Call) -> str:
    return "" if call[1].startswith("Create") else "creates nothing, or overwrites what exists"


def _names_nothing(call: Call) -> str:
    if call[1] in _ASKS_FOR_ALL:
        return "names no resource"
    return "needs nothing that somebody could delete" if call[1] in ("CreateModel", "PutMetricAlarm") else ""


KINDS = (
    FaultKind("throttled", _fault("throttle")),
    FaultKind("500", _fault("error")),
    FaultKind("503", _fault("error", code="ServiceUnavailable", status=503)),
    FaultKind("500 after", _fault("error_after"), is_in_doubt=True),
    FaultKind("dropped before", _fault("drop_before"), is_in_doubt=True),
    FaultKind("dropped after", _fault("drop_after"), is_in_doubt=True),
    FaultKind("too slow", _slow, is_in_doubt=True),
    FaultKind("access denied", _fault("access_denied", count=None)),
    FaultKind("expired token", _fault("expired_token")),
    FaultKind("not yet visible", _not_visible, _sees_at_once, is_of_others=True),
    FaultKind("already exists", _already_exists, _makes_nothing, is_of_others=True),
    FaultKind("gone meanwhile", _fault("gone"), _names_nothing, is_of_others=True),
)
