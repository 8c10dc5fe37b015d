# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations in words, such as ``1 hour 30 minutes``, to seconds and back."""

from __future__ import annotations

import re

from ..problems import nearest, quoted

SECONDS = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
LONGEST = 2**31 - 1
_PART = re.compile(r"\s*([0-9]{1,10})\s*([a-z]+)", re.IGNORECASE)
_ALLOWED = (
    'write "<number> <unit>", with seconds, minutes, hours or days, the largest first, such as "1 hour 30 minutes"'
)


def parse(text: str) -> int:
    """Seconds; raises ValueError."""
    total, position, smallest = 0, 0, LONGEST
    stripped = text.rstrip()
    while position < len(stripped) or not position:
        part = _PART.match(stripped, position)
        if part is None:
            raise ValueError(f"{quoted(text)} is not a duration (column {position + 1}); {_ALLOWED}")
        seconds = _unit(part[2], text)
        if seconds >= smallest:
            raise ValueError(f"{quoted(text)} has its units out of order or twice; {_ALLOWED}")
        total, position, smallest = total + int(part[1]) * seconds, part.end(), seconds
    if total > LONGEST:
        raise ValueError(f"{quoted(text)} is longer than AWS can count; allowed: up to {LONGEST} seconds")
    return total


def _unit(word: str, text: str) -> int:
    unit = word.lower().removesuffix("s")
    if unit not in SECONDS:
        known = [name + "s" for name in SECONDS]
        raise ValueError(f'{quoted(text)}: "{word}" is not a unit of time{nearest(word.lower(), known)}; {_ALLOWED}')
    return SECONDS[unit]


def as_duration(seconds: int) -> str:
    """The duration in the largest possible units; ``parse`` reads it back."""
    parts = []
    for unit, length in SECONDS.items():
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {unit}" + ("s" if count > 1 else ""))
    return " ".join(parts) or "0 seconds"
