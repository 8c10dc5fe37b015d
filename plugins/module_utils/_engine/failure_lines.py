# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures as people read them: one line for one cause, and what fails alike is counted: pure."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

from .._aws.causes import cause_of, with_advice

_MOST_LISTED = 3
"""So many resources that fail alike have a line each."""


class Failed(t.NamedTuple):
    """A declared resource that failed."""

    plural: str
    name: str
    error: str
    cause: str | None = None
    """The error without the names that differ between resources that fail for the same cause, if that is known."""

    @property
    def line(self) -> str:
        return f"{self.name}: {self.error}"


def failure_lines(failed: t.Sequence[Failed], totals: t.Mapping[str, int], others: t.Sequence[str]) -> list[list[str]]:
    """What is wrong with the host first, then each kind, then what is about no declared resource.

    Lines that belong together, below the first of them, are a list. *totals* are the numbers of declared resources by
    kind; *others* are errors of no declared resource.
    """
    of_host: dict[tuple[str, ...], list[Failed]] = {}
    alone: list[Failed] = []
    for each in failed:
        if key := _host_key(each):
            of_host.setdefault(key, []).append(each)
        else:
            alone.append(each)
    groups = [[_of_host(group)] for group in of_host.values()]
    for plural, total in totals.items():
        groups += _of_kind(plural, [each for each in alone if each.plural == plural], total)
    return [*groups, *([with_advice(line)] for line in dict.fromkeys(others))]


def _host_key(failed: Failed) -> tuple[str, ...] | None:
    """What is equal for resources that fail for a cause of the host, and leave the same behind."""
    if not (found := cause_of(failed.error)):
        return None
    cause, detail = found
    _call, _semicolon, left_behind = _without_name(failed).partition("; ")
    return cause.title, detail, left_behind


def _of_host(failed: t.Sequence[Failed]) -> str:
    counts = Counter(each.plural for each in failed)
    counted = ", ".join(
        f"{count} {plural if count > 1 else plural.removesuffix('s')}" for plural, count in counts.items()
    )
    return f"{with_advice(failed[0].error)}; failed: {counted}, first: {_first(failed)}"


def _of_kind(plural: str, failed: t.Sequence[Failed], total: int) -> list[list[str]]:
    groups: dict[str, list[Failed]] = {}
    for each in failed:
        groups.setdefault(_without_name(each), []).append(each)
    alike = {cause: group for cause, group in groups.items() if len(group) > _MOST_LISTED}
    listed = [each.line for each in failed if _without_name(each) not in alike]
    lines = [
        [f"{len(group)} of {total} {plural} failed with the same cause: {cause}; first: {_first(group)}"]
        for cause, group in alike.items()
    ]
    return [*lines, *([[f"{len(listed)} of {total} {plural} failed:", *listed]] if listed else [])]


def _without_name(failed: Failed) -> str:
    """The error without what is only the resource's own, so that those of others are equal to it."""
    if failed.cause:
        return failed.cause
    own = rf"(?<![\w-]){re.escape(failed.name)}(-[0-9a-f]{{8}})?(?![\w-])"
    return re.sub(own, "…", failed.error)


def _first(failed: t.Sequence[Failed]) -> str:
    return ", ".join(each.name for each in failed[:_MOST_LISTED])
