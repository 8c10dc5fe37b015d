# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets of any size: every endpoint has a model, a configuration, a scalable target, 2 policies and 4 alarms."""

from __future__ import annotations

import typing as t

Inventory = dict[str, t.Any]

RESOURCES_OF_AN_ENDPOINT = 9
"""Those that are declared: the target's policies count, the configuration belongs to the endpoint."""
ROLE = "arn:aws:iam::111122223333:role/sagemaker"
VARIANT = "main"
INSTANCE_TYPE = "ml.m5.large"
TAGS = {"team": "vision", "stage": "production"}
POLICIES = {
    "invocations": "SageMakerVariantInvocationsPerInstance = 1000",
    "cpu": "CPUUtilization average = 70",
}
ALARMS = {
    "client-errors": "Invocation4XXErrors sum >= 100",
    "server-errors": "Invocation5XXErrors sum >= 10",
    "latency": "ModelLatency p99 > 500000",
    "memory": "MemoryUtilization average > 90",
}


def model_name(number: int) -> str:
    return f"model-{number:04}"


def endpoint_name(number: int) -> str:
    return f"endpoint-{number:04}"


def image(release: int) -> str:
    return f"111122223333.dkr.ecr.us-east-1.amazonaws.com/inference:{release}"


def model_data(number: int) -> str:
    return f"s3://models/{number:04}/model.tar.gz"


def inventory(size: int, release: int = 1) -> Inventory:
    """The fleet in the words of the inventory; another *release* changes the model of every endpoint."""
    numbers = range(1, size + 1)
    return {
        "models": {model_name(number): _model(number, release) for number in numbers},
        "endpoints": {endpoint_name(number): _endpoint(number) for number in numbers},
    }


def _model(number: int, release: int) -> Inventory:
    container = {"image": image(release), "model_data_location": model_data(number)}
    return {"iam_role_arn": ROLE, "container_definitions": {"main": container}, "additional_tags": dict(TAGS)}


def _endpoint(number: int) -> Inventory:
    variant = {
        "model_name": model_name(number),
        "instance_type": INSTANCE_TYPE,
        "auto_scaling": {"minimum_capacity": 1, "maximum_capacity": 4, "policies": _expressions(POLICIES)},
        "cloudwatch_alarms": _expressions(ALARMS),
    }
    return {"provisioned": {"production_variants": {VARIANT: variant}}, "additional_tags": dict(TAGS)}


def _expressions(expressions: dict[str, str]) -> Inventory:
    return {name: {"expression": expression} for name, expression in expressions.items()}
