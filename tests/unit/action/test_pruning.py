# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options make a task prune, however they are written: only of such a task is asked what pruning asks for."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.prune_guard import does_prune


@pytest.mark.parametrize("prune", [True, "true", "yes", "on", 1, "1"])
@pytest.mark.parametrize(
    "options", [{}, {"parts": None}, {"parts": ["prune"]}, {"parts": "models,prune"}, {"state": "present"}]
)
def test_a_task_that_prunes(prune: t.Any, options: dict[str, t.Any]) -> None:
    assert does_prune({"prune": prune, **options})


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"prune": None},
        {"prune": "false"},
        {"prune": True, "state": "absent"},
        {"prune": True, "parts": ["models", "endpoints"]},
        {"prune": True, "parts": []},
    ],
)
def test_a_task_that_does_not(options: dict[str, t.Any]) -> None:
    assert not does_prune(options)
