# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Faults on request: which calls and rollouts go wrong, how often, in what way."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from .pace import Pace


class Kind(StrEnum):
    """What can go wrong."""

    THROTTLE = "throttle"
    ERROR = "error"
    ERROR_AFTER = "error_after"
    ACCESS_DENIED = "access_denied"
    EXPIRED_TOKEN = "expired_token"
    SLOW = "slow"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    GONE = "gone"
    NOT_VISIBLE = "not_visible"
    LATE = "late"
    ROLLOUT_FAILS = "rollout_fails"
    ROLLBACK_FAILS = "rollback_fails"
    STUCK = "stuck"
    ACT = "act"


@dataclass
class Fault:
    """`service`, `operation` and `name` are shell patterns.

    `count` is how often it strikes, None means always. It spares the first `skip` calls that it would fit.
    `seconds` is the delay of `slow`, the time since creation for which `not_visible` hides a resource, and how old what
    a `late` read returns may be.
    With `per_second`, `throttle` strikes only calls above this rate of the operation; see `pace.Pace`.
    `name` is matched against every resource name of the call. `move` is what somebody does just before it, for `act`.
    """

    kind: Kind
    service: str = "*"
    operation: str = "*"
    name: str = "*"
    count: int | None = 1
    skip: int = 0
    probability: float = 1.0
    code: str = "InternalFailure"
    message: str = ""
    status: int = 500
    seconds: float = 0.0
    reason: str | None = None
    move: dict[str, Any] | None = None
    per_second: float = 0.0

    def fits(self, service: str, operation: str, names: list[str]) -> bool:
        return (
            fnmatchcase(service, self.service)
            and fnmatchcase(operation, self.operation)
            and any(fnmatchcase(name, self.name) for name in names or [""])
        )


def fault_from(description: dict[str, Any]) -> Fault:
    """The fault that the control API was asked for; ValueError says what is wrong with it."""
    known = {item.name for item in dataclasses.fields(Fault)}
    unknown = sorted(set(description) - known)
    if unknown:
        raise ValueError(f"unknown members {unknown}, known are {sorted(known)}")
    if "kind" not in description:
        raise ValueError("a fault needs a kind")
    fault = Fault(**{**description, "kind": Kind(description["kind"])})
    if (fault.kind is Kind.ACT) != (fault.move is not None):
        raise ValueError("a fault of the kind act needs a move, any other has none")
    return fault


@dataclass
class FaultBook:
    """The faults in force, in the order in which they were asked for."""

    seed: int = 0
    faults: list[Fault] = field(default_factory=list)
    _random: Random = field(init=False)
    _pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)

    def clear(self, seed: int) -> None:
        self.faults.clear()
        self.seed = seed
        self._random = Random(seed)

    def take(self, kind: Kind, service: str, operation: str, names: list[str]) -> Fault | None:
        """The first fault of this kind that strikes; it is used up by one."""
        for fault in self.faults:
            if not (fault.kind is kind and fault.fits(service, operation, names)):
                continue
            # With a bucket of its own for each fault: what one counts must not empty that of another.
            if fault.per_second and not self._pace.is_exceeded((fault.operation, operation), fault.per_second):
                continue
            if self._strikes(fault):
                return fault
        return None

    def hides(self, service: str, operation: str, name: str, age: float) -> bool:
        """Whether a `not_visible` fault hides a resource of this age: for its seconds, or for its count."""
        fitting = [
            fault for fault in self.faults if fault.kind is Kind.NOT_VISIBLE and fault.fits(service, operation, [name])
        ]
        return any(age < fault.seconds if fault.seconds else self._strikes(fault) for fault in fitting)

    def lag(self, service: str, operation: str, name: str) -> float:
        """How many seconds what this read returns may be old, by the `late` faults."""
        fault = self.take(Kind.LATE, service, operation, [name])
        return fault.seconds if fault else 0.0

    def _strikes(self, fault: Fault) -> bool:
        if fault.count == 0:
            return False
        if fault.skip > 0:
            fault.skip -= 1
            return False
        if self._random.random() >= fault.probability:
            return False
        if fault.count is not None:
            fault.count -= 1
        return True
