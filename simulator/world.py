# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Everything the simulator holds: regions, clock, settings, faults, policies, quotas, journal, referee."""

from __future__ import annotations

import copy
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .actors import act
from .call import Call
from .clock import Clock
from .faults import FaultBook
from .freedoms.past import Past, delay_of
from .journal import Journal, is_write, without_secrets
from .permissions import Policies
from .referee.referee import Memory, Referee
from .region import Region
from .sagemaker.settle import settle
from .settings import Settings
from .tag_store import SYSTEM_TAGS, Tags, TagStore
from .types import Params
from .wire.route import Caller

NOBODY = ""
"""The access key of those who are in no run."""
_Regions = dict[tuple[str, str], Region]


class _Snapshot(NamedTuple):
    regions: _Regions
    memory: Memory
    now: float


class World:
    """One lock guards all of it; operations run one at a time."""

    def __init__(self, settings: Settings, journal: Path | None = None) -> None:
        self.lock = threading.Lock()
        self.clock = Clock()
        self.settings = settings
        self.faults = FaultBook(settings.seed)
        self.policies = Policies()
        self.quotas: dict[str, int] = {}
        self.journal = Journal(journal)
        self._regions: _Regions = {}
        self.past = Past()
        self._snapshots: list[_Snapshot] = []
        self.referee = Referee(self.region, self._settle)

    def region(self, account: str, name: str) -> Region:
        key = (account, name)
        if key not in self._regions:
            tags = TagStore(self.settings.tag_delay_seconds, self._system_tags())
            self._regions[key] = Region(account, name, tags=tags)
        return self._regions[key]

    def regions(self) -> list[Region]:
        """All regions, settled to now."""
        for region in self._regions.values():
            for endpoint in list(region.endpoints.values()):
                settle(region, endpoint, self.clock.now(), self.settings)
        return list(self._regions.values())

    def call(self, service: str, operation: str, caller: Caller) -> Call:
        return Call(
            service=service,
            operation=operation,
            region=self.region(caller.account, caller.region),
            now=self.clock.now(),
            settings=self.settings,
            faults=self.faults,
            may=partial(self.policies.allows, caller.access_key),
            quotas=self.quotas,
        )

    def as_seen(self, call: Call) -> Call:
        """The call, where and when what it reads was so: a read may be behind."""
        delay = delay_of(self.settings, call.service, call.operation)
        then = self.past.at(call.region, call.now - delay) if delay else None
        return replace(call, region=then, now=call.now - delay) if then else call

    def act(self, call: Call, move: Params) -> bool:
        """Makes a move of others and says whether anything moved; in the journal it is nobody's write."""
        moved = self._seen(call, move)
        self.journal.record(
            {
                "time": call.now,
                "service": "simulator",
                "operation": move["actor"],
                "region": call.region.name,
                "account": call.region.account,
                "access_key": "",
                "parameters": without_secrets({name: value for name, value in move.items() if name != "actor"}),
                "write": False,
                "result": "ok" if moved else "nothing",
                "seconds": 0.0,
            }
        )
        return moved

    def _seen(self, call: Call, move: Params) -> bool:
        """Lets the referee see what others write; it judges none of it."""
        if move["actor"] != "call" or not is_write(move["operation"]):
            return act(call, move)
        theirs = replace(call, service=move["service"], operation=move["operation"])
        write = self.referee.before(theirs, NOBODY, move["parameters"])
        moved = act(call, move)
        if moved:
            self.referee.after(write)
        return moved

    def act_everywhere(self, move: Params, account: str = "") -> bool:
        """Makes the move in every region, of one account if it is named."""
        regions = [region for region in self.regions() if account in ("", region.account)]
        callers = [Caller(region.account, region.name, "") for region in regions]
        moved = [self.act(self.call("simulator", move["actor"], caller), move) for caller in callers]
        return any(moved)

    def configure(self, changes: Params) -> None:
        """Changes settings, and what follows from them."""
        self.settings.update(changes)
        if "seed" in changes:
            self.faults.clear(self.settings.seed)
        self._delay_tags()

    def _delay_tags(self) -> None:
        for region in self._regions.values():
            region.tags.delay_by(self.settings.tag_delay_seconds)
            region.tags.system_tags = self._system_tags()

    def _system_tags(self) -> Tags:
        return dict(SYSTEM_TAGS) if self.settings.system_tags else {}

    def snapshot(self) -> int:
        """Keeps the resources and the time, also over a reset; the number brings them back."""
        kept, memory = copy.deepcopy((self._regions, self.referee.memory))
        self._snapshots.append(_Snapshot(kept, memory, self.clock.now()))
        return len(self._snapshots) - 1

    def restore(self, number: int) -> None:
        """Puts resources and time back; faults, policies, quotas, settings and journal stay as they are."""
        if not 0 <= number < len(self._snapshots):
            raise ValueError(f"no snapshot {number}")
        kept = self._snapshots[number]
        self._regions, self.referee.memory = copy.deepcopy((kept.regions, kept.memory))
        self.clock.put_back(kept.now)
        self.past.clear()
        self._delay_tags()

    def _settle(self, region: Region, endpoint: str) -> None:
        if found := region.endpoint(endpoint):
            settle(region, found, self.clock.now(), self.settings)

    def reset(self) -> None:
        """Forgets resources, faults, policies, quotas, journal, moved time and objections; the settings stay."""
        self._regions.clear()
        self.past.clear()
        self.referee.clear()
        self.faults.clear(self.settings.seed)
        self.policies.clear()
        self.quotas.clear()
        self.clock.reset()
        self.journal.clear()
