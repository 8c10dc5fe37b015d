# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletes what is declared, or what prune has found: endpoints first, then what belongs to them, models last."""

from __future__ import annotations

import dataclasses
import typing as t

from .._aws.client import CallFailed
from .._engine.kind import Kind, desired_of
from .._engine.plan import Plan
from .._engine.requests import Options
from .._engine.results import PART_OF, ModuleResult
from .._resources import policy_alarms
from .._resources.alarm import AlarmKind, deleted_alarms
from .._resources.endpoint.kept_names import endpoint_name_in
from .._resources.endpoint.kind import EndpointKind
from .._resources.model import ModelKind
from .._resources.names import endpoint_of
from .._resources.scaling import ScalingKind
from .confirmation import is_confirmed, of_destroy, refusal
from .run_state import RunState
from .undeclared import find_beside

Lists: t.TypeAlias = t.Mapping[str, t.Sequence[Options]]


def destroy(state: RunState) -> None:
    """Deletes the declared resources of the parts that the run handles, if that needs no confirmation or has it."""
    declaration, entries = state.declaration, state.entries
    if not state.pending and not is_confirmed(state.scope, declaration.confirmation):
        try:
            found = of_destroy(state.scope, state.api, entries, declaration.parts, declaration.prune_limit)
        except CallFailed as failure:
            state.fail(f"nothing was deleted, because listing what would be deleted failed: {failure}")
            return
        reason = refusal(found, declaration.prune_limit, state.scope, declaration.confirmation)
        if reason:
            state.fail(f"nothing was deleted: {reason}")
            return
        entries = _without_endpoints(state, found.unreadable or {})
    handled = {plural: entries[plural] if state.handles(part) else () for plural, part in PART_OF.items()}
    delete(state, handled, resume=state.pending)


def _without_endpoints(state: RunState, unreadable: t.Mapping[str, CallFailed]) -> dict[str, t.Sequence[Options]]:
    """The entries without alarms and scaling of these endpoints, of which nobody knows whether they stay."""
    lists = dict(state.entries)
    for name, failure in unreadable.items():
        reason = f"because its deletion protection could not be read: {failure}"
        state.fail(f"{name}: alarms and autoscaling were skipped, {reason}")
    for plural in ("alarms", "targets") if unreadable else ():
        lists[plural] = [each for each in lists[plural] if endpoint_name_in(each) not in unreadable]
    return lists


def delete(
    state: RunState,
    to_delete: Lists,
    *,
    resume: t.Sequence[Options] = (),
    is_prune: bool = False,
) -> None:
    """An endpoint that stays keeps its scaling and its alarms.

    A prune has found all alarms of its endpoints, and a model that is still used stays, which is a failure elsewhere.
    """
    count = len(state.plans)
    kind = EndpointKind(state.scope, {}, may_delete_protected=is_confirmed(state.scope, state.declaration.confirmation))
    result = _delete(state, "endpoints", kind, to_delete["endpoints"], resume)
    if result.pending:
        return
    planned = state.plans[count:] if state.settings.check_mode else []
    configs = _deleted(planned, "DeleteEndpointConfig", "EndpointConfigName")
    endpoints = _deleted(planned, "DeleteEndpoint", "EndpointName")
    failed = state.carried.failed_endpoints
    # AWS deletes the scaling of an endpoint with it.
    held_back = {*failed, *state.unfinished_endpoints, *endpoints}
    targets = [each for each in to_delete["targets"] if each["endpoint_name"] not in held_back]
    count = len(state.plans)
    _delete(state, "targets", ScalingKind(state.scope), targets)
    gone = deleted_alarms(state.plans[count:])
    alarms = [*to_delete["alarms"], *policy_alarms.named(to_delete["targets"])]
    if not is_prune:
        alarms += _undeclared_alarms(state, to_delete["endpoints"], alarms)
    alarms = [each for each in alarms if endpoint_of(each["alarm_name"]) not in failed]
    alarms = [each for each in alarms if each["alarm_name"] not in gone]
    _delete(state, "alarms", AlarmKind(state.scope), alarms)
    models = ModelKind(state.scope, configs, endpoints, spares_used=is_prune)
    _delete(state, "models", models, to_delete["models"])


def delete_alarms(state: RunState, names: t.Sequence[Options]) -> None:
    """Deletes alarms alone."""
    _delete(state, "alarms", AlarmKind(state.scope), names)


def _delete(
    state: RunState,
    plural: str,
    kind: Kind[t.Any, t.Any],
    entries: t.Sequence[Options],
    resume: t.Sequence[Options] = (),
) -> ModuleResult:
    settings = dataclasses.replace(state.settings, is_for_deletion=True)
    return state.run(plural, kind, desired_of(kind, entries, plural, True), resume, settings)


def _deleted(plans: t.Iterable[Plan], operation: str, parameter: str) -> list[str]:
    return [step.parameters[parameter] for plan in plans for step in plan.calls if step.operation == operation]


def _undeclared_alarms(state: RunState, endpoints: t.Sequence[Options], known: t.Sequence[Options]) -> list[Options]:
    """The alarms of this deployment that an earlier inventory declared for endpoints which are gone now."""
    names = {each["endpoint_name"] for each in endpoints}
    names -= {*state.carried.failed_endpoints, *state.unfinished_endpoints, *state.unreadable_endpoints}
    if not names or not state.handles("alarms"):
        return []
    declared: dict[str, list[str]] = {name: [] for name in sorted(names)}
    for each in known:
        declared.get(endpoint_of(each["alarm_name"]), []).append(each["alarm_name"])
    found = find_beside(state.scope, state.api, declared)
    for line in found.refusals:
        state.settings.warn(line)
    return [{"alarm_name": name} for name in found.to_delete]
