# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a resource is, whatever it is tagged with besides: nothing of others is written to or deleted."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import (
    ALARM,
    ENDPOINT,
    MODEL,
    TARGET,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.resource_spec import ResourceSpec
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.kind import Kind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import (
    DEPLOYMENT,
    GENERATION_OF,
    Scope,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind

from .harness import Options, World
from .inventories import ERRORS, REQUESTS, Inventory, inventory, model, provisioned, scaled, serverless
from .terraform import terraform_apply
from .test_prune import names
from .test_scenarios import NEW_IMAGE, endpoint

NEWEST_IMAGE = inventory(models={"m": model(3)})
METRIC = "SageMakerVariantInvocationsPerInstance"
THRESHOLD: dict[str, t.Any] = {
    "namespace": "AWS/SageMaker",
    "metric_name": "Invocation5XXErrors",
    "dimensions": [{"name": "EndpointName", "value": "e"}, {"name": "VariantName", "value": "m"}],
    "statistic": "Sum",
    "comparison_operator": "GreaterThanOrEqualToThreshold",
    "period": 60,
    "evaluation_periods": 1,
}
NOTHING: dict[str, t.Any] = {"models": {}, "endpoints": {}}
POLICIES_OF_COMPANIES = [
    {"managed-by": "ansible"},
    {"managed-by": ""},
    {"managed-by": "platform-team", "cost center": "4711"},
]


def tags_of(world: World, kind: str, name: str) -> dict[str, str]:
    """The tags of a SageMaker resource, such as an ``endpoint-config``."""
    arn = f"arn:aws:sagemaker:eu-west-1:{world.account}:{kind}/{name.lower()}"
    found = world.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
    return {each["Key"]: each["Value"] for each in found}


@pytest.mark.parametrize("tags", POLICIES_OF_COMPANIES, ids=lambda tags: tags["managed-by"] or "blank")
def test_old_generations_and_what_is_declared_no_more_go_whatever_managed_by_says(
    world: World, tags: dict[str, str]
) -> None:
    for wanted in (inventory(), NEW_IMAGE, NEWEST_IMAGE):
        assert not world.apply(wanted | {"additional_tags_all": tags}).error
    assert {len(names(world)[kind]) for kind in ("models", "configs")} == {2}
    assert tags_of(world, "endpoint", "e")["managed-by"] == tags["managed-by"]
    assert not world.prune(NOTHING | {"additional_tags_all": tags}).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_destroying_goes_by_the_deployment_too(world: World) -> None:
    assert not world.apply(inventory(additional_tags_all={"managed-by": "ansible"})).error
    assert not world.destroy(inventory()).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_a_change_of_managed_by_is_a_change_of_tags_and_gives_nothing_away(world: World) -> None:
    assert not world.apply(inventory()).error
    tagged = world.apply(inventory(additional_tags_all={"managed-by": "ansible"}))
    assert tagged.effects == {"tags only"}
    assert not world.apply(inventory()).error
    assert tags_of(world, "endpoint", "e")["managed-by"] == "Ansible"


def serve_also(world: World, name: str) -> str:
    """Makes another endpoint on the configuration of endpoint ``e``, and tells which one that is."""
    config = str(endpoint(world)["EndpointConfigName"])
    world.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=config)
    world.simulator.advance(100)
    return config


def test_two_endpoints_on_one_configuration_settle(world: World) -> None:
    """It is marked as a generation of the first and stays so; each run moved it to the other before."""
    assert not world.apply(inventory()).error
    config = serve_also(world, "f")
    one = inventory()["endpoints"]["e"]
    wanted = inventory(additional_tags_all={"stage": "test"}) | {"endpoints": {"e": one, "f": one}}
    assert world.apply(wanted).effects == {"tags only"}
    assert not world.apply(wanted).changed
    assert tags_of(world, "endpoint-config", config)[GENERATION_OF] == "e"


