# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Step policies in words: the policy and the alarm that calls it are made, kept, moved and deleted together."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import TARGET
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind

from .exports import exported
from .harness import World
from .inventories import Inventory, inventory, provisioned, variant
from .killing import is_killed
from .scenario import MARK, Scenario, play
from .test_step_policies import TOPIC, arns

WAKE = "HasBacklogWithoutCapacity average >= 1 then +1"
BUSY = "CPUUtilization Average >= 60 then +1, >= 90 then +3"
LOAD = "CPUUtilization average = 70"
NAME = "e/v/busy"


def stepped(*, instance_type: str = "ml.m5.large", **policies: t.Any) -> Inventory:
    """Policies by their keys, each an expression or whole."""
    found = {key: each if isinstance(each, dict) else {"expression": each} for key, each in policies.items()}
    scaling = {"minimum_capacity": 1, "maximum_capacity": 4, "policies": found}
    return inventory(provisioned(v=variant(instance_type=instance_type, auto_scaling=scaling)))


STEPS = stepped(busy=BUSY)


def alarm(world: World, name: str = NAME) -> dict[str, t.Any]:
    (found,) = world.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return t.cast("dict[str, t.Any]", found)


def is_called(world: World) -> None:
    assert alarm(world)["AlarmActions"] == [arns(world)[NAME]]


def is_gone(world: World) -> None:
    assert NAME not in arns(world)
    assert world.client("cloudwatch").describe_alarms(AlarmNames=[NAME])["MetricAlarms"] == []


def calls(world: World) -> list[str]:
    return [action for action in alarm(world)["AlarmActions"] if ":scalingPolicy:" in action]


def others_mute(world: World) -> None:
    world.client("cloudwatch").disable_alarm_actions(AlarmNames=[NAME])


def others_delete_the_alarm(world: World) -> None:
    world.client("cloudwatch").delete_alarms(AlarmNames=[NAME])


def others_change_the_alarm(world: World) -> None:
    found = alarm(world)
    members = ("MetricName", "Namespace", "Dimensions", "Statistic", "ComparisonOperator", "Period", "AlarmActions")
    kept = {member: found[member] for member in members}
    world.client("cloudwatch").put_metric_alarm(AlarmName=NAME, EvaluationPeriods=1, Threshold=70, **kept)


def others_make_the_policy_again(world: World) -> None:
    client = world.client("application-autoscaling")
    found = client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"][0]
    key = {member: found[member] for member in ("PolicyName", "ServiceNamespace", "ResourceId", "ScalableDimension")}
    client.delete_scaling_policy(**key)
    steps = found["StepScalingPolicyConfiguration"]
    client.put_scaling_policy(**key, PolicyType="StepScaling", StepScalingPolicyConfiguration=steps)


def others_delete_the_endpoint(world: World) -> None:
    world.client("sagemaker").delete_endpoint(EndpointName="e")
    world.simulator.advance(1000)


def is_muted_still(world: World) -> None:
    assert alarm(world)["ActionsEnabled"] is False
    is_called(world)


