# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that writes: carries plans out side by side, and waits for all of them together."""

from __future__ import annotations

import collections
import dataclasses
import functools
import time
import typing as t

from .._aws import sagemaker
from .._aws.client import Api, CallFailed, Result
from .canonical import without
from .ownership import TAGGING
from .plan import Effect, Made, Plan, Recovery, Step, Wait, with_outputs
from .waits import Listed, RolloutFailed, TimeLimit, listed, look_at, missing_until_then, modified, poll_interval

_DELETIONS = (
    "DeleteModel",
    "DeleteEndpoint",
    "DeleteEndpointConfig",
    "DeleteAlarms",
    "DeleteScalingPolicy",
    "DeleteScheduledAction",
    "DeregisterScalableTarget",
)
_TAKES_MANY = {"DeleteAlarms": ("AlarmNames", 100)}
"""[D] The operations that take many resources of their kind, in which parameter, and how many."""
_TOLERATED_MISSES = 2
_OVERTAKEN_PAUSE_SECONDS = 2.0
"""Before a resource that has changed meanwhile is read again: what AWS refuses may not be visible yet."""


class Job:
    """A plan that is being carried out; ``error`` says why it stopped early."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.left: collections.deque[Step | Wait] = collections.deque(plan.steps)
        self.has_written = False
        self.is_in_doubt = False
        """Whether its next step may already have taken effect, in a call that got no answer."""
        self.outputs: dict[str, Result] = {}
        self.seen: Result | None = None
        """How AWS described the endpoint when the last wait was over."""
        self.error: str | None = None
        self.wait_since = 0.0
        self.misses = 0
        self.refusals: list[str] = []
        """The messages for steps that AWS refused and that later steps did not need."""
        self.overtaken_by = ""
        """The refusal because of which it stopped, without an error: the resource has to be read and planned again."""
        self.to_restore: Recovery | None = None
        """What an overtaken job has removed, and the next plan has to restore."""

    @property
    def is_overtaken(self) -> bool:
        return bool(self.overtaken_by)

    @property
    def awaited(self) -> Wait | None:
        first = self.left[0] if self.left else None
        return first if isinstance(first, Wait) and self.error is None else None

    @property
    def waited_seconds(self) -> float:
        before = self.awaited.waited_seconds if self.awaited else 0.0
        return before + time.monotonic() - self.wait_since

    def begin_wait(self) -> None:
        """The endpoint that is awaited looks for a moment as it did before."""
        self.wait_since = time.monotonic()
        if (wait := self.awaited) and not wait.modified:
            self.left[0] = dataclasses.replace(wait, modified=modified(self.seen or self.plan.found))


def made_by(job: Job) -> Made | None:
    """What the job has created, if every call was answered, and none of them has set tags later."""
    is_over = not (job.left or job.error or job.refusals or job.is_overtaken)
    answered = [step.operation in job.outputs and step.operation not in TAGGING for step in job.plan.calls]
    if job.plan.effect is not Effect.CREATE or not is_over or not all(answered):
        return None
    return Made(job.plan.calls, job.seen if isinstance(job.plan.steps[-1], Wait) else None)


def apply(api: Api, plans: t.Sequence[Plan], limit: TimeLimit | None = None) -> list[Job]:
    """Carries out every plan as far as possible; without a *limit*, only up to its first wait.

    A job that fails leaves the others alone. When the slice is over, but not before a look at each, jobs that still
    wait are left as they are, without an error.
    """
    jobs = [Job(plan) for plan in plans]
    ready, waiting = jobs, list[Job]()
    while ready or waiting:
        for order in sorted({job.plan.order for job in ready}):
            due = [job for job in ready if job.plan.order == order]
            _advance_together(api, due)
            api.each(lambda job: _advance(api, job), due)
        waiting += [job for job in ready if job.awaited]
        if not waiting or limit is None:
            break
        time.sleep(poll_interval(min(job.waited_seconds for job in waiting)))
        ready = _arrived(api, waiting)
        for job in waiting:
            if job.awaited:
                job.error = limit.error(job.awaited)
        waiting = [job for job in waiting if job.error is None and job not in ready]
        if not ready and limit.is_slice_over:
            break
    if any(job.is_overtaken for job in jobs):
        time.sleep(_OVERTAKEN_PAUSE_SECONDS)
    return jobs


def _advance_together(api: Api, jobs: t.Sequence[Job]) -> None:
    """Makes one call for the first steps of several jobs; if AWS refuses it, each job makes its own call."""
    for operation, (member, most) in _TAKES_MANY.items():
        due = [job for job in jobs if _may_go_with_others(job, operation)]
        if len(due) > 1:
            chunks = [due[start : start + most] for start in range(0, len(due), most)]
            api.each(functools.partial(_take_together, api, member), chunks)


def _may_go_with_others(job: Job, operation: str) -> bool:
    """[D DeleteAlarms] "no more than one composite alarm": those, which are deleted first, are deleted one by one."""
    first = job.left[0] if job.left else None
    return isinstance(first, Step) and first.operation == operation and job.plan.order == 0


def _take_together(api: Api, member: str, jobs: t.Sequence[Job]) -> None:
    steps = [t.cast("Step", job.left[0]) for job in jobs]
    names = [name for step in steps for name in step.parameters[member]]
    try:
        api.call(steps[0].service, steps[0].operation, **{member: names})
    except CallFailed as failure:
        for job in jobs:
            job.is_in_doubt = failure.is_in_doubt or failure.retries > 0
        return
    for job in jobs:
        job.left.popleft()
        job.has_written = True


def _advance(api: Api, job: Job) -> None:
    """Carries out the steps up to the next wait."""
    while job.left and not isinstance(job.left[0], Wait):
        step = job.left[0]
        try:
            job.outputs[step.operation] = _call(api, step, job.outputs)
        except CallFailed as failure:
            if step.otherwise:
                job.refusals.append(f"{step.otherwise}: {failure}")
                job.left.popleft()
                continue
            is_done = failure.is_missing and step.operation in _DELETIONS
            if not (is_done or (failure.is_in_doubt and _is_under_way(api, step))):
                _stop(api, job, step, failure)
                return
            # What somebody else has deleted is no change of this run; the answer to a first attempt may be lost.
            job.has_written |= not is_done or failure.retries > 0 or job.is_in_doubt
        else:
            job.has_written = True
        job.is_in_doubt = False
        job.left.popleft()
    job.begin_wait()
    if not job.left and job.refusals:
        job.error = "; ".join(job.refusals)


def _is_under_way(api: Api, step: Step) -> bool:
    """Whether an update whose answer was lost has begun: then nothing that was removed for it may be restored."""
    if step.operation != "UpdateEndpoint":
        return False
    try:
        found = sagemaker.describe_endpoint(api, step.parameters["EndpointName"])
    except CallFailed:
        return False
    return step.parameters["EndpointConfigName"] in sagemaker.users_of_configs([found] if found else [])


def _stop(api: Api, job: Job, step: Step, failure: CallFailed) -> None:
    """Leaves the rest of the plan undone; a call that botocore made more than once may have taken effect."""
    recovery = resolved(step.recovery, job.outputs)
    job.has_written |= failure.is_overtaken and failure.retries > 0
    if failure.is_overtaken:
        job.overtaken_by, job.to_restore = str(failure), recovery
    else:
        _note(api, step.failure_record, job.outputs)
        job.error = f"{failure}{step.advice}{restore(api, recovery)}"


def _call(api: Api, step: Step, outputs: t.Mapping[str, Result]) -> Result:
    return api.call(step.service, step.operation, **with_outputs(step, outputs).parameters)


def _note(api: Api, failure_record: Step | None, outputs: t.Mapping[str, Result]) -> None:
    """Writes the tag that records a failure; if that fails too, it is not reported as another failure."""
    steps = [failure_record] if failure_record else []
    api.each(lambda step: _call(api, step, outputs), steps)


def _arrived(api: Api, waiting: t.Sequence[Job]) -> list[Job]:
    """The jobs whose wait is over; those that failed get their error."""
    waits = {id(job): wait for job in waiting if (wait := job.awaited)}
    try:
        shown = listed(api, list(waits.values()))
    except CallFailed:
        shown = Listed()
    for job in waiting:
        if waits[id(job)].endpoint_name in shown.gone:
            job.left.popleft()
    known = {*shown.unfinished, *shown.gone}
    looked_at = [job for job in waiting if waits[id(job)].endpoint_name not in known]
    api.each(lambda job: _look(api, job, waits[id(job)]), looked_at)
    return [job for job in waiting if job.awaited is not waits[id(job)] and job.error is None]


def _look(api: Api, job: Job, wait: Wait) -> None:
    """Ends the wait of a job if it is over; only several failed reads in a row end it with an error."""
    try:
        look = look_at(api, wait, job.waited_seconds)
        if look.is_last:
            job.left.popleft()
            job.seen = look.description
        job.misses = 0
    except RolloutFailed as failure:
        _note(api, wait.failure_record, job.outputs)
        job.error = f"{failure}{restore(api, resolved(wait.recovery, job.outputs))}"
    except CallFailed as failure:
        job.misses += 1
        if job.misses > _TOLERATED_MISSES:
            job.error = f"{failure}{missing_until_then(wait)}"


def resolved(recovery: Recovery | None, outputs: t.Mapping[str, Result]) -> Recovery | None:
    """The recovery with the answers of earlier operations filled in, except those of its own steps."""
    if recovery is None:
        return None
    steps: list[Step] = []
    for step in recovery.steps:
        earlier = without([each.operation for each in steps], outputs)
        steps.append(with_outputs(step, earlier))
    return dataclasses.replace(recovery, steps=tuple(steps))


def restore(api: Api, recovery: Recovery | None) -> str:
    """Carries out the steps of a recovery; returns the outcome, as the end of an error message."""
    if recovery is None:
        return ""
    if not recovery.steps:
        return f"; {recovery.what} is missing; the next run restores it"
    outputs: dict[str, Result] = {}
    for step in recovery.steps:
        try:
            outputs[step.operation] = _call(api, step, outputs)
        except CallFailed as failure:
            if not failure.is_overtaken:
                return f"; {recovery.what} is missing and could not be restored; the next run tries again: {failure}"
    return f"; {recovery.what} was restored"
