# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a fleet a rollout takes at a time, such as ``10%`` or ``2 instances``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..problems import quoted

FORM = 'write "10%", "1 instance" or "2 instances"'
_SIZE = re.compile(r"\s*([0-9]{1,9})\s*(%|instances?)\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Size:
    """A share of the instances in percent, or a number of them."""

    number: int
    is_percentage: bool

    def __str__(self) -> str:
        if self.is_percentage:
            return f"{self.number}%"
        return "1 instance" if self.number == 1 else f"{self.number} instances"


def parse(text: str) -> Size:
    """Raises ValueError."""
    match = _SIZE.fullmatch(text)
    if match is None or not int(match[1]):
        raise ValueError(f"{quoted(text)} is not a size; {FORM}")
    return Size(int(match[1]), match[2] == "%")
