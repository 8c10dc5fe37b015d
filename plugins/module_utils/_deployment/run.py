# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run over a whole deployment: the input is checked, then everything is brought up and pruned, or destroyed."""

from __future__ import annotations

import typing as t

from .._aws.client import CallFailed
from .._engine.kind import Kind
from .._engine.requests import Options
from .._engine.results import ModuleResult
from .._resources.alarm import AlarmKind
from .._resources.endpoint.kind import EndpointKind
from .._resources.model import ModelKind
from .._resources.scaling import ScalingKind
from ..problems import InvalidInput, Problem, not_valid
from .bring_up import bring_up
from .prune import prune
from .removal import destroy
from .run_state import RunState
from .undeclared import undeclared_endpoints
from .variant_names import keep_variant_names


def run_deployment(state: RunState) -> ModuleResult:
    """No AWS call is made before the input of every kind has been found valid."""
    if not state.pending and (problems := _problems(state)):
        return ModuleResult.failure(not_valid(problems))
    keep_variant_names(state)
    if state.settings.is_for_deletion:
        destroy(state)
    else:
        bring_up(state)
        if not state.result.pending:
            prune(state)
    result = state.final_result()
    return result.replaced(extra=result.extra | {"undeclared": _undeclared(state)})


def _problems(state: RunState) -> list[Problem]:
    problems: list[Problem] = []
    kinds: dict[str, Kind[t.Any, t.Any]] = {
        "models": ModelKind(state.scope),
        "alarms": AlarmKind(state.scope),
        "endpoints": EndpointKind(state.scope, {}),
        "targets": ScalingKind(state.scope),
    }
    for plural, kind in kinds.items():
        try:
            state.desired(plural, kind, state.entries[plural], state.settings.is_for_deletion)
        except InvalidInput as error:
            problems += error.problems
    return problems


def _undeclared(state: RunState) -> list[Options]:
    """The endpoints that this deployment owns beside those that are declared, if the run leaves them."""
    is_whole = state.handles("endpoints") and state.handles("prune")
    if state.result.pending or state.settings.is_for_deletion or state.has_pruned:
        return []
    if not is_whole or not state.scope.trusts_tags:
        return []
    names = [each["endpoint_name"] for each in state.entries["endpoints"]]
    try:
        return undeclared_endpoints(state.scope, state.api, names)
    except CallFailed as failure:
        state.settings.warn(f"endpoints that are not declared were not looked for: {failure}")
        return []
