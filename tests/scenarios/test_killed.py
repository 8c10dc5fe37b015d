# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that dies before any one of its calls leaves nothing broken, and the next run finishes its work."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

import pytest

from .harness import World
from .inventories import ERRORS, REQUESTS, Inventory, inventory, model, provisioned, scaled, variant
from .killing import is_killed
from .observed import assert_nothing_in_use_is_missing, has_saved_scaling, served

TRAFFIC = {"traffic": {"expression": "Invocations average = 50"}}


def two_variants() -> Inventory:
    return provisioned(v=scaled(initial_weight=2, cloudwatch_alarms=ERRORS), w=variant())


def _with_policies(policies: Inventory, **more: t.Any) -> Inventory:
    found = scaled(**more)
    return found | {"auto_scaling": found["auto_scaling"] | {"policies": policies}}


CASES: dict[str, tuple[Inventory | None, Inventory]] = {
    "deploy": (None, inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS)))),
    "update": (
        inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS)), {"m": model(1)}),
        inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS, volume_size=10)), {"m": model(2)}),
    ),
    "update with a count and a weight": (
        inventory(two_variants(), {"m": model(1)}),
        inventory(
            provisioned(v=scaled(initial_weight=1), w=variant(initial_instance_count=2, initial_weight=3)),
            {"m": model(2)},
        ),
    ),
    "scaled instance type": (
        inventory(provisioned(v=scaled())),
        inventory(provisioned(v=scaled(instance_type="ml.c5.large"))),
    ),
    "scaled instance type, and a policy less": (
        inventory(provisioned(v=_with_policies(REQUESTS | TRAFFIC))),
        inventory(provisioned(v=_with_policies(REQUESTS, instance_type="ml.c5.large"))),
    ),
    "scaled variant leaves": (
        inventory(provisioned(v=scaled(), w=scaled())),
        inventory(provisioned(v=scaled())),
    ),
}


def prepare(world: World, *given: Inventory | None) -> None:
    """The state before, one inventory after the other, the first with what others have added to it."""
    world.start_with(repr(given), lambda: arrange(world, *given))


def arrange(world: World, given: Inventory | None, *later: Inventory | None) -> None:
    if given is None:
        return
    assert not world.apply(given).error
    add_what_others_do(world)
    for each in later:
        assert each is not None
        assert not world.apply(each).error


def add_what_others_do(world: World) -> None:
    """A scheduled action, and more instances than declared."""
    key = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    world.client("application-autoscaling").put_scheduled_action(
        **key, ScheduledActionName="nightly", Schedule="cron(0 3 * * ? *)", ScalableTargetAction={"MinCapacity": 2}
    )
    set_count(world, 3)


def set_count(world: World, count: int) -> None:
    world.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName="e", DesiredWeightsAndCapacities=[{"VariantName": "v", "DesiredInstanceCount": count}]
    )
    world.simulator.advance(1000)


def live_count(world: World) -> int:
    (first, *_others) = world.client("sagemaker").describe_endpoint(EndpointName="e")["ProductionVariants"]
    return t.cast("int", first["DesiredInstanceCount"])


def is_busy(world: World) -> bool:
    """Whether the endpoint is on its way, so that no plan knows what it will find."""
    found = world.client("sagemaker").list_endpoints()["Endpoints"]
    return any(each["EndpointStatus"] != "InService" for each in found)


def killed_runs(world: World, given: Inventory | None, wanted: Inventory) -> Iterator[int]:
    """Runs that die before their first call, their second, and so on, until one gets through."""
    for number in range(1, 200):
        prepare(world, given)
        if not is_killed(world, number, lambda: world.apply(wanted)):
            return
        yield number
    pytest.fail("the run never ended")


@pytest.mark.parametrize("case", CASES)
def test_the_next_run_finishes_what_a_killed_one_left(world: World, case: str) -> None:
    given, wanted = CASES[case]
    prepare(world, given)
    assert not world.apply(wanted).error
    goal, count = served(world, "e"), live_count(world)
    died = 0
    for died in killed_runs(world, given, wanted):
        assert_nothing_in_use_is_missing(world)
        planned = None if is_busy(world) else world.apply(wanted, check=True)
        assert not world.apply(wanted, planned=planned).error, f"after dying before call {died}"
        assert served(world, "e") == goal, f"after dying before call {died}"
        assert live_count(world) == count, f"after dying before call {died}"
        assert not has_saved_scaling(world), f"after dying before call {died}"
        assert_nothing_in_use_is_missing(world)
        world.simulator.clear_journal()
        assert not world.apply(wanted).changed, f"after dying before call {died}"
        assert world.simulator.writes() == []
    assert died > 10


def test_the_next_destroy_finishes_what_a_killed_one_left(world: World) -> None:
    given, last = CASES["update"]
    for number in range(1, 100):
        prepare(world, given, last)
        if not is_killed(world, number, lambda: world.destroy(last)):
            break
        assert_nothing_in_use_is_missing(world)
        assert not world.destroy(last).error, f"after dying before call {number}"
        assert nothing_is_left(world), f"after dying before call {number}"
    assert number > 10


def nothing_is_left(world: World) -> bool:
    (region,) = world.simulator.state()
    kinds = {"models", "endpoint_configs", "endpoints", "targets", "alarms"}
    assert kinds <= set(region)
    return not any(region[kind] for kind in kinds)
