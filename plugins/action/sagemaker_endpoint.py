# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sagemaker_endpoint, with a line now and then about the endpoints that it waits for."""

from __future__ import annotations

import time
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.runner import failure_message

Result = dict[str, t.Any]

MODULE = "friendsofansible.sagemaker.sagemaker_endpoint"
DEFAULT_TIMEOUT = 3600
DEFAULT_INTERVAL = 30


class ActionModule(ActionBase):
    """Calls the module for one slice of the wait after the other, each time with the endpoints that are not ready."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        result: Result = super().run(tmp, task_vars)
        options = dict(self._task.args)
        interval = _seconds(options.get("progress_interval"), DEFAULT_INTERVAL)
        timeout = _seconds(options.get("wait_timeout"), DEFAULT_TIMEOUT)
        if interval is None or timeout is None or self._task.check_mode:
            return result | self._call(options, task_vars)
        started = time.monotonic()
        told: Result = {}
        since: dict[str, float] = {}
        while True:
            elapsed = int(time.monotonic() - started)
            slice_ = {"wait_slice": max(interval, 1), "wait_timeout": timeout - elapsed}
            told = merged(told, self._call(options | slice_, task_vars))
            pending = told.pop("pending", [])
            if not pending:
                return result | told
            now = time.monotonic()
            since = {each["name"]: since.get(each["name"], started) for each in pending}
            Display().display(progress_line(told, pending, {name: now - begun for name, begun in since.items()}))
            options = remaining(options, pending)

    def _call(self, options: Result, task_vars: dict[str, t.Any] | None) -> Result:
        answer: Result = self._execute_module(module_name=MODULE, module_args=options, task_vars=task_vars)
        return answer


def _seconds(value: t.Any, default: int) -> int | None:
    """The whole number of seconds, or None for what only the module's own check can refuse well."""
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        return None


def remaining(options: Result, pending: t.Sequence[Result]) -> Result:
    """The options of the next call: the endpoints that are not ready, and where their waits were left."""
    names = {each["name"] for each in pending}
    rest = options | {"resume": list(pending)}
    if options.get("endpoints") is not None:
        rest["endpoints"] = [each for each in options["endpoints"] if each["endpoint_name"] in names]
    return rest


def merged(before: Result, after: Result) -> Result:
    """One result out of two calls: the latest word on each endpoint, and all that changed or failed in either."""
    if not before:
        return after
    errors = [*before.get("errors", ()), *after.get("errors", ())]
    result = {**before, **after, "changed": before.get("changed", False) or after.get("changed", False)}
    result["diff"] = [*before.get("diff", ()), *after.get("diff", ())]
    if "endpoints" in before and "endpoints" in after:
        latest = {each["name"]: each for each in after["endpoints"]}
        result["endpoints"] = [_later(each, latest.get(each["name"])) for each in before["endpoints"]]
    elif "endpoint" in before and "endpoint" in after:
        result["endpoint"] = _later(before["endpoint"], after["endpoint"])
    if errors:
        count = len(result.get("endpoints", (None,)))
        result |= {"failed": True, "errors": errors, "msg": failure_message(errors, count, "endpoints")}
    return result


def _later(before: Result, after: Result | None) -> Result:
    if after is None:
        return before
    effect = after["effect"] if before["effect"] == "no change" else before["effect"]
    return {**before, **after, "changed": before["changed"] or after["changed"], "effect": effect}


def progress_line(told: Result, pending: t.Sequence[Result], seconds: t.Mapping[str, float]) -> str:
    """Such as ``3 of 4 endpoints ready; realtime: Updating (Baking) for 1 min 30 s``."""
    total = len(told.get("endpoints", (None,)))
    failed = len(told.get("errors", ()))
    counts = f"{total - len(pending) - failed} of {total} endpoints ready" + (f", {failed} failed" if failed else "")
    return "; ".join([counts, *(_standing(each, seconds[each["name"]]) for each in pending)])


def _standing(pending: Result, seconds: float) -> str:
    stage = f" ({pending['stage']})" if pending["stage"] not in ("", pending["status"]) else ""
    minutes, rest = divmod(round(seconds), 60)
    time_so_far = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{pending['name']}: {pending['status']}{stage} for {time_so_far}"
