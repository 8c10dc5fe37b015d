# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step policy is restored with a new ARN, and the alarms that called the old one call the new one."""

from __future__ import annotations

import typing as t

import pytest

from .briefs import ending
from .harness import World
from .inventories import inventory, model, provisioned, scaled
from .killing import is_killed
from .observed import has_saved_scaling
from .scenario import MARK, Scenario, play
from .test_rollback import roll_back

SMALL = inventory(provisioned(v=scaled()))
LARGE = inventory(provisioned(v=scaled(instance_type="ml.c5.large")))
KEY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/e/variant/v",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TOPIC = "arn:aws:sns:eu-west-1:123456789012:topic"
BACK = ["RegisterScalableTarget", "PutScalingPolicy", "PutScalingPolicy", "PutScalingPolicy"]
UPDATE = ["CreateEndpointConfig", MARK, "DeregisterScalableTarget", "UpdateEndpoint", *BACK]
NOTED = "in place; they call a step policy that gets a new ARN"


def put_policy(world: World, name: str) -> str:
    steps = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
    }
    answer = world.client("application-autoscaling").put_scaling_policy(
        **KEY, PolicyName=name, PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
    )
    return str(answer["PolicyARN"])


def put_alarm(world: World, name: str, **actions: t.Any) -> None:
    """An alarm of somebody else."""
    world.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SageMaker",
        MetricName="HasBacklogWithoutCapacity",
        Dimensions=[{"Name": "EndpointName", "Value": "e"}],
        Statistic="Average",
        ComparisonOperator="GreaterThanThreshold",
        Threshold=0.5,
        Period=60,
        EvaluationPeriods=1,
        AlarmDescription="theirs",
        TreatMissingData="missing",
        **actions,
    )


def alarm(world: World, name: str = "e/v/backlog") -> dict[str, t.Any]:
    (found,) = world.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return t.cast("dict[str, t.Any]", found)


def arns(world: World) -> dict[str, str]:
    found = world.client("application-autoscaling").describe_scaling_policies(ServiceNamespace="sagemaker")
    return {each["PolicyName"]: each["PolicyARN"] for each in found["ScalingPolicies"]}


def others_call_steps(world: World) -> None:
    """Two step policies, an alarm that is muted and calls both, and one that calls neither."""
    out, back = put_policy(world, "out"), put_policy(world, "back")
    actions = {"AlarmActions": [TOPIC, out], "OKActions": [back], "InsufficientDataActions": [TOPIC]}
    put_alarm(world, "e/v/backlog", **actions, ActionsEnabled=False)
    put_alarm(world, "e/v/no-caller", AlarmActions=[TOPIC])


def one_call_is_not_ours_to_correct(world: World) -> None:
    others_call_steps(world)
    put_alarm(world, "their-backlog", AlarmActions=[arns(world)["out"]])


def calls_what_is_there(world: World) -> None:
    now = arns(world)
    found = alarm(world)
    assert found["AlarmActions"] == [TOPIC, now["out"]]
    assert found["OKActions"] == [now["back"]]
    assert found["InsufficientDataActions"] == [TOPIC]
    assert (found["ActionsEnabled"], found["AlarmDescription"]) == (False, "theirs")
    assert not has_saved_scaling(world)


def fail_with_callers(world: World) -> None:
    others_call_steps(world)
    world.simulator.put_endpoint("e", "Failed", None, "a test says so")


