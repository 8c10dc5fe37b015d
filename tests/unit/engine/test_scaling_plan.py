# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import DEPLOYMENT, Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect, Plan, Refused, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling_state import (
    DesiredScaling,
    LiveScaling,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    ACCOUNT,
    LONG_AGO,
    FakeAws,
    Options,
    all_found,
    client_error,
)

OURS = Scope("prod")
ARN = f"arn:aws:application-autoscaling:us-east-1:{ACCOUNT}:scalable-target/0ec5abcd"
TAGS = {"managed-by": "Ansible", DEPLOYMENT: "prod"}
POLICY_NAME = "rt/demo/keep-near-1000"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"
KEY: Options = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/rt/variant/demo",
    "ScalableDimension": DIMENSION,
}
POLICY_OPTIONS: Options = {
    "policy_name": POLICY_NAME,
    "policy_type": "TargetTrackingScaling",
    "target_tracking_scaling_policy_configuration": {
        "target_value": 1000,
        "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
    },
}
OPTIONS: Options = {
    "endpoint_name": "rt",
    "variant_name": "demo",
    "min_capacity": 1,
    "max_capacity": 4,
    "policies": [POLICY_OPTIONS],
}
TARGET: Options = {**KEY, "MinCapacity": 1, "MaxCapacity": 4}
POLICY: Options = {
    **KEY,
    "PolicyName": POLICY_NAME,
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 1000,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    },
}
TARGET_AS_DESCRIBED: Options = {
    **TARGET,
    "RoleARN": "arn:aws:iam::1:role/aws-service-role/x",
    "SuspendedState": {
        "DynamicScalingInSuspended": False,
        "DynamicScalingOutSuspended": False,
        "ScheduledScalingSuspended": False,
    },
}
POLICY_AS_DESCRIBED: Options = {
    **POLICY,
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 1000.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleInCooldown": 300,
        "ScaleOutCooldown": 300,
        "DisableScaleIn": False,
    },
}
ABSENT = LiveScaling()
CUSTOMIZED: Options = {
    "metric_name": "CPUUtilization",
    "namespace": "/aws/sagemaker/Endpoints",
    "statistic": "Average",
    "dimensions": [{"name": "EndpointName", "value": "rt"}, {"name": "VariantName", "value": "demo"}],
}
OTHER_METRIC: Options = {
    **POLICY_OPTIONS,
    "policy_name": "rt/demo/other",
    "target_tracking_scaling_policy_configuration": {
        "target_value": 70,
        "customized_metric_specification": CUSTOMIZED,
    },
}
OTHER: Options = {
    **KEY,
    "PolicyName": "rt/demo/other",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 70,
        "CustomizedMetricSpecification": {
            "MetricName": "CPUUtilization",
            "Namespace": "/aws/sagemaker/Endpoints",
            "Statistic": "Average",
            "Dimensions": [{"Name": "EndpointName", "Value": "rt"}, {"Name": "VariantName", "Value": "demo"}],
        },
    },
}


def desired(scope: Scope = OURS, **options: t.Any) -> DesiredScaling:
    given = {name: value for name, value in {**OPTIONS, **options}.items() if value is not None}
    return ScalingKind(scope).desired(given, False)


def live(
    policies: dict[str, Options] | None = None, tags: dict[str, str] | None = None, **members: t.Any
) -> LiveScaling:
    found = {POLICY_NAME: POLICY_AS_DESCRIBED} if policies is None else policies
    target = LiveScaling.from_description({**TARGET_AS_DESCRIBED, "ScalableTargetARN": ARN, **members})
    described = [{"PolicyARN": f"arn:{each['PolicyName']}", **each} for each in found.values()]
    return target.with_details(described, (), TAGS if tags is None else tags)


def planned(wanted: DesiredScaling, found: LiveScaling, scope: Scope = OURS) -> Plan:
    return ScalingKind(scope).plan(wanted, found)


def calls(plan: Plan) -> list[tuple[str, t.Mapping[str, t.Any]]]:
    return [(step.operation, step.parameters) for step in plan.steps if isinstance(step, Step)]


def policy_with(**configuration: t.Any) -> Options:
    whole = {**POLICY_OPTIONS["target_tracking_scaling_policy_configuration"], **configuration}
    return {**POLICY_OPTIONS, "target_tracking_scaling_policy_configuration": whole}


