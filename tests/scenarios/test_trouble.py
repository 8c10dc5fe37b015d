# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import Api
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect, Plan, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import (
    old_generations as pruning,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import resource_of

from .harness import World
from .inventories import ERRORS, inventory, model, provisioned, scaled, serverless, variant
from .observed import has_saved_scaling
from .scenario import CREATE, IN_PLACE, MAKE_AGAIN, MARK, RECORD, UPDATE, Scenario, play
from .test_scenarios import (
    BASE,
    BIG,
    NEW_IMAGE,
    PRUNED,
    SCALED,
    SCALING_BACK,
    endpoint,
    has_count,
    live,
    policies_of_others_are_back,
    scaling_of_others,
    scaling_of_others_is_back,
    serves_image,
)

TWO = inventory(provisioned(v=variant(), w=variant()))


def put(status: str, seconds: float | None = None) -> t.Callable[[World], None]:
    return lambda world: world.simulator.put_endpoint("e", status, seconds, "a test says so")


def fault(kind: str, **details: t.Any) -> t.Callable[[World], None]:
    return lambda world: world.simulator.fault(kind, **details)


def started(wanted: dict[str, t.Any]) -> t.Callable[[World], None]:
    """Another run of ours began this and did not wait for it."""

    def start(world: World) -> None:
        assert not world.apply(wanted, wait=False).error

    return start


def began_to_delete(world: World) -> None:
    world.client("sagemaker").delete_endpoint(EndpointName="e")


def lost_config(world: World) -> None:
    world.client("sagemaker").delete_endpoint_config(EndpointConfigName=endpoint(world)["EndpointConfigName"])


def is_in_service(world: World) -> None:
    assert endpoint(world)["EndpointStatus"] == "InService"


def next_run_repairs(wanted: dict[str, t.Any]) -> t.Callable[[World], None]:
    def check(world: World) -> None:
        world.simulator.clear_faults()
        assert not world.apply(wanted).error
        is_in_service(world)
        world.simulator.clear_journal()
        assert not world.apply(wanted).changed

    return check


def scaling_of_others_and_no_capacity(world: World) -> None:
    scaling_of_others(world)
    world.simulator.fault("rollout_fails", reason="no capacity")


SCENARIOS = [
    # Busy
    Scenario("it is being created as wanted", BASE, "no change", [], happened=started(BASE), ends=is_in_service),
    Scenario(
        "it is being updated as wanted",
        NEW_IMAGE,
        "no change",
        [],
        given=(BASE,),
        happened=started(NEW_IMAGE),
        shows="",
        ends=serves_image(2),
    ),
    Scenario(
        "it is being updated to something else",
        BASE,
        "redeploy",
        [MARK, "UpdateEndpoint"],
        given=(BASE,),
        happened=started(BIG),
        check_mode=False,
    ),
    Scenario(
        "it is being created as something else",
        BIG,
        "redeploy",
        UPDATE,
        happened=started(BASE),
        check_mode=False,
    ),
    Scenario(
        "maintenance is under way, and something changed",
        BIG,
        "redeploy",
        UPDATE,
        given=(BASE,),
        happened=put("SystemUpdating", 3),
        check_mode=False,
    ),
    Scenario(
        "maintenance is under way, and nothing changed",
        BASE,
        "no change",
        [],
        given=(BASE,),
        happened=put("SystemUpdating", 3),
    ),
    Scenario(
        "a change in place is being rolled back",
        BIG,
        "redeploy",
        UPDATE,
        given=(BASE,),
        happened=put("RollingBack", 3),
        check_mode=False,
    ),
    Scenario(
        "it is being deleted",
        BASE,
        "create",
        ["CreateEndpoint"],
        given=(BASE,),
        happened=began_to_delete,
        shows="waits until the old endpoint is deleted",
        ends=is_in_service,
    ),
    # Failed
    Scenario(
        "it is Failed",
        BASE,
        "replace with outage",
        ["DeleteEndpoint", "CreateEndpoint"],
        given=(BASE,),
        happened=put("Failed"),
        shows="replaced because it is Failed: a test says so",
        ends=is_in_service,
    ),
    Scenario(
        "it is Failed, and something changed",
        BIG,
        "replace with outage",
        MAKE_AGAIN,
        given=(BASE,),
        happened=put("Failed"),
    ),
    Scenario(
        "its creation fails",
        BASE,
        "create",
        ["CreateModel", *CREATE],
        happened=fault("rollout_fails", reason="the container did not pass the health check"),
        error="Failed: the container did not pass the health check; the next run deletes it and creates it again",
        ends=next_run_repairs(BASE),
    ),
    Scenario(
        "its update fails",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        happened=fault("rollout_fails", reason="no capacity"),
        error=": no capacity; run again to retry",
        ends=serves_image(1),
    ),
    Scenario(
        "its update fails, and the next run tries again",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        happened=fault("rollout_fails", reason="no capacity"),
        error="run again to retry",
        ends=next_run_repairs(NEW_IMAGE),
    ),
    Scenario(
        "its update fails without a reason",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        happened=fault("rollout_fails", reason=""),
        error=": AWS gives no reason; run again to retry",
        ends=serves_image(1),
    ),
    Scenario(
        "a failed update says where to look",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        happened=fault("rollout_fails", reason="x"),
        error="log group /aws/sagemaker/Endpoints/e; https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpoints/e",
    ),
    Scenario(
        "the update of a scaled variant fails: its scaling comes back at once, the next run tries again",
        inventory(provisioned(v=scaled(instance_type="ml.c5.large"))),
        "redeploy with scaling",
        ["CreateEndpointConfig", MARK, "DeregisterScalableTarget", "UpdateEndpoint", *SCALING_BACK],
        given=(SCALED,),
        happened=fault("rollout_fails", reason="no capacity"),
        error="no capacity",
        ends=next_run_repairs(inventory(provisioned(v=scaled(instance_type="ml.c5.large")))),
    ),
    Scenario(
        "the update of a scaled variant fails, and what others hung on its scaling is back",
        inventory(provisioned(v=scaled(instance_type="ml.c5.large"))),
        "redeploy with scaling",
        [
            "CreateEndpointConfig",
            MARK,
            "DeregisterScalableTarget",
            "UpdateEndpoint",
            "RegisterScalableTarget",
            "PutScalingPolicy",
            "PutScalingPolicy",
            "PutScheduledAction",
            "DeleteTags",
        ],
        given=(SCALED,),
        happened=scaling_of_others_and_no_capacity,
        error="no capacity",
        ends=scaling_of_others_is_back,
    ),
    Scenario(
        "a scaled variant was to go, and the update fails",
        SCALED,
        "redeploy with scaling",
        ["CreateEndpointConfig", MARK, "DeregisterScalableTarget", "UpdateEndpoint", *SCALING_BACK],
        given=(inventory(provisioned(v=scaled(), w=scaled())),),
        happened=fault("rollout_fails", reason="no capacity"),
        error="no capacity",
        check_mode=False,
        ends=next_run_repairs(SCALED),
    ),
    Scenario(
        "update and rollback fail",
        NEW_IMAGE,
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        happened=fault("rollback_fails", reason="both broken"),
        error="the endpoint is UpdateRollbackFailed: both broken; AWS cannot update it any more: set allow_replace: "
        "true to let the next run replace it (outage)",
    ),
    Scenario(
        "a change in place fails",
        inventory(provisioned(v=variant(initial_instance_count=3))),
        "in place",
        [RECORD, IN_PLACE],
        given=(BASE,),
        happened=fault("rollout_fails", reason="no capacity"),
        error="the change of variant v failed and was rolled back: no capacity",
        ends=has_count(1),
    ),
    # Cannot be updated any more
    Scenario(
        "its rollback has failed",
        BASE,
        "no change",
        [],
        given=(BASE,),
        happened=put("UpdateRollbackFailed"),
        error="the endpoint is UpdateRollbackFailed: a test says so; set allow_replace: true to delete",
    ),
    Scenario(
        "its rollback has failed, and it may be replaced",
        BASE,
        "replace with outage",
        ["DeleteEndpoint", "CreateEndpoint"],
        given=(BASE,),
        happened=put("UpdateRollbackFailed"),
        options={"allow_replace": True},
        ends=is_in_service,
    ),
    Scenario("it is out of service", BASE, "no change", [], (BASE,), put("OutOfService"), error="OutOfService"),
    Scenario(
        "its model has been deleted",
        BASE,
        "no change",
        ["CreateModel"],
        given=(BASE,),
        happened=lambda world: world.client("sagemaker").delete_model(ModelName="m"),
    ),
    # Time
    Scenario(
        "there is not enough time",
        BASE,
        "create",
        ["CreateModel", *CREATE],
        happened=fault("stuck", count=None),
        options={"wait_timeout": 30},
        error="the change continues in AWS; run again to keep waiting",
    ),
    Scenario(
        "it does not show up at once",
        BASE,
        "create",
        ["CreateModel", *CREATE],
        happened=fault("not_visible", name="e", seconds=2.0, count=None),
        ends=is_in_service,
    ),
    Scenario(
        "its configuration does not show up at once",
        BASE,
        "create",
        ["CreateModel", "CreateEndpointConfig", "CreateEndpoint", "CreateEndpoint"],
        happened=fault("not_visible", operation="CreateEndpoint", name="e-*", count=1),
        check_mode=False,
        ends=is_in_service,
    ),
    Scenario(
        "a look at it fails twice",
        BASE,
        "create",
        ["CreateModel", *CREATE],
        happened=fault("error", operation="DescribeEndpoint", count=2, skip=2),
        ends=is_in_service,
    ),
    # Deleting what is busy
    Scenario(
        "destroy while it is being created",
        BASE,
        "delete",
        ["DeleteEndpoint", *PRUNED],
        happened=started(BASE),
        is_destroyed=True,
    ),
    Scenario(
        "destroy while it is being updated",
        NEW_IMAGE,
        "delete",
        ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteEndpointConfig", "DeleteModel", "DeleteModel"],
        given=(BASE,),
        happened=started(NEW_IMAGE),
        is_destroyed=True,
    ),
    Scenario(
        "destroy while it is being deleted",
        BASE,
        "delete",
        PRUNED,
        given=(BASE,),
        happened=began_to_delete,
        is_destroyed=True,
    ),
    Scenario(
        "destroy what is Failed",
        BASE,
        "delete",
        ["DeleteEndpoint", *PRUNED],
        given=(BASE,),
        happened=put("Failed"),
        is_destroyed=True,
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_a_run_that_does_not_wait_stops_at_the_first_wait_and_the_next_goes_on(world: World) -> None:
    wanted = inventory(provisioned(v=variant(initial_instance_count=2)), {"m": model(2)})
    assert not world.apply(BASE).error
    assert not world.apply(wanted, wait=False).error
    assert endpoint(world)["EndpointStatus"] == "Updating"
    world.simulator.advance(100)
    assert live(world)["CurrentInstanceCount"] == 1
    assert world.apply(wanted).changed
    assert live(world)["CurrentInstanceCount"] == 2
    assert not world.apply(wanted).changed


def test_of_twenty_endpoints_one_fails_and_the_others_get_all_that_is_theirs(world: World) -> None:
    many = {f"e{number}": provisioned(v=scaled(cloudwatch_alarms=ERRORS)) for number in range(20)}
    world.simulator.fault("rollout_fails", name="e3", reason="no capacity")
    result = world.apply(inventory() | {"endpoints": many})
    assert "1 of 20 endpoints failed" in result.error
    assert "e3: the endpoint is Failed: no capacity" in result.error
    statuses = {each["name"]: each["endpoint_status"] for each in result.data["endpoints"]}
    assert statuses == {name: "Failed" if name == "e3" else "InService" for name in many}
    pages = world.client("application-autoscaling").get_paginator("describe_scaling_policies")
    policies = pages.paginate(ServiceNamespace="sagemaker").build_full_result()["ScalingPolicies"]
    assert {each["PolicyName"] for each in policies} == {f"{name}/v/requests" for name in many if name != "e3"}
    alarms = world.client("cloudwatch").describe_alarms(AlarmNamePrefix="e")["MetricAlarms"]
    assert {f"{name}/v/errors" for name in many} <= {each["AlarmName"] for each in alarms}


def test_a_kept_configuration_that_serves_again_gets_the_tags_of_now(world: World) -> None:
    assert not world.apply(BASE | {"additional_tags_all": {"team": "a"}}).error
    assert not world.apply(NEW_IMAGE).error
    assert world.apply(BASE).effect("e") == "redeploy"
    assert not world.apply(BASE).changed


def test_a_model_that_fails_keeps_back_its_endpoints_only(world: World) -> None:
    models = {"m": model(), "n": model()}
    many = {"e": provisioned(v=variant(model_name="m")), "f": provisioned(v=variant(model_name="n"))}
    assert not world.apply(inventory(models=models) | {"endpoints": many}).error
    served = endpoint(world, "f")["EndpointConfigName"]
    world.simulator.fault("error", operation="CreateModel", skip=1)
    result = world.apply(inventory(models={"m": model(2), "n": model(2)}) | {"endpoints": many})
    assert "n: CreateModel" in result.error
    assert "f: skipped: model n failed" in result.error
    assert [each.get("cause") for each in result.data["endpoints"]] == [None, "skipped: its model failed"]
    assert result.effect("e") == "redeploy"
    assert endpoint(world, "f")["EndpointConfigName"] == served


def test_alarms_of_an_endpoint_that_could_not_be_deleted_stay(world: World) -> None:
    many = {name: provisioned(v=variant(cloudwatch_alarms=ERRORS)) for name in ("e", "f")}
    wanted = inventory() | {"endpoints": many}
    assert not world.apply(wanted).error
    world.simulator.fault("error", operation="DeleteEndpoint", name="f")
    result = world.destroy(wanted)
    assert "1 of 2 endpoints failed" in result.error
    alarms = world.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [each["AlarmName"] for each in alarms] == ["f/v/errors"]
    assert not world.destroy(wanted).error


def test_the_wait_for_many_is_that_of_the_slowest(world: World) -> None:
    many = {f"e{number}": provisioned() for number in range(12)}
    assert not world.apply(inventory() | {"endpoints": many}).error
    looks = [entry["operation"] for entry in world.simulator.journal()]
    assert looks.count("ListEndpoints") < 20
    assert looks.count("DescribeEndpoint") < 12 * 5


def test_serverless_endpoints_wait_too(world: World) -> None:
    assert not world.apply(inventory(serverless())).error
    assert endpoint(world)["EndpointStatus"] == "InService"


def test_a_run_that_died_and_an_update_that_failed_do_not_lose_what_others_hung_on_the_scaling(world: World) -> None:
    assert not world.apply(SCALED).error
    scaling_of_others(world)
    world.simulator.fault("rollout_fails", reason="no capacity")
    wanted = inventory(provisioned(v=scaled(instance_type="ml.c5.large")))
    assert not world.apply(wanted, wait=False).error
    world.simulator.advance(100)
    assert not world.apply(SCALED).error
    scaling_of_others_is_back(world)
    assert not has_saved_scaling(world)
    assert not world.apply(SCALED).changed


def test_an_endpoint_made_again_gets_the_scaling_that_stood_aside_for_its_failed_update(world: World) -> None:
    assert not world.apply(SCALED).error
    scaling_of_others(world)
    world.simulator.fault("rollback_fails", reason="both broken")
    wanted = inventory(provisioned(v=scaled(instance_type="ml.c5.large")))
    assert not world.apply(wanted, wait=False).error
    world.simulator.advance(100)
    assert endpoint(world)["EndpointStatus"] == "UpdateRollbackFailed"
    assert not world.apply(wanted, allow_replace=True).error
    policies_of_others_are_back(world)
    assert not has_saved_scaling(world)
    assert not world.apply(wanted).changed


def test_a_deleted_model_of_a_live_endpoint_is_said_plainly(world: World) -> None:
    assert not world.apply(BASE).error
    world.client("sagemaker").delete_model(ModelName="m")
    options = [
        {
            "endpoint_name": "e",
            "production_variants": [
                {"variant_name": "v", "model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 1}
            ],
        }
    ]
    result = world.run(ENDPOINT, EndpointKind(Scope("default"), {}), options)
    assert "its model m has been deleted, so AWS can neither scale nor patch the endpoint" in result["msg"]


def test_what_somebody_moved_an_endpoint_back_to_meanwhile_is_not_pruned(world: World) -> None:
    assert not world.apply(BASE).error
    old = endpoint(world)["EndpointConfigName"]
    assert not world.apply(NEW_IMAGE).error
    new = endpoint(world)["EndpointConfigName"]
    client = world.client("sagemaker")
    described = {name: client.describe_endpoint_config(EndpointConfigName=name) for name in (old, new)}
    models = {name: config["ProductionVariants"][0]["ModelName"] for name, config in described.items()}
    api = Api({"sagemaker": world.run_client("sagemaker")}, 1)

    def doomed(check_mode: bool) -> set[str]:
        planned = {"e": Plan(resource_of("endpoint e"), Effect.NONE)} if check_mode else None
        due = pruning.plans(Scope("default"), api, {"e": new}, {"m": models[new]}, 0, planned)
        steps = (step for plan in due for step in plan.steps if isinstance(step, Step))
        return {name for step in steps for name in step.parameters.values()}

    assert doomed(False) == {old, models[old]}
    client.update_endpoint(EndpointName="e", EndpointConfigName=old)
    assert doomed(False) == set()
    world.simulator.advance(100)
    assert doomed(False) == set()
    assert doomed(True) == {old, models[old]}


def test_the_old_model_of_a_configuration_that_was_not_deleted_waits_for_the_next_run(world: World) -> None:
    assert not world.apply(BASE).error
    world.simulator.fault("error", operation="DeleteEndpointConfig")
    failed = world.apply(NEW_IMAGE, keep_generations=0)
    assert "endpoint configuration e-" in failed.error
    assert "DeleteModel" not in world.simulator.counts()
    world.simulator.clear_journal()
    assert not world.apply(NEW_IMAGE, keep_generations=0).error
    assert [entry["operation"] for entry in world.simulator.writes()] == PRUNED


@pytest.mark.parametrize("operation", ["ListEndpoints", "ListTags"])
def test_a_plan_that_could_not_list_old_generations_fails(world: World, operation: str) -> None:
    """The run deletes them: what it does has to stand in its plan."""
    for version in (1, 2):
        assert not world.apply(inventory(models={"m": model(version)})).error
    wanted = inventory(models={"m": model(3)})
    world.simulator.clear_journal()
    planned = world.apply(wanted, check=True)
    asked = world.simulator.counts()[operation]
    world.simulator.fault("error", operation=operation, code="ServiceUnavailable", status=503, skip=asked - 1)
    error = world.apply(wanted, check=True).error
    assert "old generations: those that the run deletes are not shown, because listing them failed" in error
    assert not world.apply(wanted, planned=planned).error
