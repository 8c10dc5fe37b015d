# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""How many instances of a type an account may have for endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.client import Simulator
from simulator.testing import Aws, provisioned, refusal, serverless

COUNT = "sagemaker:variant:DesiredInstanceCount"
TARGET: dict[str, Any] = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/endpoint/variant/main",
    "ScalableDimension": COUNT,
}
TYPE, OTHER_TYPE = "ml.c5.xlarge", "ml.m5.large"
ROLLING = {
    "RollingUpdatePolicy": {"MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 2}, "WaitIntervalInSeconds": 0}
}


def _refused(limit: int, used: int, delta: int, name: str = TYPE) -> tuple[str, str]:
    return "ResourceLimitExceeded", (
        f"The account-level service limit '{name} for endpoint usage' is {limit} Instances, with current utilization "
        f"of {used} Instances and a request delta of {delta} Instances. Please use AWS Service Quotas to request an "
        "increase for this quota."
    )


def _variant(count: int, name: str = "main", **params: Any) -> dict[str, Any]:
    return provisioned(name, **{"InstanceType": TYPE, "InitialInstanceCount": count, **params})


@pytest.fixture
def live(aws: Aws) -> Aws:
    """An endpoint with eight instances, and configurations that it may go on to."""
    aws.model()
    aws.config("config", _variant(8))
    aws.endpoint()
    aws.config("same", _variant(8))
    aws.config("more", _variant(12))
    aws.config("other", _variant(8, InstanceType=OTHER_TYPE))
    aws.config("shadowed", _variant(1), ShadowProductionVariants=[_variant(2, "shadow")])
    aws.config("serverless", serverless())
    return aws


def _update(aws: Aws, config: str, **params: Any) -> None:
    aws.sagemaker.update_endpoint(EndpointName="endpoint", EndpointConfigName=config, **params)


def _scale(aws: Aws, count: int) -> None:
    changes = [{"VariantName": "main", "DesiredInstanceCount": count}]
    aws.sagemaker.update_endpoint_weights_and_capacities(EndpointName="endpoint", DesiredWeightsAndCapacities=changes)


def test_there_is_none_unless_asked_for(live: Aws) -> None:
    live.endpoint("second", "more")
    assert live.status("second") == "InService"


def test_a_new_endpoint_needs_room_beside_all_others(live: Aws) -> None:
    live.simulator.quota(TYPE, 10)
    create = {"EndpointName": "second", "EndpointConfigName": "shadowed"}
    assert refusal(live.sagemaker.create_endpoint, **create) == _refused(10, 8, 3)
    assert refusal(live.sagemaker.describe_endpoint, EndpointName="second")[1].startswith("Could not find endpoint")
    live.simulator.quota(TYPE, 11)
    live.sagemaker.create_endpoint(**create)


def test_other_types_other_regions_and_serverless_do_not_count(live: Aws) -> None:
    live.simulator.quota(TYPE, 8)
    live.endpoint("second", "other")
    live.endpoint("third", "serverless")
    elsewhere = Aws(live.simulator, region="us-west-2")
    elsewhere.model()
    elsewhere.config("config", _variant(8))
    elsewhere.endpoint()
    assert elsewhere.status() == "InService"


@pytest.mark.parametrize("limit", [10, 15])
def test_blue_green_needs_the_whole_second_fleet(live: Aws, limit: int) -> None:
    live.simulator.quota(TYPE, limit)
    update = {"EndpointName": "endpoint", "EndpointConfigName": "same"}
    assert refusal(live.sagemaker.update_endpoint, **update) == _refused(limit, 8, 8)
    assert (live.status(), live.describe()["EndpointConfigName"]) == ("InService", "config")
    live.simulator.quota(TYPE, 16)
    _update(live, "same")


def test_retained_counts_are_what_the_second_fleet_has(live: Aws) -> None:
    _scale(live, 3)
    live.settle()
    live.simulator.quota(TYPE, 6)
    refused = refusal(live.sagemaker.update_endpoint, EndpointName="endpoint", EndpointConfigName="same")
    assert refused == _refused(6, 3, 8)
    _update(live, "same", RetainAllVariantProperties=True)


@pytest.mark.parametrize(
    ("config", "name", "limit", "used", "delta"),
    [("same", TYPE, 10, 8, 2), ("more", TYPE, 12, 8, 4), ("other", OTHER_TYPE, 8, 0, 8)],
)
def test_rolling_needs_its_batch_or_what_the_fleet_grows_by(
    live: Aws, config: str, name: str, limit: int, used: int, delta: int
) -> None:
    live.simulator.quota(name, limit - 1)
    update = {"EndpointName": "endpoint", "EndpointConfigName": config, "DeploymentConfig": ROLLING}
    assert refusal(live.sagemaker.update_endpoint, **update) == _refused(limit - 1, used, delta, name)
    live.simulator.quota(name, limit)
    _update(live, config, DeploymentConfig=ROLLING)


def test_a_share_of_the_fleet_is_a_batch(live: Aws) -> None:
    size = {"Type": "CAPACITY_PERCENT", "Value": 20}
    rolling = {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 0}}
    live.simulator.quota(TYPE, 9)
    update = {"EndpointName": "endpoint", "EndpointConfigName": "same", "DeploymentConfig": rolling}
    assert refusal(live.sagemaker.update_endpoint, **update) == _refused(9, 8, 2)


