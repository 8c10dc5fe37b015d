# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of metrics, and the alarms that target tracking makes in the simulator, are as AWS's pages say."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import metrics

from simulator.autoscaling.tracking_alarms import PREDEFINED

Group = dict[str, t.Any]
GROUPS: list[Group] = yaml.safe_load((Path(__file__).parents[2] / "real_answers" / "metrics.yml").read_text())
OF_VARIANTS = [group for group in GROUPS if "also_of_variants" not in group]
KINDS = {"components": metrics.COMPONENTS}
CASES = [(group, name) for group in GROUPS for name in group["metrics"]]


def place(namespace: str, dimensions: t.Iterable[str]) -> tuple[str, tuple[str, ...]]:
    return namespace, tuple(dimensions)


@pytest.mark.parametrize(("group", "name"), CASES, ids=[f"{name}-{group.get('kinds', [])}" for group, name in CASES])
def test_the_catalogue_has_it_as_the_page_says(group: Group, name: str) -> None:
    known = metrics.CATALOGUE[name]
    if "also_of_variants" in group:
        assert place(known.namespace, known.dimension_names) != place(group["namespace"], group["dimensions"])
        return
    assert place(known.namespace, known.dimension_names) == place(group["namespace"], group["dimensions"])
    assert {KINDS.get(kind, kind) for kind in group.get("kinds", ())} <= set(known.kinds)
    assert not set(group.get("not_of", ())) & set(known.kinds)


def test_no_metric_is_said_to_be_of_an_endpoint_for_which_no_page_has_it() -> None:
    result: dict[str, set[str]] = {}
    for group in OF_VARIANTS:
        for name in group["metrics"]:
            result.setdefault(name, set()).update(KINDS.get(kind, kind) for kind in group.get("kinds", ()))
    beyond = {name: set(metrics.CATALOGUE[name].kinds) - kinds for name, kinds in result.items()}
    assert {name: kinds for name, kinds in beyond.items() if kinds} == {}


@pytest.mark.parametrize("name", PREDEFINED)
def test_target_tracking_watches_what_is_published(name: str) -> None:
    metric, statistic, _period = PREDEFINED[name]
    known = metrics.CATALOGUE[metric]
    assert (known.namespace, known.measured_by) == ("AWS/SageMaker", "variant")
    assert not known.is_counted or statistic == metrics.natural_statistic(metric)
    assert name in metrics.predefined()