PUT, PUT_ALARM, DELETE, DELETE_ALARM = "PutScalingPolicy", "PutMetricAlarm", "DeleteScalingPolicy", "DeleteAlarms"
MAKE = ["RegisterScalableTarget", PUT, PUT_ALARM]
LARGE = stepped(instance_type="ml.c5.large", busy=BUSY)
UPDATE = ["CreateEndpointConfig", MARK, "DeregisterScalableTarget", "UpdateEndpoint", "RegisterScalableTarget", PUT]
ON_VARIANT = "endpoints.e.provisioned.production_variants.v.auto_scaling"
SCENARIOS = [
    Scenario(
        "it is made with its alarm",
        wanted=STEPS,
        effect="create",
        writes=["CreateModel", "CreateEndpointConfig", "CreateEndpoint", *MAKE],
        shows=f"policies.busy.expression: {BUSY}",
        ends=is_called,
    ),
    Scenario(
        "a threshold changes, and a step",
        given=(STEPS,),
        wanted=stepped(busy="CPUUtilization Average >= 50 then +1, >= 90 then +4"),
        effect="no change",
        writes=[PUT, PUT_ALARM],
        shows=f"-policies.busy.expression: {BUSY}\n",
        ends=is_called,
    ),
    Scenario(
        "only what the alarm watches changes",
        given=(STEPS,),
        wanted=stepped(busy="MemoryUtilization average >= 60 then +1, >= 90 then +3"),
        effect="no change",
        writes=[PUT_ALARM],
        ends=is_called,
    ),
    Scenario(
        "only the steps change",
        given=(STEPS,),
        wanted=stepped(busy="CPUUtilization average >= 60 then +2, >= 90 then +3"),
        effect="no change",
        writes=[PUT],
        ends=is_called,
    ),
    Scenario(
        "the alarm gets a topic and more periods",
        given=(STEPS,),
        wanted=stepped(busy={"expression": BUSY, "alarm": {"notification_sns_topic": TOPIC, "evaluation_periods": 3}}),
        effect="no change",
        writes=[PUT_ALARM],
        shows=f"policies.busy.alarm.notification_sns_topic: {TOPIC}",
        ends=lambda world: assert_equal(sorted(alarm(world)["AlarmActions"]), sorted([TOPIC, arns(world)[NAME]])),
    ),
    Scenario(
        "the policy goes, and its alarm before it",
        given=(STEPS,),
        wanted=stepped(load=LOAD),
        effect="no change",
        writes=[DELETE_ALARM, PUT, DELETE],
        shows=f"{ON_VARIANT}.policies.busy.alarm: delete\n-expression: CPUUtilization Average >= 60\n",
        ends=is_gone,
    ),
    Scenario(
        "scaling is taken off",
        given=(STEPS,),
        wanted=inventory(provisioned(v=variant())),
        effect="in place",
        writes=["DeregisterScalableTarget", DELETE_ALARM],
        ends=is_gone,
    ),
    Scenario(
        "it becomes a policy that tracks",
        given=(STEPS,),
        wanted=stepped(busy=LOAD),
        effect="no change",
        writes=[DELETE_ALARM, DELETE, PUT],
    ),
    Scenario(
        "it was a policy that tracks",
        given=(stepped(busy=LOAD),),
        wanted=STEPS,
        effect="no change",
        writes=[DELETE, PUT, PUT_ALARM],
        ends=is_called,
    ),
    Scenario(
        "somebody changes the alarm",
        given=(STEPS,),
        happened=others_change_the_alarm,
        wanted=STEPS,
        effect="no change",
        writes=[PUT_ALARM],
        shows="-policies.busy.expression: CPUUtilization Average >= 70 then +1, >= 100 then +3\n",
        ends=is_called,
    ),
    Scenario(
        "somebody deletes the alarm",
        given=(STEPS,),
        happened=others_delete_the_alarm,
        wanted=STEPS,
        effect="no change",
        writes=[PUT_ALARM],
        shows="-policies.busy.expression: (then +1, then +3)\n",
        ends=is_called,
    ),
    Scenario(
        "somebody makes the policy again, and the alarm calls nothing",
        given=(STEPS,),
        happened=others_make_the_policy_again,
        wanted=STEPS,
        effect="no change",
        writes=[PUT_ALARM],
        ends=is_called,
    ),
    Scenario(
        "somebody mutes the alarm, who had a reason",
        given=(STEPS,),
        happened=others_mute,
        wanted=STEPS,
        effect="no change",
        writes=[],
        ends=is_muted_still,
    ),
    Scenario(
        "somebody mutes the alarm, and it changes",
        given=(STEPS,),
        happened=others_mute,
        wanted=stepped(busy=BUSY.replace("60", "50")),
        effect="no change",
        writes=[PUT, PUT_ALARM],
        ends=is_muted_still,
    ),
    Scenario(
        "somebody deletes the endpoint, and the alarm is left over",
        given=(STEPS,),
        happened=others_delete_the_endpoint,
        wanted=STEPS,
        effect="create",
        writes=["CreateEndpoint", *MAKE],
        ends=is_called,
    ),
    Scenario(
        "another instance type takes scaling away and puts it back",
        given=(STEPS,),
        wanted=LARGE,
        effect="redeploy with scaling",
        writes=[*UPDATE, PUT_ALARM, "DeleteTags"],
        ends=is_called,
    ),
    Scenario(
        "another instance type, and the policy changes at the same time",
        given=(STEPS,),
        wanted=stepped(instance_type="ml.c5.large", busy=BUSY.replace("60", "50")),
        effect="redeploy with scaling",
        writes=[*UPDATE, PUT_ALARM, "DeleteTags", PUT, PUT_ALARM],
        ends=is_called,
    ),
    Scenario(
        "everything is destroyed",
        given=(STEPS,),
        wanted=STEPS,
        is_destroyed=True,
        effect="delete",
        writes=["DeleteEndpoint", "DeleteEndpointConfig", DELETE_ALARM, "DeleteModel"],
        ends=is_gone,
    ),
]


