# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole deployment in one process: each kind in its order, and what a failure holds back."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass, field

from .._aws.autoscaling import begin_policies
from .._aws.client import Api, CallFailed
from .._engine.declared import desired_of
from .._engine.kind import Desired, Kind
from .._engine.ownership import Scope
from .._engine.plan import Plan, Refused
from .._engine.requests import Options
from .._engine.results import Data, ModuleResult, singular
from .._engine.runner import Run, Settings
from .._resources.alarm import AlarmKind
from .._resources.endpoint import kept_names
from .._resources.endpoint.kept_names import Seen
from .._resources.endpoint.kind import EndpointKind
from .._resources.endpoint.state import DesiredEndpoint
from .._resources.live_scaling import restored
from .._resources.model import ModelKind
from .._resources.names import endpoint_of
from .._resources.scaling import ScalingKind
from ..problems import InvalidInput, Problem, not_valid
from .confirmation import is_confirmed, of_destroy, of_prune, refusal
from .prune import find_undeclared, undeclared_endpoints
from .undeclared_alarms import find_undeclared_alarms
from .undeclared_scaling import find_undeclared_scaling

PARTS = ("models", "alarms", "endpoints", "scaling", "prune")
_NAMING_VARIANTS = {"alarms", "endpoints", "scaling"}


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
    """The name of the deployment, from whoever means that much of it, or what is protected, is to be deleted."""
    keep_generations: int = 1


@dataclass(kw_only=True)
class Carried:
    """What a call of the module leaves to the next one, which waits on."""

    generations: dict[str, str] = field(default_factory=dict)
    """By model, the generation that its endpoints are to serve."""
    failed_models: list[str] = field(default_factory=list)
    failed_endpoints: list[str] = field(default_factory=list)
    has_failed: bool = False
    variant_names: dict[str, str] | None = None
    """The variants that keep the name that they have, by endpoint; None until it is decided."""


