# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of a deployment, printed whatever the verbosity is."""

from __future__ import annotations

import typing as t

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
        report = result.get("report") or {"outcome": "failed", "failed": True, "lines": []}
        if report["lines"]:
            # One call, so that the lines of several hosts do not mix.
            Display().display("\n".join(stringc(text, colour) if colour else text for text, colour in report["lines"]))
        failure = {"failed": True, "msg": result.get("msg", "the deployment has no result")} if report["failed"] else {}
        return shown | {"changed": False, "outcome": report["outcome"], **failure}
