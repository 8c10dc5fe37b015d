# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What an operation is given besides its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .clock import to_datetime
from .faults import Fault, FaultBook, Kind
from .region import Region
from .settings import Settings
from .types import Params, Result


@dataclass(frozen=True)
class Call:
    """One call of one operation: where, when and under which conditions."""

    service: str
    operation: str
    region: Region
    now: float
    settings: Settings
    faults: FaultBook
    may: Callable[[str], bool]
    quotas: Mapping[str, int]
    """How many instances endpoints may have of a type; of others any number."""

    def time(self, moment: float) -> datetime:
        return to_datetime(moment)

    def fault(self, kind: Kind, name: str) -> Fault | None:
        """The fault of this kind that strikes the named resource in this call."""
        return self.faults.take(kind, self.service, self.operation, [name])

    def is_hidden(self, name: str, created: float) -> bool:
        """Whether a fault still hides a resource that exists: reads are eventually consistent. [D SM]"""
        return self.faults.hides(self.service, self.operation, name, self.now - created)

    def lag(self, name: str) -> float:
        """By how many seconds a read may be out of date: reads are eventually consistent. [D SM]"""
        return self.faults.lag(self.service, self.operation, name)


Operation = Callable[[Call, Params], Result]
