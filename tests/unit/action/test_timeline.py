# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import (
    ModuleResult,
    ResourceResult,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils import timeline as timeline_module
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.timeline import Timeline

Data = dict[str, t.Any]
UPDATING = {"name": "rt", "status": "Updating", "stage": "Baking"}
CREATING = {"name": "new", "status": "Creating", "stage": ""}


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(timeline_module, "time", types.SimpleNamespace(monotonic=lambda: self.now))
        self.timeline = Timeline(self.now)

    def look(self, seconds: int, *pending: Data, **ended: str | None) -> None:
        """A look after some more seconds; of what ended, a text is the status, or what failed begins with "!"."""
        self.now += seconds
        endpoints = [_result(name, end) for name, end in ended.items() if end]
        self.timeline.look_at(ModuleResult(resources={"endpoints": endpoints}), pending)

    @property
    def entries(self) -> list[tuple[int, str]]:
        return [(entry["seconds"], entry["text"]) for entry in self.timeline.entries]


def _result(name: str, end: str) -> ResourceResult:
    facts = {} if end.startswith("!") else {"endpoint_status": end}
    return ResourceResult(name=name, facts=facts, error=end if end.startswith("!") else None)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_each_stage_is_reported_once_and_the_end_of_each_wait(clock: Clock) -> None:
    clock.look(30, UPDATING, CREATING)
    clock.look(30, UPDATING, CREATING)
    clock.look(30, {**UPDATING, "stage": "Finishing"}, new="InService")
    clock.look(30, rt="InService", new="InService")
    assert clock.entries == [
        (30, "new: Creating"),
        (30, "rt: Updating (Baking)"),
        (90, "new: InService"),
        (90, "rt: Updating (Finishing)"),
        (120, "rt: InService"),
    ]


def test_what_failed_or_is_gone_is_reported(clock: Clock) -> None:
    clock.look(5, UPDATING, {**CREATING, "status": "Deleting"})
    clock.look(5, rt="!rolled back")
    assert clock.entries[2:] == [(10, "new: deleted"), (10, "rt: failed")]


def test_a_run_that_does_not_wait_has_none(clock: Clock) -> None:
    clock.look(5, rt="InService")
    assert clock.entries == []


def test_what_was_not_looked_at_this_time_has_not_ended(clock: Clock) -> None:
    clock.look(5, UPDATING)
    clock.look(5, {"name": "rt"})
    clock.look(5, rt="InService")
    assert clock.entries == [(5, "rt: Updating (Baking)"), (15, "rt: InService")]
