# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sagemaker_endpoint, with a line now and then about the endpoints that it waits for."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import Data, ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import told
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import ProgressAction
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import problems_of_role


class ActionModule(ProgressAction):
    def result(self, options: Data, task_vars: Data) -> ModuleResult:
        """In the role, the module leads endpoints back."""
        if problems := problems_of_role(self._task, ("rollback",), task_vars, self._templar):
            return ModuleResult.failure(told(problems, {}))
        return self.in_slices(options, task_vars)
