# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scalable targets from before March 2023, to which AWS gave no ARN, so that they can have no tags.

[I hashicorp/terraform-provider-aws PR 31214]
"""

from __future__ import annotations

import typing as t

import pytest

from .exports import info
from .harness import World
from .inventories import inventory, provisioned, scaled, variant

KEY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/e/variant/v",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
POLICY: dict[str, t.Any] = {
    "TargetValue": 10.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
}
UNSCALED = inventory()
SCALED = inventory(provisioned(v=scaled()))
OTHER_TYPE = inventory(provisioned(v=variant(instance_type="ml.c5.large")))


@pytest.fixture
def old(world: World) -> World:
    """An endpoint that somebody scaled long ago."""
    assert not world.apply(UNSCALED).error
    world.simulator.configure(targets_without_arns=True)
    client = world.client("application-autoscaling")
    client.register_scalable_target(**KEY, MinCapacity=1, MaxCapacity=4)
    client.put_scaling_policy(
        **KEY,
        PolicyName="e/v/requests",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=POLICY,
    )
    world.simulator.configure(targets_without_arns=False)
    world.simulator.clear_journal()
    return world


def described(world: World) -> tuple[dict[str, t.Any], list[str]]:
    """The target, and the names of its policies."""
    client = world.client("application-autoscaling")
    (target,) = client.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    policies = client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    return target, [policy["PolicyName"] for policy in policies]


def test_it_is_exported(old: World) -> None:
    found = info(old, endpoint_names=["e"])
    declared = found["inventory"]["endpoints"]["e"]["provisioned"]["production_variants"]["v"]
    assert list(declared["auto_scaling"]["policies"]) == ["requests"]
    assert [each["scalable_target_arn"] for each in found["endpoints"][0]["scaling"]] == [None]


def test_undeclared_it_stays_and_is_restored_after_an_update(old: World) -> None:
    assert not old.apply(UNSCALED).changed
    assert not old.apply(OTHER_TYPE).error
    target, policies = described(old)
    assert (target["MinCapacity"], target["MaxCapacity"], policies) == (1, 4, ["e/v/requests"])
    assert "ScalableTargetARN" in target
    assert not old.apply(OTHER_TYPE).changed


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("adopt", [True, False])
def test_it_is_not_taken_over_because_nothing_could_say_whose_it_is(old: World, check: bool, adopt: bool) -> None:
    before = described(old)
    assert "it has no ARN" in old.apply(SCALED, check=check, adopt=adopt).error
    assert described(old) == before


def test_it_is_taken_over_once_it_is_registered_again(old: World) -> None:
    old.client("application-autoscaling").deregister_scalable_target(**KEY)
    assert not old.apply(SCALED).error
    assert not old.apply(SCALED).changed


def test_it_goes_with_its_endpoint(old: World) -> None:
    assert not old.destroy(SCALED).error
    assert not old.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")[
        "ScalableTargets"
    ]
