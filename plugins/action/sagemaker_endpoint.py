# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sagemaker_endpoint, with a line now and then about the endpoints that it waits for."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import told
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import ProgressAction
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import problems_of_role


class ActionModule(ProgressAction):
    def in_slices(self, options: ModuleResult, task_vars: dict[str, t.Any] | None) -> ModuleResult:
        """In the role, the module leads endpoints back."""
        if problems := problems_of_role(self._task, ("rollback",), task_vars or {}, self._templar):
            return {"failed": True, "msg": told(problems, {})}
        return super().in_slices(options, task_vars)
