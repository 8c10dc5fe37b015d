# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sagemaker_inference_info; no callback may show its result if it contains environment values."""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import message_of
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import unsealed
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.selected_tags import (
    NothingSelected,
    selected_parts,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import is_of_role, problems_of_role

MODULE = "friendsofansible.sagemaker.sagemaker_inference_info"


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        options = self._task.args
        if is_of_role(self._task):
            try:
                selected_parts(self._task, task_vars or {})
            except NothingSelected as reason:
                return result | reason.result
        asked = ("export_endpoints", "export_file")
        if problems := problems_of_role(self._task, asked, task_vars or {}, self._templar):
            return result | {"failed": True, "msg": message_of(problems, {})}
        result |= unsealed(self._execute_module(module_name=MODULE, module_args=options, task_vars=task_vars))
        has_secrets = boolean(options.get("include_environment"), strict=False) and not result.get("failed")
        return result | {"_ansible_no_log": True} if has_secrets else result
