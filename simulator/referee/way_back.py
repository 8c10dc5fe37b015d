# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Way back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..region import Region
from ..sagemaker.endpoint_configs import DEFAULT_METRICS
from ..sagemaker.resources import EndpointConfig
from .brief import ROLLED_BACK, Ending
from .resources import Place, configs_of, family_of, owner_of, place_of
from .rule import Rollout, Rule
from .run import DeletedConfig, Objection, Run, Write

RULE = "Way back"
_NUMBERS = ("InitialInstanceCount", "InitialVariantWeight", "MaxConcurrency", "ProvisionedConcurrency")


class WayBack(Rule):
    """What a run keeps for rollback has served, and a rollback never goes to a configuration that has not.

    A configuration has served if an endpoint was InService with it. Two configurations count as the same if they differ
    only in capacity, because a rollback must not lower that, or if one only states a default of AWS for metrics. A
    rollback goes to a configuration that was deployed before the current one. A rollback itself does not count as a
    deployment, because otherwise a second rollback would go forward again.
    """

    def __init__(self) -> None:
        self._deployed: dict[Place, dict[str, int]] = {}
        """By the ARN of each configuration that has served, with its creation: when it was deployed last."""
        self._contents: dict[Place, dict[str, str]] = {}
        """By what they serve, apart from capacity: one of those."""
        self._turn = 0

    def before(self, write: Write) -> Iterator[Objection]:
        run, region = write.run, write.region
        if not run:
            return
        if write.operation == "UpdateEndpoint" and run.brief.state == ROLLED_BACK:
            yield from self._led_back(write)
        if write.operation == "DeleteEndpointConfig":
            (resource,) = write.touched
            config = region.endpoint_configs.get(resource.name.lower())
            known = {name for _account, _region, name in self._deployed}
            endpoint = family_of(resource.name, known)
            if config and endpoint:
                has_served = self._has_served(region, endpoint, config)
                run.deleted.append(DeletedConfig(region, endpoint, config.name, has_served))

    def rolled_out(self, rollout: Rollout) -> Iterator[Objection]:
        run, config = rollout.write.run, rollout.progress.config
        if rollout.has_succeeded and config:
            self._turn += 1
            history = self._deployed.setdefault(place_of(rollout.write.region, rollout.endpoint.name), {})
            is_way_back = run is not None and run.brief.state == ROLLED_BACK
            if not is_way_back or _identity(config) not in history:
                history.pop(_identity(config), None)
                history[_identity(config)] = self._turn
            contents = self._contents.setdefault(place_of(rollout.write.region, rollout.endpoint.name), {})
            contents.setdefault(_content(config), _identity(config))
        yield from ()

    def ended(self, run: Run, ending: Ending, region: Region | None, now: float) -> Iterator[Objection]:
        """A generation that has served is not deleted while one is kept that never has."""
        if not run.brief.knows_inventory or ending.is_cut_off:
            return
        for deleted in run.deleted:
            if deleted.has_served and (kept := self._never_served(deleted, run)):
                yield Objection(
                    RULE,
                    f"DeleteEndpointConfig {deleted.name}",
                    deleted.name,
                    f"{deleted.name} has served endpoint {deleted.endpoint} and is deleted, "
                    f"while {kept}, which never has, is kept",
                )

    def _led_back(self, write: Write) -> Iterator[Objection]:
        (resource,) = write.touched
        endpoint = write.region.endpoint(resource.name)
        config = write.region.endpoint_configs.get(write.params["EndpointConfigName"].lower())
        if not endpoint or not config:
            return
        history = self._deployed.get(place_of(write.region, endpoint.name), {})
        alike = self._contents.get(place_of(write.region, endpoint.name), {}).get(_content(config), "")
        was, wanted = history.get(_identity(endpoint.config)), history.get(_identity(config), history.get(alike))
        if wanted is None:
            yield write.objection(
                RULE,
                config.name,
                f"the way back of endpoint {endpoint.name} leads to {config.name}, which never served it",
            )
        elif was is not None and wanted >= was:
            yield write.objection(
                RULE,
                config.name,
                f"the way back of endpoint {endpoint.name} leads to {config.name}, "
                f"which was deployed after {endpoint.config.name}",
            )

    def _never_served(self, deleted: DeletedConfig, run: Run) -> str:
        """A kept generation of this deployment that never served, does not serve and is not being rolled out."""
        region, live = deleted.region, deleted.region.endpoint(deleted.endpoint)
        used = {config.name for endpoint in region.endpoints.values() for config in configs_of(endpoint)}
        for config in region.endpoint_configs.values():
            if (
                live
                and family_of(config.name, (deleted.endpoint,))
                and owner_of(region, config.arn) == (run.brief.deployment or None)
                and config.name not in used
                and not self._has_served(region, deleted.endpoint, config)
                and ("DeleteEndpointConfig", config.name) not in run.attempted
            ):
                return config.name
        return ""

    def _has_served(self, region: Region, endpoint: str, config: EndpointConfig) -> bool:
        place = place_of(region, endpoint)
        return _identity(config) in self._deployed.get(place, {}) or _content(config) in self._contents.get(place, {})


def _identity(config: EndpointConfig) -> str:
    """Under its name there may be another one by now."""
    return f"{config.arn} {config.created}"


def _content(config: EndpointConfig) -> str:
    metrics = DEFAULT_METRICS | config.content.get("MetricsConfig", {})
    content = config.content | {"MetricsConfig": metrics}
    return json.dumps(_without_numbers(content), sort_keys=True, default=str)


def _without_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_numbers(item) for key, item in value.items() if key not in _NUMBERS}
    return [_without_numbers(item) for item in value] if isinstance(value, list) else value
