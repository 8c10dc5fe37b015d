# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run with ``state: absent`` deletes, and which alarms go with endpoints."""

from __future__ import annotations

import typing as t

from .._aws.client import CallFailed
from .._engine.plan import Refused
from .._engine.requests import Options
from .._engine.results import PART_OF
from .._resources import policy_alarms
from .._resources.names import endpoint_of
from .confirmation import Lists, is_confirmed, of_destroy, refusal
from .run_state import RunState
from .undeclared import find_beside


def to_destroy(state: RunState) -> Lists | None:
    """The declared resources of the parts that the run handles; None if it needs a confirmation and has none."""
    declaration, entries = state.declaration, state.entries
    if not state.pending and not is_confirmed(state.scope, declaration.confirmation):
        try:
            found = of_destroy(state.scope, state.api, entries, declaration.parts, declaration.prune_limit)
        except (CallFailed, Refused) as failure:
            state.fail(f"nothing was deleted, because listing what would be deleted failed: {failure}")
            return None
        reason = refusal(found, declaration.prune_limit, state.scope, declaration.confirmation)
        if reason:
            state.fail(f"nothing was deleted: {reason}")
            return None
    return {plural: entries[plural] if state.handles(part) else () for plural, part in PART_OF.items()}


def alarms_to_delete(state: RunState, to_delete: Lists, *, is_prune: bool) -> list[Options]:
    """The alarms that go with what is deleted."""
    known = [*to_delete["alarms"], *policy_alarms.named(to_delete["targets"])]
    return known if is_prune else [*known, *_undeclared_alarms(state, to_delete["endpoints"], known)]


def _undeclared_alarms(state: RunState, endpoints: t.Sequence[Options], known: t.Sequence[Options]) -> list[Options]:
    """The alarms of this deployment that an earlier inventory declared for endpoints which are gone now."""
    names = {each["endpoint_name"] for each in endpoints}
    names -= {*state.carried.failed_endpoints, *state.carried.unfinished_endpoints, *state.carried.unreadable_endpoints}
    if not names or not state.handles("alarms"):
        return []
    declared: dict[str, list[str]] = {name: [] for name in sorted(names)}
    for name in (each["alarm_name"] for each in known):
        if endpoint_of(name) in declared:
            declared[endpoint_of(name)].append(name)
    found = find_beside(state.scope, state.api, declared)
    for line in found.refusals:
        state.settings.warn(line)
    return [{"alarm_name": name} for name in found.to_delete]
