# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs which together make every call that the collection makes."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .harness import Result, World
from .inventories import ERRORS, REQUESTS, Inventory, inventory, model, provisioned, scaled, serverless, variant
from .test_rollback import roll_back

Call = tuple[str, str]
"""A service and one of its operations."""

TRAFFIC = {"traffic": {"expression": "Invocations average = 50"}}
NIGHT = {"night": {"at": "20:00", "minimum": 1}}
SLOW = {"slow": {"expression": "ModelLatency p99 > 500000"}}


@dataclass(frozen=True)
class ModuleResult:
    """The result of a run."""

    error: str
    changed: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journey:
    """What is there, then a run that makes calls, and the inventory that holds when all is well in the end."""

    name: str
    given: tuple[Inventory, ...]
    act: t.Callable[[World], ModuleResult]
    again: t.Callable[[World], ModuleResult]
    """The run that repairs what the first has left, and finds nothing to do after that."""
    again_replacing: t.Callable[[World], ModuleResult]
    """The same, where it may cost an outage."""
    plan: t.Callable[[World], ModuleResult]
    """The run in check mode."""
    happened: t.Callable[[World], object] | None = None

    def prepare(self, world: World) -> None:
        world.start_with(f"journey {self.name}", lambda: self._arrange(world))
        world.simulator.clear_journal()

    def _arrange(self, world: World) -> None:
        for each in self.given:
            result = world.apply(each)
            assert not result.error, result.error
        if self.happened:
            self.happened(world)


def applying(wanted: Inventory, **options: t.Any) -> t.Callable[[World], ModuleResult]:
    def act(world: World) -> ModuleResult:
        return _module_result(world.apply(wanted, **options))

    return act


def pruning(wanted: Inventory, *, check: bool = False, **options: t.Any) -> t.Callable[[World], ModuleResult]:
    return lambda world: _module_result(world.prune(wanted, check=check, **options))


def destroying(wanted: Inventory, *, check: bool = False) -> t.Callable[[World], ModuleResult]:
    return lambda world: _module_result(world.destroy(wanted, check=check))


def rolling_back(world: World, *, check: bool = False) -> ModuleResult:
    result = roll_back(world, check=check)
    return ModuleResult(
        str(result["msg"]) if result.get("failed") else "", bool(result["changed"]), tuple(result["warnings"])
    )


def _module_result(result: Result) -> ModuleResult:
    return ModuleResult(result.error, result.changed, tuple(result.warnings))


def hang_a_schedule(world: World) -> None:
    """A scheduled action of somebody else, which has to outlive what the run does to the scaling."""
    world.client("application-autoscaling").put_scheduled_action(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/e/variant/v",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        ScheduledActionName="nightly",
        Schedule="cron(0 3 * * ? *)",
        ScalableTargetAction={"MinCapacity": 2},
    )


def journeys() -> list[Journey]:
    """Each is named for what it alone adds to the calls."""
    full = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS), w=variant()))
    newer = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS, volume_size=10), w=variant()), {"m": model(2)})
    other_type = inventory(provisioned(v=scaled(instance_type="ml.c5.large", cloudwatch_alarms=ERRORS), w=variant()))
    heavier = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS), w=variant(initial_weight=3)))
    composed = inventory(full["endpoints"]["e"] | {"composite_alarms": {"any": {"any_of": ["errors"]}}})
    tagged = full | {"additional_tags_all": {"team": "a"}}
    retagged = full | {"additional_tags_all": {"cost": "b"}}
    rich = inventory(
        provisioned(v=_scaled_by(REQUESTS | TRAFFIC, NIGHT, cloudwatch_alarms=ERRORS | SLOW), w=scaled(model_name="m"))
    )
    poor = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS), w=variant(initial_instance_count=1)))
    many = inventory() | {"endpoints": {name: provisioned() for name in "efgh"}}
    return [
        _leading_to("deploy", (), full),
        _leading_to("deploy many", (), many),
        _leading_to("update", (full,), newer),
        _leading_to("update scaled", (full,), other_type, hang_a_schedule),
        _leading_to("in place", (full,), heavier),
        _leading_to("compose", (full,), composed),
        _leading_to("tags", (tagged,), retagged),
        _leading_to("undeclare", (rich,), poor),
        _pruning("prune"),
        _one("destroy", (full, newer), destroying(newer), destroying(newer, check=True)),
        Journey(
            "roll back",
            (full, newer),
            rolling_back,
            applying(full),
            applying(full, allow_replace=True),
            lambda world: rolling_back(world, check=True),
        ),
    ]


def without_the_index() -> list[Journey]:
    """The additional calls if the tag index is not allowed, or not trusted."""
    return [_pruning("prune without the index", verify="full")]


def _pruning(name: str, **options: t.Any) -> Journey:
    kept = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS), w=variant()))
    fleet = inventory(models={"m": model(), "n": model(4)}) | {
        "endpoints": {"e": kept["endpoints"]["e"], "f": provisioned(v=scaled(model_name="n")), "g": serverless()}
    }
    return _one(name, (fleet,), pruning(kept, **options), pruning(kept, check=True, **options))


def _leading_to(
    name: str, given: tuple[Inventory, ...], wanted: Inventory, happened: t.Callable[[World], object] | None = None
) -> Journey:
    run, plan = applying(wanted), applying(wanted, check=True)
    return Journey(name, given, run, run, applying(wanted, allow_replace=True), plan, happened)


def _one(
    name: str,
    given: tuple[Inventory, ...],
    run: t.Callable[[World], ModuleResult],
    plan: t.Callable[[World], ModuleResult],
) -> Journey:
    """A run that is repeated as it is."""
    return Journey(name, given, run, run, run, plan)


def _scaled_by(policies: Inventory, schedules: Inventory, **more: t.Any) -> Inventory:
    declared = scaled(**more)
    declared["auto_scaling"] = {**declared["auto_scaling"], "policies": policies, "schedules": schedules}
    return declared


def calls_of(entries: t.Iterable[dict[str, t.Any]]) -> list[Call]:
    """The calls of a journal in the order of their first time."""
    return list(dict.fromkeys((entry["service"], entry["operation"]) for entry in entries))
