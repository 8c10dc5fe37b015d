# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What others do on request: Application Auto Scaling, AWS itself, a colleague between two calls of somebody."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.client import Simulator
from simulator.testing import Aws, provisioned, refusal, serverless

COUNT = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
KEY: dict[str, Any] = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/endpoint/variant/main",
    "ScalableDimension": COUNT,
}
SCALE_TO_5 = {"actor": "autoscale", "endpoint": "endpoint", "variant": "main", "count": 5}


@pytest.fixture
def scaled(aws: Aws) -> Aws:
    """An endpoint with two instances, which may have from one to six; every journal starts here."""
    aws.model()
    aws.config("config", provisioned(InitialInstanceCount=2))
    aws.endpoint()
    aws.autoscaling.register_scalable_target(**KEY, MinCapacity=1, MaxCapacity=6)
    aws.simulator.clear_journal()
    return aws


def _counts(aws: Aws) -> tuple[int, int]:
    variant = aws.describe()["ProductionVariants"][0]
    return variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]


def _suspend(aws: Aws, **flags: bool) -> None:
    aws.autoscaling.register_scalable_target(**KEY, SuspendedState=flags)


def _schedule(aws: Aws, **action: int) -> None:
    aws.autoscaling.put_scheduled_action(
        **KEY, ScheduledActionName="nightly", Schedule="cron(0 3 * * ? *)", ScalableTargetAction=action
    )


def _bounds(aws: Aws) -> tuple[int, int]:
    target = aws.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"][0]
    return target["MinCapacity"], target["MaxCapacity"]


@pytest.mark.parametrize(("wanted", "count"), [(5, 5), (9, 6), (0, 1)])
def test_scaling_moves_the_count_within_the_bounds(scaled: Aws, wanted: int, count: int) -> None:
    assert scaled.simulator.autoscale("endpoint", "main", wanted)
    assert (scaled.status(), _counts(scaled)) == ("Updating", (2, count))
    update = {"EndpointName": "endpoint", "EndpointConfigName": "config"}
    assert "in-progress" in refusal(scaled.sagemaker.update_endpoint, **update)[1]
    scaled.simulator.advance(31)
    assert (scaled.status(), _counts(scaled)) == ("InService", (count, count))


def test_scaling_is_not_a_write_of_any_caller(scaled: Aws) -> None:
    scaled.simulator.autoscale("endpoint", "main", 5)
    assert scaled.simulator.writes() == []
    (entry,) = scaled.simulator.journal()
    assert (entry["service"], entry["operation"], entry["result"]) == ("simulator", "autoscale", "ok")
    assert (entry["account"], entry["region"], entry["access_key"]) == ("123456789012", "eu-west-1", "")
    assert entry["parameters"] == {"endpoint": "endpoint", "variant": "main", "count": 5}


def _is_busy(aws: Aws) -> None:
    aws.simulator.put_endpoint("endpoint", "SystemUpdating", seconds=20)


def _is_not_registered(aws: Aws) -> None:
    aws.autoscaling.deregister_scalable_target(**KEY)


def _is_suspended(aws: Aws) -> None:
    _suspend(aws, DynamicScalingOutSuspended=True)


def _has_no_room(aws: Aws) -> None:
    aws.simulator.quota("ml.m5.large", 4)


def _is_there_already(aws: Aws) -> None:
    aws.simulator.autoscale("endpoint", "main", 5)
    aws.settle()


def _has_left(aws: Aws) -> None:
    aws.sagemaker.delete_endpoint(EndpointName="endpoint")
    aws.settle()


@pytest.mark.parametrize("happened", [_is_busy, _is_not_registered, _is_suspended, _has_no_room, _is_there_already])
def test_scaling_that_cannot_be_changes_nothing(scaled: Aws, happened: Any) -> None:
    happened(scaled)
    before = scaled.simulator.state()
    assert not scaled.simulator.autoscale("endpoint", "main", 5)
    assert scaled.simulator.state() == before


def test_scaling_of_what_is_gone_is_nothing(scaled: Aws) -> None:
    _has_left(scaled)
    assert not scaled.simulator.autoscale("endpoint", "main", 5)
    assert not scaled.simulator.autoscale("endpoint", "none", 5)
    assert not scaled.simulator.run_schedule("endpoint", "main", "nightly")


def test_each_direction_is_suspended_by_itself(scaled: Aws) -> None:
    _suspend(scaled, DynamicScalingInSuspended=True)
    assert not scaled.simulator.autoscale("endpoint", "main", 1)
    assert scaled.simulator.autoscale("endpoint", "main", 3)


