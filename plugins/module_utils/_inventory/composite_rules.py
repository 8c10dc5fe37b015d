# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS requires of the composite alarms of an endpoint. Source: CloudWatch API reference (PutCompositeAlarm)."""

from __future__ import annotations

import typing as t

from ..problems import Problem, quoted
from . import variants
from .alarm_rules import action_problems
from .composite_rule import OPERATORS, QUOTE
from .reader import Tree
from .rollout_rules import unclear
from .values import segment
from .variants import Variant

Problems = t.Iterator[Problem]

MOST_CHILDREN = 100


def problems(endpoint: Tree, found: t.Sequence[Variant], path: str) -> Problems:
    words = variants.alarm_aliases(found)
    for key, alarm in endpoint["composite_alarms"].items():
        where = f"{path}.composite_alarms.{segment(key)}"
        if "/" in key:
            yield Problem(where, "a slash would make it the alarm of a variant; use another character")
        yield from _watched(alarm, words, where)
        yield from action_problems(alarm, where)


def _watched(alarm: Tree, words: t.Mapping[str, t.Sequence[str]], path: str) -> Problems:
    given = [how for how in OPERATORS if alarm[how]]
    if len(given) != 1:
        yield Problem(path, "exactly one of any_of and all_of must be given, with the keys of alarms")
    for how in given:
        if len(alarm[how]) > MOST_CHILDREN:
            yield Problem(f"{path}.{how}", f"{len(alarm[how])} alarms; CloudWatch allows {MOST_CHILDREN}")
        for index, word in enumerate(alarm[how]):
            where = f"{path}.{how}[{index}]"
            if word is not None and len(words.get(word, ())) != 1:
                yield Problem(where, unclear(word, words))
            elif word is not None and QUOTE in words[word][0]:
                yield Problem(where, f"{quoted(word)}: a name with a quotation mark cannot be in the rule of an alarm")
