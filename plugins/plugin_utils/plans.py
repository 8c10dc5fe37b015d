# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of a deployment as people read them: with files and lines, as a diff and as a report."""

from __future__ import annotations

import dataclasses
import typing as t

from ..module_utils._engine.diff import Difference
from ..module_utils._engine.plan import Plan, rendered
from ..module_utils._engine.results import Data, ModuleResult
from ..module_utils._inventory.merged_tags import places_of_tag
from ..module_utils.paths import Path, text_of
from .find_inventory import HAS_BOTOCORE
from .origins import Origins
from .plan_document import Context, document_of
from .report import report_of


def in_inventory_words(result: ModuleResult, options: Data) -> ModuleResult:
    """The result of the module with these options, with its plans in the words of the inventory.

    Where botocore is missing, a rollback goes on in those of AWS.
    """
    if not result.plans or not HAS_BOTOCORE:
        return result
    # Loaded only where something changes.
    from . import inventory_words

    entries = {plural: options.get(plural) or () for plural in ("models", "endpoints")}
    shown = inventory_words.in_inventory_words(result.plans, entries, is_full=options.get("diff") == "full")
    return result.replaced(plans=shown)


def with_origins(plans: t.Sequence[Plan], origins: Origins, *, is_rollback: bool) -> list[Plan]:
    """The plans, each difference with the file and line in which the user wrote what it leads to.

    A rollback leads to an older configuration: there, it is where the user wrote what equals one of the two values,
    mostly that which the rollback leads away from.
    """
    marked = _equal_to if is_rollback else _leading_to
    return [
        dataclasses.replace(plan, differences=tuple(marked(plan.path, item, origins) for item in plan.differences))
        for plan in plans
    ]


def _leading_to(declared: Path, item: Difference, origins: Origins) -> Difference:
    places = _places(declared, item.path)
    origin = next(filter(None, map(origins.at, places)), "") if len(places) > 1 else origins.of("".join(places))
    return dataclasses.replace(item, origin=origin)


def _equal_to(declared: Path, item: Difference, origins: Origins) -> Difference:
    place = next(filter(origins.at, _places(declared, item.path)), "")
    return dataclasses.replace(
        item,
        origin=origins.of_value(place, item.after),
        origin_before=origins.of_value(place, item.before),
    )


def _places(declared: Path, path: Path) -> list[str]:
    """Where the inventory may have a value: a tag in several places, the others in one."""
    if not declared:
        return []
    places = places_of_tag(declared, str(path[1])) if path[0] == "additional_tags" else [(*declared, *path)]
    return [text_of(place) for place in places]


def with_diff_and_report(
    result: ModuleResult, context: Context, lists: t.Mapping[str, t.Sequence[Data]] | None = None
) -> tuple[ModuleResult, Data]:
    """The result with its plans as Ansible shows them, and as those who come next want them; and its document."""
    document = document_of(result, context, lists)
    report = report_of(result, document)
    shown = {name: value for name, value in result.extra.items() if name != "undeclared"}
    diff = [rendered(plan) for plan in result.plans or () if plan.has_effect]
    return result.replaced(plans=None, diff=diff, extra=shown | {"report": report}), document
