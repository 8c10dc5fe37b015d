# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Short histories for the referee: somebody makes resources, a run with a key of its own calls, the referee judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from simulator.client import Simulator
from simulator.testing import ACCOUNT, REGION, ROLE, Aws, provisioned

OURS: Mapping[str, str] = MappingProxyType({"friendsofansible.sagemaker/deployment": "ours"})
THEIRS = {"friendsofansible.sagemaker/deployment": "theirs"}
COUNT = "sagemaker:variant:DesiredInstanceCount"


def pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class History:
    """`others` may do everything and are not judged; `run` calls with the access key of the runs."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.others = Aws(simulator)
        self.run = Aws(simulator, access_key="run")

    @contextmanager
    def briefed(self, text: str = "", end: dict[str, Any] | None = None, **brief: Any) -> Iterator[None]:
        """A run of the deployment "ours", which ends with this output."""
        place = {"access_key": "run", "account": ACCOUNT, "region": REGION, "deployment": "ours"}
        number = self.simulator.referee_begin({**place, **brief})
        try:
            yield
        finally:
            self.simulator.referee_end(text, run=number, **(end or {}))

    def objections(self) -> list[tuple[str, str]]:
        """Rule and resource of each."""
        return [(each["rule"], each["resource"]) for each in self.simulator.objections()]

    def serve(self, *variants: dict[str, Any], tags: Mapping[str, str] = OURS, config: str = "e", **more: Any) -> None:
        """Endpoint e with model m, both of the deployment, made by others."""
        self.others.model("m", Tags=pairs(tags))
        self.others.config(config, *(variants or [v()]), Tags=pairs(tags), **more)
        self.others.endpoint("e", config, Tags=pairs(tags))

    def config(self, name: str, *variants: dict[str, Any], tags: Mapping[str, str] = OURS) -> None:
        self.others.config(name, *(variants or [v()]), Tags=pairs(tags))

    def update(self, config: str, by: Aws | None = None, *, retain: bool = True) -> None:
        """A rollout to its end."""
        update = (by or self.run).sagemaker.update_endpoint
        update(EndpointName="e", EndpointConfigName=config, RetainAllVariantProperties=retain)
        self.others.settle()

    def scale(self, by: Aws, variant: str = "v", **change: Any) -> None:
        changes = [{"VariantName": variant, **change}]
        by.sagemaker.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=changes)
        self.others.settle()

    def register(self, by: Aws, low: int = 1, high: int = 9, tags: Mapping[str, str] = OURS, **more: Any) -> None:
        by.autoscaling.register_scalable_target(**target(), MinCapacity=low, MaxCapacity=high, Tags=dict(tags), **more)
        self.others.settle()

    def put_step_policy(self, by: Aws, name: str) -> str:
        """Its ARN."""
        steps = {
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
        }
        answer = by.autoscaling.put_scaling_policy(
            **target(), PolicyName=name, PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
        )
        return str(answer["PolicyARN"])

    def put_alarm(self, by: Aws, name: str, tags: dict[str, str] | None = None, **more: Any) -> None:
        by.cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/SageMaker",
            MetricName="Invocations",
            Dimensions=[{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": "v"}],
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
            **{"Threshold": 1, **({"Tags": pairs(tags)} if tags else {}), **more},
        )


def v(count: int = 2, name: str = "v", **more: Any) -> dict[str, Any]:
    return provisioned(name, **{"ModelName": "m", "InitialInstanceCount": count, **more})


def target(variant: str = "v") -> dict[str, str]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/e/variant/{variant}",
        "ScalableDimension": COUNT,
    }


def inventory(models: tuple[str, ...] = ("m",), **variants: dict[str, Any]) -> dict[str, Any]:
    """Model m and endpoint e with these variants, by default v on two instances."""
    return {"endpoints": {"e": variants or {"v": {"count": 2}}}, "models": list(models), "alarms": [], "policies": []}


def scaled(low: int = 1, high: int = 9) -> dict[str, Any]:
    return {"count": low, "scaled": {"min": low, "max": high}}


def create_model(by: Aws, name: str, tags: Mapping[str, str] = OURS) -> None:
    by.sagemaker.create_model(
        ModelName=name, PrimaryContainer={"Image": "image:1"}, ExecutionRoleArn=ROLE, Tags=pairs(tags)
    )
