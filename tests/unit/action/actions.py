# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action plugin as ansible-playbook makes it for a task, without ansible-playbook."""

from __future__ import annotations

import types
import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible.plugins.action import ActionBase
from ansible.template import Templar, trust_as_template

Action = t.TypeVar("Action", bound=ActionBase)


def action_of(
    kind: type[Action],
    options: dict[str, t.Any],
    variables: dict[str, t.Any] | None = None,
    *,
    name: str = "action",
    check_mode: bool = False,
    role: str | None = None,
) -> Action:
    """The action *name* of a task with these options, on a host with these variables; of a *role*, if it has one."""
    task = types.SimpleNamespace(
        args=options, async_val=0, check_mode=check_mode, environment=[], action=name, resolved_action=name, tags=[]
    )
    if role:
        task._role = types.SimpleNamespace(get_name=lambda: role)
    connection = types.SimpleNamespace(_shell=types.SimpleNamespace(tmpdir="unused"))
    loader = DataLoader()
    made: Action = kind(task, connection, None, loader, Templar(loader=loader, variables=variables or {}), None)
    return made


def trusted(value: t.Any) -> t.Any:
    """The value as it comes from a file: its strings may be templates."""
    if isinstance(value, dict):
        return {key: trusted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [trusted(inner) for inner in value]
    return trust_as_template(value) if isinstance(value, str) else value
