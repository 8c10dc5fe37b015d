# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Whether the output of a run names what is missing."""

from __future__ import annotations

import re

from .missing import MissingThing
from .things import SUSPENSION, TARGET, Thing, Things

_MISSING = re.compile(
    r"\b(away|back|without|missing|lost|gone|deleted with the endpoint|no alarm|left to)\b", re.IGNORECASE
)
_SCALING = re.compile(r"scal|suspen", re.IGNORECASE)


def is_named(missing: MissingThing, text: str, present: Things) -> bool:
    """A line has to name endpoint and variant and say that something is missing.

    If all of the scaling is missing, that is enough; if the target is back, each policy, scheduled action and alarm
    that is not back has to be named.
    """
    thing = missing.thing
    is_all_missing = Thing(thing.resource_id, thing.dimension, TARGET) not in present
    for line in text.splitlines():
        if not (_MISSING.search(line) and _has_word(line, missing.endpoint) and _has_word(line, missing.variant)):
            continue
        if thing.kind in (TARGET, SUSPENSION) or is_all_missing:
            if _SCALING.search(line):
                return True
        elif _has_word(line, thing.name):
            return True
    return False


def _has_word(line: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line) is not None
