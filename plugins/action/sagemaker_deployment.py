# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sagemaker_deployment: the inventory compiled for it, lines while it waits, and a report at the end."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import (
    KINDS,
    Data,
    ModuleResult,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import not_valid
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import NotCompiled, compiled
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plans import (
    in_words_of_inventory,
    with_diff_and_report,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import ProgressAction
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.prune_guard import (
    does_prune,
    problems_of_pruning,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import problems_of_role


class ActionModule(ProgressAction):
    def result(self, options: Data, task_vars: Data) -> ModuleResult:
        return with_diff_and_report(self._deployed(options, task_vars), check_mode=self._task.check_mode)

    def _deployed(self, options: Data, task_vars: Data) -> ModuleResult:
        """The inventory is compiled here and not in a task before: a fleet's lists take long from task to task."""
        problems = problems_of_role(self._task, (), task_vars, self._templar)
        problems += problems_of_pruning(self._task, options, task_vars, self._loader)
        if options.get("source") != "inventory":
            return ModuleResult.failure(not_valid(problems)) if problems else self.in_slices(options, task_vars)
        if given := sorted({*KINDS} & options.keys()):
            return ModuleResult.failure(f"source is inventory, so that these cannot be given: {', '.join(given)}")
        try:
            found = compiled(
                {},
                task_vars,
                self._templar,
                options.get("strict"),
                known_problems=problems,
                does_prune=does_prune(options),
            )
        except NotCompiled as error:
            return ModuleResult.failure(str(error))
        warned = ModuleResult(warnings=[str(warning) for warning in found.warnings])
        result = warned.merged_with(self.in_slices(options | found.lists, task_vars))
        return in_words_of_inventory(result, found.lists)
