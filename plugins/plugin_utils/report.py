# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run reports to later plays, to workflows, and to its last task."""

from __future__ import annotations

import typing as t

from ..module_utils._aws.endpoint_descriptions import LINKS
from ..module_utils._engine.results import Data, ModuleResult, ResourceResult
from .markdown_report import markdown_of
from .summary import summary_of


def report_of(result: ModuleResult, document: Data) -> Data:
    """The report of a result and of its plan document, with the endpoints that exist."""
    there = [each for each in result.resources.get("endpoints", ()) if each.facts.get("endpoint_arn")]
    return {
        "changed": result.changed,
        "failed": result.failed,
        "outcome": document["outcome"],
        "digest": document["digest"],
        "endpoints": {each.name: _endpoint(each) for each in there},
        "changes": [_line(change) for change in document["changes"]],
        "summary": markdown_of(document, _failures(result)),
        "lines": [list(line) for line in summary_of(document)],
    }


def _failures(result: ModuleResult) -> t.Sequence[str]:
    if not result.failed:
        return []
    return result.failure_lines() or ["no reason is known"]


def _endpoint(endpoint: ResourceResult) -> Data:
    facts = endpoint.facts
    links = {name: facts[name] for name in LINKS if name in facts}
    return {"name": endpoint.name, "arn": facts["endpoint_arn"], "status": facts["endpoint_status"], **links}


def _line(change: Data) -> str:
    return f"{change['kind']} {change['name']} ({'; '.join([change['effect'], *change['notes']])})"
