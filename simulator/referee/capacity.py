# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Capacity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..autoscaling.resource_ids import variant_id
from ..region import Region
from ..sagemaker.resources import Endpoint, Status
from .brief import ABSENT, PRESENT, ROLLED_BACK, Bounds, Brief, Ending
from .inventory_numbers import InventoryNumbers
from .numbers import SCALED_NUMBER, Capacities, Drop, capacities, drops, is_scaled
from .resources import Place, place_of
from .rule import Rollout, Rule
from .run import Objection, Run, Write
from .things import TARGET

RULE = "Capacity"
_IN_PLACE = ("UpdateEndpointWeightsAndCapacities", "RegisterScalableTarget")
_GOING = (Status.FAILED, Status.DELETING, Status.CREATING)


@dataclass(frozen=True)
class _Replaced:
    """What an endpoint served when a run deleted it to make it again."""

    before: Capacities
    write: Write

    @property
    def deployment(self) -> str | None:
        return self.write.run.brief.deployment if self.write.run else None


class Capacity(Rule):
    """No call of a run lowers the instances or the serverless concurrency of a serving variant below what is live.

    It may do so only if the inventory has changed that very number, or no longer declares the variant as scaled. A run
    never lowers the count of a variant that is declared as scaled, except into the declared bounds, whether its target
    is registered or not. A new scaled variant starts with at least its minimum, and one that takes over from a variant
    that is removed, with the live count of that variant. A replaced endpoint gets its former capacity, except for
    variants whose numbers the inventory lowers.
    """

    def __init__(self) -> None:
        self._inventory = InventoryNumbers()
        self._replaced: dict[Place, _Replaced] = {}

    def began(self, run: Run, region: Region | None) -> None:
        if region and run.brief.state == ABSENT and not run.brief.check:
            for place, replaced in list(self._replaced.items()):
                if replaced.write.region is region and run.brief.declares(place[2]):
                    del self._replaced[place]
        if region and run.brief.state == PRESENT and not run.brief.check:
            self._inventory.note(run.number, run.brief, region)
            for name in run.brief.endpoint_names & region.endpoints.keys():
                self._close(region, region.endpoints[name])

    def before(self, write: Write) -> Iterator[Objection]:
        """Sees what an earlier write has led to, before this one changes it again."""
        if endpoint := write.region.endpoint(write.endpoint or ""):
            self._close(write.region, endpoint)
        yield from ()

    def after(self, write: Write) -> Iterator[Objection]:
        endpoint = write.region.endpoint(write.endpoint or "")
        if endpoint is None:
            return
        place = place_of(write.region, endpoint.name)
        if write.operation == "DeleteEndpoint" and write.capacities:
            brief = write.run.brief if write.run else None
            if brief and brief.state == PRESENT and brief.declares(endpoint.name):
                self._replaced[place] = _Replaced(_still_declared(write, brief), write)
            else:
                self._replaced.pop(place, None)
        if write.operation == "CreateEndpoint" and not self._is_of_replacer(write, place):
            self._replaced.pop(place, None)
        if write.run and write.operation in _IN_PLACE:
            yield from self._lowered(write, endpoint, drops(write.capacities, capacities(endpoint)))
        self._close(write.region, endpoint)

    def rolled_out(self, rollout: Rollout) -> Iterator[Objection]:
        write, endpoint = rollout.write, rollout.endpoint
        if write.run and rollout.has_succeeded:
            now = capacities(endpoint)
            if write.operation == "UpdateEndpoint":
                yield from self._lowered(write, endpoint, drops(write.capacities, now))
            yield from _starts_too_low(write, endpoint, now)
        self._close(write.region, endpoint)

    def ended(self, run: Run, ending: Ending, region: Region | None, now: float) -> Iterator[Objection]:
        attempted = {name.lower() for _, name in run.attempted}
        failed = run.brief.endpoint_names if ending.is_cut_off else {name.lower() for name in ending.failed}
        self._inventory.forget(run.number, failed - attempted)
        for place, replaced in list(self._replaced.items()):
            endpoint = replaced.write.region.endpoints.get(place[2])
            if replaced.write.region is not region or not endpoint or endpoint.status in _GOING:
                continue
            if run.brief.deployment != replaced.deployment:
                continue
            del self._replaced[place]
            if run.brief.state == PRESENT and run.brief.declares(endpoint.name):
                lost = drops(replaced.before, capacities(endpoint))
                yield from self._lowered(replaced.write, endpoint, lost, run.brief)
            self._close(replaced.write.region, endpoint)

    def _is_of_replacer(self, write: Write, place: Place) -> bool:
        """Whether the deployment that creates the endpoint has deleted the former one, which makes it a replacement."""
        replaced = self._replaced.get(place)
        return replaced is not None and write.run is not None and write.run.brief.deployment == replaced.deployment

    def _close(self, region: Region, endpoint: Endpoint) -> None:
        """A number lowered to the declared one may not be lowered again; a replacement counts at the end of the run."""
        if place_of(region, endpoint.name) not in self._replaced:
            self._inventory.close(region, endpoint)

    def _lowered(
        self, write: Write, endpoint: Endpoint, lost: list[Drop], brief: Brief | None = None
    ) -> Iterator[Objection]:
        for drop in lost:
            least = self._least(brief or (write.run.brief if write.run else None), write, endpoint.name, drop)
            if least is not None and drop.after < min(least, drop.before):
                yield write.objection(
                    RULE,
                    f"{endpoint.name}/{drop.variant}",
                    f"{drop.number} of variant {drop.variant} of endpoint {endpoint.name} go from {drop.before} to "
                    f"{drop.after}, and the inventory allows no less than {min(least, drop.before)}",
                )

    def _least(self, brief: Brief | None, write: Write, endpoint: str, drop: Drop) -> int | None:
        """How low the number may be; None where the inventory lets the variant go."""
        if brief is None or brief.state == ROLLED_BACK:
            return drop.before
        if brief.variants(endpoint) is None:
            bounds = _registered(write, drop)
            return bounds.maximum if bounds else None
        declared = brief.variant(endpoint, drop.variant)
        if declared is None:
            return None
        if declared.scaled and is_scaled(declared, drop.number):
            return declared.scaled.maximum
        changed = self._inventory.changed_to(brief, write.region, endpoint, drop.variant, drop.number)
        return drop.before if changed is None else changed


