# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever AWS chooses where its documentation leaves a choice, all runs do the same and say the same.

Deployments are followed from their creation to their end: a small one under each freedom of the simulator, and one
with everything under all of them together.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import KINDS

from simulator.freedoms.choices import Freedoms

from .exports import as_read, info
from .harness import Options, World
from .inventories import ERRORS, Inventory, asynchronous, model, provisioned, scaled, serverless, variant
from .refereed import Refereed

_LAG_SECONDS = 7.0
_BETWEEN_RUNS_SECONDS = 600.0
_MADE_UP = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+")
_ARN_OF_SAGEMAKER = re.compile(r"arn:aws:sagemaker:[^\"]*")

FREEDOMS: dict[str, float] = {
    "page_size": 1,
    "empty_pages": True,
    "other_order": True,
    "left_out": True,
    "empty_lists": True,
    "defaults_shown": True,
    "unknown_members": True,
    "early_variants": True,
    "arns_keep_case": True,
    "whole_seconds": True,
    "single_precision": True,
    "whole_numbers": True,
    "system_tags": True,
    "list_delay_seconds": _LAG_SECONDS,
    "describe_delay_seconds": _LAG_SECONDS,
    "scaling_delay_seconds": _LAG_SECONDS,
    "alarm_delay_seconds": _LAG_SECONDS,
    "system_update_seconds": _LAG_SECONDS,
    "namespaced_errors": True,
    "short_errors": True,
}


class Seen(t.NamedTuple):
    """What a run said and wrote."""

    step: str
    error: str = ""
    changed: bool = False
    effects: t.Mapping[str, str] = {}
    diff: t.Sequence[str] = ()
    warnings: t.Sequence[str] = ()
    writes: t.Sequence[str] = ()


Steps = dict[str, Inventory]
"""The inventories that follow one another, by what is new in each."""


def small() -> tuple[str, Steps]:
    """The name of an endpoint, and its steps."""
    endpoint = provisioned(
        v=scaled(model_name="Model-A", cloudwatch_alarms=ERRORS, initial_weight=0.7),
        w=variant(model_name="Model-A", initial_weight=0.3),
    )
    same = {"endpoints": {"Main-E": endpoint}, "additional_tags_all": {"team": "a"}}
    return "Main-E", {
        "deploy": same | {"models": {"Model-A": model()}},
        "change the model": same | {"models": {"Model-A": model(2)}},
    }


def whole() -> tuple[str, Steps]:
    """Every kind of endpoint, with names in capitals, fractions as weights, and everything that belongs to them."""
    return "Main-E", {
        "deploy": _everything(),
        "change the model": _everything(2),
        "change tags": _everything(2, team="b"),
        "change scaling": _everything(2, 6, team="b"),
        "change an alarm": _everything(2, 6, 20, "b"),
    }


def _everything(version: int = 1, maximum: int = 4, threshold: int = 10, team: str = "a") -> Inventory:
    alarms = {
        "errors": {"expression": f"Invocation5XXErrors sum >= {threshold}"},
        "slow": {"expression": "ModelLatency p99 > 500000", "treat_missing_data": "missing"},
        "share": {"expression": "Invocation5XXErrors sum / Invocations sum > 0.1"},
    }
    scaling = {
        "minimum_capacity": 1,
        "maximum_capacity": maximum,
        "policies": {
            "requests": {"expression": "SageMakerVariantInvocationsPerInstance = 10"},
            "busy": {"expression": "CPUUtilization average = 70"},
        },
        "schedules": {"night": {"at": "20:00", "minimum": 1}},
    }
    main = provisioned(
        Main=variant(model_name="Model-A", auto_scaling=scaling, cloudwatch_alarms=alarms, initial_weight=0.7),
        other=variant(model_name="pipe", initial_weight=0.3, initial_instance_count=2),
    )
    main |= {
        "composite_alarms": {"any": {"any_of": ["errors", "slow"]}},
        "deployment": {"strategy": "canary", "size": "10%", "wait_interval": "1 minute", "rollback_on": "all"},
    }
    environment = {"B": "2", "A": "1"}
    pipe = {name: {"image": f"registry/{name}:1", "environment_variables": environment} for name in ("z", "a")}
    return {
        "models": {"Model-A": model(version), "pipe": model(container_definitions=pipe), "m": model(3)},
        "endpoints": {
            "Main-E": main,
            "s": serverless(provisioned_concurrency=2, max_concurrency=5),
            "a": asynchronous(v=scaled()),
        },
        "additional_tags_all": {"team": team, "Cost": "1"},
    }


