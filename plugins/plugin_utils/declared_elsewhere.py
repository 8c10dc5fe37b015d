# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another task or host declares for the same account, region and deployment, which prune must not delete.

Hosts that run the same task are compared by `rivals.py`; here are those that --limit leaves out of the play, and what
ran earlier in the same playbook: another play, or the role once more.
"""

from __future__ import annotations

import json
import os
import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import Data
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import Problem, first_of

from .find_inventory import named_parts
from .prune_guard import does_prune
from .rivals import Aim, aim_of_host, are_the_same, found_once, locked, of_this_playbook, own_aim, variables_of
from .variables import PREFIX, is_of_role

_NAMES = {"endpoints": "endpoint_name", "models": "model_name"}

Declared = dict[str, set[str]]
"""The names of endpoints and of models."""


def problems_of_others(task: t.Any, options: Data, variables: Mapping[str, t.Any], loader: DataLoader) -> list[Problem]:
    """Why a task with these options may not prune; what it declares is noted for the tasks that follow it."""
    if options.get("state") not in (None, "present"):
        return []
    own, host = own_aim(task, options), str(variables.get("inventory_hostname", ""))
    declared = {kind: {str(each.get(name)) for each in options.get(kind) or ()} for kind, name in _NAMES.items()}
    earlier = _noted(own, host, declared, is_asked=does_prune(options))
    if not does_prune(options):
        return []
    found = [(f"an earlier task, for {other},", more) for other, more in _beside(own, declared, earlier)]
    if options.get("source") == "inventory":
        left_out = _left_out(task, variables, loader, own, declared)
        found += [(f"{other}, which --limit leaves out,", more) for other, more in left_out]
    prefix = PREFIX if is_of_role(task) else ""
    advice = f"Declare all together, or give each a {prefix}deployment of its own"
    faults = [
        f"{who} declares {first_of(more)} for the same account, region and deployment; prune would delete that."
        f" {advice}"
        for who, more in found
        if more
    ]
    return [Problem(f"{prefix}prune", fault) for fault in faults]


def _noted(own: Aim, host: str, declared: Declared, *, is_asked: bool) -> str:
    """Notes what this task declares, on a line of JSON; returns the lines of the tasks before it, if *is_asked*."""
    noted = {kind: sorted(names) for kind, names in declared.items()}
    # ansible-playbook is the parent of every process that runs a task.
    path = of_this_playbook(f"declared-{os.getppid()}")
    with locked(path), path.open("a+", encoding="utf-8") as notes:
        notes.seek(0)
        earlier = notes.read() if is_asked else ""
        notes.write(json.dumps((own, host, noted)) + "\n")
    return earlier


def _beside(own: Aim, declared: Declared, notes: str) -> list[tuple[str, list[str]]]:
    """By host, what earlier tasks declare beside this one; what only gets smaller is not beside it."""
    found: dict[str, list[str]] = {}
    for aim, other, earlier in map(json.loads, notes.splitlines()):
        for kind, names in earlier.items() if are_the_same(own, Aim(*aim)) else ():
            if declared[kind] - {*names}:
                found.setdefault(other, []).extend(_more(names, kind, declared))
    return [(other, list(dict.fromkeys(more))) for other, more in found.items()]


def _left_out(
    task: t.Any, variables: Mapping[str, t.Any], loader: DataLoader, own: Aim, declared: Declared
) -> list[tuple[str, list[str]]]:
    """By host, what those of the play that --limit leaves out declare beside this one."""
    left_out = found_once(f"left-out-{task._uuid}", lambda: [*_read_left_out(task, variables, loader)])
    return [
        (host, [name for kind, names in theirs.items() for name in _more(names, kind, declared)])
        for host, aim, theirs in left_out
        if are_the_same(own, Aim(*aim))
    ]


def _read_left_out(
    task: t.Any, variables: Mapping[str, t.Any], loader: DataLoader
) -> t.Iterator[tuple[str, Aim, dict[str, list[str]]]]:
    inventory = variables["hostvars"]._inventory
    every = inventory.get_hosts(task.play.hosts, ignore_limits=True, ignore_restrictions=True)
    for host in sorted({each.name for each in every} - {*variables["ansible_play_hosts_all"]}):
        if aim := aim_of_host(task, variables, loader, host):
            theirs = _declared_by(variables_of(task, variables, host), loader)
            yield host, aim, {kind: sorted(names) for kind, names in theirs.items()}


def _more(names: t.Iterable[str], kind: str, declared: Declared) -> list[str]:
    return [f"{kind.removesuffix('s')} {name}" for name in sorted({*names} - declared[kind])]


def _declared_by(variables: Mapping[str, t.Any], loader: DataLoader) -> Declared:
    _names, parts = named_parts({}, variables)
    return {kind: _keys(parts[kind][1], variables, loader) for kind in _NAMES if kind in parts}


def _keys(value: t.Any, variables: Mapping[str, t.Any], loader: DataLoader) -> set[str]:
    try:
        found = value if isinstance(value, Mapping) else Templar(loader=loader, variables=variables).template(value)
    except AnsibleError:
        return set()
    return {str(key) for key in found} if isinstance(found, Mapping) else set()
