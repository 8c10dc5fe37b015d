# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's own main in this process, without the second that Ansible takes to start it."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import typing as t
from unittest import mock

import pytest
from ansible.module_utils.testing import patch_module_args

from .conftest import Workplace
from .samples import COLLECTION


def result_of(workplace: Workplace, task: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The result of a task with one of the modules; the keywords of a task are for Ansible."""
    ((name, options),) = task.items()
    module = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{name.rpartition('.')[2]}")
    output = io.StringIO()
    with (
        mock.patch.dict("os.environ", workplace.environment),
        patch_module_args(options),
        contextlib.redirect_stdout(output),
        pytest.raises(SystemExit),
    ):
        module.main()
    result: dict[str, t.Any] = json.loads(output.getvalue())
    return result
