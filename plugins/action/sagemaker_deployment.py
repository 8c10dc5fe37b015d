# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sagemaker_deployment: the inventory compiled for it, lines while it waits, and a report at the end."""

from __future__ import annotations

import time

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import (
    KINDS,
    Data,
    ModuleResult,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import not_valid
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils import plan_files
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.declared_elsewhere import problems_of_others
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import (
    NotCompiled,
    compiled,
    message_of,
    model_names,
    named_parts,
    origins_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.origins import Origins
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_document import Context, document_of
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_files import NoPlan
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plans import (
    in_inventory_words,
    with_diff_and_report,
    with_origins,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import ProgressAction
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.prune_guard import (
    does_prune,
    problems_of_pruning,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.selected_tags import (
    NothingSelected,
    selected_parts,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import (
    OF_A_RUN,
    is_of_role,
    problems_of_role,
)


class ActionModule(ProgressAction):
    def result(self, options: Data, task_vars: Data) -> ModuleResult:
        started = time.monotonic()
        lists: Data = {}
        if is_of_role(self._task):
            try:
                options["parts"] = selected_parts(self._task, task_vars)
            except NothingSelected as reason:
                return ModuleResult(extra=reason.result)
        try:
            lists, warnings = self._compiled(options, task_vars)
            self._refuse_what_others_declare(options | lists, task_vars)
            found = self._carried_out(options | lists, task_vars)
            found = ModuleResult(warnings=warnings).merged_with(found) if lists else found
        except NotCompiled as error:
            found = ModuleResult.failure(str(error))
        host, deployment = str(task_vars.get("inventory_hostname", "")), str(options.get("deployment", ""))
        timeline = self.timeline.entries if self.timeline else ()
        state = str(options.get("state") or "present")
        context = Context(host, deployment, self._task.check_mode, time.monotonic() - started, state, timeline)
        declared = self._declared(task_vars) if _is_rollback_task(options) else lists
        result, document = with_diff_and_report(found, context, declared)
        return self._written(options, result, document)

    @staticmethod
    def options_for_waiting(options: Data) -> Data:
        """Of models, which are made before endpoints, only the names matter by now, and no alarms do.

        Alarms go after the endpoints that they watch, so that nothing of a destroy is done yet.
        """
        if options.get("state") == "absent":
            return options
        models = [{"model_name": each["model_name"]} for each in options.get("models") or ()]
        return options | {"alarms": [], "models": models}

    def _compiled(self, options: Data, task_vars: Data) -> tuple[Data, list[str]]:
        """The inventory as lists of options, and warnings; no lists where the task has them. Raises NotCompiled.

        It is compiled here and not in a task before: a fleet's lists take long from task to task.
        """
        if _is_rollback_task(options):
            return self._for_rollback(options, task_vars), []
        problems = problems_of_role(self._task, OF_A_RUN, task_vars, self._templar)
        problems += problems_of_pruning(self._task, options, task_vars, self._loader)
        if options.get("source") != "inventory":
            if problems:
                raise NotCompiled(not_valid(problems))
            return {}, []
        if given := sorted({*KINDS} & options.keys()):
            raise NotCompiled(f"these options cannot be combined with source=inventory: {', '.join(given)}")
        found = compiled(
            {},
            task_vars,
            self._templar,
            options.get("strict"),
            known_problems=problems,
            does_prune=does_prune(options),
        )
        return found.lists, [str(warning) for warning in found.warnings]

    def _refuse_what_others_declare(self, options: Data, task_vars: Data) -> None:
        if problems := problems_of_others(self._task, options, task_vars, self._loader):
            raise NotCompiled(message_of(problems, {}) if options.get("source") == "inventory" else not_valid(problems))

    def _for_rollback(self, options: Data, task_vars: Data) -> Data:
        """The declared models, for the diff, even of an inventory with problems; raises NotCompiled."""
        if problems := problems_of_role(self._task, ("rollback", *OF_A_RUN), task_vars, self._templar):
            raise NotCompiled(message_of(problems, {}))
        if given := sorted(({*KINDS} - {"endpoints"}) & options.keys()):
            raise NotCompiled(f"these options cannot be combined with state=rolled_back: {', '.join(given)}")
        if options.get("source") != "inventory":
            return {}
        return {"models": [{"model_name": name} for name in model_names(task_vars, self._templar)]}

    def _declared(self, task_vars: Data) -> Data:
        """What the inventory declares, for the report of a rollback; its problems must not stop the rollback."""
        try:
            return compiled({}, task_vars, self._templar, None).lists
        except NotCompiled:
            return {}

    def _written(self, options: Data, result: ModuleResult, document: Data) -> ModuleResult:
        """The result, after the requested files have been written."""
        if not options.get("plan_file"):
            return result
        formats = options.get("plan_formats") or ["json"]
        try:
            plan_files.write(options["plan_file"], formats, document, result.extra["report"]["summary"])
        except OSError as error:
            return result.merged_with(ModuleResult.failure(f"the plan could not be written: {error}"))
        return result

    def _carried_out(self, options: Data, task_vars: Data) -> ModuleResult:
        if options.get("approved_plan") and not self._task.check_mode:
            try:
                self._refuse_other_plan(options, task_vars)
            except NoPlan as refusal:
                return ModuleResult.failure(str(refusal))
        result = self._run_in_slices(options, task_vars)
        origins = self._origins(task_vars)
        return result.replaced(plans=with_origins(result.plans or (), origins, is_rollback=_is_rollback_task(options)))

    def _run_in_slices(self, options: Data, task_vars: Data) -> ModuleResult:
        """The result of the module; with ``source: inventory``, in the words of the inventory."""
        result = self.in_slices(options, task_vars)
        return in_inventory_words(result, options) if options.get("source") == "inventory" else result

    def _origins(self, task_vars: Data) -> Origins:
        _names, parts = named_parts({}, task_vars)
        return origins_of(parts)

    def _refuse_other_plan(self, options: Data, task_vars: Data) -> None:
        """Raises NoPlan unless what this run would do is what was approved."""
        approved = plan_files.approved(str(options["approved_plan"]))
        self._task.check_mode = True
        try:
            planned = self._run_in_slices(options, task_vars)
        finally:
            self._task.check_mode = False
        if planned.failed:
            raise NoPlan(planned.failure_message())
        plan_files.refuse_other(approved, document_of(planned, Context("", "", True, 0.0)))


def _is_rollback_task(options: Data) -> bool:
    return options.get("state") == "rolled_back"
