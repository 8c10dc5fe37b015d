# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where actions find the inventory, and how they compile it and tell what is wrong with it."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Mapping

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.vault import EncryptedString
from ansible.template import Templar
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.values import segment
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput, Problem, join

try:
    import botocore

    HAS_BOTOCORE = botocore is not None
except ImportError:
    HAS_BOTOCORE = False

PARTS = ("models", "endpoints", "additional_tags_all")
PREFIX = "sagemaker_inference_"

Named = dict[str, tuple[str, t.Any]]


class NotCompiled(Exception):
    """All that is wrong with the inventory, ready to be told."""


def compiled(
    options: Mapping[str, t.Any], variables: Mapping[str, t.Any], templar: Templar, strict: t.Any = None
) -> Compiled:
    """The inventory in the *options* of a task or else in its *variables*; raises NotCompiled."""
    if not HAS_BOTOCORE:
        raise NotCompiled("The Python that runs ansible-playbook needs botocore, which states AWS's limits.")
    names, parts = named_parts(options, variables)
    try:
        result = compile_inventory(_resolved(parts, templar), strict=_is_true(strict))
    except InvalidInput as error:
        raise NotCompiled(_told(error.problems, names)) from None
    except RecursionError:
        raise NotCompiled("The inventory is nested too deeply to be read.") from None
    return dataclasses.replace(result, warnings=tuple(_renamed(problem, names) for problem in result.warnings))


def _is_true(strict: t.Any) -> bool:
    try:
        return strict is not None and bool(boolean(strict))
    except TypeError:
        raise InvalidInput([Problem("strict", "not a boolean; allowed: true, false")]) from None


def _resolved(parts: Named, templar: Templar) -> dict[str, t.Any]:
    """The parts without templates; raises InvalidInput for every template that cannot be resolved."""
    resolved, problems = {}, []
    for part, (_name, value) in parts.items():
        try:
            resolved[part] = plain(templar.template(value))
        except AnsibleError as error:
            problems += list(_unresolved(value, part, templar)) or [Problem(part, _reason(error, part))]
    if problems:
        raise InvalidInput(problems)
    return resolved


def _unresolved(value: t.Any, path: str, templar: Templar) -> t.Iterator[Problem]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _unresolved(inner, join(path, segment(key)), templar)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _unresolved(inner, f"{path}[{index}]", templar)
    else:
        try:
            plain(templar.template(value))
        except AnsibleError as error:
            yield Problem(path, _reason(error, path))


def named_parts(options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> tuple[dict[str, str], Named]:
    """What each part of the inventory is called here, and the given parts with their values.

    Options come first; without them the prefixed variables, and only if neither models nor endpoints is set under
    its prefixed name, the bare ones.
    """
    given = {part: options[part] for part in PARTS if options.get(part) is not None}
    if "models" in given or "endpoints" in given:
        return {part: part for part in PARTS}, {part: (part, value) for part, value in given.items()}
    has_prefixed = any(variables.get(PREFIX + part) is not None for part in ("models", "endpoints"))
    names = {part: PREFIX + part if has_prefixed else part for part in PARTS}
    if variables.get(f"{PREFIX}additional_tags_all") is not None:
        names["additional_tags_all"] = f"{PREFIX}additional_tags_all"
    if "additional_tags_all" in given:
        names["additional_tags_all"] = "additional_tags_all"
    found = {part: given.get(part, variables.get(name)) for part, name in names.items()}
    return names, {part: (names[part], value) for part, value in found.items() if value is not None}


def plain(value: t.Any) -> t.Any:
    """The value in Python's own types, without Ansible's marks of origin and trust."""
    if isinstance(value, Mapping):
        return {plain(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (str, EncryptedString)):
        return str(value)
    for kind in (int, float):
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind(value)
    return value


def _reason(error: AnsibleError, path: str) -> str:
    if ".environment_variables" in path and not isinstance(error, AnsibleUndefinedVariable):
        return "cannot be resolved; the reason is hidden, for it could show the value"
    return " ".join(str(error).split())


def _told(problems: Iterable[Problem], names: Mapping[str, str]) -> str:
    lines = [f"- {_renamed(problem, names)}{_where_to_set(problem, names)}" for problem in problems]
    count = f"{len(lines)} problems" if len(lines) > 1 else "one problem"
    return "\n".join([f"The inventory has {count}; nothing was sent to AWS:", *lines])


def _where_to_set(problem: Problem, names: Mapping[str, str]) -> str:
    if (problem.path, problem.message) != ("models", "required"):
        return ""
    return f"; set {PREFIX}models or models" if names["models"] == "models" else "; models is ignored beside it"


def _renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    """The problem under the name of the variable in which the user wrote it."""
    part, dot, rest = problem.path.partition(".")
    return dataclasses.replace(problem, path=names.get(part, part) + dot + rest)
