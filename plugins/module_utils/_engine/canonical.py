# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canonical form of a request: what distinguishes two requests, and nothing else."""

from __future__ import annotations

import functools
import hashlib
import json
import struct
import typing as t
from dataclasses import dataclass, field

Request = dict[str, t.Any]
MemberPath = tuple[str, ...]
Leaves = dict[MemberPath, t.Any]


@dataclass(frozen=True)
class Rules:
    """How one kind of request is compared; every path is of API members joined by dots, ``*`` standing for any name."""

    defaults: t.Mapping[str, t.Any] = field(default_factory=dict)
    """What AWS takes a member for that was not sent: sending it or not is the same request."""
    read_only: t.Sequence[str] = ()
    """What a description carries that no request sets."""
    computed: t.Sequence[str] = ()
    """Left as found unless the request names it: AWS fills it in, or it is not ours to reset."""
    unordered: t.Sequence[str] = ()
    """Lists of scalars whose order means nothing."""
    keyed_lists: t.Mapping[str, str] = field(default_factory=dict)
    """Lists of structures whose order means nothing, with the member that names an entry."""
    single_precision: t.Sequence[str] = ()
    """Numbers that AWS stores as 32-bit floats."""
    meaningful_when_empty: t.Sequence[str] = ()
    """Structures whose mere presence says something."""
    secret: t.Sequence[str] = ()
    """Subtrees whose values are never shown."""
    mutable: t.Sequence[str] = ()
    """Changed in place on a running endpoint: outside the digest, compared with what is live."""

    def key_of_list(self, path: MemberPath) -> str | None:
        """The member that names the entries of the list at *path*."""
        found = (key for pattern, key in self.keyed_lists.items() if _is(pattern, path))
        return next(found, None)

    def names(self, paths: t.Iterable[str], path: MemberPath) -> bool:
        """Whether *path* is one of *paths* or lies below one."""
        return any(_matches(pattern, path) for pattern in paths)


@functools.lru_cache(maxsize=100_000)
def _matches(pattern: str, path: MemberPath) -> bool:
    members = pattern.split(".")
    return len(members) <= len(path) and all(member in ("*", name) for member, name in zip(members, path, strict=False))


@functools.lru_cache(maxsize=100_000)
def _is(pattern: str, path: MemberPath) -> bool:
    return pattern.count(".") + 1 == len(path) and _matches(pattern, path)


def canonical(rules: Rules, request: t.Any, path: MemberPath = ()) -> Leaves:
    """The request, or what is at *path* in one, as a flat map from path to scalar, or to a list of scalars.

    Equal maps, equal requests.
    """
    return dict(_leaves(rules, request, path))


def _leaves(rules: Rules, value: t.Any, path: MemberPath) -> t.Iterator[tuple[MemberPath, t.Any]]:
    if rules.names(rules.read_only, path):
        return
    if isinstance(value, dict):
        if not value and rules.names(rules.meaningful_when_empty, path):
            yield path, {}
        for name, inner in value.items():
            yield from _leaves(rules, inner, (*path, name))
    elif isinstance(value, (list, tuple)):
        yield from _leaves_of_list(rules, value, path)
    elif value is not None:
        value = _number(rules, value, path)
        if not any(value == default and _matches(pattern, path) for pattern, default in rules.defaults.items()):
            yield path, value


def _leaves_of_list(rules: Rules, value: t.Sequence[t.Any], path: MemberPath) -> t.Iterator[tuple[MemberPath, t.Any]]:
    if value and isinstance(value[0], dict):
        if named_by := rules.key_of_list(path):
            # By name, because AWS may show them in any order, and what is shown of them should not depend on that.
            for entry in sorted(value, key=lambda entry: str(entry[named_by])):
                yield from _leaves_of_named(rules, entry, named_by, path)
        else:
            for index, entry in enumerate(value):
                yield from _leaves(rules, entry, (*path, str(index)))
    elif value:
        yield path, sorted(value) if rules.names(rules.unordered, path) else list(value)


def _leaves_of_named(
    rules: Rules, entry: Request, named_by: str, path: MemberPath
) -> t.Iterator[tuple[MemberPath, t.Any]]:
    name = str(entry[named_by])
    rest = {member: value for member, value in entry.items() if member != named_by}
    leaves = list(_leaves(rules, rest, (*path, name)))
    yield from leaves or [((*path, name), name)]


def _number(rules: Rules, value: t.Any, path: MemberPath) -> t.Any:
    if not isinstance(value, float):
        return value
    if rules.names(rules.single_precision, path):
        value = single_precision(value)
    return int(value) if value.is_integer() else value


def without(members: t.Collection[str], request: t.Mapping[str, t.Any]) -> Request:
    """The request, or the part of one, without these members."""
    return {member: value for member, value in request.items() if member not in members}


def single_precision(number: float | None) -> float | None:
    """The number as it survives storage in 32 bits."""
    return None if number is None else float(struct.unpack("f", struct.pack("f", number))[0])


def shortest(number: float) -> float:
    """The shortest number that AWS stores as this one, in 32 bits."""
    numbers = (float(f"{number:.{digits}g}") for digits in range(1, 10))
    found = next((each for each in numbers if single_precision(each) == single_precision(number)), float(number))
    return int(found) if found.is_integer() else found


def digest(rules: Rules, request: Request, redeploy: str | None = None) -> str:
    """SHA-256 of what makes the object another one: without what changes in place; frozen by golden files.

    *redeploy* is a text that makes it another object although the request is the same.
    """
    leaves = canonical(rules, {**request, "Redeploy": redeploy})
    entries = sorted([list(path), value] for path, value in leaves.items() if not rules.names(rules.mutable, path))
    return hashlib.sha256(json.dumps(entries, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()
