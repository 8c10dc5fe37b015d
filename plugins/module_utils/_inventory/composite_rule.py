# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule of a composite alarm, from ``any_of`` or ``all_of`` and back. Source: PutCompositeAlarm, AlarmRule."""

from __future__ import annotations

import re
import typing as t

OPERATORS: t.Mapping[str, str] = {"any_of": " OR ", "all_of": " AND "}
QUOTE = '"'
"""Not allowed in a name in a rule: how AWS would read it is not documented."""
_CALL = re.compile(r'ALARM\("([^"\\]+)"\)')
_NAMED = re.compile(r'(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?(?:arn:[^"()]*:alarm:)?([^"()]+?)"?\s*\)')


def text(wanted: t.Mapping[str, t.Sequence[str]]) -> str:
    """The rule for the names of alarms by one of the operators."""
    ((how, names),) = ((how, names) for how, names in wanted.items() if names)
    return OPERATORS[how].join(f'ALARM("{name}")' for name in names)


def read(rule: str) -> tuple[str, list[str]] | None:
    """The operator and the names; nothing for a rule that is not written as ``text`` does."""
    for how, sign in OPERATORS.items():
        found = [_CALL.fullmatch(part) for part in rule.split(sign)]
        if all(found):
            return how, [match[1] for match in found if match]
    return None


def names(rule: str) -> list[str]:
    """The alarms that any rule names, as ``text`` writes them or otherwise."""
    return _NAMED.findall(rule)
