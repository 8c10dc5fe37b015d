# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint as it is declared, and as it is."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..._aws.client import Result
from ..._aws.endpoint_descriptions import failure_reason, variants_of
from ..._engine.canonical import Request
from ..._engine.ownership import TagRequest
from ..._engine.plan import ResourceId
from ..._engine.requests import Options
from ..alarm import LiveAlarm
from ..generations import LiveGeneration
from ..scaling_state import LiveScaling
from .live_capacity import models_named


class Begun(t.NamedTuple):
    """What an earlier call of the module has begun with an endpoint, and waits for."""

    config_name: str | None
    """The configuration that it is to serve, if that is decided."""
    made_again_with: t.Mapping[str, str] | None
    """The tags that it is to have, if it has been deleted to be made again."""


def begun_by(waits: t.Iterable[Options]) -> dict[str, Begun]:
    """By endpoint, what the waits of an earlier call lead to."""
    return {each["name"]: Begun(each["wait"]["config_name"], each["wait"]["made_again_with"]) for each in waits}


class Bounds(t.NamedTuple):
    """The least and the most that autoscaling may set."""

    minimum: int
    maximum: int


@dataclass(frozen=True, kw_only=True)
class DesiredEndpoint:
    """An endpoint as the user declares it, with the configuration that it is to run."""

    name: str
    config: Request
    digest: str
    config_name: str
    tags: TagRequest
    config_tags: TagRequest
    deployment_config: Request | None = None
    may_be_replaced: bool = False
    failed_models: tuple[str, ...] = ()
    """Models of its variants that the same run could not make."""
    failed_alarms: tuple[str, ...] = ()
    """Its own alarms that are to roll an update back, and that the same run could not make as they are declared."""
    scaled_variants: frozenset[str] | None = None
    """All variants that are to be scaled; None if that is not declared."""
    alarm_names: frozenset[str] | None = None
    """All alarms that it is to have; None if that is not declared."""
    scaling_bounds: t.Mapping[str, Bounds] = field(default_factory=dict)
    """Those of scaled variants, as far as they are known."""
    is_rollback: bool = False
    """Whether this is a rollback, so that what is served now is not kept as a goal of rollbacks."""
    redeploy: str | None = None
    """The value of ``redeploy``, which makes a new configuration although the request is the same."""
    may_be_adopted: bool = False
    """Whether it may be changed if it is there and no deployment owns it."""
    deletion_protection: bool | None = None
    """None if it is not declared."""
    made_again_with: t.Mapping[str, str] | None = None
    """The tags with which an earlier call of the module was to make it again, once it would be gone."""

    @property
    def resource(self) -> ResourceId:
        return ResourceId("endpoint", self.name)


@dataclass(frozen=True, kw_only=True)
class LiveEndpoint:
    """All that was read of one endpoint; an empty description says that there is none."""

    description: Result
    tags: dict[str, str]
    configs: t.Mapping[str, LiveGeneration]
    """By name: those in use, in flight and of the wanted name, and all generations; if it is proven, that in use."""
    targets: t.Mapping[str, LiveScaling] = field(default_factory=dict)
    """The scalable targets of its variants, by variant."""
    config_users: t.Mapping[str, set[str]] = field(default_factory=dict)
    missing_models: tuple[str, ...] = ()
    """Models of its configuration that have been deleted."""
    missing_alarms: tuple[str, ...] = ()
    """Alarms of others that are to roll an update back, and that do not exist."""
    undeclared_targets: t.Mapping[str, LiveScaling] = field(default_factory=dict)
    """Scalable targets of this deployment, by variant, that are to be deregistered; not in ``targets``."""
    noted_callers: t.Mapping[str, t.Sequence[str]] = field(default_factory=dict)
    """By the former ARN of a step policy that an earlier run has noted, the alarms that call it."""
    alarms: tuple[LiveAlarm, ...] = ()
    """For the export: those on its metrics, except the alarms that target tracking makes."""
    is_proven: bool = False
    """Whether tags have proven the configuration in use to be the wanted one, so that it was not described."""

    @property
    def exists(self) -> bool:
        return bool(self.description)

    @property
    def name(self) -> str:
        return str(self.description["EndpointName"])

    @property
    def status(self) -> str:
        return str(self.description["EndpointStatus"])

    @property
    def config_name(self) -> str:
        return str(self.description["EndpointConfigName"])

    @property
    def config(self) -> LiveGeneration | None:
        """What it serves, unless that has been deleted."""
        return self.configs.get(self.description.get("EndpointConfigName", ""))

    @property
    def model_names(self) -> list[str]:
        """The models that its configuration names."""
        variants = variants_of(self.config.request).values() if self.config else ()
        named = (place for variant in variants for place in models_named(variant))
        return list(dict.fromkeys(entry[member] for entry, member in named))

    @property
    def arn(self) -> str:
        return str(self.description["EndpointArn"])

    @property
    def failure_reason(self) -> str:
        return failure_reason(self.description)

    @property
    def pending_config_name(self) -> str | None:
        """The configuration that a rollout in flight leads to."""
        pending = self.description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
        return pending or (self.config_name if self.status == "Creating" else None)
