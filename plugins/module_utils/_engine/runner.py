# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run over one kind of resource: read, plan, (check mode stops here), apply and wait, read again, tell."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass, field

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._ansible.connection import connect
from .._ansible.module_options import ResourceSpec, Task
from .._ansible.sealed import sealed
from .._aws.client import Api, CallFailed
from ..problems import InvalidInput, Problem, not_valid
from .apply import apply, missing_until_then, put_back
from .kind import Kind
from .plan import Effect, Finished, Plan, Recovery, Refused, ResourceId, rendered
from .requests import Options
from .results import ModuleResult, error_line, failure_message
from .resumable_waits import pending_waits, resume_plan

_MOST_STAGES = 5


@dataclass
class Item:
    """One declared resource on its way through a run."""

    desired: t.Any
    options: Options = field(default_factory=dict)
    current: t.Any = None
    plans: list[Plan] = field(default_factory=list)
    error: str | None = None
    has_changed: bool = False
    is_done: bool = True
    pending: Options | None = None
    is_overtaken: bool = False
    owed: Recovery | None = None
    """What an overtaken plan has taken away, and the next one has to bring back."""

    @property
    def plan(self) -> Plan | None:
        return self.plans[-1] if self.plans else None

    @property
    def changed_plan(self) -> Plan | None:
        """The last plan that changes something; one that was overtaken is planned again, and not shown twice."""
        return next((plan for plan in reversed(self.plans) if plan.effect is not Effect.NONE), None)

    @property
    def effect(self) -> Effect:
        return self.changed_plan.effect if self.changed_plan else Effect.NONE


