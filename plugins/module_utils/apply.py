# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that writes: carries plans out side by side, and waits for all of them together."""

from __future__ import annotations

import collections
import time
import typing as t
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed, Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Plan, Step, Wait, with_outputs
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


class Job:
    """A plan on its way; ``error`` says why it stopped before its end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.left: collections.deque[Step | Wait] = collections.deque(plan.steps)
        self.has_written = False
        self.outputs: dict[str, Result] = {}
        self.error: str | None = None
        self.wait_since = 0.0

    @property
    def awaited(self) -> Wait | None:
        first = self.left[0] if self.left else None
        return first if isinstance(first, Wait) else None


def apply(api: Api, plans: t.Sequence[Plan], does_wait: bool, timeout_seconds: float) -> list[Job]:
    """Every plan as far as it goes; without *does_wait* none goes past its first wait.

    A job that fails leaves the others alone. *timeout_seconds* bounds the waiting of all jobs together, to which each
    adds the pauses that its rollout makes on purpose.
    """
    jobs = [Job(plan) for plan in plans]
    deadline = time.monotonic() + timeout_seconds
    with ThreadPoolExecutor(max_workers=api.parallelism) as pool:
        running: dict[Future[None], Job] = {pool.submit(_advance, api, job): job for job in jobs if job.left}
        waiting: list[Job] = []
        while running or waiting:
            pause = poll_interval(max(time.monotonic() - job.wait_since for job in waiting)) if waiting else None
            finished, _unfinished = wait_for_futures(running, pause, FIRST_COMPLETED) if running else _sleep(pause)
            for future in finished:
                job = running.pop(future)
                future.result()
                if job.awaited and does_wait and job.error is None:
                    waiting.append(job)
            for job in _arrived(api, waiting, deadline):
                waiting.remove(job)
                if job.error is None and job.left:
                    running[pool.submit(_advance, api, job)] = job
    return jobs


def _sleep(pause: float | None) -> tuple[set[Future[None]], set[Future[None]]]:
    time.sleep(pause or 0)
    return set(), set()


def _advance(api: Api, job: Job) -> None:
    """Takes the steps up to the next wait."""
    while job.left and not isinstance(job.left[0], Wait):
        step = job.left[0]
        try:
            job.outputs[step.operation] = api.call(step.service, step.operation, **with_outputs(step, job.outputs))
        except CallFailed as failure:
            if not (failure.is_missing and step.operation in _DELETIONS):
                job.error = str(failure)
                return
        job.has_written = True
        job.left.popleft()
    job.wait_since = time.monotonic()


def _arrived(api: Api, waiting: list[Job], deadline: float) -> list[Job]:
    """The jobs whose wait is over, well or badly."""
    waits = [job.awaited for job in waiting if job.awaited]
    if not waits:
        return []
    try:
        pending = unfinished(api, waits)
    except CallFailed:
        pending = set()
    arrived = []
    for job in waiting:
        wait = t.cast("Wait", job.awaited)
        try:
            if wait.endpoint_name not in pending and is_over(api, wait, time.monotonic() - job.wait_since):
                job.left.popleft()
                arrived.append(job)
                continue
        except (RolloutFailed, CallFailed) as failure:
            job.error = str(failure)
            arrived.append(job)
            continue
        if time.monotonic() > deadline + wait.deliberate_seconds:
            job.error = f"not {wait.until} in time; it goes on by itself, and the next run joins it"
            arrived.append(job)
    return arrived
