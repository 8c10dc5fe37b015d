# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two parts of an inventory, key by key, and which differences of requests no key shows."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..module_utils._engine.diff import Difference
from ..module_utils._inventory.api_parameters import can_set
from ..module_utils._inventory.reader import Tree
from ..module_utils._inventory.schema import Key
from ..module_utils.paths import Path


@dataclass(frozen=True)
class Changed:
    """A difference of two requests: *option* is its path without the *names* of users, which no schema has."""

    operation: str
    option: Path
    names: tuple[str, ...]
    difference: Difference

    def is_of(self, key: Key) -> bool:
        """Whether it is of a member of the key, or of a part of one; or of what the member is a part of."""
        if key.kind == "parameters" and not can_set(key, self.option):
            return False
        return any(self.operation == member.operation and self.is_at(member.option) for member in key.members)

    def is_at(self, option: Path) -> bool:
        shorter = min(len(self.option), len(option))
        return self.option[:shorter] == option[:shorter]


@dataclass
class TreeDifferences:
    """Compares trees as an export makes them, without what is as the schema has it by default.

    A key counts only where one of its members is among the *changed*; of what comes or goes whole, every key does.
    """

    changed: t.Sequence[Changed]
    unsaid: list[Changed] = field(init=False)
    """Those of *changed* that no key shows."""

    def __post_init__(self) -> None:
        self.unsaid = list(self.changed)

    def between(self, keys: t.Iterable[Key], before: Tree | None, after: Tree | None) -> list[Difference]:
        """The differences, in the order of the schema; None is a part that does not exist."""
        return list(self._between(keys, before, after, ()))

    def _between(
        self, keys: t.Iterable[Key], before: Tree | None, after: Tree | None, path: Path
    ) -> t.Iterator[Difference]:
        is_whole = before is None or after is None
        for key in keys:
            old, new = (_value(key, tree, is_whole) for tree in (before, after))
            comes_or_goes = old is None or new is None
            if old == new or not (is_whole or self._counts(key) or (key.keys and not comes_or_goes)):
                continue
            here = (*path, key.name)
            if key.kind == "map of objects":
                yield from self._of_map(key, old or {}, new or {}, here)
            elif key.kind == "object":
                found = list(self._between(key.keys, old, new, here))
                yield from found or ([Difference(here, old, new)] if comes_or_goes else [])
                if comes_or_goes:
                    self._say(key)
            elif key.kind == "parameters":
                yield from self._of_parameters(key, old or {}, new or {}, here, is_whole)
                self._say(key)
            elif key.kind == "map of text":
                yield from _of_text(key, old or {}, new or {}, here)
                self._say(key)
            else:
                yield Difference(here, old, new, is_secret=key.secret)
                self._say(key)

    def _of_map(self, key: Key, old: Tree, new: Tree, path: Path) -> t.Iterator[Difference]:
        """In the order in which they are declared: AWS may show lists in any."""
        for name in dict.fromkeys([*new, *old]):
            was, will_be = old.get(name), new.get(name)
            if was == will_be:
                continue
            yield from self._between(key.keys, was, will_be, (*path, name))
            if was is None or will_be is None:
                self._say(key, name)

    def _of_parameters(self, key: Key, old: Tree, new: Tree, path: Path, is_whole: bool) -> t.Iterator[Difference]:
        was, will_be = dict(_leaves(old, ())), dict(_leaves(new, ()))
        for inner in dict.fromkeys([*will_be, *was]):
            counts = is_whole or any(each.is_of(key) and each.is_at(_option(key, inner)) for each in self.changed)
            if counts and was.get(inner) != will_be.get(inner):
                yield Difference((*path, *inner), was.get(inner), will_be.get(inner))

    def _counts(self, key: Key) -> bool:
        """A key without members counts by the keys below it."""
        return not key.members or any(each.is_of(key) for each in self.changed)

    def _say(self, key: Key, name: str | None = None) -> None:
        self.unsaid = [each for each in self.unsaid if not _is_about(each, key, name)]


def _is_about(changed: Changed, key: Key, name: str | None) -> bool:
    """Whether it is part of what the key says, of a map of the entry of that name."""
    if name is not None and name not in changed.names:
        return False
    return changed.is_of(key) if key.members else name is not None


def _leaves(parameters: Tree, path: Path) -> t.Iterator[tuple[Path, t.Any]]:
    for name, value in parameters.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _option(key: Key, inner: Path) -> Path:
    return (*key.members[0].option, *inner)


def _value(key: Key, tree: Tree | None, is_whole: bool) -> t.Any:
    return None if tree is None else tree.get(key.name, None if is_whole else key.default)


def _of_text(key: Key, old: t.Mapping[str, str], new: t.Mapping[str, str], path: Path) -> t.Iterator[Difference]:
    for name in dict.fromkeys([*new, *old]):
        if old.get(name) != new.get(name):
            yield Difference((*path, name), old.get(name), new.get(name), is_secret=key.secret)
