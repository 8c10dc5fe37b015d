# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role in one process, on the simulator and its clock: many scenarios in little time."""

from __future__ import annotations

import threading
import time
import types
import typing as t
from dataclasses import dataclass, field

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils import apply as apply_module
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import calls as calls_module
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.alarm import AlarmKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.options import Spelling
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.prune import Undeclared, find_undeclared
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.runner import Kind, Run
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.modules.sagemaker_alarm import ALARM
from ansible_collections.friendsofansible.sagemaker.plugins.modules.sagemaker_endpoint import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.modules.sagemaker_model import MODEL
from ansible_collections.friendsofansible.sagemaker.plugins.modules.sagemaker_scaling import TARGET
from botocore.config import Config
from botocore.session import Session

from simulator.client import Simulator

REGION = "eu-west-1"
Options = dict[str, t.Any]


class Killed(BaseException):
    """The run died: not a call more."""


class Ended(Exception):
    """What a module tells at its end."""

    def __init__(self, **result: t.Any) -> None:
        super().__init__(result.get("msg", ""))
        self.result = result


@dataclass
class Result:
    """What the role's tasks told, in order, and the steps that they planned."""

    tasks: dict[str, Options] = field(default_factory=dict)
    planned: list[Step] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(task["changed"] for task in self.tasks.values())

    @property
    def error(self) -> str:
        return "\n".join(task["msg"] for task in self.tasks.values() if task["failed"])

    def effect(self, name: str, kind: str = "endpoints") -> str:
        (found,) = (each for each in self.tasks[kind][kind] if each["name"] == name)
        return t.cast("str", found["effect"])

    @property
    def diff(self) -> str:
        return "\n".join(
            f"{entry['after_header']}\n-{entry['before']}+{entry['after']}"
            for task in self.tasks.values()
            for entry in task["diff"]
        )


class World:
    """An account on the simulator, whose time passes only while somebody waits."""

    def __init__(self, simulator: Simulator, monkeypatch: t.Any, account: str = "123456789012") -> None:
        self.simulator = simulator
        self.account = account
        self.kill_before: int | None = None
        self.calls = 0
        self._lock = threading.Lock()
        self._elapsed = 0.0
        self._session = Session()
        self._clients: dict[str, t.Any] = {}
        clock = types.SimpleNamespace(sleep=self._sleep, monotonic=lambda: time.monotonic() + self._elapsed)
        monkeypatch.setattr(apply_module, "time", clock)
        monkeypatch.setattr(calls_module, "time", clock)

    def _sleep(self, seconds: float) -> None:
        with self._lock:
            self._elapsed += seconds
            self.simulator.advance(seconds)

    def client(self, service: str) -> t.Any:
        """A client that gives up at once and dies with the run."""
        if service not in self._clients:
            client = self._session.create_client(
                service,
                endpoint_url=self.simulator.url,
                region_name=REGION,
                aws_access_key_id=self.account,
                aws_secret_access_key="test",
                config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20),
            )
            client.meta.events.register("before-call", self._count)
            self._clients[service] = client
        return self._clients[service]

    def _count(self, **_call: t.Any) -> None:
        with self._lock:
            self.calls += 1
            if self.kill_before is not None and self.calls >= self.kill_before:
                raise Killed

    def apply(
        self, inventory: Options, *, check: bool = False, deployment: str = "default", **options: t.Any
    ) -> Result:
        """The role with ``state: present``; what a failure does not concern goes on."""
        compiled = compile_inventory(inventory)
        does_trust = options.get("verify", "tags") == "tags"
        scope, result = Scope(deployment, trusts_tags=does_trust), Result()
        self.task(result, MODEL, ModelKind(scope), compiled.models, check)
        self.task(
            result, ALARM, AlarmKind(scope), compiled.alarms, check, serverless_endpoints=compiled.serverless_endpoints
        )
        models = result.tasks["models"]["models"]
        generations = {each["name"]: each["model_name"] for each in models if "error" not in each}
        kind = EndpointKind(
            scope,
            generations,
            options.get("keep_generations", 1),
            failed_models=failed(models),
            is_foretold=check,
        )
        waiting = {"wait": options.get("wait", True), "wait_timeout": options.get("wait_timeout", 3600)}
        waiting["allow_replace"] = options.get("allow_replace")
        waiting["model_generations"] = generations
        endpoints = self.task(result, ENDPOINT, kind, compiled.endpoints, check, **waiting)["endpoints"]
        targets = [each for each in compiled.targets if each["endpoint_name"] not in failed(endpoints)]
        self.task(result, TARGET, ScalingKind(scope), targets, check)
        return result

    def prune(self, inventory: Options, *, check: bool = False, deployment: str = "default") -> Result:
        """What the role does at the end of a run in which nothing failed."""
        compiled = compile_inventory(inventory)
        endpoints = [each["endpoint_name"] for each in compiled.endpoints]
        models = [each["model_name"] for each in compiled.models]
        services = ("sagemaker", "cloudwatch", "application-autoscaling", "resourcegroupstaggingapi")
        api = Api({service: self.client(service) for service in services}, 1)
        found = find_undeclared(Scope(deployment), api, endpoints, models)
        return self._delete(found, (), check, deployment)

    def destroy(self, inventory: Options, *, check: bool = False, deployment: str = "default") -> Result:
        """The role with ``state: absent``."""
        compiled = compile_inventory(inventory)
        return self._delete(compiled, compiled.serverless_endpoints, check, deployment)

    def _delete(
        self, doomed: Compiled | Undeclared, serverless: t.Sequence[str], check: bool, deployment: str
    ) -> Result:
        scope, result = Scope(deployment), Result()
        absent: Options = {"state": "absent", "wait": True, "wait_timeout": 3600}
        self.task(result, TARGET, ScalingKind(scope), doomed.targets, check, **absent)
        endpoints = self.task(result, ENDPOINT, EndpointKind(scope, {}), doomed.endpoints, check, **absent)["endpoints"]
        staying = failed(endpoints)
        alarms = [each for each in doomed.alarms if each["alarm_name"].split("/")[0] not in staying]
        self.task(result, ALARM, AlarmKind(scope), alarms, check, serverless_endpoints=serverless, **absent)
        gone = [each["name"] for each in endpoints if each["effect"] == "delete"]
        self.task(result, MODEL, ModelKind(scope, gone if check else ()), doomed.models, check, **absent)
        return result

    def task(
        self, result: Result, spelling: Spelling, kind: Kind, items: list[Options], check: bool, **params: t.Any
    ) -> Options:
        told: list[str] = []
        module = types.SimpleNamespace(
            params={
                "state": "present",
                spelling.plural: items,
                "parallelism": 1,
                "allow_replace": None,
                "diff_paths": "inventory",
                **params,
            },
            check_mode=check,
            client=lambda service, **_config: self.client(service),
            warn=told.append,
            exit_json=lambda **answer: _end(failed=False, **answer),
            fail_json=lambda **answer: _end(failed=True, **answer),
        )
        run = Run(t.cast("t.Any", module), spelling, kind)
        try:
            run.execute()
        except Ended as end:
            result.tasks[spelling.plural] = end.result | {"warnings": told}
        result.planned += [step for plan in run.plans for step in plan.steps if isinstance(step, Step)]
        return result.tasks[spelling.plural]


def failed(told: list[Options]) -> list[str]:
    return [each["name"] for each in told if "error" in each]


def _end(**answer: t.Any) -> t.NoReturn:
    raise Ended(**answer)
