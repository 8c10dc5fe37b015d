# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an inventory by its schema: typed, complete with defaults, with every fault of a single value reported."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._aws import service_model as shapes
from ..problems import Problem, join, nearest, quoted, required
from . import api_parameters, durations, instance_pools, values
from .schema import ALARM, ALL, EXTERNAL, External, Key
from .values import describe, segment, type_name

if t.TYPE_CHECKING:
    from botocore.model import Shape

Tree = dict[str, t.Any]


class Reader:
    """Reads values along their keys.

    What it returns has every key of the schema. A value that is not given or faulty is None, or empty if it is a map,
    so that the rules between values can still be judged; pools that are given and faulty are empty. *order* is the
    place of each path in the inventory.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.order: dict[str, int] = {}

    def read(self, key: Key, given: object, path: str) -> t.Any:
        self._visit(path)
        if given is None:
            given = key.default
        elif key.unknown_member:
            self._fault(path, f"needs botocore {key.since} or later; {shapes.botocore_version()} is installed")
            return _nothing(key)
        if given is not None:
            return self._of_kind(key, given, path)
        if key.required:
            self.problems.append(required(path))
        return _nothing(key) if key.required else None

    def _of_kind(self, key: Key, given: object, path: str) -> t.Any:
        match key.kind:
            case "object":
                return self._object(key, given, path)
            case "map of objects":
                return self._objects(key, given, path)
            case "map of text":
                return self._texts(key, given, path)
            case "list of text":
                return self._list(key, given, path)
            case "all or list of alarms":
                return self._all_or_list(key, given, path)
            case "pools":
                return self._pools(key, given, path)
            case "parameters":
                return self._parameters(key, given, path)
            case _:
                return self._single(key, given, path)

    def _object(self, key: Key, given: object, path: str) -> Tree:
        if not isinstance(given, Mapping):
            self._fault(path, f"expected a map with the keys {', '.join(key.by_name)}; got {type_name(given)}")
            return _empty(key)
        known = key.by_name
        for name in given:
            if name not in known:
                self._unknown(name, known, path)
        written = [name for name in given if name in known]
        missing = [name for name in known if name not in given]
        return {
            name: None
            if given.get(name) is None and known[name].unless and given.get(known[name].unless) is not None
            else self.read(known[name], given.get(name), join(path, name))
            for name in written + missing
        }

    def _unknown(self, name: object, known: Mapping[str, Key], path: str) -> None:
        where = join(path, segment(name))
        self._visit(where)
        hint = nearest(str(name)[:80], known) if isinstance(name, str) else ""
        self._fault(where, f"unknown key{hint or '; known: ' + ', '.join(known)}")

    def _objects(self, key: Key, given: object, path: str) -> Tree:
        result = {}
        for name, inner, where in self._entries(key, given, path):
            if key.names:
                self._limit(key.names.shape, name, where)
            result[name] = self._object(key, {} if inner is None else inner, where)
        return result

    def _texts(self, key: Key, given: object, path: str) -> Tree:
        names, contents = shapes.map_shapes(key.limit)
        result = {}
        for name, inner, where in self._entries(key, given, path):
            self._limit(names, name, where)
            if name.startswith(key.reserved):
                self._fault(where, f"reserved; allowed: names that do not start with {' or '.join(key.reserved)}")
            result[name] = self._text(key, contents, inner, where)
        return result

    def _entries(self, key: Key, given: object, path: str) -> t.Iterator[tuple[str, t.Any, str]]:
        """Name, value and path of each entry of a map that has text for its name."""
        if not isinstance(given, Mapping):
            self._fault(path, f"expected a map, got {type_name(given)}")
            return
        self._count(key, len(given), path)
        for name, inner in given.items():
            where = join(path, segment(name))
            self._visit(where)
            try:
                yield values.text(name), inner, where
            except ValueError as error:
                self._fault(where, f"as a name, {error}")

    def _list(self, key: Key, given: object, path: str) -> list[str | None]:
        if not isinstance(given, (list, tuple)):
            self._fault(path, f"expected a list, got {type_name(given)}")
            return []
        self._count(key, len(given), path)
        item = getattr(key.limit, "member", None)
        found = [self._text(key, item, inner, f"{path}[{index}]") for index, inner in enumerate(given)]
        for index, inner in enumerate(found):
            if key.choices and inner is not None:
                self._choice(key, inner, f"{path}[{index}]")
        return found

    def _all_or_list(self, key: Key, given: object, path: str) -> str | list[str | None] | None:
        if isinstance(given, (list, tuple)):
            self._count(key, len(given), path)
            item = getattr(key.limit, "member", None)
            return [self._alarm_name(key, item, inner, f"{path}[{index}]") for index, inner in enumerate(given)]
        if given == ALL:
            return ALL
        self._fault(path, f"expected {ALL} or a list, got {describe(given)}")
        return None

    def _parameters(self, key: Key, given: object, path: str) -> Tree:
        """In the words of the modules."""
        if not isinstance(given, Mapping):
            self._fault(path, f"expected a map, got {type_name(given)}")
            return {}
        options, problems = api_parameters.read(key, given, path)
        self.problems += problems
        return options

    def _alarm_name(self, key: Key, limit: Shape | None, given: object, path: str) -> str | None:
        """A key of an alarm of the endpoint, or the name of an alarm of somebody else."""
        if not isinstance(given, Mapping):
            return self._text(key, limit, given, path)
        self._visit(path)
        if set(given) != {EXTERNAL}:
            self._fault(path, f"expected a key of cloudwatch_alarms, or a map with {EXTERNAL} and the name of an alarm")
            return None
        name = self._text(key, ALARM("AlarmName").shape, given[EXTERNAL], join(path, EXTERNAL))
        return None if name is None else External(name)

    def _pools(self, key: Key, given: object, path: str) -> list[Tree]:
        pools, problems = instance_pools.read(key, given, path)
        self.problems += problems
        return pools

    def _text(self, key: Key, limit: Shape | None, given: object, path: str) -> str | None:
        """One text of a list or map."""
        self._visit(path)
        try:
            found = values.text(given, key.secret)
        except ValueError as error:
            self._fault(path, str(error))
            return None
        if not found and not key.may_be_empty:
            self._fault(path, "empty")
            return None
        return found if self._limit(limit, found, path) else None

    def _single(self, key: Key, given: object, path: str) -> t.Any:
        try:
            found = values.PARSERS[key.kind](given)
        except ValueError as error:
            self._fault(path, str(error))
            return None
        if found == "" and not key.may_be_empty:
            self._fault(path, "empty; leave the key out or give it a value")
        elif key.choices and not self._choice(key, found, path):
            return None
        elif key.kind == "duration":
            return found if self._duration(key, found, given, path) else None
        elif key.low is not None and found < key.low:
            self._fault(path, f"{quoted(given)} is out of range; allowed: {key.low} or more")
        elif key.kind not in ("text", "integer", "number") or key.choices or self._limit(key.limit, found, path):
            return found
        return None

    def _choice(self, key: Key, found: t.Any, path: str) -> bool:
        if found in key.choices:
            return True
        hint = nearest(found, key.choices) if isinstance(found, str) else ""
        allowed = ", ".join(str(choice) for choice in key.choices)
        self._fault(path, f"{quoted(found)} is not a valid value{hint}; allowed: {allowed}")
        return False

    def _duration(self, key: Key, seconds: int, given: object, path: str) -> bool:
        limits = key.limit.metadata if key.limit else {}
        low = durations.parse(key.low) if key.low else limits.get("min", 0)
        high = durations.parse(key.high) if key.high else limits.get("max", durations.LONGEST)
        if low <= seconds <= high:
            return True
        allowed = f"{durations.as_duration(low)} to {durations.as_duration(high)}"
        self._fault(path, f"{quoted(given)} is out of range; allowed: {allowed}")
        return False

    def _limit(self, shape: Shape | None, value: t.Any, path: str) -> bool:
        """Whether the value is within the limits of AWS; values that only warnings are about pass."""
        found = next(shapes.leaf_problems(shape, value, path), None) if shape else None
        if found:
            self.problems.append(found)
        return found is None or found.is_warning

    def _count(self, key: Key, entries: int, path: str) -> None:
        metadata = key.limit.metadata if key.limit else {}
        low = key.low if key.keys else metadata.get("min")
        high = metadata.get("max")
        if (low and entries < low) or (high and entries > high):
            self._fault(path, f"{entries} entries; allowed: {shapes.interval(low, high)}")

    def _fault(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def _visit(self, path: str) -> None:
        self.order.setdefault(path, len(self.order))


def _nothing(key: Key) -> t.Any:
    """What replaces a value that is missing or not valid."""
    if key.kind == "object":
        return _empty(key)
    if key.kind == "pools":
        return []
    return {} if key.kind.startswith("map") else None


def _empty(key: Key) -> Tree:
    """An object without values; optional objects count as not given."""
    return {inner.name: _nothing(inner) if inner.required or inner.default is not None else None for inner in key.keys}
