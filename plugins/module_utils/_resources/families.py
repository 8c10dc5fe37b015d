# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which generations of immutable objects are there, found with few list calls."""

from __future__ import annotations

import typing as t

from .._aws.client import Api
from .._aws.sagemaker import Listed
from .generations import family_stem, stem_of

_LISTED_ONE_BY_ONE = 10

Lister: t.TypeAlias = "t.Callable[[Api, str | None], list[Listed]]"
Families: t.TypeAlias = "dict[str, list[Listed]]"


def read_families(api: Api, names: t.Collection[str], list_: Lister) -> Families:
    """By name, newest first: what carries the plain name or has the form of its generations.

    One call a name for a few, side by side; the whole region, 100 a call, for many.
    """
    if len(names) > _LISTED_ONE_BY_ONE:
        return families_in(list_(api, None), names)
    families: Families = {}
    for name, listed in zip(names, api.all(lambda name: list_(api, family_stem(name)), list(names)), strict=True):
        families |= families_in(listed, (name,))
    return families


def families_in(listed: t.Sequence[Listed], names: t.Collection[str]) -> Families:
    """The pure part of read_families."""
    families: Families = {name: [] for name in names}
    names_by_stem: dict[str, list[str]] = {}
    for name in names:
        names_by_stem.setdefault(family_stem(name), []).append(name)
    for each in listed:
        belongs_to = {*names_by_stem.get(stem_of(each.name) or "", ()), *({each.name} & families.keys())}
        for name in belongs_to:
            families[name].append(each)
    return families
