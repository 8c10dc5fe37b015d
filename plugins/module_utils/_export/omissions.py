# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema cannot express."""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass

from .._engine.ownership import Tags, owner_of

SKIPPED = "an apply leaves it unchanged"
DELETED = "an apply would delete it"
_IF_ADOPTED = "an apply is refused; with adopt: true it would"


def applied(change: str, tags: Tags) -> str:
    """What an apply does to something with these tags, such as ``delete it``."""
    return f"an apply would {change}" if owner_of(tags) else f"{_IF_ADOPTED} {change}"


def skipped_unless_pruned(tags: Tags) -> str:
    """What an apply does to a whole endpoint or model that the inventory does not declare."""
    owner = owner_of(tags)
    return f"{SKIPPED}, but an apply that prunes the deployment {owner} deletes it" if owner else SKIPPED


@dataclass(frozen=True)
class Omission:
    """Something of *resource* that the exported inventory does not express, or expresses differently.

    *path* is in option names, empty for the whole resource. *would_change*: whether an apply that does not prune would
    change it, if that is allowed to adopt it.
    """

    resource: str
    path: str
    value: t.Any
    would_change: bool
    reason: str

    @property
    def as_data(self) -> dict[str, t.Any]:
        return asdict(self)


def left_out(resource: str, reason: str, consequence: str = SKIPPED, path: str = "") -> Omission:
    would_change = consequence == DELETED or consequence.startswith(_IF_ADOPTED)
    return Omission(resource, path, None, would_change, f"{reason}; {consequence}")


class Unsupported(Exception):
    """A resource that cannot be part of the inventory, with the reason."""
