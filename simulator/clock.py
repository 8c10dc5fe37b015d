# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The simulator's clock: real time plus what tests added to it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch; it runs by itself, can be moved forward, and back to where it was."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def put_back(self, moment: float) -> None:
        """Lets it go on from this moment."""
        self._ahead = moment - time.time()

    def reset(self) -> None:
        self._ahead = 0.0


def to_datetime(moment: float) -> datetime:
    """The moment as an operation returns it: UTC, cut to milliseconds as on AWS's wire."""
    return datetime.fromtimestamp(int(moment * 1000) / 1000, UTC)
