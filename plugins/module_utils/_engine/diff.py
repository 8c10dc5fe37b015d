# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one comparison: what differs between two requests, and how a person reads it."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

from ..paths import Path, text_of
from .canonical import Leaves, MemberPath, Request, Rules, canonical, shortest, without

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.

HIDDEN = "(hidden)"


@dataclass(frozen=True)
class Difference:
    """One leaf that is not as wanted; None stands for absent."""

    path: Path
    before: t.Any
    after: t.Any
    is_secret: bool = False
    is_mutable: bool = False
    is_detail: bool = False
    """Whether it only says in AWS's words what others say in those of the inventory, or leave out."""
    origin: str = ""
    """The file, line and column in which the user wrote the value, if that is known."""
    origin_before: str = ""
    """Of the value before; only a rollback leads away from what the user wrote."""

    @property
    def where(self) -> str:
        """The path, for people."""
        return text_of(self.path)

    @property
    def display_before(self) -> t.Any:
        return HIDDEN if self.is_secret and self.before is not None else self.before

    @property
    def display_after(self) -> t.Any:
        if not self.is_secret or self.after is None:
            return self.after
        return HIDDEN if self.before is None else "(hidden, changed)"


def differences(rules: Rules, current: Request | None, desired: Request | None) -> tuple[Difference, ...]:
    """What turns *current* into *desired*, leaf by leaf; None is a resource that is not there."""
    if current is not None and desired is not None:
        # Most members are alike, and leaf by leaf takes long for a fleet.
        alike = {name for name in current.keys() & desired.keys() if current[name] == desired[name]}
        current, desired = without(alike, current), without(alike, desired)
    before = canonical(rules, current) if current is not None else {}
    after = canonical(rules, desired) if desired is not None else {}
    if before != after and current is not None and desired is not None:
        named = canonical(dataclasses.replace(rules, defaults={}), desired)
        before = _without_kept(rules, before, named)
    return tuple(
        Difference(
            option_path(rules, path),
            _as_written(rules, path, before.get(path)),
            _as_written(rules, path, after.get(path)),
            is_secret=rules.names(rules.secret, path),
            is_mutable=rules.names(rules.mutable, path),
        )
        for path in [*before, *(path for path in after if path not in before)]
        if before.get(path) != after.get(path)
    )


def _as_written(rules: Rules, path: MemberPath, value: t.Any) -> t.Any:
    """The value as people write it, such as 0.3 for what is stored in 32 bits."""
    return shortest(value) if isinstance(value, float) and rules.names(rules.single_precision, path) else value


def _without_kept(rules: Rules, before: Leaves, named: Leaves) -> Leaves:
    """*before* without what is kept; *named* has what is asked for, defaults that are spelled out too."""
    return {path: value for path, value in before.items() if path in named or not rules.names(rules.computed, path)}


def option_path(rules: Rules, path: MemberPath) -> Path:
    """The path in option names; the user's own names (of variants, of environment variables) stay as written."""
    found: list[str | int] = []
    for depth, name in enumerate(path):
        parent = path[:depth]
        if rules.key_of_list(parent) or rules.names(rules.secret, parent):
            found.append(name)
        else:
            found.append(int(name) if name.isdigit() else xform_name(name))
    return tuple(found)
