# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Histories in which the intention changes after a failure, AWS refuses in mid-run, and others act meanwhile."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind

from .briefs import declared
from .harness import World
from .inventories import Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .observed import has_saved_scaling
from .scenario import CREATE, IN_PLACE, MARK, RECORD, UPDATE, Scenario, play
from .test_rollback import config_of, roll_back
from .test_scenarios import (
    BASE,
    NEW_IMAGE,
    SCALED,
    endpoint,
    has_count,
    live,
    policies_of_others_are_back,
    scaling_of_others,
    scaling_of_others_is_back,
    set_capacity,
)

KEY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/e/variant/v",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
WIDE = inventory(provisioned(v=scaled(4, 40)))
OTHER_TYPE = inventory(provisioned(v=scaled(instance_type="ml.c5.large")))
THIRD_TYPE = inventory(provisioned(v=scaled(instance_type="ml.c5.xlarge")))
RENAME = [
    "CreateEndpointConfig",
    MARK,
    "DeregisterScalableTarget",
    "UpdateEndpoint",
    "DeleteTags",
    "RegisterScalableTarget",
    "PutScalingPolicy",
]
BEFORE_AND_AFTER = "\N{RIGHTWARDS ARROW}"


def with_shadow(endpoint: Inventory) -> Inventory:
    endpoint["provisioned"]["shadow_variants"] = {"candidate": variant(instance_type="ml.m5.xlarge")}
    return endpoint


def targets(world: World) -> list[dict[str, t.Any]]:
    client = world.client("application-autoscaling")
    return t.cast(
        "list[dict[str, t.Any]]", client.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    )


def deregister(world: World) -> None:
    world.client("application-autoscaling").deregister_scalable_target(**KEY)


def raised_to(count: int) -> t.Callable[[World], None]:
    return lambda world: set_capacity(world, DesiredInstanceCount=count)


def deregistered_under(count: int) -> t.Callable[[World], None]:
    def happen(world: World) -> None:
        raised_to(count)(world)
        deregister(world)

    return happen


def delete_endpoint(world: World) -> None:
    world.client("sagemaker").delete_endpoint(EndpointName="e")
    world.simulator.advance(100)


