# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a key of the inventory is: its kind, default and limits, and the members of AWS requests that it becomes."""

from __future__ import annotations

import functools
import typing as t
from dataclasses import dataclass, field

from .._aws import service_model as shapes
from .._aws.service_model import API_PARAMETERS
from .._engine.ownership import AWS, PREFIX
from ..paths import Path
from .codecs import CODECS, PLAIN, Codec

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.

if t.TYPE_CHECKING:
    from botocore.model import Shape

Kind = t.Literal[
    "text", "boolean", "integer", "number", "duration", "size", "policy", "alarm", "at", "cron", "moment", "time zone",
    "list of text", "all or list of alarms", "map of text", "object", "map of objects", "parameters", "pools",
]  # fmt: skip
ALL = "all"
RESERVED_TAGS = (AWS, PREFIX)
DOCUMENTED_TYPE: t.Mapping[Kind, str] = {
    "text": "string",
    "boolean": "bool",
    "integer": "number",
    "number": "number",
    "duration": "string",
    "size": "string",
    "policy": "string",
    "alarm": "string",
    "at": "string",
    "cron": "string",
    "moment": "string",
    "time zone": "string",
    "list of text": "list(string)",
    "all or list of alarms": "string or list(string or object)",
    "map of text": "map(string)",
    "object": "object",
    "map of objects": "map(object)",
    "parameters": "map(any)",
    "pools": "list(string or object)",
}


EXTERNAL = "external"


class External(str):
    """The name of an alarm of somebody else, in a list of alarms of the endpoint."""

    __slots__ = ()


class Member(t.NamedTuple):
    """A member of an operation's input."""

    service: str
    operation: str
    path: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The members on the way to it, none for the whole input."""
        return tuple(self.path.split(".")) if self.path else ()

    @property
    def shape(self) -> Shape:
        return shapes.shape_at(self.service, self.operation, *self.names)

    @property
    def is_known(self) -> bool:
        """Whether the installed botocore has it."""
        try:
            return bool(self.shape)
        except KeyError:
            return False

    @property
    def option(self) -> Path:
        """Its path in the options of the modules."""
        return tuple(map(xform_name, self.names))

    def __str__(self) -> str:
        return f"{self.operation} {self.path}".rstrip()


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key of the inventory.

    *default* is in the words of the schema; None stands for "not given". *low* and *high* are limits that the schema
    itself states, in its own words; those of AWS come from the first of *members*, or from *limits*.
    *codec* is how each of *members* is compiled and exported; None where that is written by hand.
    *aws_default* is what AWS takes a member for that is not sent, if the schema has no default of its own.
    *names* is the member that the keys of a map become; *reserved* are prefixes that they must not have.
    *added* marks what the documented schema does not have. *since* is the first botocore that knows all *members*, if
    the oldest supported one does not. *unless* is the key next to it with which it is not required.
    *beside* are the keys next to parameters, *owned* the members that no key sets, each with the message about it.
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
    codec: Codec | None = None
    aws_default: t.Any = None
    limits: Member | None = None
    names: Member | None = None
    keys: tuple[Key, ...] = ()
    reserved: tuple[str, ...] = ()
    may_be_empty: bool = False
    secret: bool = False
    added: bool = False
    since: str = ""
    unless: str = ""
    beside: tuple[Key, ...] = ()
    owned: t.Mapping[str, str] = field(default_factory=dict)

    @functools.cached_property
    def limit(self) -> Shape | None:
        """The shape whose ranges, lengths and patterns hold for the value."""
        member = self.limits or (self.members[0] if self.members else None)
        return member.shape if member and member.is_known else None

    @functools.cached_property
    def unknown_member(self) -> Member | None:
        """The first of its members that the installed botocore does not have."""
        return next((member for member in self.members if not member.is_known), None) if self.since else None

    @functools.cached_property
    def is_inline(self) -> bool:
        """Whether its keys become members of the structure that it is in itself, rather than of an entry of a list."""
        return self.kind == "object" and getattr(self.limit, "type_name", None) != "list"

    def paths(self, root: Member) -> list[str]:
        """The paths from *root* to those of its members that are below it."""
        return [path for member in self.members if (path := _path_below(root, member))]

    @property
    def api_choices(self) -> tuple[t.Any, ...]:
        """The choices as AWS has them."""
        return tuple(self.codec.to_api(choice) for choice in self.choices) if self.codec else self.choices

    @functools.cached_property
    def by_name(self) -> dict[str, Key]:
        return {key.name: key for key in self.keys}

    @functools.cached_property
    def taken(self) -> dict[str, str]:
        """What parameters cannot set: paths of members below theirs, each with the message about it."""
        (root,) = self.members
        found = dict(self.owned)
        for key in _with_inner(self.beside):
            is_structure = key.keys and getattr(key.limit, "type_name", None) == "structure"
            if not is_structure and key.kind != "parameters":
                found |= dict.fromkeys(key.paths(root), f"use the key {key.name} instead")
        return found


def _with_inner(keys: t.Iterable[Key]) -> t.Iterator[Key]:
    for key in keys:
        yield key
        yield from _with_inner(key.keys)


@functools.cache
def _path_below(root: Member, member: Member) -> str | None:
    prefix = f"{root.path}." if root.path else ""
    is_part = root[:2] == member[:2] and member.path.startswith(prefix)
    return member.path.removeprefix(prefix) if is_part else None


class Structure(t.NamedTuple):
    """Keys that together become a request, or the part of it that *root* is; of a list that is each entry."""

    root: Member
    keys: tuple[Key, ...]


def leaves(key: Key, path: str = "") -> t.Iterator[tuple[str, Key]]:
    """Every key that holds a value of its own, with its path; ``*`` stands for the user's name in a map."""
    here = f"{path}.{key.name}" if path else key.name
    if not key.keys:
        yield here, key
    inner = f"{here}.*" if key.kind == "map of objects" else here
    for child in key.keys:
        yield from leaves(child, inner)


