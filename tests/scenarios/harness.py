# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role in one process, on the simulator and its clock: many scenarios in little time."""

from __future__ import annotations

import copy
import datetime
import json
import threading
import time
import types
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from weakref import WeakKeyDictionary

from ansible_collections.friendsofansible.sagemaker.plugins.action.sagemaker_deployment import ActionModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.deployment_spec import declaration_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import (
    carried_of,
    pending_of,
    settings_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.resource_spec import ResourceSpec
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES, Api
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._deployment.run import (
    roll_back,
    run_deployment,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._deployment.run_state import RunState
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.kind import Kind, desired_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Plan, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import (
    KINDS,
    PARTS,
    PROGRESS,
    ModuleResult,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.runner import Run
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput, not_valid
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_document import Context
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plans import (
    in_inventory_words,
    with_diff_and_report,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import set_clock
from botocore.config import Config
from botocore.session import Session

from simulator.client import SECRET_KEY, Simulator
from simulator.testing import ACCOUNT

from .briefs import declared, declared_by_items, ending, planned_writes
from .causes import assert_redeploys_name_their_cause
from .inventories import Inventory
from .policies import Document, Narrowing, Policies, narrowed, shown

REGION = "eu-west-1"
Options = dict[str, t.Any]


DEFAULTS: Options = {
    "state": "present",
    "purge_tags": None,
    "verify": "tags",
    "keep_generations": 1,
    "allow_replace": None,
    "adopt": None,
    "wait": True,
    "wait_timeout": 3600,
    "prune": False,
    "prune_limit": 5,
    "confirm": None,
    "parts": PARTS,
}


@cache
def _session() -> Session:
    """One for all clients: it keeps the service models that it has read."""
    return Session()


def run_key(account: str) -> str:
    """The access key with which the product runs in an account; what tests do by hand is done with another."""
    return f"{account}-run"


_clients: WeakKeyDictionary[Simulator, dict[tuple[str, str, str], tuple[t.Any, t.Any, t.Any]]] = WeakKeyDictionary()
_arranged: WeakKeyDictionary[Simulator, dict[tuple[str, str], tuple[int, Inventory]]] = WeakKeyDictionary()
"""The snapshots of what was arranged in an account, with what was declared for it."""


def _as_sent(value: datetime.datetime) -> str:
    """What exit_json makes of a time."""
    return value.isoformat()


class Killed(BaseException):
    """The run died: not a call more."""


@dataclass
class Result:
    """What a run returned, and the steps that it planned."""

    data: Options
    steps: list[Step] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    writes: list[Options] = field(default_factory=list)
    """What is planned, as the referee reads it."""

    @property
    def changed(self) -> bool:
        return bool(self.data["changed"])

    @property
    def error(self) -> str:
        return str(self.data["msg"]) if self.data.get("failed") else ""

    def effect(self, name: str, kind: str = "endpoints") -> str:
        (found,) = (each for each in self.data[kind] if each["name"] == name)
        return t.cast("str", found["effect"])

    @property
    def outages(self) -> list[str]:
        """The endpoints that the plan takes out of service."""
        outages: list[str] = ending(self.data, self.warnings)["outages"]
        return outages

    @property
    def effects(self) -> set[str]:
        return {each["effect"] for kind in KINDS for each in self.data[kind]}

    @property
    def diff(self) -> str:
        return "\n".join(
            f"{entry['before_header']}: {entry['after_header']}\n-{entry['before']}+{entry['after']}"
            for entry in self.data["diff"]
        )


def _client(simulator: Simulator, service: str, region: str, access_key: str) -> t.Any:
    """A client as new: to make one takes as long as many a test, so they are used again, without what tests changed."""
    known = _clients.setdefault(simulator, {})
    key = service, region, access_key
    if key not in known:
        made: t.Any = _session().create_client(
            service,
            endpoint_url=simulator.url,
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key=SECRET_KEY,
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20, user_agent="tests"),
        )
        known[key] = made, copy.copy(made.meta.events._emitter), made._endpoint.http_session
    client, emitter, session = known[key]
    client.meta.events._emitter, client._endpoint.http_session = copy.copy(emitter), session
    simulator.connect(client)
    return client


class World:
    """An account on the simulator, whose time passes only while somebody waits."""

    def __init__(
        self,
        simulator: Simulator,
        monkeypatch: t.Any,
        account: str = ACCOUNT,
        *,
        region: str = REGION,
        is_bound: bool = True,
    ) -> None:
        self.simulator = simulator
        self.account = account
        self.region = region
        self.run_key = run_key(account)
        """The access key of the runs; unless the world is not bound, it may do what docs/permissions.md allows."""
        self._is_bound = is_bound
        self._declared: Inventory = {"models": {}, "endpoints": {}}
        self.kill_before: int | None = None
        self.calls = 0
        self._lock = threading.Lock()
        self._elapsed = 0.0
        self._clients: dict[tuple[str, str], t.Any] = {}
        clock = types.SimpleNamespace(sleep=self._sleep, monotonic=lambda: time.monotonic() + self._elapsed)
        set_clock(monkeypatch, clock)

    def _sleep(self, seconds: float) -> None:
        with self._lock:
            self._elapsed += seconds
            self.simulator.advance(seconds)

    def start_with(self, name: str, arrange: t.Callable[[], object]) -> None:
        """Empties the simulator and arranges this; what another world of the account arranged is brought back."""
        self.simulator.reset()
        known = _arranged.setdefault(self.simulator, {})
        if (self.account, name) in known:
            number, declared = known[self.account, name]
            self.simulator.restore(number)
            self.declare(**declared)
            return
        before, self._declared = self._declared, {"models": {}, "endpoints": {}}
        arrange()
        known[self.account, name] = (
            self.simulator.snapshot(),
            {kind: {**names} for kind, names in self._declared.items()},
        )
        self.declare(**before)

    def client(self, service: str) -> t.Any:
        """A client of somebody who may do everything."""
        return self._client(service, self.account)

    def run_client(self, service: str) -> t.Any:
        """A client of the runs, which gives up at once and dies with the run."""
        if (service, self.run_key) not in self._clients:
            self._client(service, self.run_key).meta.events.register("before-call", self._count)
        return self._client(service, self.run_key)

    def _client(self, service: str, access_key: str) -> t.Any:
        if (service, access_key) not in self._clients:
            self._clients[service, access_key] = _client(self.simulator, service, self.region, access_key)
        return self._clients[service, access_key]

    def bind(self, policy: t.Callable[[Policies], Document]) -> None:
        """Lets the runs do only what one of the policies allows, narrowed to all that was declared so far."""
        if self._is_bound:
            wanted = Narrowing(self._declared, self.region, self.account)
            self.simulator.allow(narrowed(policy(shown()), wanted), self.run_key)

    def _bind_run(self, check: bool) -> None:
        self.bind(lambda policies: policies.planning if check else policies.applying)

    def declare(self, models: dict[str, Options], endpoints: dict[str, Options]) -> None:
        """Lets the policies name these from now on: what a run is to prune was declared before."""
        self._declared["models"] |= models
        self._declared["endpoints"] |= endpoints

    def _count(self, **_call: t.Any) -> None:
        with self._lock:
            self.calls += 1
            if self.kill_before is not None and self.calls >= self.kill_before:
                raise Killed

    def apply(
        self,
        inventory: Options,
        *,
        check: bool = False,
        deployment: str = "default",
        planned: Result | None = None,
        **options: t.Any,
    ) -> Result:
        """The role with ``state: present``; *planned* is the result of the same run in check mode."""
        return self.deploy(compile_inventory(inventory), check, planned, deployment=deployment, **options)

    def prune(self, inventory: Options, *, check: bool = False, **options: t.Any) -> Result:
        """The role with ``prune: true``."""
        return self.apply(inventory, check=check, prune=True, **options)

    def destroy(
        self,
        inventory: Options,
        *,
        check: bool = False,
        deployment: str = "default",
        planned: Result | None = None,
        **options: t.Any,
    ) -> Result:
        """The role with ``state: absent``."""
        more = {"deployment": deployment, "state": "absent", **options}
        return self.deploy(compile_inventory(inventory), check, planned, **more)

    def deploy(
        self,
        compiled: Compiled,
        check: bool,
        planned: Result | None = None,
        *,
        slice_seconds: float | None = None,
        **options: t.Any,
    ) -> Result:
        """The module sagemaker_deployment with the defaults of the role; in slices, as its action calls it."""
        warnings: list[str] = []
        params = DEFAULTS | compiled.lists | options
        models = {each["model_name"]: {"iam_role_arn": each.get("execution_role_arn")} for each in compiled.models}
        roles = {each["endpoint_name"]: {"iam_role_arn": each.get("execution_role_arn")} for each in compiled.endpoints}
        self.declare(models, {name: {"provisioned": role} for name, role in roles.items()})
        self._bind_run(check)
        brief = declared(compiled) | {name: params[name] for name in ("deployment", "state", "prune")}
        brief["is_confirmed"] = params["confirm"] == params["deployment"]
        brief["reads_endpoints"] = not {"endpoints", "scaling"}.isdisjoint(params["parts"])
        if planned:
            brief |= {"planned": planned.writes, "outages": planned.outages}
        with self._briefed(brief | {"check": check}) as end:
            result, plans = self._in_slices(params, check, warnings.append, slice_seconds)
            result = in_inventory_words(result, compiled.lists)
            assert_redeploys_name_their_cause(result.plans or ())
            shown, _document = with_diff_and_report(result, Context("host", params["deployment"], check, 0.0))
            report = shown.as_data()
            end |= ending(report, warnings)
        steps = [step for plan in plans for step in plan.steps if isinstance(step, Step)]
        return Result(report, steps, warnings, planned_writes(plans))

    def _in_slices(
        self, params: Options, check: bool, warn: t.Callable[[str], None], seconds: float | None
    ) -> tuple[ModuleResult, list[Plan]]:
        """The joined result of the calls of the module, as its action makes them, and every plan that was made."""
        whole: ModuleResult | None = None
        plans: list[Plan] = []
        progress: Options = {"slice_seconds": seconds}
        began = self.simulator.now()
        while True:
            if seconds is not None:
                params = params | {PROGRESS: progress | {"elapsed_seconds": self.simulator.now() - began}}
            settings = settings_of(params, check, warn)
            state = RunState(declaration_of(params), self.api(warn), settings, pending_of(params), carried_of(params))
            data = json.loads(json.dumps(run_deployment(state).as_data(), default=_as_sent))
            result = ModuleResult.from_data(data)
            whole = whole.merged_with(result) if whole else result
            plans += state.plans
            if seconds is None or not whole.pending:
                return whole, plans
            progress |= {"pending": whole.pending, "carried": whole.carried}
            params = ActionModule.options_for_waiting(params)

    def roll_back(self, *names: str, check: bool = False, slice_seconds: float | None = None) -> ModuleResult:
        """The module sagemaker_deployment with ``state: rolled_back``; in slices, as its action calls it."""
        items = [{"endpoint_name": name} for name in names]
        warnings: list[str] = []
        self._bind_run(check)
        brief = declared_by_items("endpoints", items) | {"deployment": "default", "state": "rolled_back"}
        with self._briefed(brief | {"check": check}) as end:
            result = self._roll_back_in_slices(items, check, warnings.append, slice_seconds)
            end |= ending(result.as_data(), warnings)
        return result

    def _roll_back_in_slices(
        self, items: list[Options], check: bool, warn: t.Callable[[str], None], seconds: float | None
    ) -> ModuleResult:
        params: Options = DEFAULTS | {"state": "rolled_back"}
        whole: ModuleResult | None = None
        while True:
            if seconds is not None:
                params |= {PROGRESS: {"slice_seconds": seconds, "pending": whole.pending if whole else []}}
            settings = settings_of(params, check, warn)
            done = roll_back(Scope("default"), items, self.api(warn), settings, pending_of(params))
            result = ModuleResult.from_data(json.loads(json.dumps(done.as_data(), default=_as_sent)))
            whole = whole.merged_with(result) if whole else result
            if seconds is None or not whole.pending:
                return whole

    @contextmanager
    def _briefed(self, brief: Options) -> t.Iterator[Options]:
        """Lets the referee know of a run, which leaves its output; one that dies leaves none."""
        place = {"access_key": self.run_key, "account": self.account, "region": self.region}
        number = self.simulator.referee_begin(place | brief)
        end: Options = {}
        try:
            yield end
        finally:
            self.simulator.referee_end(**(end or {"text": "", "is_cut_off": True}), run=number)

    def api(self, warn: t.Callable[[str], None]) -> Api:
        return Api({service: self.run_client(service) for service in SERVICES}, 1, warn)

    def run(
        self,
        spelling: ResourceSpec,
        kind: Kind[t.Any, t.Any],
        items: list[Options],
        check: bool = False,
        planned: list[Options] | None = None,
        inventory: Options | None = None,
        **params: t.Any,
    ) -> Options:
        """A module for one kind, with a list; *planned* is the result of the same run in check mode.

        *inventory* is what the referee takes as declared, if that is more than the list says.
        """
        warnings: list[str] = []
        options = DEFAULTS | {spelling.plural: items} | params
        settings = settings_of(options, check, warnings.append)
        self._bind_run(check)
        deployment = getattr(kind, "scope", Scope()).deployment
        brief = declared_by_items(spelling.plural, items) | {"deployment": deployment, "state": options["state"]}
        brief |= (inventory or {}) | ({} if planned is None else {"planned": planned})
        with self._briefed(brief | {"check": check}) as end:
            try:
                desired = desired_of(kind, items, spelling.plural, settings.is_for_deletion)
            except InvalidInput as error:
                return ModuleResult.failure(not_valid(error.problems)).as_data()
            run = Run(self.api(warnings.append), kind, desired, settings, plural=spelling.plural)
            result = run.execute().as_data()
            assert_redeploys_name_their_cause(run.plans)
            end |= ending(result, warnings)
        return result | {"warnings": warnings, "planned": planned_writes(run.plans)}
