# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run over a deployment is given, and what it knows so far of the kinds that it has handled."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass, field

from .._aws.client import Api
from .._engine.kind import Desired, Kind, desired_of
from .._engine.ownership import Scope
from .._engine.plan import Plan
from .._engine.requests import Options
from .._engine.results import PARTS, Data, ModuleResult
from .._engine.runner import Run, Settings
from .._resources.alarm import AlarmKind
from .._resources.endpoint.kept_names import Seen
from .._resources.endpoint.kind import EndpointKind
from .._resources.endpoint.state import DesiredEndpoint
from .._resources.model import ModelKind
from .._resources.scaling import ScalingKind
from ..problems import InvalidInput, Problem


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a deployment declares, and how much of it this run is about."""

    scope: Scope
    entries: t.Mapping[str, t.Sequence[Options]]
    """The options of its resources, by kind in the plural."""
    parts: t.Collection[str] = PARTS
    prune: bool = False
    prune_limit: int = 5
    confirmation: str | None = None
    """The name of the deployment, given to confirm that many or protected resources may be deleted."""
    keep_generations: int = 1


@dataclass(kw_only=True)
class Carried:
    """What one call of the module passes on to the next one, which continues the waits."""

    generations: dict[str, str] = field(default_factory=dict)
    """By model, the generation that its endpoints are to serve."""
    failed_models: list[str] = field(default_factory=list)
    failed_alarms: list[str] = field(default_factory=list)
    failed_endpoints: list[str] = field(default_factory=list)
    unfinished_endpoints: list[str] = field(default_factory=list)
    """Those that AWS is still changing, or that the next run continues."""
    unreadable_endpoints: list[str] = field(default_factory=list)
    """Those of which nobody knows which names their variants keep."""
    has_failed: bool = False
    variant_names: dict[str, str] | None = None
    """The variants that keep their current names, by endpoint; None before this is decided."""


_KINDS: dict[str, t.Callable[[Scope], Kind[t.Any, t.Any]]] = {
    "models": ModelKind,
    "alarms": AlarmKind,
    "endpoints": lambda scope: EndpointKind(scope, {}),
    "targets": ScalingKind,
}
"""The kinds, as far as it takes to know what their options ask for."""


class RunState:
    """The state of one run; *pending* and *carried* come from the previous call of the module."""

    def __init__(
        self,
        declaration: Declaration,
        api: Api,
        settings: Settings,
        pending: t.Sequence[Options] = (),
        carried: Data | None = None,
    ) -> None:
        self.declaration = declaration
        self.api = api
        self.settings = settings
        self.scope = declaration.scope
        self.pending = list(pending)
        self.carried = Carried(**(carried or {}))
        self.result = ModuleResult()
        self.plans: list[Plan] = []
        """All plans, in the order in which they were made."""
        self.outcomes: list[Plan] = []
        """The plans that change something, and those of everything that failed, with the errors."""
        self.seen: Seen = {}
        self.has_pruned = False
        self.declare(declaration.entries)

    def declare(self, entries: t.Mapping[str, t.Sequence[Options]]) -> None:
        """Sets the options of what is declared, by kind in the plural."""
        self.entries = dict(entries)
        self._declared: dict[str, list[t.Any]] = {}

    def declared(self, plural: str) -> list[t.Any]:
        """What the options of a kind ask for; raises InvalidInput."""
        if plural not in self._declared:
            kind = _KINDS[plural](self.scope)
            is_for_deletion = self.settings.is_for_deletion
            self._declared[plural] = desired_of(kind, self.entries[plural], plural, is_for_deletion)
        return self._declared[plural]

    @property
    def declared_endpoints(self) -> list[DesiredEndpoint]:
        return self.declared("endpoints")

    def problems(self) -> list[Problem]:
        """What is wrong with the options of all kinds."""
        found: list[Problem] = []
        for plural in _KINDS:
            try:
                self.declared(plural)
            except InvalidInput as error:
                found += error.problems
        return found

    def handles(self, part: str) -> bool:
        return part in self.declaration.parts

    def run(
        self,
        plural: str,
        kind: Kind[Desired, t.Any],
        desired: t.Sequence[Desired],
        resume: t.Sequence[Options] = (),
        settings: Settings | None = None,
    ) -> ModuleResult:
        """The result of the run over one kind, which is also merged into that of the deployment."""
        if not desired:
            return ModuleResult()
        run = Run(self.api, kind, desired, settings or self.settings, plural=plural, resume=resume, is_brief=True)
        result = run.execute()
        self.plans += run.plans
        self.outcomes += run.outcomes
        if plural == "endpoints":
            earlier = set(self.carried.unfinished_endpoints) - {item.desired.name for item in run.items}
            self.carried.unfinished_endpoints = [*sorted(earlier), *run.unfinished]
            self.carried.failed_endpoints += [each.name for each in result.resources["endpoints"] if each.error]
        self.carried.has_failed |= run.has_failed
        self.result = self.result.merged_with(result)
        return result

    def delete(
        self,
        plural: str,
        kind: Kind[t.Any, t.Any],
        entries: t.Sequence[Options],
        resume: t.Sequence[Options] = (),
    ) -> ModuleResult:
        """The result of the run that deletes what these options name."""
        settings = dataclasses.replace(self.settings, is_for_deletion=True)
        return self.run(plural, kind, desired_of(kind, entries, plural, True), resume, settings)

    def fail(self, message: str) -> None:
        """Adds a failure that belongs to no declared resource."""
        self.carried.has_failed = True
        self.result = self.result.merged_with(ModuleResult(failed=True, errors=[message]))

    def final_result(self) -> ModuleResult:
        carried = dataclasses.asdict(self.carried) if self.result.pending else None
        return self.result.with_every_kind().replaced(plans=self.outcomes, carried=carried)
