# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prune: what a run deletes because the deployment owns it and no longer declares it."""

from __future__ import annotations

from .._aws.client import CallFailed
from .._engine.plan import Refused
from .confirmation import Lists, of_prune, refusal
from .run_state import RunState
from .undeclared import find_undeclared


def to_prune(state: RunState) -> Lists | None:
    """What is to be deleted; None if anything has failed before, or if it needs a confirmation that is not given."""
    declaration = state.declaration
    if not declaration.prune or not state.handles("prune") or state.carried.has_failed:
        return None
    endpoints = [each["endpoint_name"] for each in state.entries["endpoints"]]
    models = [each["model_name"] for each in state.entries["models"]]
    try:
        found = find_undeclared(state.scope, state.api, endpoints, models)
    except (CallFailed, Refused) as failure:
        state.fail(f"undeclared resources were not pruned, because listing them failed: {failure}")
        return None
    reason = refusal(of_prune(found), declaration.prune_limit, state.scope, declaration.confirmation)
    if reason:
        state.fail(f"nothing was pruned: {reason}")
        return None
    state.has_pruned = True
    return {
        "endpoints": found.endpoints,
        "models": found.models,
        "targets": found.targets,
        "alarms": found.alarms,
    }
