# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of a rollout, from the description of the endpoint; what AWS does not say is not made up: pure."""

from __future__ import annotations

import datetime
import typing as t

from .._aws.client import Result
from .._aws.endpoint_descriptions import variants_of

_LONGEST_MESSAGE = 120


def stage_of(description: Result) -> str:
    """What the variants are at, in AWS's words, such as ``Baking``, with its message if it gives one."""
    found: dict[str, None] = {}
    for status in _statuses(description):
        message = " ".join(status.get("StatusMessage", "").split())[:_LONGEST_MESSAGE]
        found[f"{status['Status']}: {message}" if message else status["Status"]] = None
    return ", ".join(found)


def instances_of(description: Result) -> str:
    """How many instances of the fleet that is rolled out are there, such as ``2 of 4``.

    [D] DescribeEndpoint does not return the share of the traffic; with a rolling update, this is the share that has
    been replaced.
    """
    pending = variants_of(description.get("PendingDeploymentSummary", {})).values()
    counted = [each for each in pending if {"CurrentInstanceCount", "DesiredInstanceCount"} <= each.keys()]
    wanted = sum(each["DesiredInstanceCount"] for each in counted)
    return f"{sum(each['CurrentInstanceCount'] for each in counted)} of {wanted}" if wanted else ""


def seconds_to_next_step(description: Result, pause_seconds: float, now: datetime.datetime) -> float | None:
    """How long the pause after a step still takes; None if there is none, or AWS does not say when it began.

    *now* may be up to a second behind, because AWS reports it in whole seconds.
    """
    starts = [
        status["StartTime"]
        for status in _statuses(description)
        if status["Status"] == "Baking" and status.get("StartTime")
    ]
    if not starts or not pause_seconds:
        return None
    seconds: float = (now - max(starts)).total_seconds()
    return min(max(0.0, pause_seconds - seconds), pause_seconds)


def _statuses(description: Result) -> t.Iterator[Result]:
    summary = description.get("PendingDeploymentSummary", {})
    for variant in [*variants_of(summary).values(), *variants_of(description).values()]:
        yield from variant.get("VariantStatus", ())