def test_a_missing_target_is_registered_with_tags_and_then_its_policies_are_put() -> None:
    plan = planned(desired(), ABSENT)
    assert plan.effect is Effect.CREATE
    assert calls(plan) == [("RegisterScalableTarget", {**TARGET, "Tags": TAGS}), ("PutScalingPolicy", POLICY)]
    assert {item.where for item in plan.differences} >= {
        "min_capacity",
        "tags.managed-by",
        f"policies.{POLICY_NAME}.target_tracking_scaling_policy_configuration.target_value",
    }


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"suspended_state": {"dynamic_scaling_in_suspended": False}},
        {"policies": [policy_with(scale_in_cooldown=300, disable_scale_in=False)]},
        {"policies": None},
    ],
)
def test_equal_scaling_as_aws_describes_it_is_left_alone(options: Options) -> None:
    plan = planned(desired(**options), live())
    assert (plan.effect, plan.steps, plan.differences) == (Effect.NONE, (), ())


def test_the_order_of_a_metrics_dimensions_means_nothing() -> None:
    customized = policy_with(predefined_metric_specification=None, customized_metric_specification=CUSTOMIZED)
    scaling = desired(policies=[customized])
    turned = {**CUSTOMIZED, "dimensions": CUSTOMIZED["dimensions"][::-1]}
    other = policy_with(predefined_metric_specification=None, customized_metric_specification=turned)
    assert planned(scaling, live(policies=desired(policies=[other]).policies)).effect is Effect.NONE


def test_changed_bounds_are_registered_without_tags() -> None:
    plan = planned(desired(max_capacity=8), live())
    assert plan.effect is Effect.IN_PLACE
    assert calls(plan) == [("RegisterScalableTarget", {**TARGET, "MaxCapacity": 8})]
    assert [(item.where, item.before, item.after) for item in plan.differences] == [("max_capacity", 4, 8)]


def test_suspended_scaling_stays_suspended_unless_it_is_declared_otherwise() -> None:
    suspended = live(SuspendedState={"DynamicScalingInSuspended": True})
    assert planned(desired(), suspended).effect is Effect.NONE
    plan = planned(desired(suspended_state={"dynamic_scaling_in_suspended": False}), suspended)
    assert [item.where for item in plan.differences] == ["suspended_state.dynamic_scaling_in_suspended"]
    assert calls(plan) == [
        ("RegisterScalableTarget", {**TARGET, "SuspendedState": {"DynamicScalingInSuspended": False}})
    ]


def test_a_changed_policy_is_put_whole_and_alone() -> None:
    plan = planned(desired(policies=[policy_with(target_value=500, scale_in_cooldown=60)]), live())
    tracking = {**POLICY["TargetTrackingScalingPolicyConfiguration"], "TargetValue": 500, "ScaleInCooldown": 60}
    assert plan.effect is Effect.IN_PLACE
    assert calls(plan) == [("PutScalingPolicy", {**POLICY, "TargetTrackingScalingPolicyConfiguration": tracking})]
    prefix = f"policies.{POLICY_NAME}.target_tracking_scaling_policy_configuration"
    assert [item.where for item in plan.differences] == [f"{prefix}.target_value", f"{prefix}.scale_in_cooldown"]


def test_what_a_policy_leaves_out_is_reset() -> None:
    tracking = {**POLICY_AS_DESCRIBED["TargetTrackingScalingPolicyConfiguration"], "ScaleOutCooldown": 60}
    found = live(policies={POLICY_NAME: {**POLICY, "TargetTrackingScalingPolicyConfiguration": tracking}})
    assert calls(planned(desired(), found)) == [("PutScalingPolicy", POLICY)]


def test_a_new_policy_is_put_beside_the_old() -> None:
    plan = planned(desired(policies=[POLICY_OPTIONS, OTHER_METRIC]), live())
    assert calls(plan) == [("PutScalingPolicy", OTHER)]
    assert all(item.where.startswith("policies.rt/demo/other.") for item in plan.differences)


def test_a_renamed_policy_takes_the_place_of_the_old_one_which_comes_back_if_it_is_refused() -> None:
    renamed = {**POLICY_OPTIONS, "policy_name": "rt/demo/renamed"}
    plan = planned(desired(policies=[renamed]), live())
    put = {**POLICY, "PolicyName": "rt/demo/renamed"}
    old = {**KEY, "PolicyName": POLICY_NAME}
    assert calls(plan) == [("DeleteScalingPolicy", old), ("PutScalingPolicy", put)]
    deletion, creation = (step for step in plan.steps if isinstance(step, Step))
    assert deletion.recovery is None
    assert creation.recovery is not None
    assert creation.recovery.what == f"scaling policy {POLICY_NAME}"
    assert [(each.operation, each.parameters) for each in creation.recovery.steps] == [
        ("PutScalingPolicy", POLICY_AS_DESCRIBED)
    ]


