# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a wait is over, and how it ended: by the description of the endpoint, or because of wait_timeout.

The progress of a rollout is what the description says; what AWS does not say is left out.
"""

from __future__ import annotations

import datetime
import time
import typing as t
from dataclasses import dataclass, field

from .._aws import cloudwatch, sagemaker
from .._aws.client import Api, CallFailed, Result
from .._aws.endpoint_descriptions import TRANSITIONAL, failure_reason, links_of, variants_of
from .canonical import single_precision
from .plan import Until, Wait

_DESCRIBED_ONE_BY_ONE = 3
_INVISIBLE_SECONDS = 30.0
"""For how long a description may still show what was before a call."""


_NEXT_RUN = {"Failed": "the next run deletes it and creates it again"}
_REFUSES = "AWS cannot update it any more: set allow_replace: true to let the next run replace it (outage)"
_LONGEST_MESSAGE = 120


class RolloutFailed(Exception):
    """An endpoint did not reach the awaited state."""


def poll_interval(waited_seconds: float) -> float:
    """Seconds until the next look: often at first, since deletions are quick, then a tenth of the time waited."""
    return min(max(waited_seconds / 10, 0.5), 15.0)


def _now() -> float:
    return time.monotonic()


@dataclass(frozen=True, kw_only=True)
class TimeLimit:
    """How long a run may wait, in seconds."""

    timeout_seconds: float
    """For all waits together, to which each adds the pauses that its rollout makes on purpose."""
    slice_seconds: float | None = None
    """After these, waits are interrupted to report progress; the next call of the module takes them up again."""
    earlier_seconds: float = 0.0
    """How long the run has taken in earlier calls of the module."""
    started: float = field(default_factory=_now)

    @property
    def _elapsed(self) -> float:
        return _now() - self.started

    @property
    def is_slice_over(self) -> bool:
        return self.slice_seconds is not None and self._elapsed >= self.slice_seconds

    def error(self, wait: Wait) -> str | None:
        """That of a wait which has lasted too long; None before."""
        if self.earlier_seconds + self._elapsed <= self.timeout_seconds + wait.baking_seconds:
            return None
        return (
            f"timed out (wait_timeout) before it was {wait.until}; the change continues in AWS; run again to keep "
            f"waiting{missing_until_then(wait)}"
        )


def missing_until_then(wait: Wait) -> str:
    """What the plan has removed and only a run after this wait restores."""
    return f"; {wait.recovery.what} is missing until then; the next run restores it" if wait.recovery else ""


class Listed(t.NamedTuple):
    """What a single look at the list, 100 a call, shows of awaited endpoints, by their names."""

    unfinished: t.Collection[str] = ()
    """Those that are still in transition."""
    gone: t.Collection[str] = ()
    """Those whose deletion was awaited, and that are gone."""


def listed(api: Api, waits: list[Wait]) -> Listed:
    """What one list call shows; nothing for a few waits, because describing each costs no more."""
    if len(waits) <= _DESCRIBED_ONE_BY_ONE:
        return Listed()
    statuses = {each.name: each.status for each in sagemaker.list_endpoints(api)}
    return Listed(
        {each.endpoint_name for each in waits if statuses.get(each.endpoint_name) in TRANSITIONAL},
        {each.endpoint_name for each in waits if each.until is Until.GONE and each.endpoint_name not in statuses},
    )


class Look(t.NamedTuple):
    """A look at one awaited endpoint."""

    is_last: bool
    """Whether the wait is over."""
    description: Result | None


def look_at(api: Api, wait: Wait, waited_seconds: float) -> Look:
    """Raises RolloutFailed, with all that AWS says, if the wait can no longer succeed."""
    description = sagemaker.describe_endpoint(api, wait.endpoint_name)
    try:
        return Look(has_arrived(wait, description, waited_seconds), description)
    except RolloutFailed as failure:
        raise RolloutFailed(f"{failure}{_triggered_alarms(api, wait)}{_where_to_look(description)}") from failure


def has_arrived(wait: Wait, description: Result | None, waited_seconds: float) -> bool:
    """The pure part of look_at: False while the endpoint is in transition."""
    if description is None:
        if wait.until is Until.IN_SERVICE and waited_seconds > _INVISIBLE_SECONDS:
            raise RolloutFailed("the endpoint was deleted")
        return wait.until is not Until.IN_SERVICE
    status = description["EndpointStatus"]
    if wait.until is Until.GONE and status == "Failed" and waited_seconds > _INVISIBLE_SECONDS:
        raise RolloutFailed(f"its deletion failed: {failure_reason(description)}")
    if wait.until is Until.GONE or status in TRANSITIONAL:
        return False
    return wait.until is not Until.IN_SERVICE or _is_in_service(wait, description, waited_seconds)


def _is_in_service(wait: Wait, description: Result, waited_seconds: float) -> bool:
    """A rollout that has failed has modified the endpoint: what shows no modification is from before the call."""
    try:
        _verify(wait, description)
    except RolloutFailed:
        is_late = bool(wait.modified) and wait.modified == modified(description)
        if is_late and waited_seconds <= _INVISIBLE_SECONDS:
            return False
        raise
    return True


def modified(description: t.Mapping[str, t.Any] | None) -> str:
    """When AWS says that an endpoint was last modified, as text that survives a pause between two calls."""
    return str((description or {}).get("LastModifiedTime", ""))


def _verify(wait: Wait, description: Result) -> None:
    """Raises RolloutFailed unless the endpoint serves the target: after a rollback it is InService too."""
    status = description["EndpointStatus"]
    if status != "InService":
        raise RolloutFailed(
            f"the endpoint is {status}: {failure_reason(description)}; {_NEXT_RUN.get(status, _REFUSES)}"
        )
    served = description["EndpointConfigName"]
    if wait.config_name not in (None, served):
        raise RolloutFailed(
            f"the update to {wait.config_name} failed and was rolled back to {served}: {failure_reason(description)}; "
            f"run again to retry"
        )
    live = variants_of(description)
    for asked in wait.variants:
        if not _has_taken(asked, live.get(asked["VariantName"], {})):
            raise RolloutFailed(
                f"the change of variant {asked['VariantName']} failed and was rolled back: "
                f"{failure_reason(description)}; run again to retry"
            )


def _has_taken(asked: t.Mapping[str, t.Any], live: Result) -> bool:
    concurrency = live.get("CurrentServerlessConfig") or {}
    return all(
        (
            single_precision(asked.get("DesiredWeight")) in (None, single_precision(live.get("CurrentWeight"))),
            asked.get("DesiredInstanceCount") in (None, live.get("CurrentInstanceCount")),
            asked.get("ServerlessUpdateConfig", {}).items() <= concurrency.items(),
        )
    )


def _triggered_alarms(api: Api, wait: Wait) -> str:
    """The alarms of the rollout that are in ALARM, which is what rolled it back."""
    try:
        alarms = cloudwatch.describe_alarms(api, wait.alarms) if wait.alarms else {}
    except CallFailed as failure:
        return f"; the states of the alarms could not be read: {failure}"
    triggered = [name for name, alarm in alarms.items() if alarm.get("StateValue") == "ALARM"]
    return f"; in ALARM: {', '.join(triggered)}" if triggered else ""


def _where_to_look(description: Result | None) -> str:
    """Where to look further."""
    if description is None:
        return ""
    links = links_of(description)
    variants = [
        f"; variant {variant['VariantName']}: {', '.join(status['Status'] for status in variant['VariantStatus'])}"
        for variant in variants_of(description).values()
        if variant.get("VariantStatus")
    ]
    places = [f"log group {links['log_group']}", *([links["console_url"]] if "console_url" in links else [])]
    return "; ".join(["".join(variants), *places])


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