def test_scaling_moves_provisioned_concurrency(aws: Aws) -> None:
    aws.model()
    aws.config("config", serverless(ProvisionedConcurrency=2))
    aws.endpoint()
    aws.autoscaling.register_scalable_target(**{**KEY, "ScalableDimension": CONCURRENCY}, MinCapacity=1, MaxCapacity=6)
    assert aws.simulator.autoscale("endpoint", "main", 4)
    aws.settle()
    assert aws.describe()["ProductionVariants"][0]["CurrentServerlessConfig"]["ProvisionedConcurrency"] == 4


@pytest.mark.parametrize(
    ("action", "bounds", "count"),
    [
        ({"MinCapacity": 4}, (4, 6), 4),
        ({"MaxCapacity": 1}, (1, 1), 1),
        ({"MinCapacity": 3, "MaxCapacity": 9}, (3, 9), 3),
        ({"MinCapacity": 2, "MaxCapacity": 5}, (2, 5), 2),
    ],
)
def test_a_scheduled_action_sets_the_bounds_and_moves_into_them(
    scaled: Aws, action: dict[str, int], bounds: tuple[int, int], count: int
) -> None:
    _schedule(scaled, **action)
    assert scaled.simulator.run_schedule("endpoint", "main", "nightly")
    scaled.settle()
    assert (_bounds(scaled), _counts(scaled)) == (bounds, (count, count))
    assert [entry["operation"] for entry in scaled.simulator.writes()] == ["PutScheduledAction"]


def test_a_scheduled_action_leaves_the_count_of_a_busy_endpoint(scaled: Aws) -> None:
    _schedule(scaled, MinCapacity=4)
    _is_busy(scaled)
    assert scaled.simulator.run_schedule("endpoint", "main", "nightly")
    scaled.settle()
    assert (_bounds(scaled), _counts(scaled)) == ((4, 6), (2, 2))


@pytest.mark.parametrize("action", [{"MinCapacity": 7}, {"MaxCapacity": 0}])
def test_a_scheduled_action_does_not_turn_the_bounds_round(scaled: Aws, action: dict[str, int]) -> None:
    _schedule(scaled, **action)
    assert not scaled.simulator.run_schedule("endpoint", "main", "nightly")
    assert _bounds(scaled) == (1, 6)


def test_a_scheduled_action_is_run_only_if_it_is_there_and_not_suspended(scaled: Aws) -> None:
    _schedule(scaled, MinCapacity=4)
    assert not scaled.simulator.run_schedule("endpoint", "main", "daily")
    _suspend(scaled, ScheduledScalingSuspended=True)
    assert not scaled.simulator.run_schedule("endpoint", "main", "nightly")
    assert _bounds(scaled) == (1, 6)


def test_of_several_accounts_one_can_be_named(scaled: Aws) -> None:
    other = Aws(scaled.simulator, access_key="210987654321")
    other.model()
    other.config("config", provisioned(InitialInstanceCount=2))
    other.endpoint()
    other.autoscaling.register_scalable_target(**KEY, MinCapacity=1, MaxCapacity=6)
    assert scaled.simulator.autoscale("endpoint", "main", 3, account="210987654321")
    other.settle()
    assert (_counts(scaled), _counts(other)) == ((2, 2), (3, 3))
    assert scaled.simulator.autoscale("endpoint", "main", 4)
    other.settle()
    assert (_counts(scaled), _counts(other)) == ((4, 4), (4, 4))


def test_moves_come_just_before_a_call(scaled: Aws) -> None:
    """The caller has read two instances, and meets an endpoint that is on its way to five."""
    scaled.config("next")
    scaled.simulator.before("UpdateEndpoint", SCALE_TO_5)
    assert (scaled.status(), _counts(scaled)) == ("InService", (2, 2))
    update = {"EndpointName": "endpoint", "EndpointConfigName": "next"}
    assert "in-progress" in refusal(scaled.sagemaker.update_endpoint, **update)[1]
    scaled.settle()
    assert _counts(scaled) == (5, 5)
    scaled.sagemaker.update_endpoint(**update)
    assert [entry["operation"] for entry in scaled.simulator.journal()][3:5] == ["autoscale", "UpdateEndpoint"]


