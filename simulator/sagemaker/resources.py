# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What SageMaker remembers: models, endpoint configurations, endpoints and their variants."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from ..types import Params


class Status(StrEnum):
    """[D SM EndpointStatus]"""

    CREATING = "Creating"
    IN_SERVICE = "InService"
    UPDATING = "Updating"
    SYSTEM_UPDATING = "SystemUpdating"
    ROLLING_BACK = "RollingBack"
    OUT_OF_SERVICE = "OutOfService"
    UPDATE_ROLLBACK_FAILED = "UpdateRollbackFailed"
    FAILED = "Failed"
    DELETING = "Deleting"


@dataclass
class Model:
    """`content` is the description of the model without name, ARN and time."""

    name: str
    arn: str
    created: float
    content: Params


@dataclass
class EndpointConfig:
    """`content` is the description of the configuration without name, ARN and time."""

    name: str
    arn: str
    created: float
    content: Params

    @property
    def production(self) -> list[Params]:
        variants: list[Params] = self.content["ProductionVariants"]
        return variants

    @property
    def shadow(self) -> list[Params]:
        variants: list[Params] = self.content.get("ShadowProductionVariants", [])
        return variants

    @property
    def variants(self) -> list[Params]:
        return self.production + self.shadow

    @property
    def model_names(self) -> list[str]:
        """Every model that the configuration needs, including those of its instance pools."""
        names = [variant["ModelName"] for variant in self.variants if "ModelName" in variant]
        pools = [pool for variant in self.variants for pool in variant.get("InstancePools", [])]
        return names + [pool["ModelNameOverride"] for pool in pools if "ModelNameOverride" in pool]

    @property
    def is_serverless(self) -> bool:
        return any("ServerlessConfig" in variant for variant in self.variants)

    @property
    def is_async(self) -> bool:
        return "AsyncInferenceConfig" in self.content

    @property
    def hosts_components(self) -> bool:
        """[D SM] inference components are deployed to variants that name no model."""
        return not any("ModelName" in variant for variant in self.variants)


@dataclass(frozen=True)
class DeployedImage:
    specified: str
    resolved: str
    at: float


@dataclass
class Variant:
    """A running variant: what it was made from, what it has and what it should have."""

    config: Params
    images: list[DeployedImage]
    weight: float
    count: int | None
    serverless: Params | None
    desired_weight: float = field(init=False)
    desired_count: int | None = field(init=False)
    desired_serverless: Params | None = field(init=False)

    def __post_init__(self) -> None:
        self.aim_at_present()

    @property
    def name(self) -> str:
        name: str = self.config["VariantName"]
        return name

    def reach_desired(self) -> None:
        self.weight, self.count, self.serverless = (
            self.desired_weight,
            self.desired_count,
            self.desired_serverless,
        )

    def aim_at_present(self) -> None:
        self.desired_weight, self.desired_count, self.desired_serverless = (
            self.weight,
            self.count,
            self.serverless,
        )


class Work(StrEnum):
    """What an endpoint can be busy with."""

    CREATE = "create"
    UPDATE = "update"
    SCALE = "scale"
    ROLL_BACK = "roll_back"
    DELETE = "delete"
    HOLD = "hold"


@dataclass(frozen=True)
class Failure:
    """How work ends that does not succeed; an empty reason leaves FailureReason unset."""

    reason: str
    status: Status


@dataclass
class Progress:
    """Work under way on an endpoint: it ends when the clock reaches `due`."""

    work: Work
    started: float
    due: float
    failure: Failure | None = None
    config: EndpointConfig | None = None
    production: list[Variant] = field(default_factory=list)
    shadow: list[Variant] = field(default_factory=list)
    deployment: Params | None = None

    @property
    def variants(self) -> list[Variant]:
        """Those that the endpoint will have."""
        return self.production + self.shadow

    @property
    def is_stuck(self) -> bool:
        return math.isinf(self.due)


@dataclass
class Endpoint:
    """`config` is the configuration as it was deployed; under its name there may be another one by now."""

    name: str
    arn: str
    created: float
    modified: float
    status: Status
    config: EndpointConfig
    production: list[Variant] = field(default_factory=list)
    shadow: list[Variant] = field(default_factory=list)
    deployment: Params | None = None
    failure_reason: str = ""
    progress: Progress | None = None
    shown: list[tuple[float, Params]] = field(default_factory=list)
    """When it was described how, as far as reads may be late."""

    @property
    def variants(self) -> list[Variant]:
        return self.production + self.shadow

    def variant(self, name: str) -> Variant | None:
        return next((variant for variant in self.variants if variant.name == name), None)
