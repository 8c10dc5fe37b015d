# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run over a deployment is given: the declared resources, and which parts of them it handles."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._engine.ownership import Scope
from .._engine.requests import Options

PARTS = ("models", "alarms", "endpoints", "scaling", "prune")


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a deployment declares, and how much of it this run is about."""

    scope: Scope
    entries: t.Mapping[str, t.Sequence[Options]]
    """The options of its resources, by kind in the plural."""
    parts: t.Collection[str] = PARTS
    prune: bool = False
    prune_limit: int = 5
    confirmation: str | None = None
    """The name of the deployment, given to confirm that many or protected resources may be deleted."""
    keep_generations: int = 1
