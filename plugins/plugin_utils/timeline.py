# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""When each endpoint of a run was first seen in each stage."""

from __future__ import annotations

import time
import typing as t

from ..module_utils._engine.results import Data, ModuleResult


class Timeline:
    """The stages of the endpoints that were waited for, with the seconds since the start of the run."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._stages: dict[str, str] = {}
        self.entries: list[Data] = []

    def look_at(self, result: ModuleResult, pending: t.Sequence[Data]) -> None:
        """Records each endpoint whose stage has changed since the last look, and each that is no longer waited for."""
        now = {each["name"]: _stage(each) for each in pending if "status" in each}
        unseen = {each["name"] for each in pending} - now.keys()
        ended = {name: _end(result, name) for name in self._stages.keys() - now.keys() - unseen}
        for name, stage in sorted((now | ended).items()):
            if self._stages.get(name) != stage:
                self.entries.append({"seconds": round(time.monotonic() - self._started), "text": f"{name}: {stage}"})
        self._stages = {name: stage for name, stage in (self._stages | now).items() if name not in ended}


def stage_of(pending: Data) -> str:
    """The stage of an endpoint that is waited for, or nothing if it says no more than the status."""
    return "" if pending["stage"] == pending["status"] else str(pending["stage"])


def duration(seconds: float) -> str:
    """Such as ``1 min 30 s``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _stage(pending: Data) -> str:
    stage = stage_of(pending)
    return f"{pending['status']} ({stage})" if stage else str(pending["status"])


def _end(result: ModuleResult, name: str) -> str:
    """The outcome for an endpoint."""
    found = next((each for each in result.resources.get("endpoints", ()) if each.name == name), None)
    if found and found.error:
        return "failed"
    return str(found.facts.get("endpoint_status") or "deleted") if found else "deleted"
