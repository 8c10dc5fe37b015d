# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law for every plan: it names the cause of each redeploy."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Plan

_COST = "while both fleets run"


def assert_redeploys_name_their_cause(plans: t.Iterable[Plan]) -> None:
    """Of a result's plans; tags and what the rollout takes are no cause."""
    for plan in plans:
        if plan.effect.startswith("redeploy"):
            changing = [item for item in plan.differences if item.path[0] != "tags"]
            reasons = [note for note in plan.notes if not note.endswith(_COST)]
            assert changing or reasons, f"{plan.resource} is redeployed, and nothing says why"
