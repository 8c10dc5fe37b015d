# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import DEPLOYMENT, Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect, Plan, Refused, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import (
    AlarmKind,
    DesiredAlarm,
    LiveAlarm,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    ACCOUNT,
    LONG_AGO,
    FakeAws,
    Options,
    all_found,
    client_error,
)

OURS = Scope("prod")
ARN = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:slow"
OPTIONS: Options = {
    "alarm_name": "slow",
    "namespace": "AWS/SageMaker",
    "metric_name": "ModelLatency",
    "dimensions": [{"name": "EndpointName", "value": "rt"}, {"name": "VariantName", "value": "demo"}],
    "statistic": "Average",
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 1000,
    "period": 60,
    "evaluation_periods": 3,
    "alarm_actions": ["arn:b", "arn:a"],
}
REQUEST: Options = {
    "AlarmName": "slow",
    "Namespace": "AWS/SageMaker",
    "MetricName": "ModelLatency",
    "Dimensions": [{"Name": "EndpointName", "Value": "rt"}, {"Name": "VariantName", "Value": "demo"}],
    "Statistic": "Average",
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 1000,
    "Period": 60,
    "EvaluationPeriods": 3,
    "AlarmActions": ["arn:b", "arn:a"],
}
AS_DESCRIBED: Options = {
    **REQUEST,
    "AlarmArn": ARN,
    "ActionsEnabled": True,
    "OKActions": [],
    "InsufficientDataActions": [],
    "AlarmActions": ["arn:a", "arn:b"],
    "Dimensions": [{"Name": "VariantName", "Value": "demo"}, {"Name": "EndpointName", "Value": "rt"}],
    "Threshold": 1000.0,
    "TreatMissingData": "missing",
    "StateValue": "OK",
    "StateReason": "x",
    "AlarmConfigurationUpdatedTimestamp": LONG_AGO,
}
TAGS = {"managed-by": "Ansible", DEPLOYMENT: "prod"}
_FROM_READ = ("AlarmArn", "StateValue", "StateReason", "AlarmConfigurationUpdatedTimestamp")


def desired(scope: Scope = OURS, **options: t.Any) -> DesiredAlarm:
    return AlarmKind(scope).desired({**OPTIONS, **options}, False)


def live(tags: dict[str, str] | None = None, **members: t.Any) -> LiveAlarm:
    described = {member: value for member, value in {**AS_DESCRIBED, **members}.items() if member not in _FROM_READ}
    return LiveAlarm(ARN, described, TAGS if tags is None else tags, "OK")


ABSENT = LiveAlarm(None, None, {})


def calls(plan: Plan) -> list[tuple[str, t.Mapping[str, t.Any]]]:
    return [(step.operation, step.parameters) for step in plan.steps if isinstance(step, Step)]


def test_a_missing_alarm_is_put_with_its_tags() -> None:
    plan = AlarmKind(OURS).plan(desired(), ABSENT)
    tags = [{"Key": DEPLOYMENT, "Value": "prod"}, {"Key": "managed-by", "Value": "Ansible"}]
    assert plan.effect is Effect.CREATE
    assert calls(plan) == [("PutMetricAlarm", {**REQUEST, "Tags": tags})]
    assert {item.where for item in plan.differences} >= {
        "metric_name",
        "dimensions.EndpointName.value",
        "tags.managed-by",
    }
    assert all(item.before is None for item in plan.differences)


@pytest.mark.parametrize(
    "options", [{}, {"treat_missing_data": "missing"}, {"actions_enabled": True}, {"ok_actions": []}]
)
def test_an_equal_alarm_as_aws_describes_it_is_left_alone(options: Options) -> None:
    plan = AlarmKind(OURS).plan(desired(**options), live())
    assert (plan.effect, plan.steps, plan.differences) == (Effect.NONE, (), ())


