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
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import KINDS, ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.source_map import (
    is_serverless,
    to_inventory_paths,
)

from .report import report_of


def in_words_of_inventory(result: ModuleResult, lists: t.Mapping[str, t.Sequence[ModuleResult]]) -> ModuleResult:
    """The result with each difference of its plans under the path that causes it; *lists* is what was compiled."""
    plans: list[ModuleResult] = result.get("plans", [])
    naming = {data["kind"]: tuple(data["names"]) for data in plans if data["names"]}
    declared = {
        (kind, *(each[name] for name in naming[kind])): each
        for plural, kind in KINDS.items()
        if kind in naming
        for each in lists[plural]
    }
    whole = {
        "model_generations": {each["name"]: each.get("model_name") for each in result.get("models", ())},
        "serverless_endpoints": [each["endpoint_name"] for each in lists["endpoints"] if is_serverless(each)],
    }

    def translated(data: ModuleResult) -> ModuleResult:
        kind: str = data["kind"]
        names: ModuleResult = data["names"]
        if not names:
            return data
        plan = from_data(data)
        found = to_inventory_paths(kind, declared.get((kind, *names.values()), names), whole, plan.differences)
        return data | as_data(dataclasses.replace(plan, differences=found))

    return result | {"plans": [translated(data) for data in plans]}


def with_diff_and_report(result: ModuleResult, *, check_mode: bool) -> ModuleResult:
    """The result with its plans as Ansible shows them, and as those who come next want them."""
    plans = [from_data(each) for each in result.get("plans", ())]
    shown = {"diff": [rendered(plan) for plan in plans], "report": report_of(result, plans, check_mode=check_mode)}
    return {name: value for name, value in result.items() if name != "plans"} | shown
