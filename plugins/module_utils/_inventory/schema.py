# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a key of the inventory is: its kind, default and limits, and the members of AWS requests that it becomes."""

from __future__ import annotations

import functools
import typing as t
from dataclasses import dataclass

from .._aws import service_model as shapes

if t.TYPE_CHECKING:
    from botocore.model import Shape

Kind = t.Literal[
    "text", "boolean", "integer", "number", "duration", "size", "policy", "alarm",
    "list of text", "all or list of text", "map of text", "object", "map of objects",
]  # fmt: skip
ALL = "all"
RESERVED_TAGS = ("aws:", "friendsofansible.sagemaker/")
DOCUMENTED_TYPE: t.Mapping[Kind, str] = {
    "text": "string",
    "boolean": "bool",
    "integer": "number",
    "number": "number",
    "duration": "string",
    "size": "string",
    "policy": "string",
    "alarm": "string",
    "list of text": "list(string)",
    "all or list of text": "string or list(string)",
    "map of text": "map(string)",
    "object": "object",
    "map of objects": "map(object)",
}


class Member(t.NamedTuple):
    """A member of an operation's input."""

    service: str
    operation: str
    path: str

    @property
    def shape(self) -> Shape:
        return shapes.shape_at(self.service, self.operation, *self.path.split("."))

    def __str__(self) -> str:
        return f"{self.operation} {self.path}"


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key of the inventory.

    *default* is in the words of the schema; None stands for "not given". *low* and *high* are limits that the schema
    itself states, in its own words; those of AWS come from the first of *members*, or from *limits*.
    *names* is the member that the keys of a map become; *reserved* are prefixes that they must not have.
    *added* marks what the documented schema does not have.
    """

    name: str
    kind: Kind
    help: str
    default: t.Any = None
    required: bool = False
    choices: tuple[t.Any, ...] = ()
    low: t.Any = None
    high: t.Any = None
    members: tuple[Member, ...] = ()
    limits: Member | None = None
    names: Member | None = None
    keys: tuple[Key, ...] = ()
    reserved: tuple[str, ...] = ()
    may_be_empty: bool = False
    secret: bool = False
    added: bool = False

    @functools.cached_property
    def limit(self) -> Shape | None:
        """The shape whose ranges, lengths and patterns hold for the value."""
        member = self.limits or (self.members[0] if self.members else None)
        return member.shape if member else None

    @functools.cached_property
    def by_name(self) -> dict[str, Key]:
        return {key.name: key for key in self.keys}


def leaves(key: Key, path: str = "") -> t.Iterator[tuple[str, Key]]:
    """Every key that holds a value of its own, with its path; ``*`` stands for the user's name in a map."""
    here = f"{path}.{key.name}" if path else key.name
    if not key.keys:
        yield here, key
    inner = f"{here}.*" if key.kind == "map of objects" else here
    for child in key.keys:
        yield from leaves(child, inner)


def key(name: str, kind: Kind, *members: Member, **more: t.Any) -> Key:
    return Key(name=name, kind=kind, members=members, **more)


def tags(name: str, help: str, *members: Member, **more: t.Any) -> Key:
    """Merged in the order endpoint or model, variant, ``additional_tags_all``; the later one wins."""
    return key(name, "map of text", *members, help=help, default={}, may_be_empty=True, reserved=RESERVED_TAGS, **more)


MODEL = functools.partial(Member, "sagemaker", "CreateModel")
CONFIG = functools.partial(Member, "sagemaker", "CreateEndpointConfig")
UPDATE = functools.partial(Member, "sagemaker", "UpdateEndpoint")
ENDPOINT = functools.partial(Member, "sagemaker", "CreateEndpoint")
ALARM = functools.partial(Member, "cloudwatch", "PutMetricAlarm")
TARGET = functools.partial(Member, "application-autoscaling", "RegisterScalableTarget")
POLICY = functools.partial(Member, "application-autoscaling", "PutScalingPolicy")
