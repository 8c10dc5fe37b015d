# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""For each module two resources that it can make, and what they presuppose."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from simulator.testing import ACCOUNT, Aws

from .conftest import REGION, Workplace

COLLECTION = "friendsofansible.sagemaker"
MODEL = {
    "execution_role_arn": "arn:aws:iam::111122223333:role/demo",
    "primary_container": {"image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/image:1"},
}
ENDPOINT = {
    "production_variants": [
        {
            "variant_name": "main",
            "model_name": "given",
            "instance_type": "ml.m5.large",
            "initial_instance_count": 1,
        }
    ]
}
SCALING = {"min_capacity": 1, "max_capacity": 3}
ALARM = {
    "namespace": "AWS/SageMaker",
    "metric_name": "Invocations",
    "dimensions": [{"name": "EndpointName", "value": "given"}, {"name": "VariantName", "value": "main"}],
    "statistic": "Sum",
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 1000,
    "period": 60,
    "evaluation_periods": 1,
}


@dataclass(frozen=True)
class Sample:
    """*bad* are options for the list, each entry wrong in one way, with the message about it."""

    module: str
    label: str
    names: tuple[dict[str, str], dict[str, str]]
    options: dict[str, t.Any]
    path_in_diff: str
    creates: tuple[str, ...]
    deletes: tuple[str, ...]
    arn: str
    bad: tuple[tuple[dict[str, t.Any], str], ...]

    @property
    def plural(self) -> str:
        return f"{self.label}s"

    @property
    def first(self) -> dict[str, t.Any]:
        return self.names[0] | self.options

    @property
    def second(self) -> dict[str, t.Any]:
        return self.names[1] | self.options

    def task(self, options: dict[str, t.Any], **keywords: t.Any) -> dict[str, t.Any]:
        return {f"{COLLECTION}.{self.module}": options, **keywords}


SAMPLES = (
    Sample(
        "sagemaker_model",
        "model",
        ({"model_name": "first"}, {"model_name": "second"}),
        MODEL,
        "execution_role_arn: arn:aws:iam::111122223333:role/demo",
        ("CreateModel",),
        ("DeleteModel",),
        "model_arn",
        (
            ({"execution_role_arn": "arn:aws:iam::1:role/x"}, "models[0].execution_role_arn: 'arn:aws:iam::1:role/x'"),
            (
                {"primary_container": {"image": "i", "model_data_source": {"s3_data_sorce": {}}}},
                'models[1].primary_container.model_data_source.s3_data_sorce: unknown option; did you mean "s3_data_so',
            ),
        ),
    ),
    Sample(
        "sagemaker_endpoint",
        "endpoint",
        ({"endpoint_name": "first"}, {"endpoint_name": "second"}),
        ENDPOINT,
        "production_variants.main.instance_type: ml.m5.large",
        ("CreateEndpointConfig", "CreateEndpoint"),
        ("DeleteEndpoint", "DeleteEndpointConfig"),
        "endpoint_arn",
        (
            (
                {"production_variants": [{"variant_name": "main", "volume_size_in_gb": 513}]},
                "endpoints[0].production_variants[0].volume_size_in_gb: 513 is out of range; allowed: 1 to 512",
            ),
            (
                {"deployment_config": {"auto_rollback_configuration": {"alarms": []}}},
                "endpoints[1].deployment_config.auto_rollback_configuration.alarms: [] has 0 entries; allowed: 1 to 10",
            ),
        ),
    ),
    Sample(
        "sagemaker_scaling",
        "target",
        (
            {"endpoint_name": "given", "variant_name": "main"},
            {"endpoint_name": "given", "variant_name": "other"},
        ),
        SCALING,
        "max_capacity: 3",
        ("RegisterScalableTarget",),
        ("DeregisterScalableTarget",),
        "scalable_target_arn",
        (
            (
                {"policies": [{"policy_name": "p" * 257, "policy_type": "StepScaling"}]},
                "targets[0].policies[0].policy_name: 'pppp",
            ),
            (
                {"policies": [{"policy_name": "p", "policy_type": "x", "step_scaling_policy_configuration": {"x": 1}}]},
                "targets[1].policies[0].step_scaling_policy_configuration.x: unknown option",
            ),
        ),
    ),
    Sample(
        "sagemaker_alarm",
        "alarm",
        ({"alarm_name": "given/main/first"}, {"alarm_name": "given/main/second"}),
        ALARM,
        "metric_name: Invocations",
        ("PutMetricAlarm",),
        ("DeleteAlarms",),
        "alarm_arn",
        (
            ({"evaluation_periods": 0}, "alarms[0].evaluation_periods: 0 is out of range; allowed: 1 or more"),
            ({"period": 0}, "alarms[1].period: 0 is out of range"),
        ),
    ),
)  # fmt: skip


def presupposed(workplace: Workplace, region: str = REGION, access_key: str = ACCOUNT) -> None:
    """A model for the endpoints, and an endpoint for the targets."""
    aws = Aws(workplace.simulator, region, access_key)
    aws.model("given")
    variant = {"ModelName": "given", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    aws.config("given", *({"VariantName": name, **variant} for name in ("main", "other")))
    aws.endpoint("given", "given")
    workplace.simulator.clear_journal()
