# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What the referee knows of a run before it begins: who makes it, and what it has been asked for."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..types import Params

PRESENT, ABSENT, ROLLED_BACK = "present", "absent", "rolled_back"
STATES = (PRESENT, ABSENT, ROLLED_BACK)


@dataclass(frozen=True)
class Bounds:
    minimum: int
    maximum: int

    def clamp(self, number: int) -> int:
        return min(max(number, self.minimum), self.maximum)


@dataclass(frozen=True)
class DeclaredVariant:
    """What an inventory says of a variant; a number that it does not say is None."""

    count: int | None = None
    weight: float | None = None
    max_concurrency: int | None = None
    provisioned_concurrency: int | None = None
    scaled: Bounds | None = None
    suspended: tuple[str, ...] | None = None
    """Which scaling is suspended, in the members of AWS; None if the inventory does not say."""
    instance_type: str | None = None
    scheduled: tuple[tuple[int | None, int | None], ...] = ()
    """The minimum and the maximum of each declared schedule."""


@dataclass(frozen=True)
class PlannedWrite:
    """A call of the run's plan; a parameter that the plan cannot know yet is None."""

    service: str
    operation: str
    parameters: Params


DeclaredVariants = dict[str, DeclaredVariant] | None
"""By name; None if the brief does not contain the variants of an endpoint."""


@dataclass(frozen=True)
class Brief:
    """The brief of a run with this access key; without an account or a region, wherever it calls.

    `endpoints`, `models` and `alarms` are what the inventory declares. If they are None, the referee checks only the
    rules that need no inventory. `outages` are the endpoints that the plan announced to take out of service, None if
    that is known only at the end. `planned` is the plan of check mode, None if there was none. `unnamed` are the
    endpoints whose only variant has no name in the inventory, so that `endpoints` has the name for a new one.
    `unprotected` are the endpoints whose protection the run removes. With `is_confirmed`, the user has given the name
    of the deployment, so that the run may delete many or protected resources.
    """

    access_key: str
    account: str | None = None
    region: str | None = None
    deployment: str | None = None
    state: str = PRESENT
    prune: bool = False
    check: bool = False
    endpoints: dict[str, DeclaredVariants] | None = None
    models: frozenset[str] | None = None
    alarms: frozenset[str] | None = None
    policies: frozenset[str] = field(default_factory=frozenset)
    actions: frozenset[str] = field(default_factory=frozenset)
    outages: frozenset[str] | None = None
    planned: tuple[PlannedWrite, ...] | None = None
    unnamed: frozenset[str] = field(default_factory=frozenset)
    unprotected: frozenset[str] = field(default_factory=frozenset)
    is_confirmed: bool = False
    tells_policies: bool = False
    """Whether `policies` are all that the scaled variants are to have, although the brief does not contain these."""
    reads_endpoints: bool = True
    """Whether the run looks at endpoints or their scaling; one over alarms or models alone does not."""

    @cached_property
    def endpoint_names(self) -> frozenset[str]:
        """In lower case: SageMaker's names do not differ by case alone."""
        return frozenset(name.lower() for name in self.endpoints or ())

    @cached_property
    def model_names(self) -> frozenset[str]:
        return frozenset(name.lower() for name in self.models or ())

    @property
    def knows_inventory(self) -> bool:
        return self.endpoints is not None

    def declares(self, endpoint: str) -> bool:
        return endpoint.lower() in self.endpoint_names

    def variants(self, endpoint: str) -> DeclaredVariants:
        """The declared variants of an endpoint; None if the brief does not contain them."""
        return self.endpoints.get(endpoint) if self.endpoints is not None else None

    def variant(self, endpoint: str, name: str) -> DeclaredVariant | None:
        return (self.variants(endpoint) or {}).get(name)


@dataclass(frozen=True)
class Ending:
    """The output of a run at its end, and how it went; `failed` are the endpoints for which it reported an error."""

    text: str
    failed: frozenset[str] = field(default_factory=frozenset)
    outages: frozenset[str] | None = None
    is_cut_off: bool = False
    """Whether the run died, so that it has no output."""


def brief_from(data: Params) -> Brief:
    """The brief in plain data; ValueError says what is wrong with it."""
    _check(Brief, data, required=("access_key",))
    state = data.get("state", PRESENT)
    if state not in STATES:
        raise ValueError(f"state must be one of {', '.join(STATES)}, not {state!r}")
    planned = data.get("planned")
    return Brief(
        **{
            **data,
            "deployment": (data.get("deployment") or "").strip() or None,
            "endpoints": _endpoints(data.get("endpoints")),
            "models": _names(data.get("models")),
            "alarms": _names(data.get("alarms")),
            "policies": frozenset(data.get("policies") or ()),
            "actions": frozenset(data.get("actions") or ()),
            "outages": _names(data.get("outages")),
            "unnamed": frozenset(data.get("unnamed") or ()),
            "unprotected": frozenset(data.get("unprotected") or ()),
            "planned": None if planned is None else tuple(PlannedWrite(**each) for each in planned),
        }
    )


def ending_from(data: Params) -> Ending:
    _check(Ending, data, required=("text",))
    names = {"failed": frozenset(data.get("failed") or ()), "outages": _names(data.get("outages"))}
    return Ending(**{**data, **names})


def _check(kind: type[Any], data: Params, required: tuple[str, ...]) -> None:
    known = {item.name for item in dataclasses.fields(kind)}
    if unknown := sorted(set(data) - known):
        raise ValueError(f"unknown members {unknown}, known are {sorted(known)}")
    if missing := [name for name in required if name not in data]:
        raise ValueError(f"missing members {missing}")


def _names(names: Any) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _endpoints(data: Any) -> dict[str, DeclaredVariants] | None:
    if data is None:
        return None
    return {
        endpoint: None if variants is None else {name: _variant(each) for name, each in variants.items()}
        for endpoint, variants in data.items()
    }


def _variant(data: Params) -> DeclaredVariant:
    scaled, suspended = data.get("scaled"), data.get("suspended")
    bounds = Bounds(scaled["min"], scaled["max"]) if scaled else None
    scheduled = tuple((each.get("min"), each.get("max")) for each in data.get("scheduled") or ())
    known = {"scaled": bounds, "suspended": None if suspended is None else tuple(suspended), "scheduled": scheduled}
    return DeclaredVariant(**{**data, **known})
