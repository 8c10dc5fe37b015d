# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Everything that there is, kept and brought back."""

from __future__ import annotations

import time
from typing import Any

import pytest

from simulator.client import Simulator
from simulator.clock import Clock
from simulator.testing import Aws, alarm, provisioned

KEY: dict[str, Any] = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/endpoint/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


@pytest.fixture
def full(aws: Aws) -> Aws:
    """One of everything, with an endpoint on its way to another configuration."""
    aws.model(Tags=[{"Key": "a", "Value": "b"}])
    aws.config()
    aws.endpoint()
    aws.config("next")
    aws.autoscaling.register_scalable_target(**KEY, MinCapacity=1, MaxCapacity=3)
    metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}}
    aws.autoscaling.put_scaling_policy(
        **KEY,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 5.0, **metric},
    )
    schedule = {"Schedule": "rate(1 day)", "ScalableTargetAction": {"MinCapacity": 2}}
    aws.autoscaling.put_scheduled_action(**KEY, ScheduledActionName="s", **schedule)
    aws.cloudwatch.put_metric_alarm(**alarm())
    aws.sagemaker.update_endpoint(EndpointName="endpoint", EndpointConfigName="next")
    return aws


def _change_everything(aws: Aws) -> None:
    aws.settle()
    aws.autoscaling.put_scheduled_action(**KEY, ScheduledActionName="s", Schedule="rate(2 days)")
    aws.autoscaling.deregister_scalable_target(**KEY)
    aws.cloudwatch.put_metric_alarm(**alarm(Threshold=2))
    aws.cloudwatch.set_alarm_state(AlarmName="alarm", StateValue="ALARM", StateReason="r")
    aws.sagemaker.add_tags(ResourceArn=aws.arn("sagemaker", "model/model"), Tags=[{"Key": "a", "Value": "c"}])
    aws.sagemaker.delete_endpoint_config(EndpointConfigName="config")
    aws.sagemaker.delete_endpoint(EndpointName="endpoint")


def test_brings_back_what_was_there_as_often_as_asked(full: Aws) -> None:
    before, kept = full.simulator.state(), full.simulator.snapshot()
    for _time in range(2):
        _change_everything(full)
        assert full.simulator.state() != before
        full.simulator.restore(kept)
        assert full.simulator.state() == before


def test_what_is_brought_back_goes_on(full: Aws) -> None:
    kept = full.simulator.snapshot()
    full.settle()
    full.simulator.restore(kept)
    assert full.status() == "Updating"
    full.settle()
    assert (full.status(), full.describe()["EndpointConfigName"]) == ("InService", "next")
    target = full.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"][0]
    tags = {"ResourceARN": target["ScalableTargetARN"], "Tags": {"x": "y"}}
    full.autoscaling.tag_resource(**tags)
    assert full.autoscaling.list_tags_for_resource(ResourceARN=tags["ResourceARN"])["Tags"] == {"x": "y"}
    full.sagemaker.delete_endpoint(EndpointName="endpoint")
    assert full.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []


def test_outlives_a_reset_and_leaves_faults_journal_and_settings(aws: Aws) -> None:
    aws.model()
    aws.simulator.advance(5000)
    kept, moved = aws.simulator.snapshot(), aws.simulator.now()
    aws.simulator.reset()
    aws.simulator.configure(create_seconds=7)
    aws.simulator.fault("throttle", operation="ListModels")
    aws.sagemaker.list_endpoints()
    aws.simulator.restore(kept)
    assert abs(aws.simulator.now() - moved) < 60
    assert aws.sagemaker.describe_model(ModelName="model")["ModelName"] == "model"
    assert aws.simulator.operations() == ["ListEndpoints", "DescribeModel"]
    assert aws.simulator.configure()["create_seconds"] == 7
    assert len(aws.simulator.faults()) == 1


def test_the_clock_goes_on_from_where_it_was() -> None:
    clock = Clock()
    clock.advance(5000)
    moment = clock.now() - 100
    clock.put_back(moment)
    assert 0 <= clock.now() - moment < 10


def test_the_index_lags_as_is_set_now(aws: Aws) -> None:
    aws.simulator.configure(tag_delay_seconds=3600)
    aws.model(Tags=[{"Key": "a", "Value": "b"}])
    kept = aws.simulator.snapshot()
    assert aws.tagging.get_resources()["ResourceTagMappingList"] == []
    aws.simulator.configure(tag_delay_seconds=0)
    aws.simulator.restore(kept)
    assert len(aws.tagging.get_resources()["ResourceTagMappingList"]) == 1


def test_several_are_distinguished(aws: Aws) -> None:
    kept = []
    for name in ("a", "b"):
        aws.model(name)
        kept.append(aws.simulator.snapshot())
    for number, names in zip(kept, (["a"], ["a", "b"]), strict=True):
        aws.simulator.restore(number)
        assert sorted(aws.simulator.state()[0]["models"]) == names


def test_refuses_what_was_never_kept(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="no snapshot"):
        simulator.restore(10_000)


def test_takes_less_than_making_it_all_again(aws: Aws) -> None:
    began = time.perf_counter()
    aws.model()
    for number in range(20):
        aws.config(f"config-{number}", provisioned())
        aws.endpoint(f"endpoint-{number}", f"config-{number}")
    started = time.perf_counter()
    aws.simulator.restore(aws.simulator.snapshot())
    assert time.perf_counter() - started < started - began
