# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions of sagemaker_inference_summary and sagemaker_inference_info."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.action import (
    sagemaker_inference_info,
    sagemaker_inference_summary,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import sealed
from ansible_collections.friendsofansible.sagemaker.tests.unit.action.actions import action_of

HOST = {"inventory_hostname": "prod-eu"}

Facts = dict[str, t.Any]


@pytest.mark.parametrize(
    ("result", "shown", "returned"),
    [
        (
            {
                "report": {
                    "outcome": "changes",
                    "failed": False,
                    "lines": [["Applied", "OK"], ["  more", ""]],
                }
            },
            "Applied\n  more\n",
            {"changed": False, "outcome": "changes"},
        ),
        (
            {"msg": "1 of 1 failed", "report": {"outcome": "failed", "failed": True, "lines": [["1 failed", "ERROR"]]}},
            "1 failed\n",
            {"changed": False, "outcome": "failed", "failed": True, "msg": "1 of 1 failed"},
        ),
        (
            {"msg": "no such\nvariable"},
            "Failed for prod-eu: no such variable\n",
            {"changed": False, "outcome": "failed", "failed": True, "msg": "no such\nvariable"},
        ),
        (
            {"skipped": True, "skipped_reason": "the tags select no part"},
            "Nothing done for prod-eu: the tags select no part\n",
            {"changed": False, "skipped": True},
        ),
    ],
)
def test_a_summary(result: Facts, shown: str, returned: Facts, capsys: pytest.CaptureFixture[str]) -> None:
    found = action_of(sagemaker_inference_summary.ActionModule, {"result": result}).run(task_vars=HOST)
    assert capsys.readouterr().out == shown
    assert {name: found[name] for name in returned} == returned


@pytest.mark.parametrize(
    ("answer", "args", "is_hidden"),
    [
        ({"inventory": {}}, {}, False),
        ({"inventory": {}}, {"include_environment": True}, True),
        ({"inventory": {}}, {"include_environment": "no"}, False),
        ({"failed": True, "msg": "denied"}, {"include_environment": True}, False),
    ],
)
def test_what_was_read_is_hidden_only_if_it_has_values_of_environment_variables(
    answer: Facts, args: Facts, is_hidden: bool
) -> None:
    plugin = action_of(sagemaker_inference_info.ActionModule, args)
    plugin._execute_module = lambda **_call: sealed(answer)
    result = plugin.run(task_vars=HOST)
    assert result.get("_ansible_no_log", False) is is_hidden
    assert {name: result[name] for name in answer} == answer