SCENARIOS = [
    Scenario(
        "another instance type",
        given=(SMALL,),
        happened=others_call_steps,
        wanted=LARGE,
        effect="redeploy with scaling",
        writes=[*UPDATE, "PutMetricAlarm", "DeleteTags"],
        shows=NOTED,
        ends=calls_what_is_there,
    ),
    Scenario(
        "an endpoint that is made again",
        given=(SMALL,),
        happened=fail_with_callers,
        wanted=SMALL,
        effect="replace with outage",
        writes=["AddTags", "DeleteEndpoint", "CreateEndpoint", *BACK, "PutMetricAlarm", "DeleteTags"],
        shows=NOTED,
        ends=calls_what_is_there,
    ),
    Scenario(
        "somebody else's alarm that the run may not write",
        given=(SMALL,),
        happened=one_call_is_not_ours_to_correct,
        wanted=LARGE,
        effect="redeploy with scaling",
        writes=[*UPDATE, "PutMetricAlarm", "PutMetricAlarm", "DeleteTags"],
        error="alarm their-backlog still calls arn:aws:autoscaling:",
        shows="their-backlog.alarm_actions: policy out under its new ARN",
        ends=calls_what_is_there,
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def refused_update(world: World) -> None:
    world.simulator.fault("error", operation="UpdateEndpoint", code="ValidationException", message="no", status=400)


def failed_rollout(world: World) -> None:
    world.simulator.fault("rollout_fails", operation="UpdateEndpoint", reason="no capacity")


@pytest.mark.parametrize("trouble", [refused_update, failed_rollout])
def test_what_is_restored_after_a_failure_is_called_too(world: World, trouble: t.Callable[[World], None]) -> None:
    assert not world.apply(SMALL).error
    others_call_steps(world)
    before = arns(world)
    trouble(world)
    failed = world.apply(LARGE)
    assert "was restored" in failed.error
    assert arns(world)["out"] != before["out"]
    calls_what_is_there(world)
    assert not world.apply(LARGE).error
    calls_what_is_there(world)
    assert not world.apply(LARGE).changed


def test_scaling_that_could_not_be_restored_is_called_once_the_next_run_has(world: World) -> None:
    assert not world.apply(SMALL).error
    others_call_steps(world)
    failed_rollout(world)
    world.simulator.fault(
        "error", operation="RegisterScalableTarget", code="ValidationException", message="no", status=400
    )
    assert "could not be restored" in world.apply(LARGE).error
    assert not world.apply(SMALL).error
    calls_what_is_there(world)
    assert not world.apply(SMALL).changed


def test_with_the_note_goes_what_it_has_kept_beside_the_way_back(world: World) -> None:
    """What carries a note is not deleted, and is a way back as soon as the note goes, which is in the same run."""
    assert not world.apply(SMALL).error
    others_call_steps(world)
    world.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    assert "is missing" in world.apply(LARGE).error
    world.simulator.clear_faults()
    newer = LARGE | {"models": {"m": model(2)}}
    planned = world.apply(newer, check=True)
    assert not world.apply(newer, planned=planned).error
    calls_what_is_there(world)
    world.simulator.clear_journal()
    assert not world.apply(newer).changed
    assert world.simulator.writes() == []


def test_an_endpoint_that_could_not_be_made_again_is_called_once_it_is_and_check_mode_says_so(world: World) -> None:
    assert not world.apply(SMALL).error
    fail_with_callers(world)
    world.simulator.fault("expired_token", operation="CreateEndpoint", count=None)
    assert "is missing" in world.apply(SMALL).error
    world.simulator.clear_faults()
    planned = world.apply(SMALL, check=True)
    assert NOTED in planned.diff
    assert not world.apply(SMALL, planned=planned).error
    calls_what_is_there(world)
    assert not world.apply(SMALL).changed


def left_without_policies(world: World, trouble: t.Callable[[World], None]) -> str:
    """The error of a run that registers the target again, and cannot put its policies, which alarms call."""
    assert not world.apply(SMALL).error
    others_call_steps(world)
    trouble(world)
    world.simulator.fault("expired_token", operation="PutScalingPolicy", count=None)
    error = world.apply(LARGE).error
    world.simulator.clear_faults()
    return error


def test_alarms_that_call_a_policy_which_is_away_are_named(world: World) -> None:
    """The target is back, so that each thing which is not has to be named."""
    assert "calls of alarms e/v/backlog" in left_without_policies(world, failed_rollout)
    assert not world.apply(SMALL).error
    calls_what_is_there(world)


def test_a_run_that_does_not_wait_names_them_too(world: World) -> None:
    assert "could not be restored" in left_without_policies(world, refused_update)
    begun = world.apply(SMALL | {"models": {"m": model(2)}}, wait=False)
    assert not begun.error
    assert "calls of alarms e/v/backlog" in ending(begun.data, begun.warnings)["text"]


def test_the_run_that_joins_an_update_repoints_what_another_has_taken_away(world: World) -> None:
    assert not world.apply(SMALL).error
    others_call_steps(world)
    assert not world.apply(LARGE, wait=False).error
    world.simulator.advance(100)
    planned = world.apply(LARGE, check=True)
    assert NOTED in planned.diff
    assert not world.apply(LARGE).error
    calls_what_is_there(world)
    assert not world.apply(LARGE).changed


def test_what_others_change_of_an_alarm_during_the_update_stays(world: World) -> None:
    assert not world.apply(SMALL).error
    others_call_steps(world)
    assert not world.apply(LARGE, wait=False).error
    world.client("cloudwatch").enable_alarm_actions(AlarmNames=["e/v/backlog"])
    world.simulator.advance(100)
    assert not world.apply(LARGE).error
    assert alarm(world)["ActionsEnabled"] is True
    assert alarm(world)["AlarmActions"] == [TOPIC, arns(world)["out"]]


def test_the_way_back_repoints_too(world: World) -> None:
    assert not world.apply(LARGE).error
    assert not world.apply(SMALL).error
    others_call_steps(world)
    planned = roll_back(world, check=True)
    done = roll_back(world)
    assert not done.get("failed"), done["msg"]
    assert planned["diff"] == done["diff"]
    assert NOTED in done["diff"][1]["after_header"]
    calls_what_is_there(world)


def test_an_alarm_that_is_declared_no_more_is_deleted_and_not_put_again(world: World) -> None:
    backlog = {"backlog": {"expression": "Invocation5XXErrors sum >= 10"}}
    assert not world.apply(inventory(provisioned(v=scaled(cloudwatch_alarms=backlog)))).error
    others_call_steps(world)
    done = world.apply(LARGE)
    assert not done.error
    assert world.client("cloudwatch").describe_alarms(AlarmNames=["e/v/backlog"])["MetricAlarms"] == []
    assert not has_saved_scaling(world)


def test_one_that_would_go_calls_what_is_there_after_a_refused_update(world: World) -> None:
    backlog = {"backlog": {"expression": "Invocation5XXErrors sum >= 10"}}
    assert not world.apply(inventory(provisioned(v=scaled(cloudwatch_alarms=backlog)))).error
    others_call_steps(world)
    planned = world.apply(LARGE, check=True)
    assert "e/v/backlog stays until the endpoint is updated" in planned.diff
    refused_update(world)
    assert world.apply(LARGE, planned=planned).error
    calls_what_is_there(world)
    world.simulator.clear_faults()
    assert not world.apply(LARGE).error
    assert world.client("cloudwatch").describe_alarms(AlarmNames=["e/v/backlog"])["MetricAlarms"] == []


def test_whoever_dies_on_the_way_leaves_enough_for_the_next_run(world: World) -> None:
    prepare(world)
    assert not world.apply(LARGE).error
    calls = [entry["operation"] for entry in world.simulator.journal()]
    first, last = calls.index("DeregisterScalableTarget") + 1, len(calls) - calls[::-1].index("DeleteTags")
    for number in range(first, last + 1):
        prepare(world)
        assert is_killed(world, number, lambda: world.apply(LARGE))
        world.simulator.advance(100)
        assert not world.apply(LARGE).error, number
        calls_what_is_there(world)
        world.simulator.clear_journal()
        assert not world.apply(LARGE).error, number
        assert world.simulator.writes() == [], number


def prepare(world: World) -> None:
    world.simulator.reset()
    assert not world.apply(SMALL).error
    others_call_steps(world)
    world.simulator.clear_journal()


@pytest.mark.parametrize("is_rollback", [False, True])
@pytest.mark.parametrize(("operation", "skip"), [("DescribeScalableTargets", 1), ("DescribeAlarms", 2)])
def test_a_read_that_fails_after_an_update_leaves_no_call_missing_without_a_word(
    world: World, operation: str, skip: int, is_rollback: bool
) -> None:
    """An alarm that still calls the former ARN scales nothing."""
    if is_rollback:
        assert not world.apply(LARGE).error
    assert not world.apply(SMALL).error
    others_call_steps(world)
    world.simulator.fault("error", operation=operation, code="ServiceUnavailable", status=503, skip=skip)
    errors = world.roll_back("e").errors if is_rollback else [world.apply(LARGE).error]
    assert "calls of alarms e/v/backlog) could not be listed, so their calls are missing" in "".join(errors)
    assert not world.apply(LARGE).error
    calls_what_is_there(world)