def assert_equal(found: object, expected: object) -> None:
    assert found == expected


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_a_muted_alarm_is_reported_in_every_run(world: World) -> None:
    assert not world.apply(STEPS).error
    others_mute(world)
    again = world.apply(STEPS)
    assert not again.changed
    assert any(
        'the alarm "e/v/busy" has its actions disabled, so nothing calls its policy' in each for each in again.warnings
    )


def test_it_is_exported_as_it_was_written(world: World) -> None:
    policies: dict[str, t.Any] = {
        "busy": {"expression": BUSY, "cooldown_period": "1 minute", "alarm": {"evaluation_periods": 2}}
    }
    assert not world.apply(stepped(**policies)).error
    found = exported(world, deployment="default")
    variant_found = found["endpoints"]["e"]["provisioned"]["production_variants"]["v"]
    assert variant_found["auto_scaling"]["policies"] == policies
    assert "cloudwatch_alarms" not in variant_found
    assert not world.apply(found).changed


def make_by_hand(world: World) -> None:
    """What another tool made: the target with its policy, and an alarm that has the name of the policy."""
    client = world.client("application-autoscaling")
    key = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    client.register_scalable_target(**key, MinCapacity=1, MaxCapacity=4)
    steps = [
        {"MetricIntervalLowerBound": 30, "ScalingAdjustment": 3},
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 30, "ScalingAdjustment": 1},
    ]
    configuration = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": steps,
        "Cooldown": 300,
        "MetricAggregationType": "Average",
    }
    put = client.put_scaling_policy(
        **key, PolicyName=NAME, PolicyType="StepScaling", StepScalingPolicyConfiguration=configuration
    )
    world.client("cloudwatch").put_metric_alarm(
        AlarmName=NAME,
        Namespace="/aws/sagemaker/Endpoints",
        MetricName="CPUUtilization",
        Dimensions=[{"Name": "VariantName", "Value": "v"}, {"Name": "EndpointName", "Value": "e"}],
        Statistic="Average",
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        Threshold=60,
        Period=60,
        EvaluationPeriods=1,
        AlarmActions=[put["PolicyARN"]],
    )


def test_what_another_tool_made_is_adopted_with_tags_alone(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=variant()))).error
    make_by_hand(world)
    world.simulator.clear_journal()
    planned = world.apply(STEPS, check=True)
    adopted = world.apply(STEPS, planned=planned)
    assert not adopted.error
    assert adopted.effect("endpoint/e/variant/v", "targets") == "tags only"
    assert {entry["operation"] for entry in world.simulator.writes()} == {"TagResource"}
    assert not world.apply(STEPS).changed
    is_called(world)


def test_an_alarm_of_another_deployment_is_left_alone(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=variant()))).error
    make_by_hand(world)
    arn = alarm(world)["AlarmArn"]
    tags = [{"Key": "friendsofansible.sagemaker/deployment", "Value": "other"}]
    world.client("cloudwatch").tag_resource(ResourceARN=arn, Tags=tags)
    world.simulator.clear_journal()
    refused = world.apply(STEPS)
    assert 'alarm e/v/busy belongs to the deployment "other"' in refused.error
    assert world.simulator.writes() == []


def test_an_alarm_that_aws_refuses_is_put_by_the_next_run(world: World) -> None:
    world.simulator.fault("error", operation="PutMetricAlarm", code="LimitExceededException", message="no", status=400)
    failed = world.apply(STEPS)
    assert 'scaling policy "e/v/busy" has no alarm, because creating it failed; the next run tries again' in (
        failed.error
    )
    assert not world.apply(STEPS).error
    is_called(world)


def test_a_step_policy_that_comes_back_is_called_again(world: World) -> None:
    """A module that makes it one that tracks, which AWS refuses after the step policy has gone."""
    items = target(step_policy())
    assert not world.run(TARGET, ScalingKind(Scope("default")), items).get("failed")
    before = arns(world)[NAME]
    tracking = {
        "target_value": 70,
        "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
    }
    policy = {
        "policy_name": NAME,
        "policy_type": "TargetTrackingScaling",
        "target_tracking_scaling_policy_configuration": tracking,
    }
    fault: dict[str, t.Any] = {"code": "ValidationException", "message": "no", "status": 400}
    world.simulator.fault("error", operation=PUT, count=1, **fault)
    result = world.run(TARGET, ScalingKind(Scope("default")), target(policy))
    assert "scaling policy e/v/busy was restored" in result["msg"]
    assert arns(world)[NAME] != before
    is_called(world)
    assert not world.run(TARGET, ScalingKind(Scope("default")), target(policy)).get("failed")
    assert world.client("cloudwatch").describe_alarms(AlarmNames=[NAME])["MetricAlarms"] == []


