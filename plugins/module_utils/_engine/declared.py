# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a list of options to what each of its entries asks for."""

from __future__ import annotations

import typing as t

from ..problems import InvalidInput, Problem, join
from .kind import Desired, Kind
from .requests import Options

Entry = t.TypeVar("Entry")


def desired_of(
    kind: Kind[Desired, t.Any], entries: t.Sequence[Options], plural: str, is_for_deletion: bool
) -> list[Desired]:
    """What the entries ask for; raises InvalidInput with the problems of all of them.

    *plural* is the option that lists them, or empty where the options of one resource stand by themselves.
    """
    problems: list[Problem] = []
    found = by_name(
        entries,
        plural,
        lambda options: kind.desired(options, is_for_deletion),
        lambda desired: desired.name,
        problems,
        repeated="is declared twice",
    )
    if problems:
        raise InvalidInput(problems)
    return [desired for _path, desired in found.values()]


def by_name(
    entries: t.Sequence[Options],
    option: str,
    read: t.Callable[[Options], Entry],
    name_of: t.Callable[[Entry], str],
    problems: list[Problem],
    *,
    repeated: str = "is given twice",
) -> dict[str, tuple[str, Entry]]:
    """What *read* makes of each entry, with its path, by its name; what is wrong with them is added to *problems*.

    *option* is the list in which the entries stand, or empty; *read* may raise InvalidInput.
    """
    found: dict[str, tuple[str, Entry]] = {}
    for index, options in enumerate(entries):
        path = f"{option}[{index}]" if option else ""
        try:
            entry = read(options)
        except InvalidInput as error:
            problems += [Problem(_within(path, problem.path), problem.message) for problem in error.problems]
            continue
        name = name_of(entry)
        if name in found:
            problems.append(Problem(path, f'"{name}" {repeated}'))
        found[name] = path, entry
    return found


def _within(place: str, path: str) -> str:
    return join(place, path) if path else place
