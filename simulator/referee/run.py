# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A run that has begun, one of its writes, and what the referee objects to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..call import Call
from ..region import Region
from ..types import Params
from .brief import Brief
from .numbers import Capacities
from .resources import Resource
from .things import Things


@dataclass(frozen=True)
class Objection:
    """Which rule was broken by which call on which resource, and what is wrong, in one sentence."""

    rule: str
    call: str
    resource: str
    problem: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.call}: {self.problem}"


@dataclass(eq=False)
class Run:
    """One run from its brief to its end."""

    number: int
    brief: Brief
    deleted: list[DeletedConfig] = field(default_factory=list)
    attempted: set[tuple[str, str]] = field(default_factory=set)
    """Operations with a resource that each was about, also those that were refused."""
    unannounced: list[Objection] = field(default_factory=list)
    """Outages for which the end of the run shows whether the plan had announced them."""
    lifted: set[str] = field(default_factory=set)
    """The endpoints whose protection from deletion it has taken off."""
    has_ended: bool = False


@dataclass(frozen=True)
class DeletedConfig:
    """An endpoint configuration that a run has deleted."""

    region: Region
    endpoint: str
    name: str
    has_served: bool


@dataclass(frozen=True)
class Write:
    """One write; `run` is None for a write that is not from a known run.

    `capacities` and `things` are those of the endpoint before the write.
    """

    call: Call
    params: Params
    run: Run | None
    touched: tuple[Resource, ...]
    endpoint: str | None = None
    capacities: Capacities = field(default_factory=dict)
    things: Things = field(default_factory=dict)
    owners: Mapping[str, str | None] = field(default_factory=dict)
    """The deployments that own the scalable targets, by resource id."""

    @property
    def operation(self) -> str:
        return self.call.operation

    @property
    def region(self) -> Region:
        return self.call.region

    @property
    def title(self) -> str:
        return " ".join([self.operation, *(resource.name for resource in self.touched[:1])])

    def objection(self, rule: str, resource: str, problem: str) -> Objection:
        return Objection(rule, self.title, resource, problem)
