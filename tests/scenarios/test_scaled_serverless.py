# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Autoscaling of the provisioned concurrency of a serverless variant."""

from __future__ import annotations

import typing as t

from .exports import exported
from .harness import World
from .inventories import Inventory, inventory, model, serverless

WARM = {"warm": {"expression": "SageMakerVariantProvisionedConcurrencyUtilization = 0.7"}}
DIMENSION = "sagemaker:variant:DesiredProvisionedConcurrency"


def scaled(version: int = 1, **more: t.Any) -> Inventory:
    scaling = {"minimum_capacity": 2, "maximum_capacity": 8, "policies": WARM, **more}
    variant = {"max_concurrency": 10, "provisioned_concurrency": 1, "auto_scaling": scaling}
    return inventory(serverless(**variant), {"m": model(version)})


def concurrency(world: World) -> int:
    found = world.client("sagemaker").describe_endpoint(EndpointName="e")["ProductionVariants"][0]
    return int(found["CurrentServerlessConfig"]["ProvisionedConcurrency"])


def test_it_is_registered_on_its_own_dimension(world: World) -> None:
    done = world.apply(scaled())
    assert not done.error
    (target,) = world.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")[
        "ScalableTargets"
    ]
    assert (target["ScalableDimension"], target["MinCapacity"], target["MaxCapacity"]) == (DIMENSION, 2, 8)
    assert concurrency(world) == 2
    assert not world.apply(scaled()).changed


def test_the_live_concurrency_is_never_the_runs_to_set(world: World) -> None:
    assert not world.apply(scaled()).error
    world.simulator.autoscale("e", "m", 6)
    world.simulator.advance(100)
    assert not world.apply(scaled()).changed
    assert not world.apply(scaled(2)).error
    assert concurrency(world) == 6
    assert not world.apply(scaled(2)).changed


def test_its_schedules_are_kept_under_the_name_that_the_variant_keeps(world: World) -> None:
    nightly = scaled(schedules={"night": {"at": "20:00", "minimum": 2, "maximum": 2}})
    assert not world.apply(nightly).error
    found = world.client("application-autoscaling").describe_scheduled_actions(ServiceNamespace="sagemaker")
    assert [each["ScheduledActionName"] for each in found["ScheduledActions"]] == ["e.m.night"]


def test_it_is_exported_as_it_was_declared(world: World) -> None:
    assert not world.apply(scaled()).error
    found = exported(world)
    assert found["endpoints"]["e"]["serverless"]["variant"]["auto_scaling"] == {
        "policies": WARM,
        "minimum_capacity": 2,
        "maximum_capacity": 8,
    }
    assert not world.apply(found).changed
