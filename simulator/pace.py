# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""How many calls of an operation AWS lets through in a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field


@dataclass
class Pace:
    """A bucket for each operation, which holds the calls of one second and fills up in real time.

    That AWS counts so, and how much a bucket holds, is a guess: AWS documents only calls per second. [D CW quotas]
    """

    clock: Callable[[], float] = time.monotonic
    _left: dict[Hashable, tuple[float, float]] = field(default_factory=dict)

    def is_exceeded(self, operation: Hashable, per_second: float) -> bool:
        """Whether the call is one too many; if it is not, it counts."""
        now = self.clock()
        most = max(per_second, 1.0)
        left, moment = self._left.get(operation, (most, now))
        left = min(most, left + (now - moment) * per_second)
        self._left[operation] = (left - 1 if left >= 1 else left, now)
        return left < 1
