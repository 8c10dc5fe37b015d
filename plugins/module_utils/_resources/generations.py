# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generations of immutable objects: how they are named and read, and which are there, found with few list calls.

The first has the plain name, those that follow a digest behind it.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import typing as t
from dataclasses import dataclass

from .._aws import sagemaker
from .._aws.client import FEW, Api, Result
from .._aws.sagemaker import Summary
from .._engine.canonical import Request
from .._engine.requests import sent_members

NAME_LIMIT = 63
DIGEST_LENGTH = 8
NAME_IS_TAKEN = "exists with different content; delete it if nothing uses it, or set redeploy to any new text"
"""What is made with another text has another name."""

Lister: t.TypeAlias = "t.Callable[[Api, str | None], list[Summary]]"
GenerationsByName: t.TypeAlias = "dict[str, list[Summary]]"


@dataclass(frozen=True, kw_only=True)
class LiveGeneration:
    """A model or an endpoint configuration that exists."""

    name: str
    arn: str
    request: Request
    tags: dict[str, str]
    created: datetime.datetime | None = None
    """Where it was described."""


def read_model(api: Api, name: str) -> LiveGeneration | None:
    return _read(api, "Model", name, sagemaker.describe_model(api, name))


def read_config(api: Api, name: str) -> LiveGeneration | None:
    return _read(api, "EndpointConfig", name, sagemaker.describe_endpoint_config(api, name))


def _read(api: Api, kind: str, name: str, found: Result | None) -> LiveGeneration | None:
    if found is None:
        return None
    arn, request = found[f"{kind}Arn"], sent_members(sagemaker.SERVICE, f"Create{kind}", found)
    tags = sagemaker.list_tags(api, arn)
    return LiveGeneration(name=name, arn=arn, request=request, tags=tags, created=found.get("CreationTime"))


def generation_name(name: str, digest: str) -> str:
    """``<name>-<digest8>``; a name too long for AWS is cut, and then takes part in the digest to stay unique."""
    room = NAME_LIMIT - DIGEST_LENGTH - 1
    if len(name) > room:
        digest = hashlib.sha256(f"{name}\n{digest}".encode()).hexdigest()
        name = name[:room].rstrip("-")
    return f"{name}-{digest[:DIGEST_LENGTH]}"


def generation_prefix(name: str) -> str:
    """What the names of all generations of *name* begin with."""
    return name[: NAME_LIMIT - DIGEST_LENGTH - 1].rstrip("-")


def prefix_of(candidate: str) -> str | None:
    """What stands before the digest of a name that has the form of a generation; None for any other name."""
    match = re.fullmatch(r"(.*)-[0-9a-f]{8}", candidate)
    return match.group(1) if match else None


def may_be_generation(name: str, candidate: str) -> bool:
    """Whether *candidate* has the form of a generation of *name*; its tags decide whether it is one."""
    return prefix_of(candidate) == generation_prefix(name)


def list_generations(api: Api, names: t.Collection[str], list_: Lister) -> GenerationsByName:
    """By name, newest first: what carries the plain name or has the form of its generations.

    One call a name for a few, side by side; the whole region, 100 a call, for many.
    """
    if len(names) > FEW:
        return generations_in(list_(api, None), names)
    found: GenerationsByName = {}
    for name, listed in zip(names, api.all(lambda name: list_(api, generation_prefix(name)), list(names)), strict=True):
        found |= generations_in(listed, (name,))
    return found


def generations_in(listed: t.Sequence[Summary], names: t.Collection[str]) -> GenerationsByName:
    """The pure part of list_generations."""
    found: GenerationsByName = {name: [] for name in names}
    names_by_prefix: dict[str, list[str]] = {}
    for name in names:
        names_by_prefix.setdefault(generation_prefix(name), []).append(name)
    for each in listed:
        belongs_to = {*names_by_prefix.get(prefix_of(each.name) or "", ()), *({each.name} & found.keys())}
        for name in belongs_to:
            found[name].append(each)
    return found
