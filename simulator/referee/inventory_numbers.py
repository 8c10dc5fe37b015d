# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The numbers of variants that inventories have declared so far, and which of them they have changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..autoscaling.resource_ids import variant_id
from ..region import Region
from ..sagemaker.resources import Endpoint
from .brief import Brief
from .numbers import SCALED_NUMBER, at_most, declared_numbers, is_scaled, made_with
from .resources import owner_of

_Key = tuple[str, str, str, str, str, str]
"""An account, a region, a deployment, an endpoint, a variant, a number."""


@dataclass
class _Stated:
    """A number that an inventory states; it is open from its change until the variant has come down to it."""

    value: int
    is_scaled: bool
    is_open: bool


class InventoryNumbers:
    def __init__(self) -> None:
        self._stated: dict[_Key, _Stated] = {}
        self._before: dict[int, dict[_Key, _Stated | None]] = {}
        """What was stated before each run that is going on."""
        self._deployments: set[str] = set()

    def note(self, run: int, brief: Brief, region: Region) -> None:
        """A run begins with this inventory. Before the first one, an endpoint's configuration states its numbers."""
        deployment = brief.deployment or ""
        self._deployments.add(deployment)
        before = self._before[run] = {}
        for endpoint, variants in (brief.endpoints or {}).items():
            live = region.endpoint(endpoint)
            for variant, declared in (variants or {}).items():
                first = made_with(live, variant)
                for number, value in declared_numbers(declared).items():
                    key = (region.account, region.name, deployment, endpoint.lower(), variant, number)
                    before[key] = self._stated.get(key)
                    known = before[key] or _stated(None, first.get(number, value), is_scaled=False)
                    self._stated[key] = _stated(known, value, is_scaled(declared, number))

    def forget(self, run: int, untouched: Collection[str]) -> None:
        """A run has ended; what its inventory declared for endpoints that it did not reach does not count."""
        for key, before in self._before.pop(run, {}).items():
            if key[3] not in untouched:
                continue
            if before is None:
                del self._stated[key]
            else:
                self._stated[key] = before

    def close(self, region: Region, endpoint: Endpoint) -> None:
        """A number that a variant has reached may not be lowered again.

        If the deployment that no longer declares it as scaled still has a target for it, autoscaling may change it.
        """
        moving = _moving(region, endpoint)
        for variant, numbers in at_most(endpoint).items():
            for number, live in numbers.items():
                for deployment in self._deployments:
                    key = (region.account, region.name, deployment, endpoint.name.lower(), variant, number)
                    stated = self._stated.get(key)
                    if stated and live <= stated.value and (deployment, variant, number) not in moving:
                        stated.is_open = False

    def changed_to(self, brief: Brief, region: Region, endpoint: str, variant: str, number: str) -> int | None:
        """The number, if the inventory has changed it and the variant has not reached it since."""
        key = (region.account, region.name, brief.deployment or "", endpoint.lower(), variant, number)
        stated = self._stated.get(key)
        return stated.value if stated and stated.is_open else None


def _moving(region: Region, endpoint: Endpoint) -> set[tuple[str, str, str]]:
    """The numbers that autoscaling sets by a target, each with the deployment whose target it is, and the variant."""
    return {
        (owner_of(region, target.arn) or "", found.variant, SCALED_NUMBER[target.key.dimension])
        for target in region.targets.of_endpoint(endpoint.name)
        if (found := variant_id(target.key.resource_id))
    }


def _stated(before: _Stated | None, value: int, is_scaled: bool) -> _Stated:
    if before is None or is_scaled:
        return _Stated(value, is_scaled, is_open=False)
    is_changed = before.value != value or before.is_scaled
    return _Stated(value, is_scaled, is_changed or before.is_open)