CAPACITY = [
    Scenario(
        "autoscaling is declared on a variant with more instances than its minimum",
        WIDE,
        "no change",
        ["RegisterScalableTarget", "PutScalingPolicy"],
        given=(inventory(provisioned(v=variant(initial_instance_count=8))),),
        ends=has_count(8),
    ),
    Scenario(
        "the target was deregistered by hand under live instances",
        SCALED,
        "no change",
        ["RegisterScalableTarget", "PutScalingPolicy"],
        given=(SCALED,),
        happened=deregistered_under(4),
        ends=has_count(4),
    ),
    Scenario(
        "the target was deregistered by hand, and the configuration changes",
        inventory(provisioned(v=scaled(volume_size=10))),
        "redeploy",
        [*UPDATE, "RegisterScalableTarget", "PutScalingPolicy"],
        given=(SCALED,),
        happened=deregistered_under(4),
        ends=has_count(4),
    ),
    Scenario(
        "autoscaling is no longer declared: the declared count counts, and the plan shows it",
        inventory(provisioned(v=variant())),
        "in place",
        [RECORD, "DeregisterScalableTarget", IN_PLACE, RECORD],
        given=(WIDE,),
        happened=raised_to(30),
        shows=f"variant v: 30 {BEFORE_AND_AFTER} 1 instances",
        ends=has_count(1),
    ),
    Scenario(
        "a new scaled variant begins with its minimum",
        inventory(provisioned(v=variant(), w=scaled(3, 6))),
        "redeploy",
        [*UPDATE, "RegisterScalableTarget", "PutScalingPolicy"],
        given=(BASE,),
        ends=has_count(3, "w"),
    ),
    Scenario(
        "a renamed scaled variant begins with the instances of the one it takes over from",
        inventory(provisioned(w=scaled(1, 9))),
        "redeploy with scaling",
        RENAME,
        given=(inventory(provisioned(v=scaled(1, 9))),),
        happened=raised_to(7),
        ends=has_count(7, "w"),
    ),
    Scenario(
        "so does one that comes together with a shadow variant",
        inventory(with_shadow(provisioned(w=scaled(1, 9)))),
        "redeploy with scaling",
        RENAME,
        given=(inventory(provisioned(v=scaled(1, 9))),),
        happened=raised_to(7),
        ends=has_count(7, "w"),
    ),
    Scenario(
        "serverless concurrency that somebody raised does not dip when the memory changes",
        inventory(serverless(max_concurrency=5, memory_size=2048)),
        "redeploy",
        UPDATE,
        given=(inventory(serverless(max_concurrency=5)),),
        happened=lambda world: concurrency(world, 100),
        shows="variant m keeps 100 concurrent invocations at most: the declared number, 5, has not changed",
        ends=lambda world: has_concurrency(world, 100),
    ),
    Scenario(
        "a kept configuration with less concurrency than is live is not the one to serve",
        inventory(serverless(max_concurrency=5, memory_size=1024)),
        "redeploy",
        [*UPDATE, "DeleteEndpointConfig"],
        given=(
            inventory(serverless(max_concurrency=5, memory_size=1024)),
            inventory(serverless(max_concurrency=5, memory_size=2048)),
        ),
        happened=lambda world: concurrency(world, 100),
        ends=lambda world: has_concurrency(world, 100),
    ),
    Scenario(
        "a kept configuration with more concurrency than is live is not the one to serve",
        inventory(serverless(max_concurrency=5, memory_size=1024)),
        "redeploy",
        [*UPDATE, "DeleteEndpointConfig"],
        given=(
            inventory(serverless(max_concurrency=100, memory_size=1024)),
            inventory(serverless(max_concurrency=5, memory_size=1024)),
            inventory(serverless(max_concurrency=5, memory_size=2048)),
        ),
        ends=lambda world: has_concurrency(world, 5),
    ),
    Scenario(
        "a variant that comes back starts with the declared count, not with that of the kept configuration",
        inventory(provisioned(v=variant(), w=variant(initial_instance_count=1))),
        "redeploy",
        [*UPDATE, "DeleteEndpointConfig"],
        given=(inventory(provisioned(v=variant(), w=variant(initial_instance_count=5))), BASE),
        ends=has_count(1, "w"),
    ),
    Scenario(
        "a variant that comes back gets no requests before it gets those that are declared",
        inventory(provisioned(v=variant(), w=variant(initial_weight=0))),
        "redeploy",
        [*UPDATE, "DeleteEndpointConfig"],
        given=(inventory(provisioned(v=variant(), w=variant(initial_weight=1))), BASE),
        ends=lambda world: has_weight(world, 0, "w"),
    ),
    Scenario(
        "an endpoint that is made again starts with the declared count, not with that of the kept configuration",
        BASE,
        "create",
        CREATE,
        given=(inventory(provisioned(v=variant(initial_instance_count=3))),),
        happened=delete_endpoint,
        ends=has_count(1),
    ),
    Scenario(
        "an unscaled variant is lowered in the run that redeploys it",
        inventory(provisioned(v=variant(initial_instance_count=1)), {"m": model(2)}),
        "redeploy",
        ["CreateModel", *UPDATE, IN_PLACE, "DeleteTags"],
        given=(inventory(provisioned(v=variant(initial_instance_count=3))),),
        shows=f"variant v: 3 {BEFORE_AND_AFTER} 1 instances",
        ends=has_count(1),
    ),
]


def has_weight(world: World, weight: float, variant_name: str) -> None:
    assert live(world, variant_name)["CurrentWeight"] == weight


def concurrency(world: World, most: int) -> None:
    world.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName="e",
        DesiredWeightsAndCapacities=[{"VariantName": "m", "ServerlessUpdateConfig": {"MaxConcurrency": most}}],
    )
    world.simulator.advance(100)


def has_concurrency(world: World, most: int) -> None:
    assert live(world, "m")["CurrentServerlessConfig"]["MaxConcurrency"] == most


