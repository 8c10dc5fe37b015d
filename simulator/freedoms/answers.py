# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""An answer as AWS may give it instead: the same said with other members, in another order, with other numbers."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from ..types import Params, Result
from .choices import Freedoms
from .members import DEFAULTS, NEED_NOT_BE_SAID, NEED_NOT_BE_THERE, ONLY_WITH, SAID_BY

UNKNOWN = "AddedToTheServiceSince"
"""A member that no service model knows."""

# The order of containers is that of a pipeline. [D SM]
_IN_ORDER = ("ContainerDefinitionList",)
_TOKENS = {"NextToken", "PaginationToken"}


def freely(freedoms: Freedoms, operation: OperationModel, result: Result) -> Result:
    """The answer with all choices made as set; pages and what is late are chosen where lists are made."""
    shape = operation.output_shape
    if shape is None or shape.serialization.get("payload"):
        return result
    return _Choice(freedoms).answer(shape, result)


class _Choice:
    def __init__(self, freedoms: Freedoms) -> None:
        self._freedoms = freedoms

    def answer(self, shape: StructureShape, result: Result) -> Result:
        """The order of a list that comes in pages is chosen before it is cut into these."""
        found = self._structure(shape, result)
        if self._freedoms.other_order and shape.members.keys() & _TOKENS:
            found |= {name: value[::-1] for name, value in found.items() if isinstance(value, list)}
        return found

    def _any(self, shape: Shape, value: Any) -> Any:
        if isinstance(shape, StructureShape):
            return self._structure(shape, value)
        if isinstance(shape, ListShape):
            found = [self._any(shape.member, each) for each in value]
            return found[::-1] if self._freedoms.other_order and shape.name not in _IN_ORDER else found
        if isinstance(shape, MapShape):
            found_map = {key: self._any(shape.value, each) for key, each in value.items()}
            return dict(reversed(found_map.items())) if self._freedoms.other_order else found_map
        if isinstance(value, datetime) and self._freedoms.whole_seconds:
            return value.replace(microsecond=0)
        return self._number(shape, value) if shape.type_name in ("float", "double") else value

    def _number(self, shape: Shape, value: float) -> float:
        if self._freedoms.single_precision and shape.type_name == "float":
            value = struct.unpack("f", struct.pack("f", value))[0]
        return int(value) if self._freedoms.whole_numbers and value == int(value) else value

    def _structure(self, shape: StructureShape, value: Params) -> Params:
        members = shape.members
        found = {name: self._any(members[name], each) for name, each in self._defaults(shape, value).items()}
        if self._freedoms.left_out:
            found = _bare(shape, found)
        if self._freedoms.empty_lists:
            found = _empty(shape) | found
        if self._freedoms.unknown_members and not shape.is_tagged_union:
            found[UNKNOWN] = {"Since": ["2030"]}
        return found

    def _defaults(self, shape: StructureShape, value: Params) -> Params:
        if not self._freedoms.defaults_shown:
            return value
        added = {
            name: default
            for name, default in DEFAULTS.get(shape.name, {}).items()
            if name in shape.members and ONLY_WITH.get(name, name) in {**value, name: default}
        }
        return {**added, **value}


def _bare(shape: StructureShape, value: Params) -> Params:
    """Without what is empty, what has its default, and what need not be there; with all that the model requires."""
    defaults = DEFAULTS.get(shape.name, {}) | NEED_NOT_BE_SAID.get(shape.name, {})
    needless = NEED_NOT_BE_THERE.get(shape.name, ())

    def need_not_be(name: str, each: Any) -> bool:
        is_default = name in defaults and defaults[name] == each
        return each in ([], {}, None) or is_default or name in needless or SAID_BY.get(name) in value

    return {name: each for name, each in value.items() if name in shape.required_members or not need_not_be(name, each)}


def _empty(shape: StructureShape) -> Params:
    """The lists and maps of the structure; of a union only one member may be there."""
    if shape.is_tagged_union:
        return {}
    kinds: dict[str, Params | list[Any]] = {
        name: {} if isinstance(member, MapShape) else []
        for name, member in shape.members.items()
        if isinstance(member, ListShape | MapShape)
    }
    return dict(kinds)
