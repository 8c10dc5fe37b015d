# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What Application Auto Scaling remembers: targets, policies, scheduled actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..types import Params

NAMESPACE = "sagemaker"


class TargetKey(NamedTuple):
    resource_id: str
    dimension: str


@dataclass
class ScalableTarget:
    key: TargetKey
    arn: str
    created: float
    minimum: int
    maximum: int
    suspended: Params
    role_arn: str
    policies: dict[str, ScalingPolicy] = field(default_factory=dict)
    scheduled_actions: dict[str, ScheduledAction] = field(default_factory=dict)


@dataclass
class ScalingPolicy:
    name: str
    arn: str
    created: float
    kind: str
    config: Params
    alarm_names: list[str]


@dataclass
class ScheduledAction:
    name: str
    arn: str
    created: float
    content: Params
