# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator whose referee is asked before everything is forgotten."""

from __future__ import annotations

from functools import cached_property

from simulator.client import Simulator
from simulator.here import LocalSimulator

from .known_objections import KNOWN


class Refereed(Simulator):
    """Keeps what the referee objected to over resets, for the end of the test."""

    @cached_property
    def kept(self) -> list[str]:
        return []

    def reset(self) -> None:
        self._keep()
        super().reset()

    def start_over(self) -> None:
        """Forgets what came before a test."""
        super().reset()
        self.kept.clear()

    def all_objections(self) -> list[str]:
        """What the referee has objected to since the start of the test, each once."""
        self._keep()
        return list(dict.fromkeys(self.kept))

    def _keep(self) -> None:
        self.kept += map(sentence, self.objections())


class RefereedHere(Refereed, LocalSimulator):
    """One without a server."""


def sentence(objection: dict[str, str]) -> str:
    return f"{objection['rule']}: {objection['call']}: {objection['problem']}"


def assert_no_objection(test: str, objections: list[str]) -> None:
    """None but the known ones, and of these every one still comes."""
    known = KNOWN.get(test, ())
    new = [each for each in objections if not any(text in each for text in known)]
    assert not new, "the referee objects:\n- " + "\n- ".join(new)
    gone = [text for text in known if not any(text in each for each in objections)]
    assert not gone, "known objections come no longer; take them out of known_objections.py:\n- " + "\n- ".join(gone)
