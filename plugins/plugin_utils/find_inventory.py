# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where actions find the inventory, how they compile it, and how they report what is wrong with it."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Mapping

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.vault import EncryptedString
from ansible.template import Templar
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.values import segment
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput, Problem, join

from .origins import Origins
from .variables import INVENTORY_PARTS, PREFIX, is_one_letter_away, unknown_variables

try:
    import botocore

    HAS_BOTOCORE = botocore is not None
except ImportError:
    HAS_BOTOCORE = False

# Where one of these is given, the others are looked for in the same place.
PARTS_BY_THEMSELVES = frozenset(("models", "endpoints"))

Named = dict[str, tuple[str, t.Any]]


class NotCompiled(Exception):
    """The message with everything that is wrong with the inventory."""


def compiled(
    options: Mapping[str, t.Any],
    variables: Mapping[str, t.Any],
    templar: Templar,
    strict: t.Any = None,
    *,
    known_problems: Iterable[Problem] = (),
    does_prune: bool = False,
) -> Compiled:
    """The inventory in the *options* of a task or else in its *variables*; raises NotCompiled.

    *known_problems* are reported with those of the inventory. With *does_prune*, the inventory must
    declare which endpoints to keep.
    """
    if not HAS_BOTOCORE:
        raise NotCompiled(
            "The Python that runs ansible-playbook needs botocore, which contains the limits of AWS. Install it there."
        )
    names, parts = named_parts(options, variables)
    problems = list(known_problems)
    if not PARTS_BY_THEMSELVES & _given(options).keys():
        problems += [*unknown_variables(variables), *_misspelt(names, parts, variables, templar)]
    origins = Origins(_values(parts), _names_of_variables(parts, variables))
    try:
        inventory = _resolved(parts, templar)
        if does_prune and inventory.get("endpoints") is None:
            problems.append(_undeclared_endpoints(names["endpoints"], variables))
        result = compile_inventory(inventory, strict=_is_true(strict))
    except InvalidInput as error:
        problems += error.problems
    except RecursionError:
        raise NotCompiled("The inventory is nested too deeply to be read.") from None
    if problems:
        raise NotCompiled(message_of(problems, names, origins))
    warnings = tuple(_placed(_renamed(problem, names), problem.path, origins) for problem in result.warnings)
    return dataclasses.replace(result, warnings=warnings)


def origins_of(parts: Named) -> Origins:
    """Where the user wrote the values of the parts."""
    return Origins(_values(parts))


def _values(parts: Named) -> dict[str, t.Any]:
    return {part: value for part, (_name, value) in parts.items()}


def _names_of_variables(parts: Named, variables: Mapping[str, t.Any]) -> dict[str, str]:
    """The names as Ansible has them, with their origin: by part, where a variable is one, or else by itself."""
    names = {str(name): name for name in variables}
    of_parts = {part: names[name] for part, (name, value) in parts.items() if variables.get(name) is value}
    return {name: marked for name, marked in names.items() if name not in INVENTORY_PARTS} | of_parts


def _placed(problem: Problem, path: str, origins: Origins) -> Problem:
    return dataclasses.replace(problem, message=f"{problem.message}{origins.behind(path)}")


def _misspelt(
    names: Mapping[str, str], parts: Named, variables: Mapping[str, t.Any], templar: Templar
) -> t.Iterator[Problem]:
    """Maps under a name one letter away from that of a part which is not set."""
    missing = [name for part, name in names.items() if name == part and part not in parts]
    for name in missing:
        for near in (each for each in variables if is_one_letter_away(each, name)):
            if isinstance(_resolved_or_none(variables[near], templar), Mapping):
                yield Problem(near, f'did you mean "{name}"? If this is a variable of your own, also set {name}: {{}}')


def _resolved_or_none(value: t.Any, templar: Templar) -> t.Any:
    try:
        return templar.template(value)
    except AnsibleError:
        return None


def model_names(variables: Mapping[str, t.Any], templar: Templar) -> list[str]:
    """The keys of the declared models, of an inventory that may be wrong in all else."""
    _names, parts = named_parts({}, variables)
    _name, models = parts.get("models", ("", None))
    found = models if isinstance(models, Mapping) else _resolved_or_none(models, templar)
    return [str(name) for name in found] if isinstance(found, Mapping) else []


def _undeclared_endpoints(name: str, variables: Mapping[str, t.Any]) -> Problem:
    ignored = (
        "; the variable endpoints is ignored, because sagemaker_inference_models is set"
        if variables.get("endpoints")
        else ""
    )
    advice = f"write {name}: {{}} to keep none"
    return Problem("endpoints", f"not set, and a run that prunes deletes what is not declared; {advice}{ignored}")


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
    given = _given(options)
    if PARTS_BY_THEMSELVES & given.keys():
        return {part: part for part in INVENTORY_PARTS}, {part: (part, value) for part, value in given.items()}
    has_prefixed = any(variables.get(PREFIX + part) is not None for part in PARTS_BY_THEMSELVES)
    names = {part: PREFIX + part if has_prefixed else part for part in INVENTORY_PARTS}
    if variables.get(f"{PREFIX}additional_tags_all") is not None:
        names["additional_tags_all"] = f"{PREFIX}additional_tags_all"
    if "additional_tags_all" in given:
        names["additional_tags_all"] = "additional_tags_all"
    found = {part: given.get(part, variables.get(name)) for part, name in names.items()}
    return names, {part: (names[part], value) for part, value in found.items() if value is not None}


def _given(options: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {part: options[part] for part in INVENTORY_PARTS if options.get(part) is not None}


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
        return "cannot be resolved; the reason is hidden, because it could show the value"
    return " ".join(str(error).split())


def message_of(problems: Iterable[Problem], names: Mapping[str, str], origins: Origins | None = None) -> str:
    """All problems, each under the name of the variable in which the user wrote it, with file and line if known."""
    places = origins or Origins({})
    lines = [
        f"- {_placed(_renamed(problem, names), problem.path, places)}{_where_to_set(problem, names)}"
        for problem in dict.fromkeys(problems)
    ]
    count = f"{len(lines)} problems" if len(lines) > 1 else "one problem"
    return "\n".join([f"The inventory has {count}; nothing was sent to AWS:", *lines])


def _where_to_set(problem: Problem, names: Mapping[str, str]) -> str:
    if problem.path != "models" or not problem.is_missing:
        return ""
    return (
        "; set sagemaker_inference_models or models"
        if names["models"] == "models"
        else f"; the variable models is ignored, because {PREFIX}endpoints is set"
    )


def _renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    """The problem under the name of the variable in which the user wrote it."""
    part, dot, rest = problem.path.partition(".")
    return dataclasses.replace(problem, path=names.get(part, part) + dot + rest)
