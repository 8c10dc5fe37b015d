# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole deployment in one process: each kind in its order, and what a failure holds back."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.alarm import AlarmKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.options import Spelling, Task, scope_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Plan
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.prune import Undeclared, find_undeclared
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.requests import Options
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.runner import Kind, Run, invalid
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.spellings import ALARM, ENDPOINT, MODEL, TARGET
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.told import KINDS, Told, joined

SERVICES = ("sagemaker", "application-autoscaling", "cloudwatch", "resourcegroupstaggingapi")
PARTS = ("models", "alarms", "endpoints", "scaling", "prune")

_DETAILS = (
    *("name", "changed", "effect", "error"),
    *("model_name", "model_arn", "alarm_arn", "state_value", "scalable_target_arn"),
    *("endpoint_arn", "endpoint_status", "endpoint_config_name", "failure_reason"),
)


class Deployment:
    """One run over everything that is declared; what an earlier slice of it has done is ``carried`` on."""

    def __init__(self, task: Task, api: Api) -> None:
        self.task = task
        self.api = api
        self.scope = scope_of(task.params)
        self.told: Told = {}
        self.plans: list[Plan] = []
        """Every plan that was made, in order."""
        self.is_resumed = bool(task.params.get("resume"))
        carried = task.params.get("carried") or {}
        self.generations: dict[str, str] = carried.get("generations", {})
        self.failed_models: list[str] = carried.get("failed_models", [])
        self.failed_endpoints: list[str] = carried.get("failed_endpoints", [])
        self.has_failed: bool = carried.get("has_failed", False)
        self.is_cut_short = False

    def run(self) -> Told:
        """Nothing is called before the input of every kind has been found valid."""
        params = self.task.params
        problems = [problem for run in self._every_kind() for problem in run.problems()]
        if problems:
            return invalid(problems)
        if params["state"] == "absent":
            doomed = {plural: params[plural] for plural in KINDS}
            self._take_down(doomed, self._serverless(params["endpoints"]))
        else:
            self._bring_up()
        return self._result()

    def _every_kind(self) -> tuple[Run, ...]:
        return (
            Run(self.task, self.api, MODEL, ModelKind(self.scope)),
            Run(self.task, self.api, ALARM, AlarmKind(self.scope)),
            Run(self.task, self.api, ENDPOINT, EndpointKind(self.scope, {})),
            Run(self.task, self.api, TARGET, ScalingKind(self.scope)),
        )

    def _bring_up(self) -> None:
        """Alarms come before endpoints, since a rollout may name them, and scaling after them."""
        params = self.task.params
        if not self.is_resumed:
            self._models()
            self._run(
                "alarms", ALARM, AlarmKind(self.scope), serverless_endpoints=self._serverless(params["endpoints"])
            )
        self._endpoints()
        if "pending" not in self.told:
            targets = [each for each in params["targets"] if each["endpoint_name"] not in self.failed_endpoints]
            self._run("scaling", TARGET, ScalingKind(self.scope), targets=targets)
            self._prune()

    def _models(self) -> None:
        """An endpoint's models belong to it, so they are made with it."""
        told = self._run(
            "models" if "models" in self.task.params["parts"] else "endpoints", MODEL, ModelKind(self.scope)
        )
        for model in told.get("models", ()):
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
            is_foretold=self.task.is_foretold,
        )
        told = self._run("endpoints", ENDPOINT, kind, model_generations=self.generations, resume=params.get("resume"))
        self.failed_endpoints += _failed(told, "endpoints")

    def _prune(self) -> None:
        params = self.task.params
        if not params["prune"] or "prune" not in params["parts"] or self.has_failed:
            return
        names = {
            plural: [each[f"{KINDS[plural]}_name"] for each in params[plural]] for plural in ("endpoints", "models")
        }
        try:
            found = find_undeclared(self.scope, self.api, names["endpoints"], names["models"])
        except CallFailed as failure:
            self._fail(f"what is no longer declared could not be looked for: {failure}")
            return
        if len(found.existing) > params["prune_limit"]:
            self._fail(_too_many(found, params["prune_limit"]))
            return
        for model, users in found.kept.items():
            self.task.warn(f"model {model} is no longer declared but stays, for endpoint {', '.join(users)} uses it")
        self.is_resumed = False
        doomed = {
            "endpoints": found.endpoints,
            "models": found.models,
            "targets": found.targets,
            "alarms": found.alarms,
        }
        absent = {"state": "absent", "parts": PARTS, "resume": None}
        self.task = dataclasses.replace(self.task, params={**params, **absent})
        self._take_down(doomed, ())

    def _take_down(self, doomed: t.Mapping[str, list[Options]], serverless: t.Collection[str]) -> None:
        """The other way round; what an endpoint that stays needs stays with it."""
        if not self.is_resumed:
            self._run("scaling", TARGET, ScalingKind(self.scope), targets=doomed["targets"])
        told = self._run(
            "endpoints",
            ENDPOINT,
            EndpointKind(self.scope, {}),
            endpoints=doomed["endpoints"],
            resume=self.task.params.get("resume"),
        )
        self.failed_endpoints += _failed(told, "endpoints")
        if "pending" in told:
            return
        alarms = [each for each in doomed["alarms"] if _endpoint_of(each) not in self.failed_endpoints]
        self._run("alarms", ALARM, AlarmKind(self.scope), alarms=alarms, serverless_endpoints=serverless)
        gone = [each["name"] for each in told.get("endpoints", ()) if each["effect"] == "delete"]
        kind = ModelKind(self.scope, gone if self.task.is_foretold else ())
        self._run("models", MODEL, kind, models=doomed["models"])

    def _run(self, part: str, spelling: Spelling, kind: Kind, **params: t.Any) -> Told:
        """The run of one kind, if its part is asked for; *params* stand in for those of the task."""
        task = dataclasses.replace(self.task, params={"resume": None, **self._params(), **params})
        if self.is_cut_short or part not in self.task.params["parts"] or not task.params[spelling.plural]:
            return {}
        run = Run(task, self.api, spelling, kind)
        told = run.tell()
        self.plans += run.plans
        self.has_failed |= told.get("failed", False)
        self.is_cut_short = told.get("failed", False) and "errors" not in told
        self.told = joined(self.told, told)
        return told

    def _params(self) -> Options:
        return {name: value for name, value in self.task.params.items() if name != "resume"}

    def _fail(self, message: str) -> None:
        self.told = joined(self.told, {"changed": False, "failed": True, "errors": [message], "msg": message})

    def _serverless(self, endpoints: t.Sequence[Options]) -> list[str]:
        return [
            each["endpoint_name"]
            for each in endpoints
            if any(variant.get("serverless_config") for variant in each.get("production_variants") or ())
        ]

    def _result(self) -> Told:
        brief = {
            plural: [{name: each[name] for name in _DETAILS if name in each} for each in self.told.get(plural, ())]
            for plural in KINDS
        }
        carried = {
            "generations": self.generations,
            "failed_models": self.failed_models,
            "failed_endpoints": self.failed_endpoints,
            "has_failed": self.has_failed,
        }
        is_pending = {"carried": carried} if "pending" in self.told else {}
        return {"changed": False, "diff": [], **self.told, **brief, **is_pending}


def _failed(told: Told, plural: str) -> list[str]:
    return [each["name"] for each in told.get(plural, ()) if "error" in each]


def _endpoint_of(alarm: Options) -> str:
    """Alarms are named after their endpoint."""
    return str(alarm["alarm_name"]).partition("/")[0]


def _too_many(found: Undeclared, limit: int) -> str:
    names = ", ".join(found.existing)
    return (
        f"{len(found.existing)} endpoints are no longer declared, and the limit is {limit}: {names}; nothing was pruned"
    )
