# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
import typing as t

import pytest

from .conftest import Workplace

VARIANT = "endpoints.realtime-endpoint.provisioned.production_variants"


def with_unknown_model(inventory: dict[str, t.Any]) -> None:
    variants = inventory["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]
    variants["another-model"] = variants.pop("demo-model")


def with_misspelt_key(inventory: dict[str, t.Any]) -> None:
    inventory["models"]["demo-model"]["enviroment"] = {}
    variant(inventory)["instance_typ"] = "ml.m5.large"


def with_misspelt_statistic(inventory: dict[str, t.Any]) -> None:
    variant(inventory)["cloudwatch_alarms"]["odd"] = {"expression": "Invocations averag > 1"}


def with_odd_duration(inventory: dict[str, t.Any]) -> None:
    variant(inventory)["container_startup_timeout"] = "5 fortnights"


def with_both_kinds(inventory: dict[str, t.Any]) -> None:
    inventory["endpoints"]["realtime-endpoint"]["serverless"] = {"variant": {"model_name": "demo-model"}}


def with_neither_kind(inventory: dict[str, t.Any]) -> None:
    del inventory["endpoints"]["realtime-endpoint"]["provisioned"]


def with_everything_at_once(inventory: dict[str, t.Any]) -> None:
    with_misspelt_key(inventory)
    with_misspelt_statistic(inventory)
    with_odd_duration(inventory)
    inventory["endpoints"]["empty"] = {}


def variant(inventory: dict[str, t.Any]) -> dict[str, t.Any]:
    variants = inventory["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]
    return t.cast("dict[str, t.Any]", variants["demo-model"])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (with_unknown_model, [f"{VARIANT}.another-model", "demo-model"]),
        (with_misspelt_key, [f"{VARIANT}.demo-model.instance_typ", "instance_type", "models.demo-model.enviroment"]),
        (with_misspelt_statistic, [f"{VARIANT}.demo-model.cloudwatch_alarms.odd.expression", "averag", "Average"]),
        (with_odd_duration, [f"{VARIANT}.demo-model.container_startup_timeout", "5 fortnights", "minutes"]),
        (with_both_kinds, ["endpoints.realtime-endpoint", "provisioned", "serverless"]),
        (with_neither_kind, ["endpoints.realtime-endpoint", "provisioned", "serverless"]),
        (with_everything_at_once, ["instance_typ", "enviroment", "averag", "5 fortnights", "endpoints.empty"]),
    ],
)
def test_bad_input_is_refused_before_the_first_call(
    workplace: Workplace,
    documented_example: dict[str, t.Any],
    spoil: t.Callable[[dict[str, t.Any]], None],
    told: list[str],
) -> None:
    inventory = copy.deepcopy(documented_example)
    spoil(inventory)
    workplace.declare(**inventory)
    outcome = workplace.run("apply")
    assert outcome.returncode != 0
    for words in told:
        assert words in outcome.output
    assert "Traceback" not in outcome.output
    assert workplace.simulator.journal() == []
