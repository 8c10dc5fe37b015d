# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there already and belongs to no deployment, through the variables of the role."""

from __future__ import annotations

import typing as t

from simulator.testing import ROLE, Aws, provisioned

from .conftest import REGION, Workplace

ENDPOINT = "endpoint"
THEIRS = {"team": "search"}


def declared(**more: t.Any) -> dict[str, t.Any]:
    variant = {"model_name": "model", "instance_type": "ml.m5.large"} | more
    containers = {"main": {"image": "registry/image:1"}}
    return {
        "models": {"model": {"iam_role_arn": ROLE, "container_definitions": containers}},
        "endpoints": {ENDPOINT: {"provisioned": {"production_variants": {"main": variant}}}},
    }


def tags(workplace: Workplace) -> dict[str, str]:
    client = workplace.client("sagemaker")
    arn = client.describe_endpoint(EndpointName=ENDPOINT)["EndpointArn"]
    return {each["Key"]: each["Value"] for each in client.list_tags(ResourceArn=arn)["Tags"]}


def test_what_nobody_owns_is_changed_with_leave_and_keeps_its_tags_until_they_are_purged(workplace: Workplace) -> None:
    aws = Aws(workplace.simulator, REGION)
    aws.sagemaker.create_model(
        ModelName="model",
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"ContainerHostname": "main", "Image": "registry/image:1"},
    )
    aws.sagemaker.create_endpoint_config(EndpointConfigName="theirs", ProductionVariants=[provisioned()])
    listed = [{"Key": key, "Value": value} for key, value in THEIRS.items()]
    aws.sagemaker.create_endpoint(EndpointName=ENDPOINT, EndpointConfigName="theirs", Tags=listed)
    workplace.simulator.advance(60)
    larger = declared(initial_weight=3)
    workplace.declare(**larger)
    refused = workplace.run("apply")
    assert refused.returncode == 2
    assert "exists, belongs to no deployment and differs from the declaration in" in refused.output
    assert tags(workplace) == THEIRS
    workplace.declare(**larger, sagemaker_inference_adopt=True)
    assert workplace.run("apply").changed == 1
    assert tags(workplace).items() >= {**THEIRS, "managed-by": "Ansible"}.items()
    workplace.declare(**larger, additional_tags_all={"stage": "test"})
    assert workplace.run("apply").changed == 1
    assert tags(workplace).items() >= {**THEIRS, "stage": "test"}.items()
    workplace.declare(**larger, sagemaker_inference_purge_tags=True)
    assert workplace.run("apply").changed == 1
    assert not tags(workplace).keys() & {"team", "stage"}
    assert not workplace.apply_here(**larger, sagemaker_inference_purge_tags=True).changed