def test_a_policy_of_somebody_else_with_the_same_metric_is_named_before_anything_is_written() -> None:
    policies = {"by-hand": {**POLICY_AS_DESCRIBED, "PolicyName": "by-hand"}}
    with pytest.raises(Refused) as refused:
        planned(desired(max_capacity=8), live(policies=policies))
    assert str(refused.value) == (
        'policy "by-hand", which is not declared here, tracks SageMakerVariantInvocationsPerInstance already, and AWS '
        'accepts only one policy for a metric: delete it, or leave out "rt/demo/keep-near-1000"'
    )
    assert planned(desired(policies=[OTHER_METRIC]), live(policies=policies)).effect is Effect.IN_PLACE
    assert planned(desired(policies=None), live(policies=policies)).effect is Effect.NONE


def test_an_undeclared_policy_goes_and_those_of_others_stay() -> None:
    others = ["rt/demo/old", "by-hand", "rt/demo2/other-variant", "rt2/demo/other-endpoint"]
    policies = {name: {**POLICY_AS_DESCRIBED, "PolicyName": name} for name in [POLICY_NAME, *others]}
    plan = planned(desired(), live(policies=policies))
    assert plan.effect is Effect.IN_PLACE
    assert calls(plan) == [("DeleteScalingPolicy", {**KEY, "PolicyName": "rt/demo/old"})]
    assert plan.differences == ()
    assert [(str(part.resource), part.effect) for part in plan.parts] == [("scaling policy rt/demo/old", Effect.DELETE)]
    assert plan.shown_with(None) == [*plan.parts]


def test_declaring_no_policies_takes_them_away_and_not_declaring_any_leaves_them() -> None:
    operations = [operation for operation, _parameters in calls(planned(desired(policies=[]), live()))]
    assert operations == ["DeleteScalingPolicy"]
    assert planned(desired(policies=None), live()).steps == ()


def test_only_tags_changed() -> None:
    plan = planned(desired(tags={"team": "ml"}), live(tags={**TAGS, "gone": "1"}))
    assert plan.effect is Effect.TAGS
    assert calls(plan) == [
        ("TagResource", {"ResourceARN": ARN, "Tags": {"team": "ml"}}),
        ("UntagResource", {"ResourceARN": ARN, "TagKeys": ["gone"]}),
    ]


def test_a_target_without_our_tags_is_adopted() -> None:
    plan = planned(desired(), live(tags={}))
    assert (plan.effect, calls(plan)) == (Effect.TAGS, [("TagResource", {"ResourceARN": ARN, "Tags": TAGS})])


def test_a_target_of_another_deployment_is_refused() -> None:
    with pytest.raises(Refused, match='scaling endpoint/rt/variant/demo belongs to the deployment "test"'):
        planned(desired(), live(tags={**TAGS, DEPLOYMENT: "test"}))


GONE: list[tuple[str, Scope, LiveScaling, bool]] = [
    ("ours", OURS, live(), True),
    ("already gone", OURS, ABSENT, False),
    ("made by hand", OURS, live(tags={}), False),
    ("of another deployment", OURS, live(tags={**TAGS, DEPLOYMENT: "test"}), False),
    ("named by the task itself", Scope(), live(tags={}), True),
]


@pytest.mark.parametrize(("scope", "found", "is_deleted"), [row[1:] for row in GONE], ids=[row[0] for row in GONE])
def test_deletion(scope: Scope, found: LiveScaling, is_deleted: bool) -> None:
    kind = ScalingKind(scope)
    names_only = kind.desired({"endpoint_name": "rt", "variant_name": "demo"}, True)
    plan = kind.plan_absent(names_only, found)
    assert plan == kind.plan_absent(kind.desired(OPTIONS, True), found)
    assert calls(plan) == ([("DeregisterScalableTarget", KEY)] if is_deleted else [])
    assert plan.effect is (Effect.DELETE if is_deleted else Effect.NONE)
    paths = {item.where for item in plan.differences}
    assert paths >= ({"max_capacity", f"policies.{POLICY_NAME}"} if is_deleted else set())