def key(name: str, kind: Kind, *members: Member, **more: t.Any) -> Key:
    """By default, what becomes several members, or none, is compiled and exported by hand."""
    codec = CODECS.get(kind, PLAIN) if len(members) == 1 and "keys" not in more else None
    return Key(name=name, kind=kind, members=members, **{"codec": codec, **more})


def tags(name: str, *members: Member, **more: t.Any) -> Key:
    """Merged in the order endpoint or model, variant, ``additional_tags_all``; the later one wins."""
    more |= {"default": {}, "may_be_empty": True, "reserved": RESERVED_TAGS, "codec": None}
    return key(name, "map of text", *members, **more)


def with_api_parameters(root: Member, *keys: Key, owned: t.Mapping[str, str]) -> tuple[Key, ...]:
    """The keys, and one for what AWS takes in *root* beyond their members and those that the collection sets."""
    where = f"`{root.operation}`" if not root.path else f"`{root.path}` in `{root.operation}`"
    parameters = Key(
        name=API_PARAMETERS,
        kind="parameters",
        members=(root,),
        beside=keys,
        owned=owned,
        added=True,
        help=f"Members of {where} that have no key, in snake_case or as the API spells them. The installed botocore"
        " must know them. Members that a key or the collection sets are refused.",
    )
    return (*keys, parameters)


def redeploy_key(what: str) -> Key:
    word = Member("sagemaker", "CreateModel", "Tags.Value")
    return key(
        "redeploy",
        "text",
        limits=word,
        added=True,
        help=f"Any text, such as a date. A new text creates {what} again, although nothing else has changed: for"
        " example because an image was rebuilt under the same tag, or an artifact was overwritten.",
    )


MODEL = functools.partial(Member, "sagemaker", "CreateModel")
CONFIG = functools.partial(Member, "sagemaker", "CreateEndpointConfig")
UPDATE = functools.partial(Member, "sagemaker", "UpdateEndpoint")
ENDPOINT = functools.partial(Member, "sagemaker", "CreateEndpoint")
ALARM = functools.partial(Member, "cloudwatch", "PutMetricAlarm")
COMPOSITE = functools.partial(Member, "cloudwatch", "PutCompositeAlarm")
TARGET = functools.partial(Member, "application-autoscaling", "RegisterScalableTarget")
POLICY = functools.partial(Member, "application-autoscaling", "PutScalingPolicy")
ACTION = functools.partial(Member, "application-autoscaling", "PutScheduledAction")