@pytest.mark.parametrize("scenario", CAPACITY, ids=lambda scenario: scenario.why)
def test_what_serves_is_not_lowered_unless_the_inventory_says_so(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_a_run_that_dies_before_the_endpoint_is_in_service_leaves_no_number_that_nobody_declared(
    world: World,
) -> None:
    assert not world.apply(inventory(provisioned(v=variant(initial_instance_count=3)))).error
    delete_endpoint(world)
    assert not world.apply(BASE, wait=False).error
    world.simulator.advance(100)
    assert not world.apply(BASE).error
    has_count(1)(world)


class Lowering(t.NamedTuple):
    """Two inventories of which the second has a smaller number, and what somebody else sets it to later."""

    given: Inventory
    wanted: Inventory
    raise_again: t.Callable[[World], None]
    has_come_down: t.Callable[[World], None]


LOWERINGS = {
    "autoscaling is no longer declared": Lowering(WIDE, BASE, raised_to(8), has_count(1)),
    "fewer instances": Lowering(
        inventory(provisioned(v=variant(initial_instance_count=4))), BASE, raised_to(8), has_count(1)
    ),
    "less concurrency": Lowering(
        inventory(serverless(max_concurrency=9)),
        inventory(serverless(max_concurrency=5)),
        lambda world: concurrency(world, 20),
        lambda world: has_concurrency(world, 5),
    ),
}


@pytest.mark.parametrize("lowering", LOWERINGS.values(), ids=LOWERINGS.keys())
@pytest.mark.parametrize("options", [{"wait": False}, {"wait_timeout": 1}], ids=["does not wait", "timeout"])
def test_a_number_that_came_down_after_a_run_had_ended_is_not_lowered_again(
    world: World, lowering: Lowering, options: Inventory
) -> None:
    assert not world.apply(lowering.given).error
    world.simulator.configure(weights_seconds=20)
    world.apply(lowering.wanted, **options)
    world.simulator.advance(100)
    lowering.has_come_down(world)
    lowering.raise_again(world)
    world.simulator.advance(100)
    world.simulator.clear_journal()
    assert not world.apply(lowering.wanted).error
    assert IN_PLACE not in world.simulator.counts()


@pytest.mark.parametrize("lowering", LOWERINGS.values(), ids=LOWERINGS.keys())
def test_a_number_that_aws_did_not_bring_down_is_lowered_by_the_next_run(world: World, lowering: Lowering) -> None:
    assert not world.apply(lowering.given).error
    world.simulator.fault("rollout_fails", reason="no reason")
    assert "the change of variant" in world.apply(lowering.wanted).error
    assert not world.apply(lowering.wanted).error
    lowering.has_come_down(world)
    assert not world.apply(lowering.wanted).changed


def test_each_of_several_variants_is_lowered_by_the_run_that_gets_to_it(world: World) -> None:
    """A run that does not wait changes one variant, since the endpoint is then busy."""

    def both(count: int) -> Inventory:
        return inventory(provisioned(v=variant(initial_instance_count=count), w=variant(initial_instance_count=count)))

    assert not world.apply(both(4)).error
    assert not world.apply(both(1), wait=False).error
    world.simulator.advance(100)
    raised_to(8)(world)
    assert not world.apply(both(1)).error
    assert [live(world, name)["CurrentInstanceCount"] for name in "vw"] == [8, 1]
    assert not world.apply(both(1)).changed


def refused(world: World) -> None:
    """UpdateEndpoint is refused by a quota."""
    for instance_type in ("ml.c5.large", "ml.c5.xlarge"):
        world.simulator.quota(instance_type, 0)


def allowed(world: World) -> None:
    for instance_type in ("ml.c5.large", "ml.c5.xlarge"):
        world.simulator.quota(instance_type, 100)


@pytest.fixture
def busy(world: World) -> World:
    """An endpoint that autoscaling has taken beyond its minimum, with a policy and a schedule of others."""
    assert not world.apply(SCALED).error
    scaling_of_others(world)
    return world


def test_a_refused_update_puts_scaling_back_at_once_and_says_so(busy: World) -> None:
    refused(busy)
    error = busy.apply(OTHER_TYPE).error
    assert "ResourceLimitExceeded" in error
    assert "scheduled actions nightly) was restored" in error
    scaling_of_others_is_back(busy)
    assert not has_saved_scaling(busy)


NEXT = {"the same": OTHER_TYPE, "an earlier one": SCALED, "another": THIRD_TYPE}


@pytest.mark.parametrize("then", NEXT)
@pytest.mark.parametrize("recovery", ["RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction"])
def test_whatever_comes_after_a_recovery_that_failed_brings_all_back(busy: World, then: str, recovery: str) -> None:
    refused(busy)
    busy.simulator.fault("expired_token", operation=recovery, count=None)
    assert "is missing and could not be restored; the next run tries again" in busy.apply(OTHER_TYPE).error
    busy.simulator.clear_faults()
    allowed(busy)
    assert not busy.apply(NEXT[then]).error
    scaling_of_others_is_back(busy)
    assert not has_saved_scaling(busy)
    assert not busy.apply(NEXT[then]).changed


def test_a_run_over_scaling_alone_names_what_is_away_and_leaves_it_to_one_with_endpoints(busy: World) -> None:
    """What it registered would be without the suspension and what others have hung on it."""
    busy.client("application-autoscaling").register_scalable_target(
        **KEY, SuspendedState={"DynamicScalingInSuspended": True}
    )
    refused(busy)
    busy.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    assert "is missing" in busy.apply(OTHER_TYPE).error
    busy.simulator.clear_faults()
    for wanted in (SCALED, OTHER_TYPE):
        message = busy.apply(wanted, parts=["scaling"]).error
        assert (
            "variant v (policies e/v/requests, theirs; scheduled actions nightly) is missing after an earlier"
            in message
        )
        assert targets(busy) == []
    gone = busy.apply(inventory(provisioned(w=variant())), parts=["scaling"])
    assert "a run that includes endpoints restores it" in "\n".join(gone.warnings)
    assert not busy.apply(SCALED).error
    scaling_of_others_is_back(busy)
    (target,) = targets(busy)
    assert target["SuspendedState"]["DynamicScalingInSuspended"]
    assert not busy.apply(SCALED, parts=["scaling"]).changed


def test_two_notes_become_one(busy: World) -> None:
    """What others hung on the target is in the first note alone, our own new policy in the second."""
    refused(busy)
    busy.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    assert busy.apply(OTHER_TYPE).error
    busy.simulator.clear_faults()
    client = busy.client("application-autoscaling")
    client.register_scalable_target(**KEY, MinCapacity=2, MaxCapacity=9)
    busy.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    assert busy.apply(THIRD_TYPE).error
    busy.simulator.clear_faults()
    allowed(busy)
    assert not busy.apply(SCALED).error
    scaling_of_others_is_back(busy)
    assert not has_saved_scaling(busy)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wait_timeout": 1}, "scheduled actions nightly) is missing until then; the next run restores it"),
        ({"wait": False}, "scheduled actions nightly) is missing until then; the next run restores it"),
    ],
)
def test_what_is_away_at_the_end_is_named_and_comes_back(busy: World, options: dict[str, t.Any], message: str) -> None:
    result = busy.apply(OTHER_TYPE, **options)
    assert message in "\n".join([result.error, *result.warnings])
    busy.simulator.advance(100)
    assert not busy.apply(OTHER_TYPE).error
    scaling_of_others_is_back(busy)
    assert not has_saved_scaling(busy)