def test_all_problems_of_target_and_policies_are_reported_at_once() -> None:
    policies = [
        {"policy_name": "a", "target_tracking_scaling_policy_configuration": {}},
        {"policy_name": "b", "step_scaling_policy_configuration": {"cooldown": "60"}},
        {"policy_name": "c", "policy_typ": "StepScaling"},
        {"policy_name": "d"},
        {"policy_name": "d"},
        {**POLICY_OPTIONS, "policy_name": "e"},
        {**OTHER_METRIC, "policy_name": "f"},
        {**POLICY_OPTIONS, "policy_name": "g"},
    ]
    with pytest.raises(InvalidInput) as caught:
        desired(min_capacity="1", policies=policies)
    assert [(problem.path, problem.message.split(";")[0]) for problem in caught.value.problems] == [
        ("min_capacity", "'1' is not of type integer"),
        ("policies[0].target_tracking_scaling_policy_configuration.target_value", "required"),
        ("policies[1].step_scaling_policy_configuration.cooldown", "'60' is not of type integer"),
        ("policies[2].policy_typ", "unknown option"),
        ("policies[4]", '"d" is given twice'),
        ("policies[7]", 'tracks SageMakerVariantInvocationsPerInstance, as "e" does'),
    ]


def test_the_result_is_what_is_live_or_else_what_is_planned() -> None:
    kind = ScalingKind(OURS)
    seen = (desired(), ABSENT, planned(desired(), ABSENT))
    options = kind.options(*seen)
    assert kind.facts(*seen) == {"scalable_target_arn": None}
    assert options["max_capacity"] == 4
    assert [policy["policy_name"] for policy in options["policies"]] == [POLICY_NAME]
    both = live(policies={POLICY_NAME: POLICY_AS_DESCRIBED, "by-hand": {**POLICY, "PolicyName": "by-hand"}})
    seen = (desired(max_capacity=8), both, planned(desired(), both))
    options = kind.options(*seen)
    assert kind.facts(*seen) == {"scalable_target_arn": ARN}
    assert (options["max_capacity"], options["tags"]) == (4, TAGS)
    assert [policy["policy_name"] for policy in options["policies"]] == [POLICY_NAME, "by-hand"]


def test_targets_are_read_50_a_call_with_all_pages_of_policies() -> None:
    variants = [f"v{number}" for number in range(60)]
    policy = {**POLICY, "ResourceId": "endpoint/rt/variant/v0"}

    def describe_targets(**parameters: t.Any) -> Options:
        found = [each for each in parameters["ResourceIds"] if not each.endswith("/v7")]
        described = {**TARGET_AS_DESCRIBED, "ScalableTargetARN": ARN, "CreationTime": LONG_AGO}
        return {"ScalableTargets": [{**described, "ResourceId": each} for each in found]}

    def describe_policies(**parameters: t.Any) -> Options:
        if "NextToken" in parameters:
            return {"ScalingPolicies": [{**policy, "PolicyName": "second", "PolicyARN": "y", "Alarms": []}]}
        return {"ScalingPolicies": [{**policy, "PolicyName": "first", "PolicyARN": "x"}], "NextToken": "more"}

    aws = FakeAws(
        DescribeScalableTargets=describe_targets,
        DescribeScalingPolicies=describe_policies,
        ListTagsForResource={"Tags": TAGS},
    )
    found = all_found(ScalingKind(OURS).read(aws.api(), [desired(variant_name=name) for name in variants], False))
    assert [call.get("NextToken") for call in aws.named("DescribeScalingPolicies")] == [None, "more"]
    assert [len(call["ResourceIds"]) for call in aws.named("DescribeScalableTargets")] == [50, 10]
    assert [number for number, scaling in enumerate(found) if not scaling.exists] == [7]
    assert list(found[0].policies) == ["first", "second"]
    assert found[0].policies["first"] == {**policy, "PolicyName": "first"}
    kept = {member: value for member, value in TARGET_AS_DESCRIBED.items() if member != "RoleARN"}
    assert found[0].target == kept | {"ResourceId": "endpoint/rt/variant/v0"}
    assert found[0].tags == TAGS


def test_a_refusal_to_read_is_not_absence() -> None:
    aws = FakeAws(DescribeScalableTargets=client_error("AccessDeniedException", "no"))
    with pytest.raises(CallFailed, match="AccessDenied"):
        ScalingKind(OURS).read(aws.api(), [desired()], False)
