# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What runs have removed from the scaling of endpoints and not restored."""

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
class MissingThing:
    """`owner` is the deployment to which the scalable target belonged, `title` the write that removed the thing."""

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


class MissingThings:
    def __init__(self) -> None:
        self._open: dict[_Key, MissingThing] = {}

    def add(self, write: Write, thing: Thing, content: Any) -> None:
        """What is missing already stays as it was first."""
        assert write.run
        assert write.endpoint
        owner = write.owners.get(thing.resource_id)
        missing = MissingThing(
            thing, content, write.region, write.endpoint, thing.variant, owner, write.run, write.title
        )
        self._open.setdefault(_key(write.region, thing), missing)

    def remove_restored(self, write: Write, now: Things) -> None:
        """Removes what exists again, and what somebody else has put or removed since."""
        for key, missing in self._of_endpoint(write.region, write.endpoint or ""):
            is_theirs = write.run is None and now.get(missing.thing) != write.things.get(missing.thing)
            is_gone = write.run is None and _takes_all(write, missing)
            if is_theirs or is_gone or is_back(missing, now, write.run.brief if write.run else None):
                del self._open[key]

    def of(self, run: Run) -> Iterator[MissingThing]:
        """What a run has to restore or report: what it removed, and what is missing of the endpoints that it reads."""
        for missing in list(self._open.values()):
            is_here = run.brief.region in (None, missing.region.name) and run.brief.account in (
                None,
                missing.region.account,
            )
            is_ours = missing.run.brief.deployment == run.brief.deployment
            is_earlier = missing.run.number < run.number and missing.run.has_ended
            is_looked_at = run.brief.reads_endpoints and run.brief.declares(missing.endpoint)
            if missing.run is run or (is_here and is_ours and is_earlier and is_looked_at):
                yield missing

    def forget(self, missing: MissingThing) -> None:
        self._open.pop(_key(missing.region, missing.thing), None)

    def forget_all(self, region: Region, endpoint: str) -> None:
        for key, _missing in self._of_endpoint(region, endpoint):
            del self._open[key]

    def _of_endpoint(self, region: Region, endpoint: str) -> list[tuple[_Key, MissingThing]]:
        name = endpoint.lower()
        return [each for each in self._open.items() if each[1].region is region and each[1].endpoint.lower() == name]


def _takes_all(write: Write, missing: MissingThing) -> bool:
    """Whether a write removes all the scaling to which the thing belongs."""
    is_of_target = write.params.get("ResourceId") == missing.thing.resource_id
    return write.operation == "DeleteEndpoint" or (write.operation == "DeregisterScalableTarget" and is_of_target)


def is_back(missing: MissingThing, now: Things, brief: Brief | None) -> bool:
    """Whether it exists as before, or as the inventory declares it."""
    if missing.thing not in now:
        return False
    content = now[missing.thing]
    if content == missing.content:
        return True
    if missing.thing.kind == ACTION:
        is_declared = brief is not None and missing.thing.name in brief.actions
        return is_declared or {**missing.content, "StartTime": None} == {**content, "StartTime": None}
    if brief is not None and missing.thing.kind == POLICY and missing.thing.name in brief.policies:
        return True
    if brief is None or brief.variants(missing.endpoint) is None:
        return missing.thing.kind == TARGET
    if missing.thing.kind == POLICY:
        return False
    declared = brief.variant(missing.endpoint, missing.variant)
    return missing.thing.kind == TARGET and are_declared(content, missing.content, declared)


def are_declared(bounds: tuple[int, int], before: tuple[int, int], declared: DeclaredVariant | None) -> bool:
    """Whether each bound is the declared one, that of a declared schedule, or that of before."""
    if declared is None or declared.scaled is None:
        return False
    wanted = (declared.scaled.minimum, declared.scaled.maximum)
    said = list(zip(before, wanted, *declared.scheduled, strict=True))
    return all(bound in allowed for bound, allowed in zip(bounds, said, strict=True))


def _key(region: Region, thing: Thing) -> _Key:
    return region.account, region.name, thing