def test_a_configuration_of_another_deployment_keeps_its_tags(world: World) -> None:
    assert not world.apply(inventory(), deployment="other").error
    world.declare({}, {"f": {}})
    config = serve_also(world, "f")
    before = tags_of(world, "endpoint-config", config)
    one = {"variant_name": "v", "model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}
    options = {"endpoint_name": "f", "production_variants": [one], "tags": {"stage": "test"}}
    grown = options | {"production_variants": [one | {"initial_instance_count": 3}]}
    for wanted, is_changed in ((options, True), (options, False), (grown, True), (grown, False)):
        result = world.run(ENDPOINT, EndpointKind(Scope("default"), {}), [wanted])
        assert not result.get("failed")
        assert result["changed"] == is_changed
    assert tags_of(world, "endpoint", "f")[DEPLOYMENT] == "default"
    assert tags_of(world, "endpoint-config", config) == before
    assert before[DEPLOYMENT] == "other"


THEIRS = {"team": "search", "cost center": "4711", "managed-by": "Terraform"}
ENDPOINT_OF_OTHERS = inventory(
    provisioned(m=scaled(cloudwatch_alarms=ERRORS)), additional_tags_all={key: THEIRS[key] for key in list(THEIRS)[:2]}
)


def made_by_others(world: World) -> None:
    terraform_apply(world, ENDPOINT_OF_OTHERS)
    tag_scaling_and_alarm(world, THEIRS)
    world.simulator.advance(100)
    world.simulator.clear_journal()


def tag_scaling_and_alarm(world: World, tags: dict[str, str]) -> None:
    autoscaling, cloudwatch = world.client("application-autoscaling"), world.client("cloudwatch")
    (target,) = autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    autoscaling.tag_resource(ResourceARN=target["ScalableTargetARN"], Tags=tags)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["e/m/errors"])["MetricAlarms"]
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    cloudwatch.tag_resource(ResourceARN=alarm["AlarmArn"], Tags=listed)


def all_tags(world: World) -> list[dict[str, str]]:
    """Those of the model, the configuration, the endpoint, the alarm and the target, as they were made by others."""
    autoscaling, cloudwatch = world.client("application-autoscaling"), world.client("cloudwatch")
    (target,) = autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["e/m/errors"])["MetricAlarms"]
    return [
        *(tags_of(world, kind, name) for kind, name in (("model", "m"), ("endpoint-config", "e"), ("endpoint", "e"))),
        {
            each["Key"]: each["Value"]
            for each in cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        },
        autoscaling.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"],
    ]


def with_(**changes: t.Any) -> Inventory:
    """What others have made, without their tags, changed in a variant, as *changes* to it."""
    return inventory(provisioned(m=scaled(cloudwatch_alarms=ERRORS) | changes))


