# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The scalable targets of a region, found by key, by ARN and by the endpoint whose variants they scale."""

from __future__ import annotations

from .resources import ScalableTarget, TargetKey

_ENDPOINT = "endpoint/"


class TargetStore:
    """A look-up costs the same however many targets there are."""

    def __init__(self) -> None:
        self._targets: dict[TargetKey, ScalableTarget] = {}
        self._by_arn: dict[str, ScalableTarget] = {}
        self._by_endpoint: dict[str, dict[TargetKey, ScalableTarget]] = {}

    def __len__(self) -> int:
        return len(self._targets)

    def get(self, key: TargetKey) -> ScalableTarget | None:
        return self._targets.get(key)

    def with_arn(self, arn: str) -> ScalableTarget | None:
        return self._by_arn.get(arn)

    def of_endpoint(self, name: str) -> list[ScalableTarget]:
        """Endpoint names do not differ by case alone. [D SM]"""
        return list(self._by_endpoint.get(name.lower(), {}).values())

    def add(self, target: ScalableTarget) -> None:
        self._targets[target.key] = self._by_arn[target.arn] = target
        self._by_endpoint.setdefault(_endpoint_of(target.key), {})[target.key] = target

    def remove(self, target: ScalableTarget) -> None:
        del self._targets[target.key], self._by_arn[target.arn]
        del self._by_endpoint[_endpoint_of(target.key)][target.key]

    def all(self) -> dict[TargetKey, ScalableTarget]:
        return self._targets


def _endpoint_of(key: TargetKey) -> str:
    """Only variants of endpoints can be registered here."""
    return key.resource_id.removeprefix(_ENDPOINT).partition("/")[0].lower()
