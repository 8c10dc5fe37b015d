# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms of others that are to roll an update back: whether they are there, before anything is written."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._aws import cloudwatch
from ..._aws.client import Api, CallFailed
from ..._engine.plan import Refused
from ..alarm import is_composite
from . import rollout_policy as rollout
from .state import DesiredEndpoint, LiveEndpoint

Live: t.TypeAlias = LiveEndpoint | CallFailed


def with_missing_alarms(api: Api, desired: t.Sequence[DesiredEndpoint], found: list[Live]) -> list[Live]:
    """The endpoints, each with the alarms that its rollout names and nobody has; a call where any names some."""
    wanted = {item.name: _of_others(item) for item in desired}
    names = sorted({name for each in wanted.values() for name in each})
    if not names:
        return found
    existing = cloudwatch.describe_alarms(api, names)
    if composites := [name for name in names if is_composite(existing.get(name, {}))]:
        listed = ", ".join(composites)
        api.warn(f"composite alarm {listed} is in rollback_on, and AWS does not say whether one rolls an update back")
    missing = {*names} - existing.keys()
    return [
        live
        if isinstance(live, CallFailed)
        else dataclasses.replace(live, missing_alarms=tuple(name for name in wanted[item.name] if name in missing))
        for item, live in zip(desired, found, strict=True)
    ]


def refuse_unguarded(desired: DesiredEndpoint, live: LiveEndpoint) -> None:
    """Raises Refused: without the alarm nothing would stop the update, or AWS would not begin it."""
    if desired.failed_alarms:
        names = ", ".join(desired.failed_alarms)
        raise Refused(
            f"skipped: alarm {names} of rollback_on failed, so nothing would stop the update as declared",
            cause="skipped: an alarm of rollback_on failed",
        )
    if live.missing_alarms:
        names = ", ".join(live.missing_alarms)
        raise Refused(f"alarm {names} of rollback_on does not exist; create it, or remove it from rollback_on")


def _of_others(desired: DesiredEndpoint) -> list[str]:
    """Alarms that the rollout names and that are not among those of the endpoint, where these are known."""
    if desired.alarm_names is None:
        return []
    return [name for name in rollout.alarm_names(desired.deployment_config) if name not in desired.alarm_names]
