# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiler of the inventory as a task."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import NotCompiled, compiled
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import INVENTORY_PARTS


class ActionModule(ActionBase):
    _VALID_ARGS = frozenset((*INVENTORY_PARTS, "strict"))
    _requires_connection = False

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        options = self._task.args
        try:
            found = compiled(options, task_vars or {}, self._templar, options.get("strict"))
        except NotCompiled as error:
            return result | {"failed": True, "msg": str(error)}
        return result | {
            "changed": False,
            **found.lists,
            "warnings": [str(warning) for warning in found.warnings],
            # The result contains environment values: it can be registered, but no callback may show it.
            "_ansible_no_log": True,
        }
