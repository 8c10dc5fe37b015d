# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that writes: carries plans out side by side, and waits for all of them together."""

from __future__ import annotations

import collections
import time
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed, Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import (
    Output,
    Plan,
    Step,
    Wait,
    with_outputs,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.waiting import (
    RolloutFailed,
    is_over,
    poll_interval,
    unfinished,
)

_DELETIONS = (
    "DeleteModel",
    "DeleteEndpoint",
    "DeleteEndpointConfig",
    "DeleteAlarms",
    "DeleteScalingPolicy",
    "DeregisterScalableTarget",
)
_TOLERATED_MISSES = 2


class Job:
    """A plan on its way; ``error`` says why it stopped before its end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.left: collections.deque[Step | Wait] = collections.deque(plan.steps)
        self.has_written = False
        self.outputs: dict[str, Result] = {}
        self.error: str | None = None
        self.wait_since = 0.0
        self.misses = 0

    @property
    def awaited(self) -> Wait | None:
        first = self.left[0] if self.left else None
        return first if isinstance(first, Wait) and self.error is None else None

    def needs_answer_of(self, operation: str) -> bool:
        """Whether a step that is left is sent what *operation* answers."""
        steps = [step for each in self.left for step in (each.recovery if isinstance(each, Wait) else (each,))]
        values = [value for step in steps for value in step.parameters.values()]
        return any(isinstance(value, Output) and value.operation == operation for value in values)

    @property
    def waited_seconds(self) -> float:
        before = self.awaited.waited_seconds if self.awaited else 0.0
        return before + time.monotonic() - self.wait_since


def apply(
    api: Api, plans: t.Sequence[Plan], does_wait: bool, timeout_seconds: float, pause_seconds: float | None = None
) -> list[Job]:
    """Every plan as far as it goes; without *does_wait* none goes past its first wait.

    A job that fails leaves the others alone. *timeout_seconds* bounds the waiting of all jobs together, to which each
    adds the pauses that its rollout makes on purpose. After *pause_seconds*, if given, but not before a look at each,
    jobs that still wait are left as they are, without an error.
    """
    jobs = [Job(plan) for plan in plans]
    started = time.monotonic()
    ready, waiting = jobs, list[Job]()
    while ready or waiting:
        api.each(lambda job: _advance(api, job), ready)
        waiting += [job for job in ready if job.awaited and does_wait]
        if not waiting:
            break
        time.sleep(poll_interval(min(job.waited_seconds for job in waiting)))
        ready = _arrived(api, waiting)
        elapsed = time.monotonic() - started
        _give_up(waiting, elapsed - timeout_seconds)
        waiting = [job for job in waiting if job.error is None and job not in ready]
        if not ready and pause_seconds is not None and elapsed >= pause_seconds:
            break
    return jobs


def _advance(api: Api, job: Job) -> None:
    """Takes the steps up to the next wait."""
    while job.left and not isinstance(job.left[0], Wait):
        step = job.left[0]
        try:
            job.outputs[step.operation] = api.call(step.service, step.operation, **with_outputs(step, job.outputs))
        except CallFailed as failure:
            if not _is_done_already(job, step, failure):
                job.error = str(failure)
                return
        job.has_written = True
        job.left.popleft()
    job.wait_since = time.monotonic()


def _is_done_already(job: Job, step: Step, failure: CallFailed) -> bool:
    if failure.is_missing:
        return step.operation in _DELETIONS
    return failure.is_echo and not job.needs_answer_of(step.operation)


def _arrived(api: Api, waiting: t.Sequence[Job]) -> list[Job]:
    """The jobs whose wait is over; those that failed get their error."""
    waits = {id(job): wait for job in waiting if (wait := job.awaited)}
    try:
        pending = unfinished(api, list(waits.values()))
    except CallFailed:
        pending = set()
    looked_at = [job for job in waiting if waits[id(job)].endpoint_name not in pending]
    api.each(lambda job: _look(api, job, waits[id(job)]), looked_at)
    return [job for job in waiting if job.awaited is not waits[id(job)] and job.error is None]


def _look(api: Api, job: Job, wait: Wait) -> None:
    """Ends the wait of a job if it is over; a look that fails may have been bad luck, several are not."""
    try:
        if is_over(api, wait, job.waited_seconds):
            job.left.popleft()
        job.misses = 0
    except RolloutFailed as failure:
        job.error = f"{failure}{_recover(api, job, wait)}"
    except CallFailed as failure:
        job.misses += 1
        if job.misses > _TOLERATED_MISSES:
            job.error = str(failure)


def _recover(api: Api, job: Job, wait: Wait) -> str:
    """Takes the steps that are due all the same; tells what went wrong with them, if anything did."""
    try:
        for step in wait.recovery:
            api.call(step.service, step.operation, **with_outputs(step, job.outputs))
    except CallFailed as failure:
        return f"; its scaling could not be put back, the next run tries again: {failure}"
    return ""


def _give_up(waiting: t.Sequence[Job], late_seconds: float) -> None:
    for job in waiting:
        wait = job.awaited
        if wait and late_seconds > wait.deliberate_seconds:
            job.error = f"not {wait.until} in time; it goes on by itself, and the next run joins it"
