# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that wait for endpoints, with progress lines about those that are not ready."""

from __future__ import annotations

import gc
import time
import typing as t
from multiprocessing import parent_process

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._ansible.sealed import ResultWasChanged, restored
from ..module_utils._engine.results import PROGRESS, Data, ModuleResult
from .held_signals import held_signals
from .parent_watch import terminate_with_parent
from .timeline import Timeline, duration, stage_of

_BROKEN = (
    "the result of the module was changed on its way to ansible-playbook, so it cannot be trusted; "
    "what the run has started continues in AWS; run again to keep waiting"
)
DEFAULT_INTERVAL = 30


class ProgressAction(ActionBase):
    """Calls the module of the same name, and shows progress lines while it waits."""

    _supports_check_mode = True
    _supports_async = False
    timeline: Timeline | None = None
    """What was waited for, in a run that waits."""

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> Data:
        if parent_process():
            # A worker lives for one task: whatever ansible-playbook has loaded stays, and is no garbage.
            gc.freeze()
        result: Data = super().run(tmp, task_vars)
        return result | self.result(dict(self._task.args), task_vars or {}).as_data()

    def result(self, options: Data, task_vars: Data) -> ModuleResult:
        """What becomes of the task."""
        return self.in_slices(options, task_vars)

    def in_slices(self, options: Data, task_vars: Data) -> ModuleResult:
        """The results of the module for all slices of the wait, merged."""
        interval = _seconds(options.get("progress_interval"), DEFAULT_INTERVAL)
        if interval is None or self._task.check_mode:
            return self._call(options, task_vars)
        started = time.monotonic()
        self.timeline = Timeline(started)
        progress: Data = {"slice_seconds": max(interval, 1)}
        whole: ModuleResult | None = None
        since: dict[str, float] = {}
        line = Line(str(task_vars.get("inventory_hostname", "")), is_deletion=options.get("state") == "absent")
        while True:
            elapsed = time.monotonic() - started
            result = self._call(options | {PROGRESS: progress | {"elapsed_seconds": elapsed}}, task_vars)
            whole = whole.merged_with(result) if whole else result
            self.timeline.look_at(whole, result.pending)
            if not result.pending:
                if since:
                    show(line.at_the_end(whole, time.monotonic() - started))
                return whole
            now = time.monotonic()
            since = {each["name"]: since.get(each["name"], started) for each in result.pending}
            seconds = {name: now - begun for name, begun in since.items()}
            show(line.meanwhile(whole, result.pending, seconds))
            progress |= {"pending": result.pending, "carried": result.carried}
            options = self.options_for_waiting(options)

    @staticmethod
    def options_for_waiting(options: Data) -> Data:
        """Those that the next call needs, which only waits."""
        return options

    def _call(self, options: Data, task_vars: Data) -> ModuleResult:
        name = self._task.resolved_action
        with terminate_with_parent():
            answer = self._execute_module(module_name=name, module_args=options, task_vars=task_vars)
        return ModuleResult.from_data(unsealed(answer))


def show(text: str) -> None:
    """Shows a line; a signal has to wait until it is passed on.

    A worker of ansible-core that dies meanwhile keeps the lock of the queue to ansible-playbook, which then waits for
    that lock for ever.
    """
    with held_signals():
        Display().display(text)


def unsealed(answer: Data) -> Data:
    """The result of a module as the module returned it, whatever Ansible has masked; a failure if it is unknown."""
    try:
        return restored(answer)
    except ResultWasChanged:
        known = {name: value for name, value in answer.items() if name in ("changed", "warnings")}
        return {"changed": False, **known, "failed": True, "msg": _BROKEN}


def _seconds(value: t.Any, default: int) -> int | None:
    """The whole number of seconds, or None for what only the module's own check can refuse well."""
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        return None


class Line:
    """The progress lines while a host waits, and the last one."""

    def __init__(self, host: str, *, is_deletion: bool = False) -> None:
        self._host = host
        self._done = "deleted" if is_deletion else "ready"

    def meanwhile(self, result: ModuleResult, pending: t.Sequence[Data], seconds: t.Mapping[str, float]) -> str:
        """Such as ``prod-eu: 3 of 4 endpoints ready; realtime: Updating (Baking, 2 of 4 instances) for 1 min 30 s``."""
        looked_at = [each for each in pending if "status" in each]
        more = [f"{len(pending) - len(looked_at)} more"] if len(looked_at) < len(pending) else []
        standing = [_standing(each, seconds[each["name"]]) for each in looked_at]
        return "; ".join([self._counts(result, len(pending)), *standing, *more])

    def at_the_end(self, result: ModuleResult, seconds: float) -> str:
        """Such as ``prod-eu: 4 of 4 endpoints ready after 12 min 5 s``."""
        return f"{self._counts(result, 0)} after {duration(seconds)}"

    def _counts(self, result: ModuleResult, pending: int) -> str:
        endpoints = result.resources.get("endpoints", [])
        failed = sum(bool(each.error) for each in endpoints)
        done = len(endpoints) - pending - failed
        return f"{self._host}: {done} of {len(endpoints)} endpoints {self._done}" + (
            f", {failed} failed" if failed else ""
        )


def _standing(pending: Data, seconds: float) -> str:
    left = pending.get("next_step_seconds")
    details = [
        stage_of(pending),
        f"{pending['instances']} instances" if pending.get("instances") else "",
        f"next step in {duration(left)}" if left is not None else "",
    ]
    shown = ", ".join(filter(None, details))
    return f"{pending['name']}: {pending['status']}{f' ({shown})' if shown else ''} for {duration(seconds)}"