CHANGED: list[tuple[str, Options, str]] = [
    ("a number", {"threshold": 1000.5}, "threshold"),
    ("a new member", {"alarm_description": "x"}, "alarm_description"),
    ("a dimension", {"dimensions": [{"name": "EndpointName", "value": "rt"}]}, "dimensions.VariantName.value"),
    ("actions", {"alarm_actions": ["arn:a"]}, "alarm_actions"),
    ("no actions", {"alarm_actions": []}, "alarm_actions"),
    ("another treatment", {"treat_missing_data": "breaching"}, "treat_missing_data"),
]


@pytest.mark.parametrize(("options", "path"), [row[1:] for row in CHANGED], ids=[row[0] for row in CHANGED])
def test_a_changed_alarm_is_put_whole_and_without_tags(options: Options, path: str) -> None:
    alarm = desired(**options)
    plan = AlarmKind(OURS).plan(alarm, live())
    assert plan.effect is Effect.IN_PLACE
    assert [item.where for item in plan.differences] == [path]
    assert calls(plan) == [("PutMetricAlarm", {"ActionsEnabled": True, **alarm.request})]


def test_what_the_declaration_leaves_out_is_reset() -> None:
    plan = AlarmKind(OURS).plan(desired(), live(AlarmDescription="by hand", Unit="Percent"))
    assert [(item.where, item.before, item.after) for item in plan.differences] == [
        ("alarm_description", "by hand", None),
        ("unit", "Percent", None),
    ]
    ((_operation, parameters),) = calls(plan)
    assert not {"AlarmDescription", "Unit"} & set(parameters)


def test_a_muted_alarm_stays_muted() -> None:
    kind = AlarmKind(OURS)
    assert kind.plan(desired(), live(ActionsEnabled=False)).effect is Effect.NONE
    ((_operation, parameters),) = calls(kind.plan(desired(threshold=5), live(ActionsEnabled=False)))
    assert parameters["ActionsEnabled"] is False


@pytest.mark.parametrize("is_enabled", [True, False])
def test_an_alarm_is_muted_and_unmuted_on_request(is_enabled: bool) -> None:
    plan = AlarmKind(OURS).plan(desired(actions_enabled=is_enabled), live(ActionsEnabled=not is_enabled))
    assert [item.where for item in plan.differences] == ["actions_enabled"]
    ((_operation, parameters),) = calls(plan)
    assert parameters["ActionsEnabled"] is is_enabled


def test_only_tags_changed() -> None:
    plan = AlarmKind(OURS).plan(desired(tags={"team": "ml"}), live(tags={**TAGS, "gone": "1"}))
    assert plan.effect is Effect.TAGS
    assert calls(plan) == [
        ("TagResource", {"ResourceARN": ARN, "Tags": [{"Key": "team", "Value": "ml"}]}),
        ("UntagResource", {"ResourceARN": ARN, "TagKeys": ["gone"]}),
    ]
    assert [item.where for item in plan.differences] == ["tags.team", "tags.gone"]


def test_tags_of_an_existing_alarm_do_not_travel_with_the_put() -> None:
    plan = AlarmKind(OURS).plan(desired(threshold=5, tags={"team": "ml"}), live())
    assert plan.effect is Effect.IN_PLACE
    assert [operation for operation, _parameters in calls(plan)] == ["PutMetricAlarm", "TagResource"]
    assert "Tags" not in calls(plan)[0][1]


def test_an_alarm_without_our_tags_is_adopted() -> None:
    plan = AlarmKind(OURS).plan(desired(), live(tags={"Owner": "terraform"}))
    assert plan.effect is Effect.TAGS
    assert [operation for operation, _parameters in calls(plan)] == ["TagResource"]


def test_an_alarm_of_another_deployment_is_refused() -> None:
    with pytest.raises(Refused, match='alarm slow belongs to the deployment "test"'):
        AlarmKind(OURS).plan(desired(threshold=5), live(tags={**TAGS, DEPLOYMENT: "test"}))


GONE: list[tuple[str, Scope, LiveAlarm, bool]] = [
    ("ours", OURS, live(), True),
    ("already gone", OURS, ABSENT, False),
    ("made by hand", OURS, live(tags={}), False),
    ("of another deployment", OURS, live(tags={**TAGS, DEPLOYMENT: "test"}), False),
    ("named by the task itself", Scope(), live(tags={}), True),
]


