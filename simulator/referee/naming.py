# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Whether the text of a run's result names what is away."""

from __future__ import annotations

import re

from .debts import Debt
from .things import SUSPENSION, TARGET, Thing, Things

_AWAY = re.compile(r"\b(away|back|without|missing|lost|gone|deleted with it|no alarm|left to)\b", re.IGNORECASE)
_SCALING = re.compile(r"scal|suspen", re.IGNORECASE)


def is_named_away(debt: Debt, text: str, present: Things) -> bool:
    """A line has to name endpoint and variant and say that something is away.

    Where all of the scaling is away that is enough; where the target is back, each policy, scheduled action and alarm
    that is not has to be named.
    """
    thing = debt.thing
    is_all_away = Thing(thing.resource_id, thing.dimension, TARGET) not in present
    for line in text.splitlines():
        if not (_AWAY.search(line) and _has_word(line, debt.endpoint) and _has_word(line, debt.variant)):
            continue
        if thing.kind in (TARGET, SUSPENSION) or is_all_away:
            if _SCALING.search(line):
                return True
        elif _has_word(line, thing.name):
            return True
    return False


def _has_word(line: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line) is not None
