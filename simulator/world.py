# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Everything the simulator holds: regions, clock, settings, faults, policies, quotas, journal, referee."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from .call import Call
from .clock import Clock
from .faults import FaultBook
from .journal import Journal
from .permissions import Policies
from .referee.referee import Referee
from .region import Region
from .sagemaker.settle import settle
from .settings import Settings
from .tag_store import TagStore
from .types import Params
from .wire.route import Caller


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
        self.referee = Referee(self.region, self._settle)
        self._regions: dict[tuple[str, str], Region] = {}

    def region(self, account: str, name: str) -> Region:
        key = (account, name)
        if key not in self._regions:
            self._regions[key] = Region(account, name, tags=TagStore(self.settings.tag_delay_seconds))
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

    def configure(self, changes: Params) -> None:
        """Changes settings, and what follows from them."""
        self.settings.update(changes)
        if "seed" in changes:
            self.faults.clear(self.settings.seed)
        for region in self._regions.values():
            region.tags.delay_by(self.settings.tag_delay_seconds)

    def _settle(self, region: Region, endpoint: str) -> None:
        if found := region.endpoints.get(endpoint.lower()):
            settle(region, found, self.clock.now(), self.settings)

    def reset(self) -> None:
        """Forgets resources, faults, policies, quotas, journal, moved time and objections; the settings stay."""
        self._regions.clear()
        self.referee.clear()
        self.faults.clear(self.settings.seed)
        self.policies.clear()
        self.quotas.clear()
        self.clock.reset()
        self.journal.clear()