@pytest.mark.parametrize("options", [{"wait_timeout": 1}, {"wait": False}], ids=str)
def test_who_joins_an_update_names_what_an_earlier_run_left_away(busy: World, options: dict[str, t.Any]) -> None:
    busy.simulator.configure(update_seconds=1000)
    assert not busy.apply(OTHER_TYPE, wait=False).error
    result = busy.apply(OTHER_TYPE, **options)
    message = "\n".join([result.error, *result.warnings])
    assert "scheduled actions nightly) is missing until then; the next run restores it" in message


@pytest.mark.parametrize("options", [{"wait_timeout": 1}, {"wait": False}], ids=str)
def test_who_does_not_wait_for_a_replacement_names_what_it_has_taken_away(
    busy: World, options: dict[str, t.Any]
) -> None:
    busy.simulator.configure(delete_seconds=1000)
    result = busy.apply(inventory(asynchronous(v=scaled())), allow_replace=True, **options)
    message = "\n".join([result.error, *result.warnings])
    assert "scheduled actions nightly) is missing until then; the next run restores it" in message


def test_a_replacement_that_is_scaled_from_now_on_starts_with_the_declared_minimum(world: World) -> None:
    assert not world.apply(BASE).error
    assert not world.apply(inventory(asynchronous(v=scaled(3, 9))), allow_replace=True).error
    made = [call for call in world.simulator.journal() if call["operation"] == "CreateEndpointConfig"]
    assert made[-1]["parameters"]["ProductionVariants"][0]["InitialInstanceCount"] == 3