class Run:
    """The run over the resources of one kind that a task declares; a brief one tells neither options nor a diff."""

    def __init__(self, task: Task, api: Api, spec: ResourceSpec, kind: Kind, *, is_brief: bool = False) -> None:
        self.task = task
        self.api = api
        self.spec = spec
        self.kind = kind
        self.is_brief = is_brief
        self.is_for_deletion = task.params["state"] == "absent"
        self.does_wait = bool(task.params.get("wait", True))
        self.resumed: dict[str, Options] = {each["name"]: each["wait"] for each in task.params.get("resume") or ()}
        self.plans: list[Plan] = []
        """Every plan that was made, in order."""
        self.changed_plans: list[tuple[Options, Plan]] = []
        """Those that change something, each with the options that name its resource."""
        self.unfinished: list[str] = []
        """The resources whose plans go on by themselves, since the run does not wait."""
        self.has_failed = False
        """Whether a declared resource failed; what is left to do after them may fail alone."""
        self._items: list[Item] | None = None

    def execute(self) -> ModuleResult:
        """Does it all; the result is a failure if any of the resources failed."""
        try:
            items = self._declared()
        except InvalidInput as error:
            return invalid(error.problems)
        stage = items
        for _stage in range(_MOST_STAGES):
            self._read_and_plan(stage)
            if self.task.check_mode:
                break
            self._apply(stage)
            stage = [item for item in stage if self._needs_another_look(item)]
            if not stage:
                break
        else:
            for item in stage:
                self._fail(item, f"planned {_MOST_STAGES} times and still not settled; the next run joins it")
        self.unfinished = [item.desired.name for item in items if not item.is_done and not item.error]
        return self._summary(items, [] if self.is_for_deletion else self._follow_up(items))

    def problems(self) -> t.Sequence[Problem]:
        """What is not valid in the input."""
        try:
            self._declared()
        except InvalidInput as error:
            return error.problems
        return ()

    def _needs_another_look(self, item: Item) -> bool:
        if item.error or item.pending:
            return False
        return item.is_overtaken or (self.does_wait and item.plans[-1].is_provisional)

    def _declared(self) -> list[Item]:
        """Raises InvalidInput with the problems of all resources."""
        if self._items is None:
            self._items = self._checked()
        return self._items

    def _checked(self) -> list[Item]:
        found: dict[str, Item] = {}
        problems: list[Problem] = []
        for prefix, options in self.spec.declared(self.task.params):
            try:
                desired = self.kind.desired(options, self.is_for_deletion)
            except InvalidInput as error:
                problems += [Problem(f"{prefix}{problem.path}", problem.message) for problem in error.problems]
                continue
            if desired.name in found:
                problems.append(Problem(f"{prefix}{self.spec.names[-1]}", f'"{desired.name}" is declared twice'))
            found[desired.name] = Item(desired, options)
        if problems:
            raise InvalidInput(problems)
        return [item for name, item in found.items() if not self.resumed or name in self.resumed]

    def _read(self, items: list[Item], is_for_deletion: bool) -> list[t.Any]:
        try:
            return self.kind.read(self.api, [item.desired for item in items], is_for_deletion) if items else []
        except CallFailed as failure:
            return [failure] * len(items)

    def _read_and_plan(self, items: list[Item]) -> None:
        others = [item for item in items if item.desired.name not in self.resumed]
        for item in items:
            if noted := self.resumed.pop(item.desired.name, None):
                item.plans.append(resume_plan(ResourceId(self.spec.label, item.desired.name), noted))
        found = self._read(others, self.is_for_deletion)
        plan_of = self.kind.plan_absent if self.is_for_deletion else self.kind.plan
        for item, current in zip(others, found, strict=True):
            if isinstance(current, CallFailed):
                self._fail(item, str(current))
                continue
            item.current = current
            try:
                item.plans.append(plan_of(item.desired, current))
            except Refused as refusal:
                self._fail(item, str(refusal))
            else:
                item.has_changed |= self.task.check_mode and item.plans[-1].changes
        self.plans += [item.plans[-1] for item in items if item.plans and not item.error]

    def _fail(self, item: Item, error: str) -> None:
        """What an earlier plan of the same run has taken away is not left to the next run."""
        item.error = f"{error}{put_back(self.api, item.owed)}"

    def _apply(self, items: list[Item]) -> None:
        for item in items:
            item.is_overtaken, item.owed, item.is_done = False, None, True
        active = [item for item in items if not item.error and item.plans[-1].steps]
        plans = [item.plans[-1] for item in active]
        elapsed = time.monotonic() - self.task.started
        limit = float(self.task.params.get("wait_timeout") or 0) - elapsed
        slice_seconds = self.task.params.get("wait_slice")
        jobs = apply(self.api, plans, self.does_wait, limit, None if slice_seconds is None else slice_seconds - elapsed)
        by_name = {item.desired.name: job for item, job in zip(active, jobs, strict=True)}
        pending = pending_waits(self.api, by_name) if self.does_wait else {}
        for item, job in zip(active, jobs, strict=True):
            item.error = job.error
            item.has_changed |= job.has_written
            item.is_done = not job.left
            item.is_overtaken, item.owed = job.is_overtaken, job.owed
            if job.is_overtaken and not item.has_changed:
                item.plans.pop()
            item.pending = pending.get(item.desired.name)
            if not self.does_wait and job.awaited and (missing := missing_until_then(job.awaited)):
                self.task.warn(f"{job.plan.resource}: the update goes on by itself{missing}")
        written = [item for item in active if item.has_changed and not self.is_for_deletion]
        for item, current in zip(written, self._read(written, False), strict=True):
            if not isinstance(current, CallFailed):
                item.current = current

    def _follow_up(self, items: list[Item]) -> list[Item]:
        finished = [
            Finished(item.desired, item.current, item.plan, bool(item.error), self.task.check_mode)
            for item in items
            if item.plan and not item.pending and (item.is_done or item.error)
        ]
        found = []
        try:
            for plan in self.kind.follow_up(self.api, finished) if finished else ():
                found.append(Item(None, plans=[plan], error=plan.refusal, has_changed=plan.changes))
        except CallFailed as failure:
            self.task.warn(f"what is superseded was not looked for: {failure}")
        self.plans += [item.plans[0] for item in found]
        return found if self.task.check_mode else self._in_stages(found)

    def _in_stages(self, found: list[Item]) -> list[Item]:
        """The items whose plans were carried out, or refused: after a stage that failed, the next run does the rest."""
        failed_stage = None
        for stage in sorted({item.plans[0].stage for item in found}):
            items = [item for item in found if item.plans[0].stage == stage]
            if failed_stage is not None and stage == failed_stage + 1:
                found = [item for item in found if item not in items]
                failed_stage = stage
                continue
            active = [item for item in items if not item.error]
            for item, job in zip(active, apply(self.api, [item.plans[0] for item in active], False, 0.0), strict=True):
                item.error, item.has_changed = job.error, job.has_written
            if any(item.error for item in items):
                failed_stage = stage
        return found

    def _summary(self, items: list[Item], followed: list[Item]) -> ModuleResult:
        for item in items:
            if item.plan and not item.changed_plan and not item.plan.is_provisional:
                # The diff shows only plans that change something.
                for note in item.plan.notes:
                    self.task.warn(f"{item.plan.resource}: {note}")
        results = [self._result(item) for item in items]
        is_list = self.spec.is_list(self.task.params)
        self.changed_plans = [
            ({name: item.options[name] for name in self.spec.names if name in item.options}, plan)
            for item in [*items, *followed]
            if (plan := item.changed_plan)
        ]
        result: ModuleResult = {
            "changed": any(item.has_changed for item in [*items, *followed]),
            (self.spec.plural if is_list else self.spec.label): results if is_list else results[0],
        }
        if not self.is_brief:
            result["diff"] = [rendered(plan) for _names, plan in self.changed_plans]
        pending = [item.pending for item in items if item.pending]
        if pending:
            result["pending"] = pending
        errors = [error_line(result) for result in results if "error" in result]
        self.has_failed = bool(errors)
        errors += [f"{item.plans[0].resource}: {item.error}" for item in followed if item.error]
        if errors:
            result |= {"failed": True, "errors": errors, "msg": failure_message(result | {"errors": errors})}
        return result

    def _result(self, item: Item) -> Options:
        outcome: Options = {"name": item.desired.name, "changed": item.has_changed, "effect": str(item.effect)}
        if item.error:
            outcome["error"] = item.error
        if item.current is not None and item.plan and not self.is_for_deletion:
            seen = (item.desired, item.current, item.plan)
            options = {} if self.is_brief else self.kind.options(*seen)
            outcome = options | self.kind.facts(*seen) | outcome
        return outcome


def invalid(problems: t.Iterable[Problem]) -> ModuleResult:
    return {"changed": False, "failed": True, "msg": not_valid(problems)}


def execute(module: AnsibleAWSModule, spec: ResourceSpec, kind: Kind) -> None:
    """Ends the process of a module for one kind with its result."""
    api = connect(module, kind.services)
    finish(module, Run(Task.of(module), api, spec, kind).execute())


def finish(module: AnsibleAWSModule, result: ModuleResult) -> None:
    """Ends the process of a module; where an action plugin goes by the result, with a seal on what it goes by."""
    if "resume" in module.params:
        result = sealed(result)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
