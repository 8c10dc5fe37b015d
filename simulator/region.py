# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Everything that one account has in one region."""

from __future__ import annotations

from dataclasses import dataclass, field

from .arns import arn
from .autoscaling.target_store import TargetStore
from .cloudwatch.alarm_store import AlarmStore
from .cloudwatch.resources import CompositeAlarm
from .sagemaker.resources import Endpoint, EndpointConfig, Model
from .tag_store import TagStore


@dataclass
class Region:
    """SageMaker's resources are kept by their lower-case name.

    Endpoint names do not differ by case alone [D SM], and SageMaker's ARNs are in lower case
    [I prometheus-community/yet-another-cloudwatch-exporter#1178]; that models and configurations follow is a guess.
    """

    account: str
    name: str
    models: dict[str, Model] = field(default_factory=dict)
    endpoint_configs: dict[str, EndpointConfig] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    targets: TargetStore = field(default_factory=TargetStore)
    alarms: AlarmStore = field(default_factory=AlarmStore)
    composites: dict[str, CompositeAlarm] = field(default_factory=dict)
    tags: TagStore = field(default_factory=TagStore)

    def endpoint(self, name: str) -> Endpoint | None:
        return self.endpoints.get(name.lower())

    def arn(self, service: str, resource: str) -> str:
        return arn(service, self.name, self.account, resource)