def test_scaling_is_restored_with_a_maximum_that_allows_what_serves(world: World) -> None:
    """The module for endpoints does not know what bounds are declared."""
    assert not world.apply(inventory(provisioned(v=scaled(1, 2)))).error
    raised_to(7)(world)
    compiled = compile_inventory(inventory(provisioned(v=scaled(1, 9, instance_type="ml.c5.large"))))
    done = world.run(ENDPOINT, EndpointKind(Scope("default"), {}), compiled.endpoints, inventory=declared(compiled))
    assert "failed" not in done
    assert "comes back with a maximum capacity of 7 instead of 2" in str(done)
    has_count(7)(world)
    (target,) = targets(world)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 7)


def test_scaling_is_put_back_with_the_declared_maximum_where_that_allows_more(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=scaled(1, 2)))).error
    raised_to(7)(world)
    assert not world.apply(inventory(provisioned(v=scaled(3, 11, instance_type="ml.c5.large")))).error
    has_count(7)(world)
    (target,) = targets(world)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (3, 11)


def test_check_mode_tells_what_becomes_of_scaling_that_an_earlier_run_left_away(world: World) -> None:
    other = {"traffic": {"expression": "Invocations average = 50"}}
    wanted = inventory(provisioned(v=variant(instance_type="ml.c5.large")), additional_tags_all={"team": "b"})
    wanted["endpoints"]["e"]["provisioned"]["production_variants"]["v"]["auto_scaling"] = {
        "minimum_capacity": 1,
        "maximum_capacity": 8,
        "policies": other,
    }
    assert not world.apply(SCALED | {"additional_tags_all": {"cost": "1"}}).error
    assert world.apply(wanted, wait_timeout=1).error
    world.simulator.advance(3600)
    planned = world.apply(wanted, check=True)
    assert "auto_scaling.policies.requests" in planned.diff
    assert not world.apply(wanted, planned=planned).error


def test_a_run_that_is_kept_from_an_endpoint_names_what_is_still_away(busy: World) -> None:
    refused(busy)
    busy.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    assert busy.apply(OTHER_TYPE).error
    busy.simulator.clear_faults()
    busy.simulator.fault("error", operation="CreateModel")
    error = busy.apply(inventory(provisioned(v=scaled()), {"m": model(2)})).error
    assert "scheduled actions nightly) is still missing after an earlier run" in error


def test_a_replacement_brings_scaling_back_as_it_was(world: World) -> None:
    asynchronous = inventory(provisioned(v=scaled(2, 9)))
    asynchronous["endpoints"]["e"]["provisioned"]["async_invocation_config"] = {"s3_output_path": "s3://bucket/out"}
    assert not world.apply(inventory(provisioned(v=scaled(2, 9)))).error
    scaling_of_others(world)
    client = world.client("application-autoscaling")
    client.register_scalable_target(**KEY, SuspendedState={"DynamicScalingInSuspended": True})
    raised_to(7)(world)
    done = world.apply(asynchronous, allow_replace=True)
    assert not done.error
    assert done.effect("e") == "replace with outage"
    policies_of_others_are_back(world)
    has_count(7)(world)
    (target,) = targets(world)
    assert target["SuspendedState"]["DynamicScalingInSuspended"]
    assert not has_saved_scaling(world)


@pytest.mark.parametrize(
    ("options", "bounds"), [({}, (2, 4)), ({"parts": ["endpoints"]}, (2, 9))], ids=["everything", "endpoints alone"]
)
def test_a_minimum_of_0_does_not_come_back_where_aws_refuses_it(
    world: World, options: Inventory, bounds: tuple[int, int]
) -> None:
    """Only an asynchronous endpoint may have it; with the endpoints alone the target has to be back too."""
    assert not world.apply(inventory(asynchronous(v=scaled(0, 9)))).error
    awake = inventory(provisioned(v=scaled(2, 4)))
    done = world.apply(awake, allow_replace=True, **options)
    assert not done.error
    assert done.effect("e") == "replace with outage"
    assert [(each["MinCapacity"], each["MaxCapacity"]) for each in targets(world)] == [bounds]
    assert not world.apply(awake).error
    assert not world.apply(awake).changed