@pytest.mark.parametrize(("params", "used"), [({}, 16), ({"DeploymentConfig": ROLLING}, 10)])
def test_what_is_on_its_way_counts_until_the_old_fleet_is_gone(live: Aws, params: dict[str, Any], used: int) -> None:
    _update(live, "same", **params)
    live.simulator.quota(TYPE, 10)
    create = {"EndpointName": "second", "EndpointConfigName": "more"}
    assert refusal(live.sagemaker.create_endpoint, **create) == _refused(10, used, 12)
    live.settle()
    assert refusal(live.sagemaker.create_endpoint, **create) == _refused(10, 8, 12)


def test_an_endpoint_counts_while_it_is_made_and_until_it_is_gone(live: Aws) -> None:
    live.sagemaker.create_endpoint(EndpointName="second", EndpointConfigName="more")
    live.simulator.quota(TYPE, 20)
    create = {"EndpointName": "third", "EndpointConfigName": "shadowed"}
    assert refusal(live.sagemaker.create_endpoint, **create) == _refused(20, 20, 3)
    live.settle()
    live.sagemaker.delete_endpoint(EndpointName="second")
    assert refusal(live.sagemaker.create_endpoint, **create) == _refused(20, 20, 3)
    live.settle()
    live.sagemaker.create_endpoint(**create)


def test_a_request_for_pools_counts_for_each_of_their_types(live: Aws) -> None:
    pools = [{"InstanceType": OTHER_TYPE, "Priority": 2}, {"InstanceType": TYPE, "Priority": 1}]
    variant = {"VariantName": "main", "ModelName": "model", "InitialInstanceCount": 3, "InstancePools": pools}
    live.config("pools", variant)
    create = {"EndpointName": "second", "EndpointConfigName": "pools"}
    live.simulator.quota(OTHER_TYPE, 2)
    assert refusal(live.sagemaker.create_endpoint, **create) == _refused(2, 0, 3, OTHER_TYPE)
    live.simulator.quota(OTHER_TYPE, 3)
    live.endpoint("second", "pools")
    live.simulator.quota(TYPE, 10)
    live.simulator.quota(OTHER_TYPE, 2)
    third = {"EndpointName": "third", "EndpointConfigName": "shadowed"}
    assert refusal(live.sagemaker.create_endpoint, **third) == _refused(10, 11, 3)


def test_growing_in_place_needs_what_is_added_and_shrinking_nothing(live: Aws) -> None:
    live.simulator.quota(TYPE, 9)
    changes = [{"VariantName": "main", "DesiredInstanceCount": 11}]
    grow = {"EndpointName": "endpoint", "DesiredWeightsAndCapacities": changes}
    assert refusal(live.sagemaker.update_endpoint_weights_and_capacities, **grow) == _refused(9, 8, 3)
    assert live.status() == "InService"
    _scale(live, 9)
    live.settle()
    live.simulator.quota(TYPE, 1)
    _scale(live, 5)


def test_scaling_that_finds_no_room_says_nothing(live: Aws) -> None:
    live.simulator.quota(TYPE, 9)
    live.autoscaling.register_scalable_target(**TARGET, MinCapacity=10, MaxCapacity=12)
    live.settle()
    assert live.describe()["ProductionVariants"][0]["DesiredInstanceCount"] == 8
    live.simulator.quota(TYPE, 10)
    live.autoscaling.register_scalable_target(**TARGET)
    live.settle()
    assert live.describe()["ProductionVariants"][0]["DesiredInstanceCount"] == 10


def test_none_lifts_it_and_a_reset_forgets_it(live: Aws) -> None:
    live.simulator.quota(TYPE, 0)
    live.simulator.quota(TYPE, None)
    _update(live, "same")
    live.simulator.quota(TYPE, 0)
    live.simulator.reset()
    live.model()
    live.config("config", _variant(1))
    live.endpoint()


@pytest.mark.parametrize("limit", [-1, 1.5, True, "many"])
def test_refuses_strange_limits(simulator: Simulator, limit: Any) -> None:
    with pytest.raises(ValueError, match="whole number"):
        simulator.quota(TYPE, limit)
