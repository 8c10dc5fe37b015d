# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of a deployment as people read them: in the words of the inventory, as a diff and as a report."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    as_data,
    from_data,
    rendered,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import KINDS, Told
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.source_map import (
    causes,
    is_serverless,
)

from .report import report_of


def in_words_of_inventory(told: Told, lists: t.Mapping[str, t.Sequence[Told]]) -> Told:
    """The result with each difference of its plans under the path that causes it; *lists* is what was compiled."""
    plans: list[Told] = told.get("plans", [])
    naming = {data["kind"]: tuple(data["names"]) for data in plans if data["names"]}
    declared = {
        (kind, *(each[name] for name in naming[kind])): each
        for plural, kind in KINDS.items()
        if kind in naming
        for each in lists[plural]
    }
    whole = {
        "model_generations": {each["name"]: each.get("model_name") for each in told.get("models", ())},
        "serverless_endpoints": [each["endpoint_name"] for each in lists["endpoints"] if is_serverless(each)],
    }

    def translated(data: Told) -> Told:
        kind: str = data["kind"]
        names: Told = data["names"]
        if not names:
            return data
        plan = from_data(data)
        found = causes(kind, declared.get((kind, *names.values()), names), whole, plan.differences)
        return data | as_data(dataclasses.replace(plan, differences=found))

    return told | {"plans": [translated(data) for data in plans]}


def with_diff_and_report(told: Told, *, is_foretold: bool) -> Told:
    """The result with its plans as Ansible shows them, and as those who come next want them."""
    plans = [from_data(each) for each in told.get("plans", ())]
    shown = {"diff": [rendered(plan) for plan in plans], "report": report_of(told, plans, is_foretold=is_foretold)}
    return {name: value for name, value in told.items() if name != "plans"} | shown
