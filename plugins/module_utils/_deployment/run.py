# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole deployment in one process: each kind in its order, and what a failure holds back."""

from __future__ import annotations

import dataclasses
import typing as t

from .._ansible.argument_specs import ALARM, ENDPOINT, MODEL, TARGET
from .._ansible.module_options import ResourceSpec, Task, scope_of
from .._aws.client import Api, CallFailed
from .._engine.kind import Kind
from .._engine.plan import Plan, Refused, as_data
from .._engine.requests import Options
from .._engine.results import KINDS, ModuleResult, merge_results
from .._engine.runner import Run, invalid
from .._resources.alarm import AlarmKind
from .._resources.endpoint import kept_names
from .._resources.endpoint.kept_names import Seen
from .._resources.endpoint.kind import EndpointKind
from .._resources.live_scaling import restored
from .._resources.model import ModelKind
from .._resources.names import endpoint_of
from .._resources.scaling import ScalingKind
from .prune import Undeclared, find_undeclared

PARTS = ("models", "alarms", "endpoints", "scaling", "prune")
_NAMING_VARIANTS = {"alarms", "endpoints", "scaling"}


class Deployment:
    """One run over everything that is declared; what an earlier slice of it has done is ``carried`` on."""

    def __init__(self, task: Task, api: Api) -> None:
        self.task = task
        self.api = api
        self.scope = scope_of(task.params)
        self.result: ModuleResult = {}
        self.plans: list[Plan] = []
        """Every plan that was made, in order."""
        self.changed_plans: list[ModuleResult] = []
        """Those that change something, for the action plugin, which knows the inventory's words for them."""
        self.is_resumed = bool(task.params.get("resume"))
        carried = task.params.get("carried") or {}
        self.generations: dict[str, str] = carried.get("generations", {})
        self.failed_models: list[str] = carried.get("failed_models", [])
        self.failed_endpoints: list[str] = carried.get("failed_endpoints", [])
        self.has_failed: bool = carried.get("has_failed", False)
        self.variant_names: dict[str, str] | None = carried.get("variant_names")
        """The variants that keep the name that they have, by endpoint; None until it is decided."""
        self.seen: Seen = {}
        self.unfinished_endpoints: list[str] = []
        self.is_cut_short = False

    def run(self) -> ModuleResult:
        """Nothing is called before the input of every kind has been found valid."""
        models = self._prepared(MODEL, ModelKind(self.scope))
        alarms = self._prepared(ALARM, AlarmKind(self.scope))
        endpoints = self._prepared(ENDPOINT, EndpointKind(self.scope, {}))
        scaling = self._prepared(TARGET, ScalingKind(self.scope))
        problems = [problem for each in (models, alarms, endpoints, scaling) for problem in each.problems()]
        if problems:
            return invalid(problems)
        if self._keep_names():
            alarms = self._prepared(ALARM, alarms.kind)
        if self.task.params["state"] == "absent":
            self._take_down({plural: self.task.params[plural] for plural in KINDS})
        else:
            self._bring_up(models, alarms)
        return self._result()

    def _prepared(self, spec: ResourceSpec, kind: Kind, **params: t.Any) -> Run:
        """A run over one kind; *params* stand in for those of the task."""
        task = dataclasses.replace(self.task, params={**self.task.params, "resume": None, **params})
        return Run(task, self.api, spec, kind, is_brief=True)

    def _keep_names(self) -> bool:
        """Decides which variants keep their names, once for the whole run; tells whether any is declared otherwise."""
        params = self.task.params
        if self.variant_names is None:
            self.variant_names = self._names_found() if _NAMING_VARIANTS & {*params["parts"]} else {}
        unseen = {name for name, answer in self.seen.items() if isinstance(answer, CallFailed)}
        if not self.variant_names and not unseen:
            return False
        lists = kept_names.with_names(params, self.variant_names)
        for plural in ("alarms", "targets"):
            lists[plural] = [each for each in lists[plural] if kept_names.endpoint_name_in(each) not in unseen]
        self.task = dataclasses.replace(self.task, params={**params, **lists})
        return True

    def _names_found(self) -> dict[str, str]:
        """What cannot be seen is left alone, with all that hangs on it: nobody knows its name."""
        params, endpoints = self.task.params, self.task.params["endpoints"]
        self.seen = kept_names.see(self.api, endpoints)
        names = kept_names.names_in(self.seen)
        if params["state"] == "absent":
            try:
                names |= kept_names.names_of_alarms(self.api, endpoints, self.seen)
            except CallFailed as failure:
                self._fail(f"alarms of endpoints that are gone could not be looked for: {failure}")
        if params["state"] == "absent" or "endpoints" not in params["parts"]:
            for name, answer in self.seen.items():
                if isinstance(answer, CallFailed):
                    self._fail(f"{name}: its alarms and scaling are left alone: {answer}")
        return names

    def _seen_still(self) -> Seen:
        """What was seen of endpoints, unless it may have changed since; what could not be seen stays so."""
        has_written = not self.task.check_mode and self.result.get("changed", False)
        return {name: answer for name, answer in self.seen.items() if isinstance(answer, CallFailed) or not has_written}

    def _bring_up(self, models: Run, alarms: Run) -> None:
        """Alarms come before endpoints, since a rollout may name them, and scaling after them."""
        if not self.is_resumed:
            self._models(models)
            self._run("alarms", alarms)
        self._endpoints()
        if "pending" in self.result:
            return
        kind = ScalingKind(self.scope, restored(self.plans) if self.task.check_mode else {})
        self._run("scaling", self._prepared(TARGET, kind, targets=self._targets_of_finished()))
        self._prune()

    def _targets_of_finished(self) -> list[Options]:
        """Those of endpoints that are in service now; the others cannot be scaled yet."""
        declared: list[Options] = self.task.params["targets"]
        waiting = [each for each in declared if each["endpoint_name"] in self.unfinished_endpoints]
        if waiting:
            names = ", ".join(f"{each['endpoint_name']}/{each['variant_name']}" for each in waiting)
            self.task.warn(f"the endpoints are not in service yet: autoscaling of {names} is left to the next run")
        held_back = {*self.failed_endpoints, *self.unfinished_endpoints}
        return [each for each in declared if each["endpoint_name"] not in held_back]

    def _models(self, models: Run) -> None:
        """An endpoint's models belong to it, so they are made with it."""
        result = self._run("models" if "models" in self.task.params["parts"] else "endpoints", models)
        for model in result.get("models", ()):
            if "error" in model:
                self.failed_models.append(model["name"])
            else:
                self.generations[model["name"]] = model["model_name"]

    def _endpoints(self) -> None:
        params = self.task.params
        kind = EndpointKind(
            self.scope,
            self.generations,
            params["keep_generations"],
            failed_models=self.failed_models,
            maximum_capacities={
                (each["endpoint_name"], each["variant_name"]): each["max_capacity"]
                for each in params["targets"]
                if each.get("max_capacity") is not None
            },
            check_mode=self.task.check_mode,
            seen=self._seen_still(),
        )
        run = self._prepared(ENDPOINT, kind, resume=params.get("resume"))
        self.failed_endpoints += _failed(self._run("endpoints", run))
        self.unfinished_endpoints = run.unfinished

    def _prune(self) -> None:
        params = self.task.params
        if not params["prune"] or "prune" not in params["parts"] or self.has_failed:
            return
        names = {
            plural: [each[f"{KINDS[plural]}_name"] for each in params[plural]] for plural in ("endpoints", "models")
        }
        try:
            found = find_undeclared(self.scope, self.api, names["endpoints"], names["models"])
        except (CallFailed, Refused) as failure:
            self._fail(f"what is no longer declared could not be looked for: {failure}")
            return
        if len(found.existing) > params["prune_limit"]:
            self._fail(_too_many(found, params["prune_limit"]))
            return
        self.is_resumed = False
        to_delete = {
            "endpoints": found.endpoints,
            "models": found.models,
            "targets": found.targets,
            "alarms": found.alarms,
        }
        absent = {"state": "absent", "parts": PARTS, "resume": None}
        self.task = dataclasses.replace(self.task, params={**params, **absent})
        self._take_down(to_delete, spares_used=True)

    def _take_down(self, to_delete: t.Mapping[str, list[Options]], *, spares_used: bool = False) -> None:
        """The other way round; what an endpoint that stays needs stays with it.

        A model that is still used fails, or with *spares_used* stays.
        """
        if not self.is_resumed:
            self._run("scaling", self._prepared(TARGET, ScalingKind(self.scope), targets=to_delete["targets"]))
        endpoints = {"endpoints": to_delete["endpoints"], "resume": self.task.params.get("resume")}
        run = self._prepared(ENDPOINT, EndpointKind(self.scope, {}), **endpoints)
        result = self._run("endpoints", run)
        self.failed_endpoints += _failed(result)
        if "pending" in result:
            return
        alarms = [each for each in to_delete["alarms"] if endpoint_of(each["alarm_name"]) not in self.failed_endpoints]
        self._run("alarms", self._prepared(ALARM, AlarmKind(self.scope), alarms=alarms))
        foretold = run.plans if self.task.check_mode else ()
        configs = _deleted(foretold, "DeleteEndpointConfig", "EndpointConfigName")
        kind = ModelKind(
            self.scope, configs, _deleted(foretold, "DeleteEndpoint", "EndpointName"), spares_used=spares_used
        )
        self._run("models", self._prepared(MODEL, kind, models=to_delete["models"]))

    def _run(self, part: str, run: Run) -> ModuleResult:
        """What the run of one kind tells, if its part is asked for and there is anything to look at."""
        if self.is_cut_short or part not in self.task.params["parts"] or not run.task.params[run.spec.plural]:
            return {}
        result = run.execute()
        self.plans += run.plans
        self.changed_plans += [
            as_data(plan) | {"kind": run.spec.label, "names": names} for names, plan in run.changed_plans
        ]
        self.is_cut_short = result.get("failed", False) and "errors" not in result
        self.has_failed |= run.has_failed or self.is_cut_short
        self.result = merge_results(self.result, result)
        return result

    def _fail(self, message: str) -> None:
        self.has_failed = True
        self.result = merge_results(
            self.result, {"changed": False, "failed": True, "errors": [message], "msg": message}
        )

    def _result(self) -> ModuleResult:
        nothing: ModuleResult = {"changed": False, **{plural: [] for plural in KINDS}}
        carried = {
            "generations": self.generations,
            "failed_models": self.failed_models,
            "failed_endpoints": self.failed_endpoints,
            "has_failed": self.has_failed,
            "variant_names": self.variant_names,
        }
        is_pending = {"carried": carried} if "pending" in self.result else {}
        return nothing | self.result | is_pending | {"plans": self.changed_plans}


def _deleted(plans: t.Iterable[Plan], operation: str, parameter: str) -> list[str]:
    return [step.parameters[parameter] for plan in plans for step in plan.calls if step.operation == operation]


def _failed(result: ModuleResult) -> list[str]:
    return [each["name"] for each in result.get("endpoints", ()) if "error" in each]


def _too_many(found: Undeclared, limit: int) -> str:
    names = ", ".join(found.existing)
    return (
        f"{len(found.existing)} endpoints are no longer declared, and the limit is {limit}: {names}; nothing was pruned"
    )
