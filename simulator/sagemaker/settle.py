# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The endpoint's state machine: ends the work whose time has come. [D SM DescribeEndpointOutput.EndpointStatus]"""

from __future__ import annotations

from ..region import Region
from ..settings import Settings
from .resources import Endpoint, Failure, Progress, Status, Work


def settle(region: Region, endpoint: Endpoint, now: float, settings: Settings) -> None:
    """Bring the endpoint to what it is now; after its deletion it is gone from the region."""
    while endpoint.progress and endpoint.progress.due <= now:
        progress = endpoint.progress
        endpoint.progress = None
        endpoint.modified = progress.due
        if progress.work is Work.DELETE:
            del region.endpoints[endpoint.name.lower()]
            region.tags.forget(endpoint.arn, progress.due)
            return
        _finish(region, endpoint, progress, settings)


def _finish(region: Region, endpoint: Endpoint, progress: Progress, settings: Settings) -> None:
    failure = progress.failure or _natural_failure(region, endpoint, progress)
    if progress.work is Work.SCALE and failure:
        _roll_back(endpoint, progress.due, failure, settings)
    elif failure:
        endpoint.status = failure.status
        endpoint.failure_reason = failure.reason
        _give_up(endpoint)
    else:
        _succeed(endpoint, progress)
        _update_system(endpoint, progress, settings.system_update_seconds)


def _succeed(endpoint: Endpoint, progress: Progress) -> None:
    endpoint.status = Status.IN_SERVICE
    if progress.config:
        endpoint.config = progress.config
        endpoint.production, endpoint.shadow = progress.production, progress.shadow
        endpoint.deployment = progress.deployment
    for variant in endpoint.variants:
        variant.reach_desired()


def _update_system(endpoint: Endpoint, progress: Progress, seconds: float) -> None:
    """[D SM EndpointStatus] SystemUpdating: maintenance, which may come at any time; not upon itself."""
    if seconds and progress.work is not Work.HOLD:
        endpoint.status = Status.SYSTEM_UPDATING
        endpoint.progress = Progress(Work.HOLD, progress.due, progress.due + seconds)


def _give_up(endpoint: Endpoint) -> None:
    for variant in endpoint.variants:
        variant.aim_at_present()


def _roll_back(endpoint: Endpoint, now: float, failure: Failure, settings: Settings) -> None:
    """A failed change of weights or capacities is rolled back under its own status. [D SM EndpointStatus]"""
    endpoint.status = Status.ROLLING_BACK
    due = now + settings.rollback_seconds
    endpoint.progress = Progress(Work.ROLL_BACK, now, due, Failure(failure.reason, Status.IN_SERVICE))


def _natural_failure(region: Region, endpoint: Endpoint, progress: Progress) -> Failure | None:
    """What makes work fail without a fault on request."""
    config = progress.config
    if config:
        status = Status.FAILED if progress.work is Work.CREATE else Status.IN_SERVICE
        missing = _missing(region, config.name, config.model_names)
        if missing:
            return Failure(missing, status)
        return _alarm_failure(region, progress) if progress.work is Work.UPDATE else None
    grows = any((variant.desired_count or 0) > (variant.count or 0) for variant in endpoint.variants)
    if progress.work is Work.SCALE and grows:
        # [D SM DeleteModel, DeleteEndpointConfig] both must outlive the endpoint; the text is a guess.
        missing = _missing(region, endpoint.config.name, endpoint.config.model_names)
        return Failure(missing, Status.IN_SERVICE) if missing else None
    return None


def _missing(region: Region, config_name: str, model_names: list[str]) -> str:
    """[D SM DeleteModel, DeleteEndpointConfig] the text is a guess."""
    if config_name.lower() not in region.endpoint_configs:
        return f"Unable to find endpoint configuration {config_name}."
    missing = next((name for name in model_names if name.lower() not in region.models), None)
    return f"Unable to find model {missing}." if missing else ""


def _alarm_failure(region: Region, progress: Progress) -> Failure | None:
    """An alarm in ALARM at any time of the deployment rolls it back. [D SM AutoRollbackConfig; text is a guess]"""
    rollback = (progress.deployment or {}).get("AutoRollbackConfiguration", {})
    names = [alarm["AlarmName"] for alarm in rollback.get("Alarms", [])]
    fired = [
        name
        for name in names
        if (alarm := region.alarms.get(name)) and alarm.was_in_alarm(progress.started, progress.due)
    ]
    if not fired:
        return None
    reason = f"One or more alarms went into ALARM state during the deployment: [{', '.join(fired)}]."
    return Failure(reason, Status.IN_SERVICE)
