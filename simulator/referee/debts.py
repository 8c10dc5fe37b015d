# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What runs have taken away from the scaling of endpoints and not brought back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..region import Region
from .brief import Brief, DeclaredVariant
from .run import Run, Write
from .things import ACTION, POLICY, TARGET, Thing, Things

_AT = re.compile(r"at\((.+)\)")
_Key = tuple[str, str, Thing]


@dataclass(frozen=True)
class Debt:
    """`owner` is the deployment to which the scalable target belonged, `title` the write that took the thing away."""

    thing: Thing
    content: Any
    region: Region
    endpoint: str
    variant: str
    owner: str | None
    run: Run
    title: str

    def is_over(self, now: float) -> bool:
        """Whether a scheduled action lies in the past."""
        moment = datetime.fromtimestamp(now, UTC)
        end = self.content.get("EndTime")
        if end is not None and end <= moment:
            return True
        once = _AT.fullmatch(self.content["Schedule"])
        return bool(once) and datetime.fromisoformat(once[1]).replace(tzinfo=UTC) <= moment if once else False


class Debts:
    def __init__(self) -> None:
        self._open: dict[_Key, Debt] = {}

    def owe(self, write: Write, thing: Thing, content: Any) -> None:
        """What is owed already stays as it was first."""
        assert write.run
        assert write.endpoint
        owner = write.owners.get(thing.resource_id)
        debt = Debt(thing, content, write.region, write.endpoint, thing.variant, owner, write.run, write.title)
        self._open.setdefault(_key(write.region, thing), debt)

    def settle(self, write: Write, now: Things) -> None:
        """Strikes what is there again; what somebody else has put or taken is not owed any more."""
        for key, debt in self._of_endpoint(write.region, write.endpoint or ""):
            is_theirs = write.run is None and now.get(debt.thing) != write.things.get(debt.thing)
            is_gone = write.run is None and _takes_all(write, debt)
            if is_theirs or is_gone or is_back(debt, now, write.run.brief if write.run else None):
                del self._open[key]

    def of(self, run: Run) -> Iterator[Debt]:
        """What a run has to answer for: what it took away, and what is away of the endpoints that it looks at."""
        for debt in list(self._open.values()):
            is_here = run.brief.region in (None, debt.region.name) and run.brief.account in (None, debt.region.account)
            is_ours = debt.run.brief.deployment == run.brief.deployment
            is_earlier = debt.run.number < run.number and debt.run.has_ended
            is_looked_at = run.brief.reads_endpoints and run.brief.declares(debt.endpoint)
            if debt.run is run or (is_here and is_ours and is_earlier and is_looked_at):
                yield debt

    def forget(self, debt: Debt) -> None:
        self._open.pop(_key(debt.region, debt.thing), None)

    def forget_all(self, region: Region, endpoint: str) -> None:
        for key, _debt in self._of_endpoint(region, endpoint):
            del self._open[key]

    def _of_endpoint(self, region: Region, endpoint: str) -> list[tuple[_Key, Debt]]:
        name = endpoint.lower()
        return [each for each in self._open.items() if each[1].region is region and each[1].endpoint.lower() == name]


def _takes_all(write: Write, debt: Debt) -> bool:
    """Whether a write takes away all the scaling of which the thing is a part."""
    is_of_target = write.params.get("ResourceId") == debt.thing.resource_id
    return write.operation == "DeleteEndpoint" or (write.operation == "DeregisterScalableTarget" and is_of_target)


def is_back(debt: Debt, now: Things, brief: Brief | None) -> bool:
    """Whether it is there as it was, or as the inventory says."""
    if debt.thing not in now:
        return False
    content = now[debt.thing]
    if content == debt.content:
        return True
    if debt.thing.kind == ACTION:
        is_declared = brief is not None and debt.thing.name in brief.actions
        return is_declared or {**debt.content, "StartTime": None} == {**content, "StartTime": None}
    if brief is not None and debt.thing.kind == POLICY and debt.thing.name in brief.policies:
        return True
    if brief is None or brief.variants(debt.endpoint) is None:
        return debt.thing.kind == TARGET
    if debt.thing.kind == POLICY:
        return False
    declared = brief.variant(debt.endpoint, debt.variant)
    return debt.thing.kind == TARGET and are_declared(content, debt.content, declared)


def are_declared(bounds: tuple[int, int], before: tuple[int, int], declared: DeclaredVariant | None) -> bool:
    """Whether each bound is the declared one, that of a declared schedule, or that of before."""
    if declared is None or declared.scaled is None:
        return False
    wanted = (declared.scaled.minimum, declared.scaled.maximum)
    said = list(zip(before, wanted, *declared.scheduled, strict=True))
    return all(bound in allowed for bound, allowed in zip(bounds, said, strict=True))


def _key(region: Region, thing: Thing) -> _Key:
    return region.account, region.name, thing
