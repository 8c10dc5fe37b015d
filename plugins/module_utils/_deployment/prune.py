# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prune: deletes what the deployment owns and no longer declares."""

from __future__ import annotations

from .._aws.client import CallFailed
from .._engine.plan import Refused
from .confirmation import of_prune, refusal
from .removal import delete
from .run_state import RunState
from .undeclared import find_undeclared


def prune(state: RunState) -> None:
    """Deletes nothing if anything has failed before, or if it needs a confirmation that is not given."""
    declaration = state.declaration
    if not declaration.prune or not state.handles("prune") or state.carried.has_failed:
        return
    endpoints = [each["endpoint_name"] for each in state.entries["endpoints"]]
    models = [each["model_name"] for each in state.entries["models"]]
    try:
        found = find_undeclared(state.scope, state.api, endpoints, models)
    except (CallFailed, Refused) as failure:
        state.fail(f"undeclared resources were not pruned, because listing them failed: {failure}")
        return
    reason = refusal(of_prune(found), declaration.prune_limit, state.scope, declaration.confirmation)
    if reason:
        state.fail(f"nothing was pruned: {reason}")
        return
    state.has_pruned = True
    to_delete = {
        "endpoints": found.endpoints,
        "models": found.models,
        "targets": found.targets,
        "alarms": found.alarms,
    }
    delete(state, to_delete, is_prune=True)