def step_policy(**more: t.Any) -> dict[str, t.Any]:
    steps = {
        "adjustment_type": "ChangeInCapacity",
        "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 1}],
    }
    watched = {
        "namespace": "/aws/sagemaker/Endpoints",
        "metric_name": "CPUUtilization",
        "dimensions": [{"name": "EndpointName", "value": "e"}, {"name": "VariantName", "value": "v"}],
        "statistic": "Average",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "threshold": 60,
        "period": 60,
        "evaluation_periods": 1,
    }
    policy = {"policy_name": NAME, "policy_type": "StepScaling", "step_scaling_policy_configuration": steps}
    return policy | {"alarm": watched | more}


def target(*policies: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    return [
        {"endpoint_name": "e", "variant_name": "v", "min_capacity": 1, "max_capacity": 4, "policies": list(policies)}
    ]


@pytest.fixture(autouse=True)
def endpoint_for_the_module(request: pytest.FixtureRequest, world: World) -> None:
    if "module" in request.node.name or "comes_back" in request.node.name:
        assert not world.apply(inventory(provisioned(v=variant()))).error


def test_the_module_makes_and_deletes_it(world: World) -> None:
    kind = ScalingKind(Scope("default"))
    result = world.run(TARGET, kind, target(step_policy(alarm_actions=[TOPIC])))
    assert result["changed"]
    (made,) = result["targets"]
    assert made["policies"][0]["alarm"]["alarm_actions"] == [TOPIC]
    assert sorted(alarm(world)["AlarmActions"]) == sorted([TOPIC, arns(world)[NAME]])
    assert not world.run(TARGET, kind, target(made["policies"][0])).get("changed")
    world.simulator.clear_journal()
    assert world.run(TARGET, kind, target(), check=True)["changed"]
    assert world.simulator.writes() == []
    assert world.run(TARGET, kind, target())["changed"]
    assert [entry["operation"] for entry in world.simulator.writes()] == [DELETE_ALARM, DELETE]
    is_gone(world)


def test_the_module_deregisters_it_with_its_alarm(world: World) -> None:
    kind = ScalingKind(Scope("default"))
    assert world.run(TARGET, kind, target(step_policy()))["changed"]
    world.simulator.clear_journal()
    assert world.run(TARGET, kind, target(), state="absent")["changed"]
    assert [entry["operation"] for entry in world.simulator.writes()] == [DELETE_ALARM, "DeregisterScalableTarget"]
    is_gone(world)


def test_the_module_refuses_an_alarm_on_what_tracks(world: World) -> None:
    policy = step_policy(threshold="high") | {"policy_type": "TargetTrackingScaling"}
    result = world.run(TARGET, ScalingKind(Scope("default")), target(policy))
    assert "policies[0].alarm: not allowed: an alarm can call only a policy of the type StepScaling" in result["msg"]
    assert "policies[0].alarm.threshold" in result["msg"]


@pytest.mark.parametrize("parts", [["scaling"], ["alarms"], ["endpoints"], ["alarms", "scaling"]])
def test_a_run_over_a_part_leaves_it_whole(world: World, parts: list[str]) -> None:
    assert not world.apply(STEPS).error
    assert not world.apply(STEPS, parts=parts).changed
    is_called(world)


def test_whoever_dies_on_the_way_leaves_enough_for_the_next_run(world: World) -> None:
    assert not world.apply(STEPS).error
    world.simulator.clear_journal()
    assert not world.apply(LARGE).error
    calls_made = [entry["operation"] for entry in world.simulator.journal()]
    first, last = calls_made.index("DeregisterScalableTarget"), len(calls_made) - calls_made[::-1].index("DeleteTags")
    for number in range(first, last + 1):
        world.simulator.reset()
        assert not world.apply(STEPS).error
        assert is_killed(world, number, lambda: world.apply(LARGE))
        world.simulator.advance(100)
        assert not world.apply(LARGE).error, number
        is_called(world)
        assert not world.apply(LARGE).changed, number
