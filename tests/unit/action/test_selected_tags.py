# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tags of a run select of a deployment."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import PARTS
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.selected_tags import (
    UNDIVIDED,
    NothingSelected,
    selected_parts,
)

SELECTED: list[tuple[list[str], list[str], list[str], list[str]]] = [
    # tags of the task, --tags, --skip-tags, parts
    ([], ["all"], [], [*PARTS]),
    ([], ["alarms"], [], ["alarms"]),
    ([], ["scaling", "models"], [], ["models", "scaling"]),
    ([], ["tagged"], [], [*PARTS]),
    ([], ["all"], ["prune"], ["models", "alarms", "endpoints", "scaling"]),
    ([], ["all"], ["nginx"], [*PARTS]),
    (["ml"], ["ml"], [], [*PARTS]),
    (["ml"], ["ml", "alarms"], [], ["alarms"]),
    (["ml"], ["ml"], ["scaling", "prune", "alarms"], ["models", "endpoints"]),
]
NOTHING: list[tuple[list[str], list[str], list[str]]] = [
    ([], ["alarm"], []),
    ([], ["untagged"], []),
    (["ml"], ["nginx"], []),
    ([], ["alarms"], ["alarms"]),
    ([], ["all"], [*PARTS]),
]


def _task(tags: list[str]) -> t.Any:
    return types.SimpleNamespace(tags=["always", *tags])


def _run(tags: list[str], skipped: list[str]) -> dict[str, t.Any]:
    return {"ansible_run_tags": tags, "ansible_skip_tags": skipped}


@pytest.mark.parametrize(("own", "tags", "skipped", "parts"), SELECTED)
def test_parts(own: list[str], tags: list[str], skipped: list[str], parts: list[str]) -> None:
    assert selected_parts(_task(own), _run(tags, skipped)) == parts


@pytest.mark.parametrize(("own", "tags", "skipped"), NOTHING)
def test_nothing(own: list[str], tags: list[str], skipped: list[str]) -> None:
    with pytest.raises(NothingSelected, match=r"--(skip-)?tags"):
        selected_parts(_task(own), _run(tags, skipped))


def test_what_has_no_parts_is_selected_as_a_whole() -> None:
    undivided = {UNDIVIDED: "a rollback"}
    assert selected_parts(_task([]), _run(["all"], ["alarms"]) | undivided) == [*PARTS]
    assert selected_parts(_task(["ml"]), _run(["ml"], []) | undivided) == [*PARTS]
    for tags in (["alarms"], ["nginx"]):
        with pytest.raises(
            NothingSelected, match=f"--tags {tags[0]} selects nothing: a rollback has no parts that tags could select"
        ):
            selected_parts(_task(["ml"]), _run(tags, []) | undivided)