SCALING_1_TO_9 = {"minimum_capacity": 1, "maximum_capacity": 9, "policies": REQUESTS}
DIFFERENT: dict[str, tuple[Inventory, str, list[str]]] = {
    # What is declared, what is refused, and what is written all the same.
    "an endpoint": (with_(instance_type="ml.m5.xlarge"), "endpoint e exists", ["CreateEndpointConfig"]),
    "a weight": (with_(initial_weight=2), "endpoint e exists", ["UpdateEndpointWeightsAndCapacities"]),
    "a model": (with_() | {"models": {"m": model(2)}}, "endpoint e exists", ["UpdateEndpoint"]),
    "an alarm": (
        with_(cloudwatch_alarms={"errors": {"expression": "Invocation5XXErrors sum >= 99"}}),
        "alarm e/m/errors exists",
        ["PutMetricAlarm"],
    ),
    "a scalable target": (
        with_(auto_scaling=SCALING_1_TO_9),
        "scaling endpoint/e/variant/m exists",
        ["RegisterScalableTarget"],
    ),
    "a scaling policy": (
        with_(auto_scaling={"maximum_capacity": 4, "policies": {"requests": {"expression": f"{METRIC} = 99"}}}),
        "scaling endpoint/e/variant/m exists",
        ["PutScalingPolicy"],
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_nobody_owns_and_differs_is_changed_only_with_adopt(world: World, name: str) -> None:
    wanted, refusal, changes = DIFFERENT[name]
    made_by_others(world)
    planned = world.apply(wanted, check=True)
    assert world.simulator.writes() == []
    refused = world.apply(wanted)
    assert refused.error == planned.error
    assert f"{refusal}, belongs to no deployment and differs from the declaration in" in refused.error
    assert not {entry["operation"] for entry in world.simulator.writes()} & set(changes)
    world.simulator.clear_journal()
    planned, adopted = world.apply(wanted, check=True, adopt=True), world.apply(wanted, adopt=True)
    assert not adopted.error
    writes = [entry["operation"] for entry in world.simulator.writes()]
    assert set(changes) <= set(writes)
    assert [step.operation for step in planned.steps] == writes
    assert not world.apply(wanted).changed, "what is ours is ours without adopt"


def test_equal_ones_are_adopted_and_the_tags_of_their_owner_stay_for_good(world: World) -> None:
    made_by_others(world)
    wanted = with_()
    adopted = world.apply(wanted)
    assert not adopted.error
    assert adopted.effects == {"tags only"}
    theirs = {key: value for key, value in THEIRS.items() if key != "managed-by"}
    for tags in all_tags(world):
        assert tags | theirs == tags
        assert (tags["managed-by"], tags[DEPLOYMENT]) == ("Ansible", "default")
    for extra in ({"stage": "test"}, {"stage": "prod", "team": "ml"}, {}):
        done = world.apply(wanted | {"additional_tags_all": extra})
        assert not done.error
        assert not world.apply(wanted | {"additional_tags_all": extra}).changed
        for tags in all_tags(world):
            assert {**theirs, **extra}.items() <= tags.items() or not extra
            assert theirs.keys() <= tags.keys()
            assert tags.get("stage") == extra.get("stage"), "what we have set is removed when it is no longer declared"


def test_their_tags_go_when_purge_tags_is_asked_for(world: World) -> None:
    made_by_others(world)
    assert not world.apply(with_()).error
    assert not world.apply(with_(), purge_tags=True).error
    assert not any(tags.keys() & {"team", "cost center"} for tags in all_tags(world))
    assert not world.apply(with_(), purge_tags=True).changed
    assert not world.apply(with_()).changed


def test_an_adopted_endpoint_that_is_replaced_keeps_the_tags_of_its_owner(world: World) -> None:
    made_by_others(world)
    assert not world.apply(with_()).error
    on_demand = inventory(serverless())
    assert not world.apply(on_demand, allow_replace=True).error
    tags = tags_of(world, "endpoint", "e")
    assert {"team": "search", "cost center": "4711"}.items() <= tags.items()
    assert not world.apply(on_demand).changed


def test_an_endpoint_without_tags_is_not_replaced_because_it_has_the_same_name(world: World) -> None:
    """Not even one that has failed, nor with the permission to replace."""
    made_by_others(world)
    refused = world.apply(inventory(serverless()), allow_replace=True)
    assert "endpoint e exists, belongs to no deployment" in refused.error
    assert endpoint(world)["EndpointStatus"] == "InService"


def test_adoption_takes_nothing_of_another_deployment(world: World) -> None:
    assert not world.apply(inventory()).error
    refused = world.apply(NEW_IMAGE, deployment="other", adopt=True)
    assert 'belongs to the deployment "default", not to "other"' in refused.error


def test_a_task_without_a_deployment_changes_what_it_names(world: World) -> None:
    made_by_others(world)
    world.declare({}, {"e": {}})
    options = {"alarm_name": "e/m/errors", "threshold": 99, "tags": {"stage": "test"}} | THRESHOLD
    result = world.run(ALARM, AlarmKind(Scope()), [options])
    assert not result.get("failed")
    assert result["changed"]


def test_a_task_without_a_deployment_leaves_alone_what_one_owns(world: World) -> None:
    assert not world.apply(with_()).error
    world.simulator.clear_journal()
    before = names(world)
    result = world.run(ALARM, AlarmKind(Scope()), [{"alarm_name": "e/m/errors", "threshold": 99} | THRESHOLD])
    assert 'e/m/errors belongs to the deployment "default", and this task has no deployment name' in result["msg"]
    tasks: list[tuple[ResourceSpec, Kind[t.Any, t.Any], Options]] = [
        (ALARM, AlarmKind(Scope()), {"alarm_name": "e/m/errors"}),
        (TARGET, ScalingKind(Scope()), {"endpoint_name": "e", "variant_name": "m"}),
        (ENDPOINT, EndpointKind(Scope(), {}), {"endpoint_name": "e"}),
        (MODEL, ModelKind(Scope()), {"model_name": "m"}),
    ]
    for spelling, kind, options in tasks:
        result = world.run(spelling, kind, [options], state="absent")
        assert not result["changed"]
        assert "skipped: not owned by this deployment" in "".join(result["warnings"])
    assert world.simulator.writes() == []
    assert names(world) == before


def test_what_others_have_made_under_the_name_of_our_next_generation_is_named_and_left(world: World) -> None:
    assert not world.apply(inventory()).error
    planned = world.apply(NEW_IMAGE, check=True)
    (made,) = (step.parameters for step in planned.steps if step.operation == "CreateModel")
    name = made["ModelName"]
    theirs = {"ModelName": name, "ExecutionRoleArn": made["ExecutionRoleArn"]}
    world.client("sagemaker").create_model(**theirs, PrimaryContainer={"Image": "theirs"})
    world.simulator.clear_journal()
    done = world.apply(NEW_IMAGE)
    assert f"{name} exists with different content; delete it" in done.error
    assert world.simulator.writes() == []
    model = {**NEW_IMAGE["models"]["m"], "redeploy": "again"}
    assert not world.apply({**NEW_IMAGE, "models": {"m": model}}).error


def test_a_configuration_that_somebody_made_again_is_left_and_redeploy_leads_past_it(world: World) -> None:
    """The endpoint serves it, so that to delete it would leave AWS unable to update the endpoint."""
    assert not world.apply(inventory()).error
    sagemaker = world.client("sagemaker")
    name = sagemaker.describe_endpoint(EndpointName="e")["EndpointConfigName"]
    sagemaker.delete_endpoint_config(EndpointConfigName=name)
    other = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.c5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[other])
    world.simulator.clear_journal()
    done = world.apply(inventory(), verify="full")
    assert (
        f"{name} exists with different content; delete it if nothing uses it, or set redeploy to any new text"
        in done.error
    )
    assert world.simulator.writes() == []
    again = world.apply(inventory(provisioned() | {"redeploy": "again"}))
    assert not again.error
    assert again.effect("e") == "redeploy"
    assert not world.apply(inventory(provisioned() | {"redeploy": "again"})).changed


def test_an_endpoint_in_other_capitals_is_not_deleted(world: World) -> None:
    """AWS would delete it: the name of an endpoint is not case-sensitive."""
    assert not world.apply(inventory(provisioned())).error
    world.simulator.clear_journal()
    result = world.destroy({"models": {"m": model()}, "endpoints": {"E": provisioned()}})
    assert "E: it exists as e, and AWS allows no other endpoint whose name differs only in case" in result.error
    assert world.simulator.writes() == []


def test_a_name_in_other_capitals_is_refused_with_the_reason(world: World) -> None:
    """Callers have to spell the endpoint as it was created; and what is scaled is named after it."""
    assert not world.apply(inventory(provisioned(v=scaled()))).error
    world.simulator.clear_journal()
    result = world.apply({"models": {"m": model()}, "endpoints": {"E": provisioned(v=scaled())}})
    assert "E: it exists as e, and AWS allows no other endpoint whose name differs only in case" in result.error
    assert world.simulator.writes() == []
    other = world.apply({"models": {"M": model()}, "endpoints": {}})
    assert (
        "still changing in AWS after 5 attempts: CreateModel: ValidationException: Cannot create already existing model"
        in other.error
    )