@pytest.mark.parametrize(("scope", "found", "is_deleted"), [row[1:] for row in GONE], ids=[row[0] for row in GONE])
def test_deletion(scope: Scope, found: LiveAlarm, is_deleted: bool) -> None:
    kind = AlarmKind(scope)
    plan = kind.plan_absent(kind.desired({"alarm_name": "slow"}, True), found)
    assert calls(plan) == ([("DeleteAlarms", {"AlarmNames": ["slow"]})] if is_deleted else [])
    assert plan.effect is (Effect.DELETE if is_deleted else Effect.NONE)
    assert bool(plan.differences) == is_deleted


def test_what_a_composite_alarm_depends_on_is_not_deleted_and_the_composite_alarm_is_named() -> None:
    def describe(**parameters: t.Any) -> Options:
        if "ParentsOfAlarmName" in parameters:
            return {"CompositeAlarms": [{"AlarmName": "on-call"}, {"AlarmName": "weekend"}]}
        if parameters["AlarmTypes"] == ["CompositeAlarm"]:
            return {"CompositeAlarms": [{"AlarmName": "on-call", "AlarmRule": 'ALARM("slow") OR ALARM(other)'}]}
        return {"MetricAlarms": [{**AS_DESCRIBED, "AlarmName": name} for name in parameters["AlarmNames"]]}

    aws = FakeAws(DescribeAlarms=describe, ListTagsForResource={"Tags": []})
    kind = AlarmKind(Scope())
    wanted = [kind.desired({"alarm_name": name}, True) for name in ("slow", "free")]
    slow, free = all_found(kind.read(aws.api(), wanted, True))
    with pytest.raises(Refused, match="while composite alarm on-call, weekend depends on it"):
        kind.plan_absent(wanted[0], slow)
    assert calls(kind.plan_absent(wanted[1], free)) == [("DeleteAlarms", {"AlarmNames": ["free"]})]
    assert [each["ParentsOfAlarmName"] for each in aws.named("DescribeAlarms") if "ParentsOfAlarmName" in each] == [
        "slow"
    ]


def test_the_result_is_what_is_live_or_else_what_is_planned() -> None:
    kind = AlarmKind(OURS)
    plan = kind.plan(desired(), ABSENT)
    planned = (desired(tags={"team": "ml"}), ABSENT, plan)
    assert kind.facts(*planned) == {"alarm_arn": None, "state_value": None}
    options = kind.options(*planned)
    assert (options["metric_name"], options["tags"]["team"]) == ("ModelLatency", "ml")
    there = (desired(threshold=5), live(), plan)
    assert kind.facts(*there) == {"alarm_arn": ARN, "state_value": "OK"}
    assert kind.options(*there)["threshold"] == 1000.0


def test_alarms_are_read_100_a_call_and_answered_in_order() -> None:
    names = [f"alarm-{number}" for number in range(150)]
    aws = FakeAws(
        DescribeAlarms=lambda **parameters: {
            "MetricAlarms": [
                {**AS_DESCRIBED, "AlarmName": name} for name in reversed(parameters["AlarmNames"]) if name != "alarm-7"
            ]
        },
        ListTagsForResource={"Tags": [{"Key": "a", "Value": "1"}]},
    )
    found = all_found(AlarmKind(OURS).read(aws.api(), [desired(alarm_name=name) for name in names], False))
    assert [len(call["AlarmNames"]) for call in aws.named("DescribeAlarms")] == [100, 50]
    assert [alarm.request and alarm.request["AlarmName"] for alarm in found] == [
        None if name == "alarm-7" else name for name in names
    ]
    assert (found[0].arn, found[0].tags, found[0].state) == (ARN, {"a": "1"}, "OK")
    assert "StateReason" not in (found[0].request or {})


def test_a_refusal_to_read_is_not_absence() -> None:
    aws = FakeAws(DescribeAlarms=client_error("AccessDenied", "no"))
    with pytest.raises(CallFailed, match="AccessDenied"):
        AlarmKind(OURS).read(aws.api(), [desired(), desired(alarm_name="other")], False)