def _registered(write: Write, drop: Drop) -> Bounds | None:
    """The bounds of the target with which the variant is registered when the call is made."""
    for thing, content in write.things.items():
        found = variant_id(thing.resource_id)
        is_of_variant = thing.kind == TARGET and found is not None and found.variant == drop.variant
        if is_of_variant and SCALED_NUMBER[thing.dimension] == drop.number:
            return Bounds(*content)
    return None


def _starts_too_low(write: Write, endpoint: Endpoint, now: Capacities) -> Iterator[Objection]:
    brief = write.run.brief if write.run else None
    come, left = set(now) - set(write.capacities), set(write.capacities) - set(now)
    for name in sorted(come) if brief else ():
        declared = brief.variant(endpoint.name, name) if brief else None
        if not declared or not declared.scaled:
            continue
        for number, count in now[name].items():
            if not is_scaled(declared, number):
                continue
            least, why = declared.scaled.minimum, "its declared minimum"
            if write.operation == "UpdateEndpoint" and len(come) == len(left) == 1:
                (before,) = left
                taken_over = declared.scaled.clamp(write.capacities[before].get(number, 0))
                if taken_over > least:
                    least, why = taken_over, f"what {before} had, from which it takes over"
            if count < least:
                yield write.objection(
                    RULE,
                    f"{endpoint.name}/{name}",
                    f"scaled variant {name} of endpoint {endpoint.name} starts with {number} {count}, "
                    f"less than {least}, {why}",
                )


def _still_declared(write: Write, brief: Brief) -> Capacities:
    declared = brief.variants(write.endpoint or "")
    return {name: found for name, found in write.capacities.items() if declared is None or name in declared}