def journey(world: World, endpoint: str, steps: Steps) -> t.Iterator[Seen]:
    """What each run says and writes: each step in check mode, for real and again, the way back, an export, the end."""
    wanted: Inventory = {}
    for step, wanted in steps.items():
        planned = world.apply(wanted, check=True)
        yield _seen(world, f"{step}, in check mode", planned.data, planned.warnings)
        done = world.apply(wanted, planned=planned)
        yield _seen(world, step, done.data, done.warnings)
        for verify in ("tags", "full"):
            again = world.apply(wanted, verify=verify)
            yield _seen(world, f"{step}, again, verified by {verify}", again.data, again.warnings)
    yield _seen(world, "roll back", world.roll_back(endpoint).as_data(), [])
    found = info(world)
    yield Seen("export", diff=[_as_text(found["inventory"])], warnings=found["warnings"], writes=_written(world))
    planned = world.apply(as_read(found["inventory"]), check=True)
    yield _seen(world, "plan what was exported", planned.data, planned.warnings)
    gone = world.destroy(wanted)
    yield _seen(world, "destroy", gone.data, gone.warnings)
    yield Seen("what is left", diff=_left(world))


def _seen(world: World, step: str, data: Options, warnings: t.Sequence[str]) -> Seen:
    effects = {f"{kind} {each['name']}": each["effect"] for kind in KINDS for each in data[kind]}
    diff = [_as_text(each) for each in data.get("diff") or ()]
    error = str(data["msg"]) if data.get("failed") else ""
    found = Seen(step, error, data["changed"], effects, diff, warnings, _written(world))
    world.simulator.advance(_BETWEEN_RUNS_SECONDS)
    return found


def _written(world: World) -> list[str]:
    writes = [_as_text([each["operation"], each["parameters"]]) for each in world.simulator.writes()]
    world.simulator.clear_journal()
    return writes


def _as_text(value: t.Any) -> str:
    text = _MADE_UP.sub("(made up)", json.dumps(value, sort_keys=True, default=str))
    return _ARN_OF_SAGEMAKER.sub(lambda found: found[0].lower(), text)


def _left(world: World) -> list[str]:
    (region,) = world.simulator.state()
    kinds = ("models", "endpoint_configs", "endpoints", "targets", "alarms", "composites")
    return [f"{kind} {name}" for kind in kinds for name in region[kind]]


def test_every_freedom_is_tried() -> None:
    assert list(FREEDOMS) == [field.name for field in dataclasses.fields(Freedoms)]


@pytest.fixture
def free(judged: Refereed, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[World]:
    """A world in which freedoms may be taken, which end with the test.

    The page's policies spell the ARNs of SageMaker in lower case.
    """
    yield World(judged, monkeypatch, is_bound=False)
    judged.configure(**dataclasses.asdict(Freedoms()))


@pytest.fixture(scope="module")
def usual() -> dict[str, list[Seen]]:
    """What a journey is like without any freedom."""
    return {}


def assert_no_difference(
    world: World, usual: dict[str, list[Seen]], plan: t.Callable[[], tuple[str, Steps]], freedoms: t.Mapping[str, float]
) -> None:
    if plan.__name__ not in usual:
        expected = list(journey(world, *plan()))
        assert [each.error for each in expected if each.error] == []
        assert [each.step for each in expected if "again" in each.step and (each.changed or each.writes)] == []
        assert expected[-1].diff == []
        usual[plan.__name__] = expected
        world.simulator.reset()
    world.simulator.configure(**freedoms)
    for found, as_usual in zip(journey(world, *plan()), usual[plan.__name__], strict=True):
        assert found == as_usual


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_a_freedom_makes_no_difference(free: World, usual: dict[str, list[Seen]], freedom: str) -> None:
    assert_no_difference(free, usual, small, {freedom: FREEDOMS[freedom]})


def test_all_freedoms_together_make_no_difference(free: World, usual: dict[str, list[Seen]]) -> None:
    assert_no_difference(free, usual, whole, FREEDOMS | {"page_size": 3})
