# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Foretold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..region import Region
from ..resource_names import IDENTITIES
from .brief import PlannedWrite, Told
from .rule import Rule
from .run import Objection, Run, Write

RULE = "Foretold"
PLANNED_AGAIN = "planned again"
"""What a run says that found an endpoint busy, waited and made its plan anew: the plan of check mode is then void."""


class Foretold(Rule):
    """Every write of a run, prune and follow-ups included, stood in its check-mode plan; check mode writes nothing."""

    def __init__(self) -> None:
        self._surplus: dict[Run, list[Objection]] = {}

    def before(self, write: Write) -> Iterator[Objection]:
        if not write.run:
            return
        brief = write.run.brief
        if brief.check:
            yield write.objection(RULE, write.title, "a run in check mode wrote")
        elif brief.planned is not None and not any(_is(each, write) for each in brief.planned):
            surplus = write.objection(RULE, write.title, "this write did not stand in the plan of check mode")
            self._surplus.setdefault(write.run, []).append(surplus)

    def ended(self, run: Run, told: Told, region: Region | None, now: float) -> Iterator[Objection]:
        surplus = self._surplus.pop(run, [])
        if PLANNED_AGAIN not in told.text:
            yield from surplus


def _is(planned: PlannedWrite, write: Write) -> bool:
    """Whether the plan meant this write: the same operation on the resource that it names, as far as it can know it."""
    return (planned.service, planned.operation) == (write.call.service, write.operation) and all(
        _fits(planned.parameters.get(name), write.params[name]) for name in IDENTITIES if name in write.params
    )


def _fits(planned: Any, sent: Any) -> bool:
    """Many alarms may go in several calls."""
    if isinstance(planned, list | tuple) and isinstance(sent, list):
        return set(sent) <= set(planned)
    return planned is None or planned == sent
