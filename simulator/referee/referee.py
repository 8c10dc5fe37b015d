# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Shows every write, and every rollout that ends, to all rules, and keeps what they object."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from ..autoscaling.resource_ids import variant_id
from ..call import Call
from ..region import Region
from ..resource_names import names_in
from ..types import Params
from .brief import Brief, Ending
from .capacity import Capacity
from .in_service import InService
from .in_use import InUse
from .numbers import capacities
from .ownership import Ownership
from .planned import Planned
from .protection import Protection
from .resources import touched
from .rule import Rollout, Rule
from .run import Objection, Run, Write
from .scaling import Scaling
from .things import owners_of_targets, things
from .unnamed import with_names
from .way_back import WayBack

Memory = tuple[tuple[Rule, ...], list[Rollout], float]

_ROLLOUTS = ("CreateEndpoint", "UpdateEndpoint")


class Referee:
    """`place` gives a region of an account, `settle` brings an endpoint to what it is now.

    All of it is guarded by the lock of the world.
    """

    def __init__(self, place: Callable[[str, str], Region], settle: Callable[[Region, str], None]) -> None:
        self._place = place
        self._settle = settle
        self.clear()

    def clear(self) -> None:
        """Forgets runs, objections and all that was seen."""
        self._objections: list[Objection] = []
        self._rules: tuple[Rule, ...] = (
            Ownership(),
            InUse(),
            InService(),
            Planned(),
            Capacity(),
            Scaling(),
            WayBack(),
            Protection(),
        )
        self._runs: list[Run] = []
        self._count = 0
        self._rollouts: list[Rollout] = []
        self._next_due = math.inf

    @property
    def memory(self) -> Memory:
        """What was seen so far, without the objections: it goes with the resources when a snapshot is taken."""
        return self._rules, self._rollouts, self._next_due

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self._rules, self._rollouts, self._next_due = memory

    def objections(self, now: float) -> list[Objection]:
        self.look(now)
        return list(self._objections)

    def begin(self, brief: Brief, now: float) -> int:
        """A run begins; within it another one with the same access key may begin and end."""
        self.look(now)
        self._count += 1
        region = self._region_of(brief)
        run = Run(self._count, with_names(brief, region))
        self._runs.append(run)
        if region:
            for name in run.brief.endpoint_names:
                self._settle(region, name)
        for rule in self._rules:
            rule.began(run, region)
        return run.number

    def end(self, number: int | None, ending: Ending, now: float) -> None:
        """The run of that number ends, or the one that began last."""
        self.look(now)
        run = next((each for each in reversed(self._runs) if number in (None, each.number)), None)
        if run is None:
            raise ValueError(f"no run {number if number is not None else ''} is going on")
        self._runs.remove(run)
        run.has_ended = True
        for rule in self._rules:
            self._note(rule.ended(run, ending, self._region_of(run.brief), now))

    def attempted(self, access_key: str, region: Region, operation: str, params: Params) -> None:
        """A run tries a write, which may be refused for whatever reason."""
        if run := self._run_of(access_key, region):
            run.attempted.update((operation, name) for name in names_in(params))

    def before(self, call: Call, access_key: str, params: Params) -> Write:
        endpoint, region = _endpoint_of(params), call.region
        live = region.endpoint(endpoint or "")
        write = Write(
            call,
            params,
            self._run_of(access_key, region),
            touched(region, call.operation, params),
            endpoint,
            capacities(live),
            things(region, endpoint) if endpoint else {},
            owners_of_targets(region, endpoint) if endpoint else {},
        )
        for rule in self._rules:
            self._note(rule.before(write))
        return write

    def after(self, write: Write) -> None:
        """The write took effect."""
        for rule in self._rules:
            self._note(rule.after(write))
        if write.operation in _ROLLOUTS and write.endpoint:
            endpoint = write.region.endpoints[write.endpoint.lower()]
            assert endpoint.progress
            self._rollouts.append(Rollout(write, endpoint, endpoint.progress))
            self._next_due = min(self._next_due, endpoint.progress.due)

    def look(self, now: float) -> None:
        """Sees what has ended by now."""
        if self._next_due > now:
            return
        due = [each for each in self._rollouts if each.progress.due <= now]
        self._rollouts = [each for each in self._rollouts if each.progress.due > now]
        self._next_due = min((each.progress.due for each in self._rollouts), default=math.inf)
        for rollout in sorted(due, key=lambda each: each.progress.due):
            self._settle(rollout.write.region, rollout.endpoint.name)
            for rule in self._rules:
                self._note(rule.rolled_out(rollout))

    def _run_of(self, access_key: str, region: Region) -> Run | None:
        """The run that makes a call: of those with its access key the one that began last."""
        for run in reversed(self._runs):
            brief = run.brief
            is_here = brief.account in (None, region.account) and brief.region in (None, region.name)
            if brief.access_key == access_key and is_here:
                return run
        return None

    def _region_of(self, brief: Brief) -> Region | None:
        if brief.account is None or brief.region is None:
            return None
        return self._place(brief.account, brief.region)

    def _note(self, objections: Iterable[Objection]) -> None:
        self._objections += objections


def _endpoint_of(params: Params) -> str | None:
    """The endpoint that a write is about, itself or by a scalable target."""
    found = variant_id(params["ResourceId"]) if "ResourceId" in params else None
    name: str | None = found.endpoint if found else params.get("EndpointName")
    return name
