# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of a request without a key, from the inventory and back, as the installed botocore knows them."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._aws import service_model as shapes
from .._engine.canonical import MemberPath, Request, Rules, canonical
from .._engine.requests import Options
from ..paths import Path
from ..problems import Problem, join
from .schema import Key, Structure

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.

if t.TYPE_CHECKING:
    from botocore.model import StructureShape


def read(key: Key, given: Mapping[object, t.Any], path: str) -> tuple[Options, list[Problem]]:
    """The members in snake_case, and what is wrong with them."""
    problems: list[Problem] = []
    shape = _shape(key)
    request = shapes.parameters_to_api(shape, given, path, problems)
    problems += _problems(key, shape, request, "", path)
    return shapes.to_options(shape, request), problems


def _shape(key: Key) -> StructureShape:
    """Of an entry, where the parameters are those of a list's entries."""
    shape: t.Any = key.limit
    return t.cast("StructureShape", shape.member if shape.type_name == "list" else shape)


def _problems(key: Key, shape: StructureShape, request: Request, below: str, path: str) -> t.Iterator[Problem]:
    """A missing member next to members that have keys is a problem of the whole request."""
    for member, value in request.items():
        here, where = join(below, member), join(path, xform_name(member))
        if here in key.taken:
            yield Problem(where, key.taken[here])
        elif isinstance(value, dict) and _is_shared(key, here):
            yield from _problems(key, t.cast("StructureShape", shape.members[member]), value, here, where)
        else:
            yield from shapes.violations(shape.members[member], value, where)


def _is_shared(key: Key, path: str) -> bool:
    """Whether some members of a structure have keys."""
    return any(taken.startswith(f"{path}.") for taken in key.taken)


def exported(structure: Structure, request: Request, rules: Rules, at: MemberPath = ()) -> Options | None:
    """What the request says beyond the keys of its structure and what AWS takes it for anyway; None if nothing.

    *at* is where it is in the request that *rules* are for.
    """
    key = next(key for key in structure.keys if key.kind == "parameters")
    found = _beyond(key, request, "", rules, at)
    return shapes.to_options(_shape(key), found) or None


def _beyond(key: Key, request: Request, below: str, rules: Rules, at: MemberPath) -> Request:
    found: Request = {}
    for member, value in request.items():
        here, path = join(below, member), (*at, member)
        if here in key.taken:
            continue
        if isinstance(value, dict) and _is_shared(key, here):
            if inner := _beyond(key, value, here, rules, path):
                found[member] = inner
        elif canonical(rules, value, path):
            found[member] = value
    return found


def can_set(key: Key, option: Path) -> bool:
    """Whether the parameters can set an option that is where they are or below."""
    root = key.members[0].option
    taken = (tuple(map(xform_name, path.split("."))) for path in key.taken)
    below = tuple(part for part in option[len(root) :] if isinstance(part, str))
    return bool(below) and not any(below[: len(each)] == each or each[: len(below)] == below for each in taken)
