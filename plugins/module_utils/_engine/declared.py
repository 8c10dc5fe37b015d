# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of many resources to what is desired of each."""

from __future__ import annotations

import typing as t

from ..problems import InvalidInput, Problem
from .kind import Desired, Kind
from .requests import Options


def desired_of(
    kind: Kind[Desired, t.Any], entries: t.Sequence[Options], plural: str, is_for_deletion: bool
) -> list[Desired]:
    """What the entries ask for; raises InvalidInput with the problems of all of them.

    *plural* is the option that lists them, or empty where the options of one resource stand by themselves.
    """
    found: dict[str, Desired] = {}
    problems: list[Problem] = []
    for index, options in enumerate(entries):
        prefix = f"{plural}[{index}]" if plural else ""
        try:
            desired = kind.desired(options, is_for_deletion)
        except InvalidInput as error:
            problems += [Problem(_joined(prefix, problem.path), problem.message) for problem in error.problems]
            continue
        if desired.name in found:
            problems.append(Problem(prefix, f'"{desired.name}" is declared twice'))
        found[desired.name] = desired
    if problems:
        raise InvalidInput(problems)
    return list(found.values())


def _joined(prefix: str, path: str) -> str:
    return f"{prefix}.{path}" if prefix and path else prefix or path
