# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role: which there are, and what is wrong with those that are set."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleValueOmittedError
from ansible.template import Templar
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.preconditions import (
    blank_fault,
    deployment_fault,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import Problem, nearest

ROLE = "friendsofansible.sagemaker.sagemaker_inference"
PREFIX = "sagemaker_inference_"
INVENTORY_PARTS = ("models", "endpoints", "additional_tags_all")
_EVERYWHERE = ("deployment", "region", "profile")
_OMITTED = object()

# What users may set; the tests compare this, and what follows, with the files of the role and of the playbooks.
SETTINGS = (
    *INVENTORY_PARTS,
    *("state", "deployment", "region", "profile"),
    *("adopt", "allow_replace", "keep_generations", "purge_tags", "strict", "verify"),
    *("prune", "prune_limit", "confirm"),
    *("parallelism", "progress_interval", "wait", "wait_timeout"),
    *("plan_file", "plan_formats", "approved_plan", "diff"),
    *("rollback", "hosts", "export_endpoints", "export_environment", "export_file"),
    "smoke_requests",
)
# Variables that the role sets for itself and for later tasks.
MADE = (
    *("connection", "owner", "going_back", "export_default", "export_path", "export_rivals"),
    *("result", "live_endpoints", "found", "risk_lines", "not_as_declared", "undivided"),
)
_KNOWN = frozenset(PREFIX + name for name in (*SETTINGS, *MADE))


def is_of_role(task: t.Any) -> bool:
    """Whether the task is one of the role's own, whose options the role's variables decide."""
    role = getattr(task, "_role", None)
    return role is not None and role.get_name() == ROLE


OF_A_RUN = ("plan_file", "approved_plan")
"""Beside those that have to do with every task of the role, what must not be blank for a run."""


def problems_of_role(
    task: t.Any, names: t.Iterable[str], variables: Mapping[str, t.Any], templar: Templar
) -> list[Problem]:
    """What is wrong with the variables of a task of the role; *names*, without prefix, must not be blank."""
    if not is_of_role(task):
        return []
    return [*unknown_variables(variables), *_blank_variables((*_EVERYWHERE, *names), variables, templar)]


def unknown_variables(variables: Mapping[str, t.Any]) -> list[Problem]:
    """The variables that have the prefix of the role but that it does not know, so that they would have no effect."""
    unknown = sorted(name for name in variables if name.startswith(PREFIX) and name not in _KNOWN)
    return [
        Problem(name, f"unknown variable{nearest(name.removeprefix(PREFIX), SETTINGS, PREFIX)}") for name in unknown
    ]


def is_one_letter_away(word: str, known: str) -> bool:
    """Whether they differ by a letter too many, too few, another or in its neighbour's place, or in capitals alone."""
    if word == known:
        return False
    word, known = word.casefold(), known.casefold()
    for _end in range(2):
        start = next((at for at, (one, other) in enumerate(zip(word, known, strict=False)) if one != other), None)
        start = min(len(word), len(known)) if start is None else start
        word, known = word[start:][::-1], known[start:][::-1]
    return max(len(word), len(known)) <= 1 or (len(word) == 2 and word == known[::-1])


def _blank_variables(names: t.Iterable[str], variables: Mapping[str, t.Any], templar: Templar) -> list[Problem]:
    values = {PREFIX + name: _value(variables[PREFIX + name], templar) for name in names if PREFIX + name in variables}
    return [
        Problem(name, fault)
        for name, value in values.items()
        if value is not _OMITTED and (fault := _FAULTS.get(name.removeprefix(PREFIX), blank_fault)(value))
    ]


def _value(raw: t.Any, templar: Templar) -> t.Any:
    try:
        return templar.template(raw)
    except AnsibleValueOmittedError:
        return _OMITTED


def _list_fault(value: object) -> str | None:
    """AWX surveys have no lists, so names may be separated by commas."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)):
        return blank_fault(value)
    return next(filter(None, map(blank_fault, names)), None)


def _rollback_fault(value: object) -> str | None:
    return "empty; name at least one endpoint" if value in ([], ()) else _list_fault(value)


_FAULTS: dict[str, t.Callable[[object], str | None]] = {
    "deployment": deployment_fault,
    "export_endpoints": _list_fault,
    "rollback": _rollback_fault,
}
