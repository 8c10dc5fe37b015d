# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of a deployment as people read them: with files and lines, as a diff and as a report."""

from __future__ import annotations

import dataclasses
import typing as t

from ..module_utils._engine.plan import Plan, rendered
from ..module_utils._engine.results import Data, ModuleResult
from ..module_utils.paths import Path, text_of
from .origins import Origins
from .plan_document import Context, document_of
from .report import report_of


def with_origins(plans: t.Sequence[Plan], origins: Origins) -> list[Plan]:
    """The plans, each difference with the file and line in which the user wrote what it leads to."""
    return [
        dataclasses.replace(
            plan,
            differences=tuple(
                dataclasses.replace(item, origin=_origin(plan.path, item.path, origins)) for item in plan.differences
            ),
        )
        for plan in plans
    ]


def _origin(declared: Path, path: Path, origins: Origins) -> str:
    """Tags are merged: those of everything take precedence, then those of the variant, then those of the endpoint."""
    if not declared:
        return ""
    if path[0] != "additional_tags":
        return origins.of(text_of((*declared, *path)))
    places = [("additional_tags_all", path[1]), (*declared[:5], *path), (*declared[:4], *path), (*declared[:2], *path)]
    return next(filter(None, (origins.at(text_of(place)) for place in places)), "")


def with_diff_and_report(
    result: ModuleResult, context: Context, lists: t.Mapping[str, t.Sequence[Data]] | None = None
) -> tuple[ModuleResult, Data]:
    """The result with its plans as Ansible shows them, and as those who come next want them; and its document."""
    document = document_of(result, context, lists)
    report = report_of(result, document)
    shown = {name: value for name, value in result.extra.items() if name != "undeclared"}
    diff = [rendered(plan) for plan in result.plans or () if plan.has_effect]
    return result.replaced(plans=None, diff=diff, extra=shown | {"report": report}), document
