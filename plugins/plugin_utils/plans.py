# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of a deployment as people read them: in the words of the inventory, as a diff and as a report."""

from __future__ import annotations

import dataclasses
import typing as t

from ..module_utils._engine.plan import Plan, ResourceId, rendered
from ..module_utils._engine.results import Data, ModuleResult
from ..module_utils._inventory.source_map import is_serverless, to_inventory_paths
from ..module_utils._resources.names import VariantId, variant_of
from ..module_utils.paths import text_of
from .origins import Origins
from .plan_document import LISTS, Context, document_of
from .report import report_of
from .summary import summary_of


def in_words_of_inventory(
    result: ModuleResult, lists: t.Mapping[str, t.Sequence[Data]], origins: Origins | None = None
) -> ModuleResult:
    """The result with each difference of its plans under the path that causes it; *lists* is what was compiled."""
    places = origins or Origins({})
    declared = {_id_of(kind, each): each for kind, plural in LISTS.items() for each in lists[plural]}
    whole = {
        "model_generations": {each.name: each.facts.get("model_name") for each in result.resources.get("models", ())},
        "serverless_endpoints": [each["endpoint_name"] for each in lists["endpoints"] if is_serverless(each)],
    }

    def translated(plan: Plan) -> Plan:
        kind = LISTS.get(plan.resource.kind)
        if kind is None:
            return plan
        options = declared.get(plan.resource, _naming(plan.resource))
        found = to_inventory_paths(kind.removesuffix("s"), options, whole, plan.differences)
        placed = tuple(dataclasses.replace(item, origin=places.of(text_of(item.path))) for item in found)
        return dataclasses.replace(plan, differences=placed)

    return result.replaced(plans=[translated(plan) for plan in result.plans or ()])


def _id_of(kind: str, options: Data) -> ResourceId:
    if kind == "scaling":
        return ResourceId(kind, VariantId(options["endpoint_name"], options["variant_name"]).resource_id)
    return ResourceId(kind, options[f"{kind}_name"])


def _naming(resource: ResourceId) -> Data:
    """The options that name a resource which is declared nowhere."""
    if resource.kind == "scaling":
        endpoint, variant = variant_of(resource.name)
        return {"endpoint_name": endpoint, "variant_name": variant}
    return {f"{resource.kind}_name": resource.name}


def with_diff_and_report(
    result: ModuleResult, context: Context, lists: t.Mapping[str, t.Sequence[Data]] | None = None
) -> tuple[ModuleResult, Data]:
    """The result with its plans as Ansible shows them, and as those who come next want them; and its document."""
    plans = [plan for plan in result.plans or () if plan.has_effect]
    document = document_of(result, context, lists)
    report = report_of(result, plans, check_mode=context.check_mode) | {
        "outcome": document["outcome"],
        "digest": document["digest"],
        "lines": [list(line) for line in summary_of(document)],
    }
    shown = {name: value for name, value in result.extra.items() if name != "undeclared"}
    diff = [rendered(plan) for plan in plans]
    return result.replaced(plans=None, diff=diff, extra=shown | {"report": report}), document
