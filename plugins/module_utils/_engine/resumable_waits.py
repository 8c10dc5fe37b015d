# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that are interrupted to tell how far they are, and taken up again by the next call of the module."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .._aws import sagemaker
from .._aws.client import Api, CallFailed, Result
from .._resources.endpoint.live_capacity import variants_of
from .apply import Job, resolved
from .plan import Effect, Plan, Recovery, ResourceId, Step, Until, Wait

Pending = dict[str, t.Any]

_TOLD_OF = 10


def pending_waits(api: Api, jobs: t.Mapping[str, Job]) -> dict[str, Pending]:
    """How far each job is that still waits, and all that the next call needs to wait on; the first few with details."""
    waits = {name: wait for name, job in jobs.items() if (wait := job.awaited)}
    described = api.each(
        lambda wait: sagemaker.describe_endpoint(api, wait.endpoint_name), [*waits.values()][:_TOLD_OF]
    )
    details = dict(zip(waits, (_details(answer) for answer in described), strict=False))
    return {
        name: {"name": name, "wait": _noted(jobs[name], wait), **details.get(name, {})} for name, wait in waits.items()
    }


def _details(description: Result | CallFailed | None) -> Pending:
    if not description or isinstance(description, CallFailed):
        return {"status": "not there", "stage": ""}
    return {"status": description["EndpointStatus"], "stage": stage_of(description)}


def _noted(job: Job, wait: Wait) -> Pending:
    noted = dataclasses.replace(wait, recovery=resolved(wait.recovery, job.outputs), waited_seconds=job.waited_seconds)
    return t.cast("Pending", json.loads(json.dumps(dataclasses.asdict(noted), default=str)))


def stage_of(description: Result) -> str:
    """What the variants of an endpoint on its way are at, such as ``Baking``."""
    summary = description.get("PendingDeploymentSummary", {})
    statuses = [
        status["Status"]
        for variant in [*variants_of(summary).values(), *variants_of(description).values()]
        for status in variant.get("VariantStatus", ())
    ]
    return ", ".join(dict.fromkeys(statuses))


def resume_plan(resource: ResourceId, noted: t.Mapping[str, t.Any]) -> Plan:
    """The plan that waits on; what is left after it is planned anew."""
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
        }
    )
    return Plan(resource, Effect.NONE, steps=(wait,), is_provisional=True)
