# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run over one kind of resource: read, plan, (check mode stops here), apply and wait, read again, report."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass, field

from .._aws.client import Api, CallFailed
from .apply import apply, made_by, restore
from .kind import Desired, Kind, Live
from .plan import Effect, Finished, Made, Plan, Recovery, Refused, ResourceId, Wait, rendered
from .requests import Options
from .results import ModuleResult, ResourceResult, singular
from .resumable_waits import pending_waits, resume_plan
from .waits import TimeLimit, missing_until_then

_MOST_STAGES = 5


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a run goes, whatever it manages."""

    check_mode: bool = False
    is_for_deletion: bool = False
    limit: TimeLimit | None = None
    """How long the run waits; None if it does not."""
    warn: t.Callable[[str], None] = lambda text: None


@dataclass
class Item(t.Generic[Desired, Live]):
    """One declared resource on its way through a run."""

    desired: Desired
    current: Live | None = None
    plans: list[Plan] = field(default_factory=list)
    error: str | None = None
    cause: str | None = None
    """Why it was refused, without the names that differ between resources that fail alike."""
    has_changed: bool = False
    is_done: bool = True
    unread: str = ""
    """Why *current* is as it was before the plan was carried out."""
    pending: Options | None = None
    overtaken_by: str = ""
    """The refusal because of which it is read and planned again."""
    to_restore: Recovery | None = None
    """What an overtaken plan has removed, and the next one has to restore."""

    @property
    def plan(self) -> Plan | None:
        return self.plans[-1] if self.plans else None

    @property
    def changed_plan(self) -> Plan | None:
        """The last plan that changes something; one that was overtaken is planned again, and not shown twice."""
        return next((plan for plan in reversed(self.plans) if plan.has_effect), None)

    @property
    def effect(self) -> Effect:
        return self.changed_plan.effect if self.changed_plan else Effect.NONE

    @property
    def outcomes(self) -> list[Plan]:
        """The plan that changes something, if there is one, and why it failed."""
        return (self.changed_plan or Plan(self.desired.resource, Effect.NONE)).shown_with(self.error)


@dataclass
class FollowUp:
    """A plan that follows the run, and what became of it."""

    plan: Plan
    error: str | None = None
    has_changed: bool = False

    @property
    def outcomes(self) -> list[Plan]:
        return self.plan.shown_with(self.error)


class Run(t.Generic[Desired, Live]):
    """The run over the resources of one kind."""

    def __init__(
        self,
        api: Api,
        kind: Kind[Desired, Live],
        desired: t.Sequence[Desired],
        settings: Settings,
        *,
        plural: str,
        resume: t.Sequence[Options] = (),
        is_single: bool = False,
        is_brief: bool = False,
    ) -> None:
        """*resume* are waits that an earlier call has begun, of the only resources that matter then.

        The result of a brief run has neither options nor a diff.
        """
        self.api = api
        self.kind = kind
        self.settings = settings
        self.plural = plural
        self.is_single = is_single
        self.is_brief = is_brief
        self.resumed: dict[str, Options] = {each["name"]: each["wait"] for each in resume}
        self.items = [Item[Desired, Live](each) for each in desired if not resume or each.name in self.resumed]
        self.plans: list[Plan] = []
        """Every plan that was made, in order."""
        self.outcomes: list[Plan] = []
        """Those that change something, and those of all that failed, with the errors."""
        self.unfinished: list[str] = []
        """The resources that are not finished: AWS continues without this run, or the next run continues."""
        self.has_failed = False
        """Whether a declared resource failed; what is left to do after them may fail alone."""

    def execute(self) -> ModuleResult:
        """Runs all stages; the result is a failure if any of the resources failed."""
        stage = self.items
        for _stage in range(_MOST_STAGES):
            self._read_and_plan(stage)
            if self.settings.check_mode:
                break
            self._apply(stage)
            stage = [item for item in stage if self._needs_another_look(item)]
            if not stage:
                break
        else:
            for item in stage:
                why = f": {item.overtaken_by}" if item.overtaken_by else ""
                self._fail(
                    item, f"still changing in AWS after {_MOST_STAGES} attempts{why}; run again when it is stable"
                )
        self.unfinished = [item.desired.name for item in self.items if not item.is_done and not item.error]
        return self._result([] if self.settings.is_for_deletion else self._follow_up())

    def _needs_another_look(self, item: Item[Desired, Live]) -> bool:
        if item.error or item.pending:
            return False
        return bool(item.overtaken_by) or (self.settings.limit is not None and item.plans[-1].is_provisional)

    def _read(
        self, items: list[Item[Desired, Live]], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[Live | CallFailed]:
        try:
            return self.kind.read(self.api, [item.desired for item in items], is_for_deletion, made) if items else []
        except CallFailed as failure:
            return [failure for _item in items]

    def _read_and_plan(self, items: list[Item[Desired, Live]]) -> None:
        others = [item for item in items if item.desired.name not in self.resumed]
        for item in items:
            if noted := self.resumed.pop(item.desired.name, None):
                item.plans.append(resume_plan(ResourceId(singular(self.plural), item.desired.name), noted))
        found = self._read(others, self.settings.is_for_deletion)
        plan_of = self.kind.plan_absent if self.settings.is_for_deletion else self.kind.plan
        for item, current in zip(others, found, strict=True):
            if isinstance(current, CallFailed):
                self._fail(item, f"{current}{_missing_after(item.plan)}")
                continue
            item.current = current
            try:
                item.plans.append(plan_of(item.desired, current))
            except Refused as refusal:
                self._fail(item, str(refusal))
                item.cause = refusal.cause
            else:
                item.has_changed |= self.settings.check_mode and item.plans[-1].changes
                item.is_done = not item.plans[-1].is_partial
        made = [item.plans[-1] for item in items if item.plans and not item.error]
        self.plans += sorted(made, key=lambda plan: plan.order)

    def _fail(self, item: Item[Desired, Live], error: str) -> None:
        """What an earlier plan of the same run has removed is restored in this run."""
        item.error = f"{error}{restore(self.api, item.to_restore)}"

    def _apply(self, items: list[Item[Desired, Live]]) -> None:
        for item in items:
            item.overtaken_by, item.to_restore = "", None
        active = [item for item in items if not item.error and item.plans[-1].steps]
        limit = self.settings.limit
        jobs = apply(self.api, [item.plans[-1] for item in active], limit)
        by_name = {item.desired.name: job for item, job in zip(active, jobs, strict=True)}
        pending = pending_waits(self.api, by_name) if limit else {}
        for item, job in zip(active, jobs, strict=True):
            item.error = job.error
            item.has_changed |= job.has_written
            item.is_done &= not job.left
            item.overtaken_by, item.to_restore = job.overtaken_by, job.to_restore
            if job.is_overtaken and not item.has_changed:
                item.plans.pop()
            item.pending = pending.get(item.desired.name)
            if not limit and job.awaited and (missing := missing_until_then(job.awaited)):
                self.settings.warn(f"{job.plan.resource}: the update continues in AWS{missing}")
        moved = [item for item in active if self._may_have_moved(item)]
        made = [found for job in jobs if (found := made_by(job))]
        for item, current in zip(moved, self._read(moved, False, made), strict=True):
            if isinstance(current, CallFailed):
                item.unread = str(current)
            else:
                item.current, item.unread = current, ""

    def _may_have_moved(self, item: Item[Desired, Live]) -> bool:
        """Whether the resource may have changed since it was read; a wait that failed has also seen it change."""
        return not self.settings.is_for_deletion and (item.has_changed or item.error is not None)

    def _follow_up(self) -> list[FollowUp]:
        finished = [
            Finished(
                item.desired,
                item.current,
                item.plan,
                item.is_done and not item.error,
                self.settings.check_mode,
                item.unread,
            )
            for item in self.items
            if item.plan and not item.pending
        ]
        found: list[FollowUp] = []
        try:
            for plan in self.kind.follow_up(self.api, finished) if finished else ():
                found.append(FollowUp(plan, plan.refusal, plan.changes))
        except CallFailed as failure:
            if self.settings.check_mode and failure.is_passing:
                # The run may well be able to list them, and must not delete what its plan has not shown.
                reason = f"those that the run deletes are not shown, because listing them failed: {failure}"
                found.append(FollowUp(Plan(ResourceId("old generations", ""), Effect.NONE, refusal=reason), reason))
            else:
                self.settings.warn(f"old generations were not deleted, because listing them failed: {failure}")
        self.plans += [each.plan for each in found]
        return found if self.settings.check_mode else self._carried_out(found)

    def _carried_out(self, found: list[FollowUp]) -> list[FollowUp]:
        """Those that were carried out, or refused: after a stage that failed, the next run does the stage behind it."""
        done: list[FollowUp] = []
        failed_stage = None
        for stage in sorted({each.plan.stage for each in found}):
            due = [each for each in found if each.plan.stage == stage]
            if failed_stage is not None and stage == failed_stage + 1:
                failed_stage = stage
                continue
            active = [each for each in due if not each.error]
            for each, job in zip(active, apply(self.api, [each.plan for each in active]), strict=True):
                each.error, each.has_changed = job.error, job.has_written
            if any(each.error for each in due):
                failed_stage = stage
            done += due
        return [each for each in found if each in done]

    def _result(self, followed: list[FollowUp]) -> ModuleResult:
        for item in self.items:
            if item.plan and not item.changed_plan and not item.plan.is_provisional:
                # The diff shows only plans that change something.
                for note in item.plan.notes:
                    self.settings.warn(f"{item.plan.resource}: {note}")
        results = [self._resource_result(item) for item in self.items]
        ended = [*(item.outcomes for item in self.items), *(each.outcomes for each in followed)]
        outcomes = [plan for plans in ended for plan in plans]
        self.outcomes = [plan for plan in outcomes if plan.error or plan.has_effect]
        errors = [each.error_line for each in results if each.error]
        self.has_failed = bool(errors)
        errors += [f"{each.plan.resource}: {each.error}" for each in followed if each.error]
        return ModuleResult(
            changed=any(item.has_changed for item in self.items) or any(each.has_changed for each in followed),
            failed=bool(errors),
            errors=errors,
            resources={self.plural: results},
            is_single=self.is_single,
            diff=None if self.is_brief else [rendered(plan) for plan in self.outcomes if plan.has_effect],
            pending=[item.pending for item in self.items if item.pending],
        )

    def _resource_result(self, item: Item[Desired, Live]) -> ResourceResult:
        facts: Options = {}
        if item.current is not None and item.plan and not self.settings.is_for_deletion:
            seen = (item.desired, item.current, dataclasses.replace(item.plan, error=item.error))
            facts = ({} if self.is_brief else self.kind.options(*seen)) | self.kind.facts(*seen)
        return ResourceResult(
            name=item.desired.name,
            changed=item.has_changed,
            effect=item.effect,
            error=item.error,
            cause=item.cause,
            facts=facts,
        )


def _missing_after(plan: Plan | None) -> str:
    """What a plan that only waited leaves missing, because nobody could look what is to be done after it."""
    waits = [step for step in plan.steps if isinstance(step, Wait)] if plan and plan.is_provisional else []
    return "".join(missing_until_then(wait) for wait in waits)
