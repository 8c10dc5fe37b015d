# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same made anew for a word, metrics that AWS switches on by itself, and what AWS prints of an environment."""

from __future__ import annotations

import copy
import typing as t

import pytest

from .harness import World
from .inventories import Inventory, inventory, model, provisioned, scaled, serverless, variant

PLAIN = inventory(provisioned(v=variant()))


def with_word(word: str, *, of_model: bool, plain: Inventory = PLAIN) -> Inventory:
    wanted = copy.deepcopy(plain)
    place = wanted["models"]["m"] if of_model else wanted["endpoints"]["e"]
    place["redeploy"] = word
    return wanted


def config_of(world: World) -> dict[str, t.Any]:
    client = world.client("sagemaker")
    name = client.describe_endpoint(EndpointName="e")["EndpointConfigName"]
    found: dict[str, t.Any] = client.describe_endpoint_config(EndpointConfigName=name)
    return found


@pytest.mark.parametrize("of_model", [True, False])
def test_each_word_makes_it_anew_once(world: World, of_model: bool) -> None:
    assert not world.apply(PLAIN).error
    served = [config_of(world)]
    for word in ("monday", "tuesday"):
        wanted = with_word(word, of_model=of_model)
        planned = world.apply(wanted, check=True)
        assert "redeploy" in planned.diff
        assert not world.apply(wanted).error
        assert not world.apply(wanted).changed
        served.append(config_of(world))
    assert len({each["EndpointConfigName"] for each in served}) == 3
    assert len({each["ProductionVariants"][0]["ModelName"] for each in served}) == (3 if of_model else 1)


def test_without_the_word_what_it_made_stays(world: World) -> None:
    assert not world.apply(with_word("monday", of_model=False)).error
    made = config_of(world)["EndpointConfigName"]
    assert world.apply(PLAIN).effects <= {"tags only", "no change"}
    assert config_of(world)["EndpointConfigName"] == made
    assert not world.apply(PLAIN).changed


@pytest.mark.parametrize("of_model", [True, False])
@pytest.mark.parametrize("plain", [PLAIN, inventory(serverless(provisioned_concurrency=2))])
def test_a_word_that_went_may_come_again(world: World, plain: Inventory, of_model: bool) -> None:
    with_it = with_word("monday", of_model=of_model, plain=plain)
    assert not world.apply(with_it).error
    assert not world.apply(plain).error
    assert not world.apply(with_it).error
    assert not world.apply(with_it).changed


def test_metrics_that_aws_switches_on_are_no_drift(world: World) -> None:
    assert not world.apply(PLAIN).error
    assert config_of(world)["MetricsConfig"] == {"EnableDetailedObservability": True}
    assert not world.apply(PLAIN).changed


def test_they_are_switched_off_once(world: World) -> None:
    assert not world.apply(PLAIN).error
    wanted = copy.deepcopy(PLAIN)
    wanted["endpoints"]["e"]["metrics"] = {"enable_detailed_observability": False}
    assert not world.apply(wanted).error
    assert config_of(world)["MetricsConfig"]["EnableDetailedObservability"] is False
    assert not world.apply(wanted).changed


def pooled(*types: str) -> Inventory:
    wanted = inventory(provisioned(v=scaled()))
    one = wanted["endpoints"]["e"]["provisioned"]["production_variants"]["v"]
    del one["instance_type"]
    return change_pools(wanted, *types)


def change_pools(wanted: Inventory, *types: str) -> Inventory:
    one = wanted["endpoints"]["e"]["provisioned"]["production_variants"]["v"]
    one["instance_pools"] = [*types[:-1], {"instance_type": types[-1], "model_name": "m"}]
    return wanted


def test_a_scaled_variant_on_pools(world: World) -> None:
    wanted = pooled("ml.m5.large", "ml.c5.large")
    assert not world.apply(wanted).error
    assert not world.apply(wanted).changed
    other = pooled("ml.c5.large", "ml.m5.xlarge")
    other["models"]["m"] = model(2)
    done = world.apply(other)
    assert not done.error
    assert "redeploy with scaling" in done.effects
    assert not world.apply(other).changed
    (served,) = config_of(world)["ProductionVariants"]
    assert [pool["InstanceType"] for pool in served["InstancePools"]] == ["ml.c5.large", "ml.m5.xlarge"]
    assert served["InstancePools"][1]["ModelNameOverride"] == served["ModelName"] != "m"
