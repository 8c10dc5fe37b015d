# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that are interrupted to report progress, and resumed by the next call of the module."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing as t

from .._aws import sagemaker
from .._aws.client import Api, CallFailed, Result
from .apply import Job, resolved
from .plan import Effect, Plan, Recovery, ResourceId, Step, Until, Wait, with_outputs
from .waits import instances_of, seconds_to_next_step, stage_of

Pending = dict[str, t.Any]

_MOST_DESCRIBED = 10


def pending_waits(api: Api, jobs: t.Mapping[str, Job]) -> dict[str, Pending]:
    """The state of each job that still waits, and what the next call needs to resume it; the first few with details."""
    waits = {name: wait for name, job in jobs.items() if (wait := job.awaited)}
    described = api.each(
        lambda wait: sagemaker.describe_endpoint(api, wait.endpoint_name), [*waits.values()][:_MOST_DESCRIBED]
    )
    details = {
        name: _details(answer, wait, api.now()) for (name, wait), answer in zip(waits.items(), described, strict=False)
    }
    return {
        name: {"name": name, "wait": _noted(jobs[name], wait), **details.get(name, {})} for name, wait in waits.items()
    }


def _details(description: Result | CallFailed | None, wait: Wait, now: datetime.datetime) -> Pending:
    if not description or isinstance(description, CallFailed):
        return {"status": "not there", "stage": ""}
    return {
        "status": description["EndpointStatus"],
        "stage": stage_of(description),
        "instances": instances_of(description),
        "next_step_seconds": seconds_to_next_step(description, wait.pause_seconds, now),
    }


def _noted(job: Job, wait: Wait) -> Pending:
    failure_record = wait.failure_record and with_outputs(wait.failure_record, job.outputs)
    recovery = resolved(wait.recovery, job.outputs)
    noted = dataclasses.replace(
        wait, recovery=recovery, failure_record=failure_record, waited_seconds=job.waited_seconds
    )
    return t.cast("Pending", json.loads(json.dumps(dataclasses.asdict(noted), default=str)))


def resume_plan(resource: ResourceId, noted: t.Mapping[str, t.Any]) -> Plan:
    """The plan that resumes a wait; what is left after it is planned again."""
    recovery = noted["recovery"] and Recovery(
        noted["recovery"]["what"], tuple(Step(**step) for step in noted["recovery"]["steps"])
    )
    wait = Wait(
        **{
            **noted,
            "until": Until(noted["until"]),
            "variants": tuple(noted["variants"]),
            "alarms": tuple(noted["alarms"]),
            "recovery": recovery,
            "failure_record": noted["failure_record"] and Step(**noted["failure_record"]),
        }
    )
    return Plan(resource, Effect.NONE, steps=(wait,), is_provisional=True)
