# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories in the documented schema, from small parts."""

from __future__ import annotations

import typing as t

Inventory = dict[str, t.Any]

ROLE = "arn:aws:iam::111122223333:role/sagemaker"
REQUESTS = {"requests": {"expression": "SageMakerVariantInvocationsPerInstance = 10"}}
ERRORS = {"errors": {"expression": "Invocation5XXErrors sum >= 10"}}


def model(version: int = 1, **more: t.Any) -> Inventory:
    container = {"image": f"registry/image:{version}", "model_data_location": "s3://bucket/model.tar.gz"}
    return {"iam_role_arn": ROLE, "container_definitions": {"main": container}} | more


def variant(**more: t.Any) -> Inventory:
    return {"model_name": "m", "instance_type": "ml.m5.large"} | more


def scaled(minimum: int = 1, maximum: int = 4, **more: t.Any) -> Inventory:
    scaling = {"minimum_capacity": minimum, "maximum_capacity": maximum, "policies": REQUESTS}
    return variant(auto_scaling=scaling, **more)


def provisioned(**variants: Inventory) -> Inventory:
    return {"provisioned": {"production_variants": variants or {"v": variant()}}}


def serverless(**more: t.Any) -> Inventory:
    return {"serverless": {"variant": {"model_name": "m"} | more}}


def asynchronous(**variants: Inventory) -> Inventory:
    endpoint = provisioned(**variants)
    endpoint["provisioned"]["async_invocation_config"] = {"s3_output_path": "s3://bucket/out"}
    return endpoint


def inventory(endpoint: Inventory | None = None, models: Inventory | None = None, **more: t.Any) -> Inventory:
    """One model ``m`` and one endpoint ``e``, by default."""
    return {"models": models or {"m": model()}, "endpoints": {"e": endpoint or provisioned()}} | more
