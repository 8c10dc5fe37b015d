# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What a region was like a while ago, for reads that are eventually consistent."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from ..region import Region
from .choices import Freedoms

_LISTS = ("ListModels", "ListEndpointConfigs", "ListEndpoints")


def delay_of(freedoms: Freedoms, service: str, operation: str) -> float:
    """By how many seconds what this operation reads is behind."""
    if service == "sagemaker" and operation in _LISTS:
        return freedoms.list_delay_seconds
    if not operation.startswith(("Describe", "ListTags")):
        return 0.0
    delays = {
        "sagemaker": freedoms.describe_delay_seconds,
        "application-autoscaling": freedoms.scaling_delay_seconds,
        "cloudwatch": freedoms.alarm_delay_seconds,
    }
    return delays.get(service, 0.0)


def longest_delay(freedoms: Freedoms) -> float:
    return max(
        freedoms.list_delay_seconds,
        freedoms.describe_delay_seconds,
        freedoms.scaling_delay_seconds,
        freedoms.alarm_delay_seconds,
    )


@dataclass
class Past:
    """The states of regions before each write, with the moment of that write, the oldest first."""

    _kept: dict[tuple[str, str], list[tuple[float, Region]]] = field(default_factory=dict)

    def keep(self, region: Region, now: float, seconds: float) -> None:
        """Keeps the state that a write is about to end, and no longer those that nobody can see any more."""
        kept = self._kept.setdefault((region.account, region.name), [])
        kept[:] = [each for each in kept if each[0] > now - seconds]
        kept.append((now, copy.deepcopy(region)))

    def at(self, region: Region, moment: float) -> Region | None:
        """The region as it was then; None if nothing has been written since."""
        kept = self._kept.get((region.account, region.name), [])
        return next((then for until, then in kept if until > moment), None)

    def clear(self) -> None:
        self._kept.clear()