def test_moves_spare_the_first_calls_and_strike_as_often_as_asked(scaled: Aws) -> None:
    scaled.simulator.before("*", SCALE_TO_5, skip=2)
    assert [_counts(scaled)[1] for _time in range(4)] == [2, 2, 5, 5]
    scaled.settle()
    scaled.simulator.before("Describe*", {**SCALE_TO_5, "count": 1}, service="cloudwatch", count=None)
    assert _counts(scaled) == (5, 5)
    scaled.cloudwatch.describe_alarms()
    assert _counts(scaled) == (5, 1)


def test_a_move_is_in_the_account_of_the_call(scaled: Aws) -> None:
    other = Aws(scaled.simulator, access_key="210987654321")
    scaled.simulator.before("ListModels", SCALE_TO_5)
    other.sagemaker.list_models()
    assert _counts(scaled) == (2, 2)


def test_a_colleague_makes_any_call_before_ours(scaled: Aws) -> None:
    scaled.simulator.allow(["sagemaker:*"])
    move = {"service": "application-autoscaling", "operation": "DeregisterScalableTarget", "parameters": KEY}
    scaled.simulator.before("DescribeEndpoint", {"actor": "call", **move})
    scaled.describe()
    scaled.simulator.allow(None)
    assert scaled.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []
    assert scaled.simulator.writes() == []
    assert scaled.simulator.journal()[0]["parameters"] == move


def test_what_is_refused_to_a_colleague_is_nothing_to_us(scaled: Aws) -> None:
    delete = {"service": "sagemaker", "operation": "DeleteModel", "parameters": {"ModelName": "none"}}
    scaled.simulator.before("DescribeEndpoint", {"actor": "call", **delete})
    scaled.describe()
    assert [entry["result"] for entry in scaled.simulator.journal()] == ["nothing", "ok"]


def test_aws_patches_an_endpoint_before_our_call(scaled: Aws) -> None:
    patch = {"actor": "put_endpoint", "name": "endpoint", "status": "SystemUpdating", "seconds": 20}
    scaled.simulator.before("DeleteEndpoint", patch)
    assert "in-progress" in refusal(scaled.sagemaker.delete_endpoint, EndpointName="endpoint")[1]
    scaled.simulator.advance(21)
    scaled.sagemaker.delete_endpoint(EndpointName="endpoint")


@pytest.mark.parametrize(
    ("move", "part"),
    [
        ({"actor": "none"}, "none"),
        ({"endpoint": "e"}, "actor"),
        ({"actor": "autoscale", "endpoint": "e"}, "variant"),
        ({**SCALE_TO_5, "speed": 1}, "speed"),
        ({"actor": "put_endpoint", "name": "e", "status": "Fine"}, "Fine"),
        ({"actor": "call", "service": "s3", "operation": "ListBuckets", "parameters": {}}, "s3"),
        ({"actor": "call", "service": "sagemaker", "operation": "DeleteModel", "parameters": {}}, "modelName"),
    ],
)
def test_refuses_strange_moves(simulator: Simulator, move: dict[str, Any], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        simulator.before("*", move)
    assert simulator.faults() == []


def test_refuses_a_move_of_another_fault_and_none_of_its_own(simulator: Simulator) -> None:
    for fault in ({"kind": "throttle", "move": SCALE_TO_5}, {"kind": "act"}):
        with pytest.raises(ValueError, match="move"):
            simulator.fault(**fault)


def test_moves_are_forgotten_with_the_faults(scaled: Aws) -> None:
    scaled.simulator.before("DescribeEndpoint", SCALE_TO_5)
    scaled.simulator.clear_faults()
    assert _counts(scaled) == (2, 2)


def test_moves_strike_before_a_call_that_is_refused(scaled: Aws) -> None:
    scaled.simulator.before("DescribeEndpoint", SCALE_TO_5)
    scaled.simulator.fault("drop_before", operation="DescribeEndpoint")
    with pytest.raises(Exception, match="onnection"):
        scaled.describe()
    with pytest.raises(ClientError):
        scaled.sagemaker.delete_endpoint(EndpointName="endpoint")
    assert _counts(scaled) == (2, 5)


def test_a_status_that_is_put_only_from_another(aws: Aws) -> None:
    aws.model()
    aws.config()
    aws.endpoint()
    move = {"actor": "put_endpoint", "name": "endpoint", "status": "SystemUpdating", "only_from": "InService"}
    assert aws.simulator.act(move)
    assert not aws.simulator.act({**move, "status": "Updating"})
    assert aws.status() == "SystemUpdating"
