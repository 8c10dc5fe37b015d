# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What a rule may look at: begin and end of a run, a write before and after it took effect, the end of a rollout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..region import Region
from ..sagemaker.resources import Endpoint, Progress
from .brief import Ending
from .run import Objection, Run, Write


@dataclass(frozen=True)
class Rollout:
    """The rollout that a write has started."""

    write: Write
    endpoint: Endpoint
    progress: Progress

    @property
    def has_succeeded(self) -> bool:
        return self.endpoint.config is self.progress.config and bool(self.endpoint.production)


class Rule:
    """One rule; what it overrides yields objections."""

    def began(self, run: Run, region: Region | None) -> None:
        """A run begins; without a region, the brief does not say where."""

    def before(self, write: Write) -> Iterator[Objection]:
        """A write is about to take effect, or to be refused."""
        yield from ()

    def after(self, write: Write) -> Iterator[Objection]:
        """A write took effect."""
        yield from ()

    def rolled_out(self, rollout: Rollout) -> Iterator[Objection]:
        """A rollout has ended, successfully or not."""
        yield from ()

    def ended(self, run: Run, ending: Ending, region: Region | None, now: float) -> Iterator[Objection]:
        """A run has ended."""
        yield from ()
