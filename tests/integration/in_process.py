# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's own main, and the role's only task, in this process, without the time that Ansible takes to start them."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import typing as t
from unittest import mock

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.friendsofansible.sagemaker.plugins.action.sagemaker_deployment import ActionModule
from ansible_collections.friendsofansible.sagemaker.tests.unit.action.actions import action_of

from tests.scenarios.harness import World

from .conftest import Workplace
from .samples import COLLECTION

Data = dict[str, t.Any]


def result_of(workplace: Workplace, task: t.Mapping[str, t.Any], **environment: str) -> Data:
    """The result of a task with one of the modules; the keywords of a task are for Ansible."""
    ((name, options),) = task.items()
    module = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{name.rpartition('.')[2]}")
    output = io.StringIO()
    with (
        mock.patch.dict("os.environ", workplace.environment | environment),
        patch_module_args(options),
        contextlib.redirect_stdout(output),
        pytest.raises(SystemExit),
    ):
        module.main()
    result: Data = json.loads(output.getvalue())
    return result


def role_result_of(workplace: Workplace, variables: Data, options: Data, **environment: str) -> Data:
    """What the role's task, with options beside those of every run, makes of the variables, while no time passes."""

    def execute(*, module_name: str, module_args: Data, task_vars: Data) -> Data:
        return result_of(workplace, {module_name: module_args}, **environment)

    with pytest.MonkeyPatch.context() as patch:
        World(workplace.simulator, patch)
        args = {"source": "inventory", "deployment": "default", **options}
        name = f"{COLLECTION}.sagemaker_deployment"
        action = action_of(ActionModule, args, variables, name=name)
        action._execute_module = execute
        result: Data = action.run(task_vars=variables)
    return result
