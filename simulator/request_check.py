# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Checks a request against botocore's service model and says what AWS would say.

Written without a look at the collection's own check: the witness shares no code with the accused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.utils import parse_timestamp

from .errors import AwsError
from .java_regex import compile_pattern
from .types import Params

_WHOLE = {"integer", "long"}
_REAL = {"float", "double"}
# The words of AWS's JSON deserializer. [C; which article it uses is a guess]
_JSON_KIND = {bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", str: "STRING_VALUE"}


def checked(shape: Shape | None, params: Params, error_code: str) -> Params:
    """The request with nulls dropped and values as AWS stores them, or AwsError with every violation."""
    if shape is None:
        return {}
    violations: list[str] = []
    value: Params = _Check(violations).value(shape, params, "")
    if violations:
        noun = "error" if len(violations) == 1 else "errors"
        message = f"{len(violations)} validation {noun} detected: {'; '.join(violations)}"
        raise AwsError(error_code, message)
    return value


class _Check:
    def __init__(self, violations: list[str]) -> None:
        self._violations = violations

    def value(self, shape: Shape, value: Any, path: str) -> Any:
        if isinstance(shape, StructureShape):
            return self._structure(shape, value, path)
        if isinstance(shape, ListShape):
            return self._list(shape, value, path)
        if isinstance(shape, MapShape):
            return self._map(shape, value, path)
        scalar = _scalar(shape, value)
        for constraint in _broken(shape, scalar):
            self._fail(value, path, constraint)
        return scalar

    def _structure(self, shape: StructureShape, value: Any, path: str) -> Params:
        _expect(isinstance(value, dict), value, shape)
        for name in shape.required_members:
            if value.get(name) is None:
                self._fail(None, _join(path, name), "Member must not be null")
        result: Params = {}
        for name, member in value.items():
            if member is None:
                continue
            if name not in shape.members:
                # Guess: AWS may well ignore it; a client that sends it is wrong all the same.
                self._fail(member, _join(path, name), "Member must be defined in the service model")
                continue
            result[name] = self.value(shape.members[name], member, _join(path, name))
        if shape.metadata.get("union") and len(result) != 1:
            self._fail(sorted(result), path, "Exactly one member must be set")
        return result

    def _list(self, shape: ListShape, value: Any, path: str) -> list[Any]:
        _expect(isinstance(value, list), value, shape)
        for constraint in _broken_length(shape, len(value)):
            self._fail(value, path, constraint)
        if isinstance(shape.member, StructureShape | ListShape | MapShape):
            return [
                self.value(shape.member, item, f"{path}.{index}.member") for index, item in enumerate(value, start=1)
            ]
        items = [_scalar(shape.member, item) for item in value]
        if any(next(_broken(shape.member, item), None) for item in items):
            self._fail(value, path, f"Member must satisfy constraint: [{', '.join(_constraints(shape.member))}]")
        return items

    def _map(self, shape: MapShape, value: Any, path: str) -> Params:
        _expect(isinstance(value, dict), value, shape)
        for constraint in _broken_length(shape, len(value)):
            self._fail(value, path, constraint)
        result: Params = {}
        for key, item in value.items():
            if next(_broken(shape.key, key), None):
                constraints = ", ".join(_constraints(shape.key))
                self._fail(value, path, f"Map keys must satisfy constraint: [{constraints}]")
            if item is not None:
                result[key] = self.value(shape.value, item, f"{path}.{key}.member")
        return result

    def _fail(self, value: Any, path: str, constraint: str) -> None:
        shown = "null" if value is None else f"'{_shown(value)}'"
        self._violations.append(f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}")


def _join(path: str, name: str) -> str:
    member = name[:1].lower() + name[1:]
    return f"{path}.{member}" if path else member


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_shown(item) for item in value)}]"
    if isinstance(value, dict):
        # AWS prints every value; an Environment must not leak into journals and logs.
        return f"{{{', '.join(f'{key}=...' for key in value)}}}"
    return str(value)


def _expect(fits: bool, value: Any, shape: Shape) -> None:
    if not fits:
        kind = _JSON_KIND.get(type(value), "START_OBJECT" if isinstance(value, dict) else "START_ARRAY")
        raise AwsError("SerializationException", f"{kind} can not be converted to {shape.type_name.title()}")


def _scalar(shape: Shape, value: Any) -> Any:
    kind = shape.type_name
    if kind == "string":
        _expect(isinstance(value, str), value, shape)
    elif kind == "boolean":
        _expect(isinstance(value, bool), value, shape)
    elif kind in _WHOLE:
        whole = isinstance(value, int) and not isinstance(value, bool)
        _expect(whole or (isinstance(value, float) and value.is_integer()), value, shape)
        return int(value)
    elif kind in _REAL:
        _expect(isinstance(value, int | float) and not isinstance(value, bool), value, shape)
        return _float32(value) if kind == "float" else float(value)
    elif kind == "timestamp":
        return _timestamp(shape, value)
    return value


def _float32(value: float) -> float:
    """A `Float` member is stored in single precision and read back widened. [I TF #43643]"""
    single: float = struct.unpack("f", struct.pack("f", value))[0]
    return single


def _timestamp(shape: Shape, value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    _expect(isinstance(value, int | float | str) and not isinstance(value, bool), value, shape)
    try:
        return parse_timestamp(value).astimezone(UTC)
    except ValueError as problem:
        raise AwsError("SerializationException", f"{value} is not a timestamp") from problem


def _broken(shape: Shape, value: Any) -> Iterator[str]:
    """The constraints that the scalar breaks, in the words of AWS."""
    metadata = shape.metadata
    if isinstance(value, str):
        if "enum" in metadata and value not in metadata["enum"]:
            yield _enum(shape)
        yield from _broken_length(shape, len(value))
        if "pattern" in metadata and not compile_pattern(metadata["pattern"]).fullmatch(value):
            yield _pattern(shape)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if "min" in metadata and value < metadata["min"]:
            yield f"Member must have value greater than or equal to {metadata['min']}"
        if "max" in metadata and value > metadata["max"]:
            yield f"Member must have value less than or equal to {metadata['max']}"


def _broken_length(shape: Shape, length: int) -> Iterator[str]:
    if length > shape.metadata.get("max", length):
        yield _longest(shape)
    if length < shape.metadata.get("min", 0):
        yield _shortest(shape)


def _constraints(shape: Shape) -> Iterator[str]:
    """All constraints of a list's or a map's scalar: AWS lists them all when one item breaks one. [C]"""
    if "max" in shape.metadata:
        yield _longest(shape)
    if "min" in shape.metadata:
        yield _shortest(shape)
    if "pattern" in shape.metadata:
        yield _pattern(shape)
    if "enum" in shape.metadata:
        yield _enum(shape)


def _longest(shape: Shape) -> str:
    return f"Member must have length less than or equal to {shape.metadata['max']}"


def _shortest(shape: Shape) -> str:
    return f"Member must have length greater than or equal to {shape.metadata['min']}"


def _pattern(shape: Shape) -> str:
    return f"Member must satisfy regular expression pattern: {shape.metadata['pattern']}"


def _enum(shape: Shape) -> str:
    return f"Member must satisfy enum value set: [{', '.join(shape.metadata['enum'])}]"
