# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of a deployment, printed whatever the verbosity is."""

from __future__ import annotations

import typing as t

from ansible import constants as C  # noqa: N812
from ansible.plugins.action import ActionBase
from ansible.utils.color import stringc
from ansible.utils.display import Display


class ActionModule(ActionBase):
    _VALID_ARGS = frozenset(("result",))
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        shown: dict[str, t.Any] = super().run(tmp, task_vars)
        result = self._task.args["result"]
        if reason := result.get("skipped_reason"):
            host = (task_vars or {}).get("inventory_hostname", "")
            Display().display(f"Nothing done for {host}: {reason}", color=C.COLOR_SKIP)
            return shown | {"changed": False, "skipped": True}
        message = result.get("msg", "the deployment has no result")
        report = result.get("report") or _report_of_failure(message, task_vars or {})
        # One call, so that the lines of several hosts do not mix.
        Display().display("\n".join(_coloured(*line) for line in report["lines"]))
        failure = {"failed": True, "msg": message} if report["failed"] else {}
        return shown | {"changed": False, "outcome": report["outcome"], **failure}


def _report_of_failure(message: str, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
    """The report of a task whose options could not be resolved."""
    line = f"Failed for {task_vars.get('inventory_hostname', '')}: {' '.join(message.split())}"
    return {"outcome": "failed", "failed": True, "lines": [(line, "ERROR")]}


def _coloured(text: str, colour: str) -> str:
    return stringc(text, getattr(C, f"COLOR_{colour}")) if colour else text
