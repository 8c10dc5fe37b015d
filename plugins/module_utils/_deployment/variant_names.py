# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that serverless variants have and keep, put into what a deployment declares."""

from __future__ import annotations

from .._aws.client import CallFailed
from .._resources.endpoint import kept_names
from .run_state import RunState

_PARTS_WITH_VARIANTS = ("alarms", "endpoints", "scaling")


def keep_variant_names(state: RunState) -> None:
    """Puts the kept names into the entries; alarms and scaling of unreadable endpoints are left out of them."""
    if state.carried.variant_names is None:
        needs_names = any(map(state.handles, _PARTS_WITH_VARIANTS))
        state.carried.variant_names = _read_names(state) if needs_names else {}
    unreadable = state.carried.unreadable_endpoints
    if not state.carried.variant_names and not unreadable:
        return
    lists = kept_names.with_names(state.entries, state.carried.variant_names)
    for plural in ("alarms", "targets"):
        lists[plural] = [each for each in lists[plural] if kept_names.endpoint_name_in(each) not in unreadable]
    state.declare(state.entries | lists)


def _read_names(state: RunState) -> dict[str, str]:
    """The current names, by endpoint; alarms and scaling of an endpoint that cannot be read are skipped."""
    endpoints, is_for_deletion = state.entries["endpoints"], state.settings.is_for_deletion
    state.seen = kept_names.see(state.api, endpoints)
    failures = {name: answer for name, answer in state.seen.items() if isinstance(answer, CallFailed)}
    state.carried.unreadable_endpoints = [*failures]
    names = kept_names.names_in(state.seen)
    if is_for_deletion:
        try:
            names |= kept_names.names_of_alarms(state.api, endpoints, state.seen)
        except CallFailed as failure:
            state.fail(f"alarms of deleted endpoints were not deleted, because listing them failed: {failure}")
    if is_for_deletion or not state.handles("endpoints"):
        for name, why in failures.items():
            state.fail(
                f"{name}: its alarms and autoscaling were skipped, because the endpoint could not be read: {why}"
            )
    return names