def test_scaling_that_a_replacement_loses_is_named(world: World) -> None:
    assert not world.apply(SCALED).error
    planned = world.apply(inventory(serverless()), check=True, allow_replace=True)
    assert "autoscaling of variant v (policies e/v/requests) is deleted with the endpoint" in planned.diff


NO_QUOTA = {"code": "ResourceLimitExceeded", "message": "The account-level service limit is 1", "status": 400}


@pytest.mark.parametrize("given", [WIDE, BASE], ids=["scaled", "raised by somebody"])
@pytest.mark.parametrize("model_version", [1, 2], ids=["the same inventory", "another one"])
def test_a_replacement_that_aws_refuses_to_create_starts_with_what_there_was(
    world: World, given: Inventory, model_version: int
) -> None:
    variants = given["endpoints"]["e"]["provisioned"]["production_variants"]
    assert not world.apply(given).error
    raised_to(7)(world)
    world.simulator.fault("error", operation="CreateEndpoint", count=None, **NO_QUOTA)
    assert "CreateEndpoint" in world.apply(inventory(asynchronous(**variants)), allow_replace=True).error
    world.simulator.clear_faults()
    wanted = inventory(asynchronous(**variants), {"m": model(model_version)})
    planned = world.apply(wanted, check=True)
    assert not world.apply(wanted, planned=planned).error
    has_count(7)(world)
    assert not world.apply(wanted).changed


def test_one_that_could_not_be_created_is_lowered_by_an_inventory_that_says_so(world: World) -> None:
    three, one = (provisioned(v=variant(initial_instance_count=each)) for each in (3, 1))
    world.simulator.fault("error", operation="CreateEndpoint", count=None, **NO_QUOTA)
    assert "CreateEndpoint" in world.apply(inventory(three)).error
    world.simulator.clear_faults()
    assert not world.apply(inventory(one)).error
    has_count(1)(world)


IN_PROGRESS = {
    "code": "ValidationException",
    "message": 'Cannot update in-progress endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e".',
    "status": 400,
}


@pytest.mark.parametrize(
    ("given", "wanted", "operation"),
    [
        (BASE, NEW_IMAGE, "UpdateEndpoint"),
        (BASE, inventory(provisioned(v=variant(initial_instance_count=3))), IN_PLACE),
        (SCALED, OTHER_TYPE, "UpdateEndpoint"),
    ],
)
def test_an_endpoint_that_became_busy_is_waited_for_and_planned_again(
    world: World, given: Inventory, wanted: Inventory, operation: str
) -> None:
    assert not world.apply(given).error
    world.simulator.fault("error", operation=operation, **IN_PROGRESS)
    world.simulator.put_endpoint("e", "Updating", 3)
    assert not world.apply(wanted).error
    assert not has_saved_scaling(world)
    assert not world.apply(wanted).changed


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_update_that_began_is_waited_for_although_the_answer_is_an_error_of_the_service(
    world: World, status: int
) -> None:
    """Nothing that had to leave for it may be put back while it is under way."""
    assert not world.apply(SCALED).error
    world.simulator.fault("error_after", operation="UpdateEndpoint", code="ServiceUnavailable", status=status)
    assert not world.apply(OTHER_TYPE).error
    assert not has_saved_scaling(world)
    assert not world.apply(OTHER_TYPE).changed


def test_an_endpoint_that_became_busy_is_deleted_once_it_has_settled(world: World) -> None:
    assert not world.apply(BASE).error
    world.simulator.fault("error", operation="DeleteEndpoint", **IN_PROGRESS)
    assert not world.destroy(BASE).error


# The way back


def test_after_a_refused_update_there_is_no_way_to_what_never_served(world: World) -> None:
    assert not world.apply(BASE).error
    before = config_of(world)
    world.simulator.fault("error", operation="UpdateEndpoint", code="ResourceLimitExceeded", message="no", status=400)
    assert world.apply(NEW_IMAGE).error
    assert f"none older than {before} that has served is kept" in roll_back(world)["msg"]
    assert config_of(world) == before


