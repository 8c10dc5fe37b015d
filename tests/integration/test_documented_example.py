# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

from simulator.journal import key_hash
from simulator.testing import Aws, refusal

from .conftest import ACCESS_KEY, REGION, Workplace

ALARMS = {
    "realtime-endpoint/demo-model/invocations-greater-than-1000",
    "realtime-endpoint/demo-model/invocation-5xx-errors-greater-than-10",
}
POLICIES = {
    "realtime-endpoint/demo-model/builtin-policy",
    "realtime-endpoint/demo-model/keep-invocations-near-100",
}


def test_the_documented_example_deploys_and_a_second_run_writes_nothing(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**documented_example)
    assert workplace.run("apply").changed == 1
    assert_deployed(workplace)
    workplace.simulator.clear_journal()
    assert workplace.run("apply").changed == 0
    assert workplace.simulator.writes() == []
    assert {entry["access_key"] for entry in workplace.simulator.journal()} == {key_hash(ACCESS_KEY)}


def test_the_key_of_the_runs_is_held_to_the_policies_of_the_page(workplace: Workplace) -> None:
    runs = Aws(workplace.simulator, REGION, ACCESS_KEY)
    assert refusal(runs.cloudwatch.disable_alarm_actions, AlarmNames=["e/v/errors"])[0] == "AccessDenied"
    assert refusal(runs.sagemaker.delete_model, ModelName="m")[0] == "ValidationException"
    workplace.bind(check_mode=True)
    assert refusal(runs.sagemaker.delete_model, ModelName="m")[0] == "AccessDeniedException"


def assert_deployed(workplace: Workplace) -> None:
    sagemaker, scaling = workplace.client("sagemaker"), workplace.client("application-autoscaling")
    model = sagemaker.describe_model(ModelName="demo-model")
    assert [container["ContainerHostname"] for container in model["Containers"]] == ["container1"]
    endpoint = sagemaker.describe_endpoint(EndpointName="realtime-endpoint")
    assert endpoint["EndpointStatus"] == "InService"
    assert [variant["VariantName"] for variant in endpoint["ProductionVariants"]] == ["demo-model"]
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert target["ResourceId"] == "endpoint/realtime-endpoint/variant/demo-model"
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 1)
    policies = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert {policy["PolicyName"] for policy in policies} == POLICIES
    alarms = workplace.client("cloudwatch").describe_alarms(AlarmNamePrefix="realtime-endpoint/")["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == ALARMS
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    ours = [model["ModelArn"], endpoint["EndpointArn"], config["EndpointConfigArn"], target["ScalableTargetARN"]]
    assert_tagged(workplace, [*ours, *(alarm["AlarmArn"] for alarm in alarms)])


def assert_tagged(workplace: Workplace, arns: list[str]) -> None:
    pages = workplace.client("resourcegroupstaggingapi").get_resources(ResourceARNList=arns)
    tags = {
        found["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in found["Tags"]}
        for found in pages["ResourceTagMappingList"]
    }
    assert set(tags) == set(arns)
    for found in tags.values():
        assert found["managed-by"] == "Ansible"
        assert found["friendsofansible.sagemaker/deployment"] == "default"


def test_check_mode_writes_nothing_and_shows_the_run(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**documented_example)
    planned = workplace.run("apply", "--check", "--diff")
    assert planned.changed == 1
    assert workplace.simulator.writes() == []
    done = workplace.run("apply", "--diff")
    assert diff_of(done) == diff_of(planned)
    workplace.simulator.clear_journal()
    assert workplace.run("apply", "--check").changed == 0
    assert workplace.simulator.writes() == []


def diff_of(outcome: t.Any) -> list[str]:
    lines = [line for line in outcome.output.splitlines() if line[:1] in ("+", "-")]
    assert lines
    return lines


def test_destroy_is_planned_leaves_nothing_and_is_content_with_nothing(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**documented_example)
    workplace.arrange(**documented_example)
    workplace.simulator.clear_journal()
    planned = workplace.run("destroy", "--check", "--diff")
    assert planned.changed == 1
    assert workplace.simulator.writes() == []
    assert diff_of(workplace.run("destroy", "--diff")) == diff_of(planned)
    assert workplace.left_over() == []
    workplace.simulator.clear_journal()
    assert workplace.run("destroy").changed == 0
    assert workplace.simulator.writes() == []


def test_destroy_touches_only_what_the_deployment_owns(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example, sagemaker_inference_deployment="blue")
    workplace.simulator.clear_journal()
    workplace.declare(**documented_example, sagemaker_inference_deployment="green")
    assert workplace.run("destroy").changed == 0
    assert workplace.simulator.writes() == []
    refused = workplace.run("apply")
    assert refused.returncode != 0
    assert 'belongs to the deployment "blue"' in refused.output
    assert workplace.simulator.writes() == []


def test_prefixed_names_win_and_hide_the_bare_ones(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    mine = {"mine": documented_example["models"]["demo-model"]}
    workplace.declare(**documented_example, sagemaker_inference_models=mine)
    assert workplace.run("apply").changed == 1
    assert workplace.left_over() == ["mine"]


def test_tags_of_the_inventory_reach_everything(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**documented_example, additional_tags_all={"team": "search"})
    workplace.declare(**documented_example, additional_tags_all={"squad": "find"})
    assert workplace.run("apply").changed == 1
    written = {entry["operation"] for entry in workplace.simulator.writes()[-20:]}
    assert written >= {"AddTags", "DeleteTags", "TagResource", "UntagResource"}
    found = workplace.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "squad"}])
    assert len(found["ResourceTagMappingList"]) == 6
    assert (
        workplace.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "team"}])[
            "ResourceTagMappingList"
        ]
        == []
    )
