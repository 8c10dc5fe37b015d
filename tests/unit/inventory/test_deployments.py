# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments of endpoints: the DeploymentConfig that they become, and the alarms that they name."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import service_model as shapes
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.durations import as_duration
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.rollout_rules import SIZES
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example, refused
from hypothesis import given, settings
from hypothesis import strategies as st

PRODUCTION = "endpoints.e.provisioned.production_variants"
OTHER = {"instance_type": "ml.m5.large", "cloudwatch_alarms": {"a": {"expression": "ModelLatency p99 > 600000"}}}
WATCHED = {"wait_interval": "10 minutes", "maximum_execution_timeout": "2 hours"}


def _with(deployment: dict[str, t.Any], **more: object) -> dict[str, t.Any]:
    inventory = change(example("realtime"), "endpoints.e.deployment", deployment)
    for path, value in more.items():
        change(inventory, f"{PRODUCTION}.{path}", value)
    return inventory


def _compiled(deployment: dict[str, t.Any], **more: object) -> dict[str, t.Any]:
    (endpoint,) = compile_inventory(_with(deployment, **more)).endpoints
    config: dict[str, t.Any] = endpoint["deployment_config"]
    return config


def _green(**routing: object) -> dict[str, t.Any]:
    return {
        "traffic_routing_configuration": routing | {"wait_interval_in_seconds": 600},
        "maximum_execution_timeout_in_seconds": 7200,
    }


@pytest.mark.parametrize(
    ("deployment", "config"),
    [
        ({}, {"blue_green_update_policy": _green(type="ALL_AT_ONCE")}),
        (
            {"strategy": "canary", "size": "1 instance"},
            {"blue_green_update_policy": _green(type="CANARY", canary_size={"type": "INSTANCE_COUNT", "value": 1})},
        ),
        (
            {"strategy": "linear", "size": "25%"},
            {
                "blue_green_update_policy": _green(
                    type="LINEAR", linear_step_size={"type": "CAPACITY_PERCENT", "value": 25}
                )
            },
        ),
        (
            {"strategy": "rolling", "size": "50%"},
            {
                "rolling_update_policy": {
                    "maximum_batch_size": {"type": "CAPACITY_PERCENT", "value": 50},
                    "wait_interval_in_seconds": 600,
                    "maximum_execution_timeout_in_seconds": 7200,
                }
            },
        ),
    ],
)
def test_strategies(deployment: dict[str, t.Any], config: dict[str, t.Any]) -> None:
    assert _compiled({**WATCHED, **deployment}) == config


@pytest.mark.parametrize(
    ("rollback_on", "names"),
    [
        ("all", ["e/m/a", "e/other/a"]),
        (["m/a"], ["e/m/a"]),
        (["other/a", "m/a", "other/a"], ["e/other/a", "e/m/a"]),
    ],
)
def test_rollback_alarms_have_the_names_that_the_alarms_get(rollback_on: object, names: list[str]) -> None:
    inventory = _with({**WATCHED, "rollback_on": rollback_on}, other=OTHER)
    compiled = compile_inventory(inventory)
    alarms = compiled.endpoints[0]["deployment_config"]["auto_rollback_configuration"]["alarms"]
    assert alarms == [{"alarm_name": name} for name in names]
    assert set(names) <= {alarm["alarm_name"] for alarm in compiled.alarms}


def test_a_key_will_do_where_one_variant_has_it() -> None:
    assert _compiled({**WATCHED, "rollback_on": ["a"]})["auto_rollback_configuration"] == {
        "alarms": [{"alarm_name": "e/m/a"}]
    }


def test_without_a_deployment_none_is_compiled() -> None:
    (endpoint,) = compile_inventory(example("realtime")).endpoints
    assert "deployment_config" not in endpoint


@pytest.mark.parametrize(
    ("deployment", "message"),
    [
        ({"rollback_on": "all"}, "no time to go off"),
        ({"strategy": "canary", "size": "10%"}, "nearly all at once"),
        ({}, None),
        ({"rollback_on": "all", "wait_interval": "1 minute"}, None),
    ],
)
def test_waits_of_nothing_are_a_warning(deployment: dict[str, t.Any], message: str | None) -> None:
    warnings = [str(warning) for warning in compile_inventory(_with(deployment)).warnings]
    assert [message in warning for warning in warnings if message] == ([True] if message else [])
    assert len(warnings) == bool(message)


def test_a_faulty_size_is_not_asked_for() -> None:
    assert len(refused(_with({"strategy": "canary", "size": "some"}))) == 1


@pytest.mark.parametrize("steps", [2, 4, 8])
def test_a_timeout_must_outlast_every_step(steps: int) -> None:
    variant = {"instance_type": "ml.m5.large", "initial_instance_count": 8}
    waits = steps * 600
    deployment = {"strategy": "linear", "size": f"{8 // steps} instances", "wait_interval": "10 minutes"}
    assert refused(_with({**deployment, "maximum_execution_timeout": as_duration(waits)}, m=variant))
    assert not refused(_with({**deployment, "maximum_execution_timeout": as_duration(waits + 1)}, m=variant))


SECONDS = st.integers(0, 3600).map(as_duration)


@st.composite
def _deployments(draw: st.DrawFn) -> dict[str, t.Any]:
    strategy = draw(st.sampled_from(["all_at_once", *SIZES]))
    deployment: dict[str, t.Any] = {"strategy": strategy, "wait_interval": draw(SECONDS)}
    if strategy in SIZES:
        deployment["size"] = f"{draw(st.integers(*SIZES[strategy]))}%"
    if strategy != "rolling":
        deployment["termination_wait"] = draw(st.none() | SECONDS)
    deployment["rollback_on"] = draw(st.sampled_from([None, "all", ["a"], ["m/a"]]))
    return deployment


@settings(max_examples=200, deadline=None)
@given(_deployments())
def test_what_is_allowed_keeps_to_the_service_model(deployment: dict[str, t.Any]) -> None:
    shape = shapes.shape_at("sagemaker", "UpdateEndpoint", "DeploymentConfig")
    assert not list(shapes.violations(shape, shapes.to_api(shape, _compiled(deployment))))