def test_after_an_update_that_aws_rolled_back_the_way_leads_to_what_served_before(world: World) -> None:
    assert not world.apply(BASE).error
    first = config_of(world)
    assert not world.apply(NEW_IMAGE).error
    second = config_of(world)
    world.simulator.fault("rollout_fails", reason="broken")
    assert world.apply(inventory(models={"m": model(3)})).error
    assert config_of(world) == second
    assert not roll_back(world).get("failed")
    assert config_of(world) == first


def test_what_is_kept_has_served(world: World) -> None:
    assert not world.apply(BASE).error
    first = config_of(world)
    for version in (2, 3):
        world.simulator.fault("rollout_fails", reason="broken")
        assert world.apply(inventory(models={"m": model(version)})).error
    assert not world.apply(inventory(models={"m": model(4)})).error
    listed = world.client("sagemaker").list_endpoint_configs()["EndpointConfigs"]
    assert {each["EndpointConfigName"] for each in listed} == {config_of(world), first}
    assert not roll_back(world).get("failed")
    assert config_of(world) == first


def test_a_bad_one_that_was_rolled_back_is_no_way_back_later(world: World) -> None:
    assert not world.apply(BASE).error
    first = config_of(world)
    assert not world.apply(NEW_IMAGE).error
    assert not roll_back(world).get("failed")
    assert not world.apply(inventory(models={"m": model(3)})).error
    assert not roll_back(world).get("failed")
    assert config_of(world) == first


def test_what_the_inventory_went_back_from_is_a_way_back(world: World) -> None:
    assert not world.apply(BASE).error
    assert not world.apply(NEW_IMAGE).error
    second = config_of(world)
    assert not world.apply(BASE).error
    assert not roll_back(world).get("failed")
    assert config_of(world) == second


def test_a_rollback_keeps_the_live_concurrency(world: World) -> None:
    assert not world.apply(inventory(serverless(max_concurrency=5))).error
    assert not world.apply(inventory(serverless(max_concurrency=5, memory_size=2048))).error
    concurrency(world, 100)
    world.simulator.clear_journal()
    done = roll_back(world)
    assert not done.get("failed"), done["msg"]
    has_concurrency(world, 100)
    assert [entry["operation"] for entry in world.simulator.writes()] == ["CreateEndpointConfig", "UpdateEndpoint"]


# An index of tags that is late


@pytest.fixture
def late(world: World) -> t.Iterator[World]:
    """The index of tags is hours behind."""
    world.simulator.configure(tag_delay_seconds=6 * 3600)
    yield world
    world.simulator.configure(tag_delay_seconds=0)


def test_a_model_that_somebody_else_made_again_is_not_taken_for_ours(late: World) -> None:
    assert not late.apply(inventory(models={"m": model(), "n": model()})).error
    late.simulator.advance(48 * 3600)
    client = late.client("sagemaker")
    client.delete_model(ModelName="n")
    client.create_model(
        ModelName="n", PrimaryContainer={"Image": "theirs"}, ExecutionRoleArn="arn:aws:iam::111122223333:role/x"
    )
    wanted = inventory(provisioned(v=variant(model_name="n")), {"m": model(), "n": model()})
    assert not late.apply(wanted).error
    config = client.describe_endpoint_config(EndpointConfigName=config_of(late))
    served = client.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    assert served["Containers"][0]["Image"] == "registry/image:1"


def test_tags_that_change_and_change_back_are_what_the_inventory_says(late: World) -> None:
    for team in ("a", "b", "a"):
        wanted = inventory(additional_tags_all={"team": team})
        assert not late.apply(wanted).error
        assert not late.apply(wanted).changed
        tags = late.client("sagemaker").list_tags(ResourceArn=endpoint(late)["EndpointArn"])["Tags"]
        assert {"Key": "team", "Value": team} in tags


def test_scaling_that_was_noted_on_an_old_configuration_comes_back(late: World) -> None:
    """The note is a tag that an old configuration got a moment ago, so that the index does not show it."""
    assert not late.apply(SCALED).error
    assert not late.apply(OTHER_TYPE).error
    late.simulator.advance(48 * 3600)
    scaling_of_others(late)
    late.simulator.quota("ml.m5.large", 0)
    late.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    assert "could not be restored" in late.apply(SCALED).error
    late.simulator.clear_faults()
    assert not late.apply(OTHER_TYPE).error
    scaling_of_others_is_back(late)
    assert not late.apply(OTHER_TYPE).changed


