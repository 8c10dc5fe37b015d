# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Holds every answer against the service model, so that none can carry what AWS would not send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..freedoms.answers import UNKNOWN

_PYTHON_TYPE: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (datetime,),
}

# [C] The model has it as required, and yet AWS leaves it out where no key was given.
_LEFT_OUT = {"DataCaptureConfigSummary": ("KmsKeyId",)}


def conformed(shape: Shape, value: Any, timestamp: Callable[[datetime], Any]) -> Any:
    """A copy of the answer with its timestamps converted; TypeError for what the model does not know."""
    if isinstance(shape, StructureShape):
        spared = _LEFT_OUT.get(shape.name, ())
        missing = [name for name in shape.required_members if name not in value and name not in spared]
        if missing:
            raise TypeError(f"{shape.name} lacks {missing}")
        members = shape.members
        return {
            name: item if name == UNKNOWN else conformed(_member(members, name, shape), item, timestamp)
            for name, item in value.items()
        }
    if isinstance(shape, ListShape):
        member = shape.member
        return [conformed(member, item, timestamp) for item in value]
    if isinstance(shape, MapShape):
        return {key: conformed(shape.value, item, timestamp) for key, item in value.items()}
    if not isinstance(value, _PYTHON_TYPE[shape.type_name]):
        raise TypeError(f"{shape.name} is {value!r}, not {shape.type_name}")
    return timestamp(value) if isinstance(value, datetime) else value


def _member(members: dict[str, Shape], name: str, shape: Shape) -> Shape:
    try:
        return members[name]
    except KeyError:
        raise TypeError(f"{shape.name} has no member {name}") from None