class Deployment:
    """One run over everything that is declared; *pending* and *carried* come from the call before it."""

    def __init__(
        self,
        declaration: Declaration,
        api: Api,
        settings: Settings,
        pending: t.Sequence[Options] = (),
        carried: Data | None = None,
    ) -> None:
        self.declaration = declaration
        self.entries = dict(declaration.entries)
        self.api = api
        self.settings = settings
        self.scope = declaration.scope
        self.pending = list(pending)
        self.carried = Carried(**(carried or {}))
        self.result = ModuleResult()
        self.plans: list[Plan] = []
        """Every plan that was made, in order."""
        self.outcomes: list[Plan] = []
        """Those that change something, and those of all that failed, with the errors."""
        self.seen: Seen = {}
        self.unfinished_endpoints: list[str] = []
        self.is_cut_short = False
        self._made: dict[str, tuple[t.Sequence[Options], bool, list[t.Any]]] = {}

    def run(self) -> ModuleResult:
        """Nothing is called before the input of every kind has been found valid."""
        if not self.pending and (problems := self._problems()):
            return ModuleResult.failure(not_valid(problems))
        self._keep_names()
        if self.settings.is_for_deletion:
            self._destroy()
        else:
            self._bring_up()
        carried = dataclasses.asdict(self.carried) if self.result.pending else None
        whole = self.result.with_every_kind().replaced(plans=self.outcomes, carried=carried)
        return whole.replaced(extra=whole.extra | {"undeclared": self._undeclared()})

    def _undeclared(self) -> list[Options]:
        """What this deployment has beside what is declared, where this run leaves it."""
        is_whole = {"endpoints", "prune"} <= {*self.declaration.parts}
        if self.result.pending or self.settings.is_for_deletion or not is_whole or not self.scope.trusts_tags:
            return []
        names = [each["endpoint_name"] for each in self.entries["endpoints"]]
        try:
            return undeclared_endpoints(self.scope, self.api, names)
        except CallFailed as failure:
            self.settings.warn(f"endpoints that are not declared were not looked for: {failure}")
            return []

    def _problems(self) -> list[Problem]:
        problems: list[Problem] = []
        kinds: dict[str, Kind[t.Any, t.Any]] = {
            "models": ModelKind(self.scope),
            "alarms": AlarmKind(self.scope),
            "endpoints": EndpointKind(self.scope, {}),
            "targets": ScalingKind(self.scope),
        }
        for plural, kind in kinds.items():
            try:
                self._desired(plural, kind, self.entries[plural], self.settings)
            except InvalidInput as error:
                problems += error.problems
        return problems

    def _desired(
        self, plural: str, kind: Kind[Desired, t.Any], entries: t.Sequence[Options], settings: Settings
    ) -> list[Desired]:
        """What the entries ask for, made once for the same entries; raises InvalidInput."""
        made = self._made.get(plural)
        if made is None or made[0] is not entries or made[1] != settings.is_for_deletion:
            desired = desired_of(kind, entries, plural, settings.is_for_deletion)
            self._made[plural] = made = (entries, settings.is_for_deletion, desired)
        return made[2]

    def _declared_endpoints(self) -> list[DesiredEndpoint]:
        return self._desired("endpoints", EndpointKind(self.scope, {}), self.entries["endpoints"], self.settings)

    def _is_without_endpoints(self, part: str) -> bool:
        """Whether the run is about this part and not about endpoints, whose run takes along what is undeclared."""
        return part in self.declaration.parts and "endpoints" not in self.declaration.parts

    @property
    def _unseen(self) -> set[str]:
        """The endpoints that could not be seen."""
        return {name for name, answer in self.seen.items() if isinstance(answer, CallFailed)}

    def _keep_names(self) -> None:
        """Decides which variants keep their names, once for the whole run."""
        if self.carried.variant_names is None:
            does_name = _NAMING_VARIANTS & {*self.declaration.parts}
            self.carried.variant_names = self._names_found() if does_name else {}
        unseen = self._unseen
        if not self.carried.variant_names and not unseen:
            return
        lists = kept_names.with_names(self.entries, self.carried.variant_names)
        for plural in ("alarms", "targets"):
            lists[plural] = [each for each in lists[plural] if kept_names.endpoint_name_in(each) not in unseen]
        self.entries |= lists

    def _names_found(self) -> dict[str, str]:
        """What cannot be seen is left alone, with all that hangs on it: nobody knows its name."""
        endpoints, is_for_deletion = self.entries["endpoints"], self.settings.is_for_deletion
        self.seen = kept_names.see(self.api, endpoints)
        names = kept_names.names_in(self.seen)
        if is_for_deletion:
            try:
                names |= kept_names.names_of_alarms(self.api, endpoints, self.seen)
            except CallFailed as failure:
                self._fail(f"alarms of deleted endpoints were not deleted, because listing them failed: {failure}")
        if is_for_deletion or "endpoints" not in self.declaration.parts:
            for name, answer in self.seen.items():
                if isinstance(answer, CallFailed):
                    self._fail(f"{name}: its alarms and autoscaling were skipped: {answer}")
        return names

    def _seen_still(self) -> Seen:
        """What was seen of endpoints, unless it may have changed since; what could not be seen stays so."""
        has_written = not self.settings.check_mode and self.result.changed
        return {name: answer for name, answer in self.seen.items() if isinstance(answer, CallFailed) or not has_written}

    def _bring_up(self) -> None:
        """Alarms come before endpoints, since a rollout may name them, and scaling after them."""
        if not self.pending:
            if "scaling" in self.declaration.parts:
                begin_policies(self.api, len(self.entries["targets"]))
            self._models()
            self._run("alarms", "alarms", AlarmKind(self.scope), self.entries["alarms"])
            if self._is_without_endpoints("alarms"):
                self._delete_undeclared_alarms()
        self._endpoints()
        if self.result.pending:
            return
        kind = ScalingKind(self.scope, restored(self.plans) if self.settings.check_mode else {})
        self._run("scaling", "targets", kind, self._targets_of_finished())
        if self._is_without_endpoints("scaling"):
            self._tell_undeclared_scaling()
        self._prune()

    def _tell_undeclared_scaling(self) -> None:
        try:
            found = find_undeclared_scaling(self.scope, self.api, self._declared_endpoints())
        except CallFailed as failure:
            self.settings.warn(f"scaling that is no longer declared was not looked for: {failure}")
            return
        if found:
            self.settings.warn(f"scaling of {', '.join(found)} is no longer declared; a run with endpoints removes it")

    def _delete_undeclared_alarms(self) -> None:
        seen = [each for each in self._declared_endpoints() if each.name not in self._unseen]
        try:
            found = find_undeclared_alarms(self.scope, self.api, seen)
        except CallFailed as failure:
            self._fail(f"alarms that are no longer declared were not deleted, because reading failed: {failure}")
            return
        for refusal_line in found.refusals:
            self._fail(refusal_line)
        if found.needed:
            self.settings.warn(f"no longer declared, and kept while their endpoints change: {', '.join(found.needed)}")
        leaving = [{"alarm_name": name} for name in found.leaving]
        deletion = dataclasses.replace(self.settings, is_for_deletion=True)
        self._run("alarms", "alarms", AlarmKind(self.scope), leaving, settings=deletion)

    def _targets_of_finished(self) -> list[Options]:
        """Those of endpoints that are in service now; the others cannot be scaled yet."""
        declared = self.entries["targets"]
        waiting = [each for each in declared if each["endpoint_name"] in self.unfinished_endpoints]
        if waiting:
            names = ", ".join(f"{each['endpoint_name']}/{each['variant_name']}" for each in waiting)
            self.settings.warn(
                f"the endpoints do not serve what is declared yet: autoscaling of {names} is left to the next run"
            )
        held_back = {*self.carried.failed_endpoints, *self.unfinished_endpoints}
        return [each for each in declared if each["endpoint_name"] not in held_back]

    def _models(self) -> None:
        """An endpoint's models belong to it, so they are made with it."""
        part = "models" if "models" in self.declaration.parts else "endpoints"
        result = self._run(part, "models", ModelKind(self.scope), self.entries["models"])
        for model in result.resources.get("models", ()):
            if model.error:
                self.carried.failed_models.append(model.name)
            else:
                self.carried.generations[model.name] = model.facts["model_name"]

    def _endpoints(self) -> None:
        kind = EndpointKind(
            self.scope,
            self.carried.generations,
            self.declaration.keep_generations,
            failed_models=self.carried.failed_models,
            maximum_capacities={
                (each["endpoint_name"], each["variant_name"]): each["max_capacity"]
                for each in self.entries["targets"]
                if each.get("max_capacity") is not None
            },
            check_mode=self.settings.check_mode,
            seen=self._seen_still(),
        )
        waiting = {each["name"] for each in self.pending}
        entries = self.entries["endpoints"]
        if waiting:
            entries = [each for each in entries if each["endpoint_name"] in waiting]
        result = self._run("endpoints", "endpoints", kind, entries, resume=self.pending)
        self.carried.failed_endpoints += _failed(result)

    def _prune(self) -> None:
        declaration = self.declaration
        if not declaration.prune or "prune" not in declaration.parts or self.carried.has_failed:
            return
        names = {
            plural: [each[f"{singular(plural)}_name"] for each in self.entries[plural]]
            for plural in ("endpoints", "models")
        }
        try:
            found = find_undeclared(self.scope, self.api, names["endpoints"], names["models"])
        except (CallFailed, Refused) as failure:
            self._fail(f"undeclared resources were not pruned, because listing them failed: {failure}")
            return
        reason = refusal(of_prune(found), declaration.prune_limit, self.scope, declaration.confirmation)
        if reason:
            self._fail(f"nothing was pruned: {reason}")
            return
        self.pending = []
        self.settings = dataclasses.replace(self.settings, is_for_deletion=True)
        self.declaration = dataclasses.replace(declaration, parts=PARTS)
        to_delete = {
            "endpoints": found.endpoints,
            "models": found.models,
            "targets": found.targets,
            "alarms": found.alarms,
        }
        self._take_down(to_delete, spares_used=True)

    def _destroy(self) -> None:
        """Where an endpoint cannot be read, nobody knows whether it stays, with all that hangs on it."""
        declaration, entries = self.declaration, self.entries
        if not self.pending and not is_confirmed(self.scope, declaration.confirmation):
            try:
                found = of_destroy(self.scope, self.api, entries, declaration.parts, declaration.prune_limit)
            except CallFailed as failure:
                self._fail(f"nothing was deleted, because listing what would be deleted failed: {failure}")
                return
            reason = refusal(found, declaration.prune_limit, self.scope, declaration.confirmation)
            if reason:
                self._fail(f"nothing was deleted: {reason}")
                return
            entries = self._but_for(found.unreadable or {})
        self._take_down(entries)

    def _but_for(self, unreadable: t.Mapping[str, CallFailed]) -> dict[str, t.Sequence[Options]]:
        """What is to be deleted without what hangs on these endpoints."""
        lists = dict(self.entries)
        for name, failure in unreadable.items():
            reason = f"because its deletion protection could not be read: {failure}"
            self._fail(f"{name}: alarms and autoscaling were skipped, {reason}")
        for plural in ("alarms", "targets") if unreadable else ():
            lists[plural] = [each for each in lists[plural] if kept_names.endpoint_name_in(each) not in unreadable]
        return lists

    def _take_down(self, to_delete: t.Mapping[str, t.Sequence[Options]], *, spares_used: bool = False) -> None:
        """The other way round; what an endpoint that stays needs stays with it.

        A model that is still used fails, or with *spares_used* stays.
        """
        before = len(self.plans)
        is_sure = is_confirmed(self.scope, self.declaration.confirmation)
        kind = EndpointKind(self.scope, {}, may_delete_protected=is_sure)
        result = self._run("endpoints", "endpoints", kind, to_delete["endpoints"], resume=self.pending)
        self.carried.failed_endpoints += _failed(result)
        if result.pending:
            return
        planned = self.plans[before:] if self.settings.check_mode else []
        configs = _deleted(planned, "DeleteEndpointConfig", "EndpointConfigName")
        leaving = _deleted(planned, "DeleteEndpoint", "EndpointName")
        failed = self.carried.failed_endpoints
        # An endpoint takes its scaling along, and one that stays keeps it.
        scaled = {*failed, *self.unfinished_endpoints, *leaving}
        targets = [each for each in to_delete["targets"] if each["endpoint_name"] not in scaled]
        self._run("scaling", "targets", ScalingKind(self.scope), targets)
        alarms = [each for each in to_delete["alarms"] if endpoint_of(each["alarm_name"]) not in failed]
        self._run("alarms", "alarms", AlarmKind(self.scope), alarms)
        self._run(
            "models", "models", ModelKind(self.scope, configs, leaving, spares_used=spares_used), to_delete["models"]
        )

    def _run(
        self,
        part: str,
        plural: str,
        kind: Kind[t.Any, t.Any],
        entries: t.Sequence[Options],
        resume: t.Sequence[Options] = (),
        settings: Settings | None = None,
    ) -> ModuleResult:
        """The result of the run over one kind, if its part is asked for and there is anything to look at."""
        if self.is_cut_short or part not in self.declaration.parts or not entries:
            return ModuleResult()
        settings = settings or self.settings
        try:
            desired = self._desired(plural, kind, entries, settings)
        except InvalidInput as error:
            self.is_cut_short = True
            self._fail(not_valid(error.problems))
            return ModuleResult()
        if isinstance(kind, EndpointKind):
            desired = [kind.resolved(each) for each in desired]
        run = Run(self.api, kind, desired, settings, plural=plural, resume=resume, is_brief=True)
        result = run.execute()
        self.plans += run.plans
        self.outcomes += run.outcomes
        if plural == "endpoints":
            self.unfinished_endpoints = run.unfinished
        self.carried.has_failed |= run.has_failed
        self.result = self.result.merged_with(result)
        return result

    def _fail(self, message: str) -> None:
        self.carried.has_failed = True
        self.result = self.result.merged_with(ModuleResult(failed=True, errors=[message]))


def _deleted(plans: t.Iterable[Plan], operation: str, parameter: str) -> list[str]:
    return [step.parameters[parameter] for plan in plans for step in plan.calls if step.operation == operation]


def _failed(result: ModuleResult) -> list[str]:
    return [each.name for each in result.resources.get("endpoints", ()) if each.error]