def test_an_old_fleet_is_settled_by_the_index_and_a_young_one_by_its_services(world: World) -> None:
    wanted = inventory() | {"endpoints": {name: provisioned(v=scaled()) for name in "efgh"}}
    assert not world.apply(wanted).error
    world.simulator.clear_journal()
    assert not world.apply(wanted).changed
    young = world.simulator.counts()
    world.simulator.advance(48 * 3600)
    world.simulator.clear_journal()
    assert not world.apply(wanted).changed
    old = world.simulator.counts()
    assert old["ListTags"] == 1, "of the only model"
    assert young["ListTags"] == 3 * 4 - 3, "of each endpoint and configuration, and of the model"
    assert young.get("DescribeEndpointConfig", 0) == old.get("DescribeEndpointConfig", 0) == 0


def test_a_scaled_endpoint_that_is_still_being_made_gets_its_scaling_from_the_next_run(world: World) -> None:
    result = world.apply(SCALED, wait=False)
    assert not result.error
    assert "autoscaling of e/v" in "\n".join(result.warnings)
    assert targets(world) == []
    world.simulator.advance(100)
    assert not world.apply(SCALED).error
    assert len(targets(world)) == 1
    assert not world.apply(SCALED).changed


# Bounds that a scheduled action has set


def by_night(world: World, **more: t.Any) -> None:
    """The night's action has set the maximum to 1; the simulator does not run actions, so it is done by hand."""
    client = world.client("application-autoscaling")
    action = {
        "ScheduledActionName": "night",
        "Schedule": "cron(0 22 * * ? *)",
        "ScalableTargetAction": {"MaxCapacity": 1},
    }
    client.put_scheduled_action(**KEY, **action, **more)
    client.register_scalable_target(**KEY, MaxCapacity=1)


def test_what_a_schedule_has_set_is_left_and_said(world: World) -> None:
    assert not world.apply(SCALED).error
    by_night(world)
    world.simulator.clear_journal()
    done = world.apply(SCALED)
    assert not done.changed
    assert world.simulator.writes() == []
    assert 'maximum 1 is set by the scheduled action "night"' in "\n".join(done.warnings)


def test_the_other_bound_is_set_all_the_same(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=scaled(1, 4)))).error
    by_night(world)
    world.client("application-autoscaling").register_scalable_target(**KEY, MinCapacity=1)
    assert not world.apply(inventory(provisioned(v=scaled(1, 8)))).changed
    (target,) = targets(world)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 1)


def test_once_the_schedule_has_ended_the_inventory_counts(world: World) -> None:
    assert not world.apply(SCALED).error
    by_night(world, EndTime=world.simulator.now() + 3600)
    world.simulator.advance(3 * 3600)
    assert world.apply(SCALED).changed
    (target,) = targets(world)
    assert target["MaxCapacity"] == 4


def test_a_bound_that_no_schedule_explains_is_set(world: World) -> None:
    assert not world.apply(SCALED).error
    by_night(world)
    world.client("application-autoscaling").register_scalable_target(**KEY, MaxCapacity=2)
    assert world.apply(SCALED).changed


@pytest.mark.parametrize("operation", ["ListEndpointConfigs", "ListTags"])
def test_scaling_alone_changes_nothing_while_what_is_away_cannot_be_read(busy: World, operation: str) -> None:
    """Its plan has refused it."""
    refused(busy)
    busy.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    assert "is missing" in busy.apply(OTHER_TYPE).error
    busy.simulator.clear_faults()
    planned = busy.apply(SCALED, check=True, parts=["scaling"])
    busy.simulator.fault("throttle", operation=operation, service="sagemaker", count=None)
    message = busy.apply(SCALED, parts=["scaling"], planned=planned).error
    assert f"{operation}: ThrottlingException" in message
    assert targets(busy) == []
    busy.simulator.clear_faults()
    assert not busy.apply(SCALED).error
    scaling_of_others_is_back(busy)
