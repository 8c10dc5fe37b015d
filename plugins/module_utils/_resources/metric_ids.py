# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids of metric queries, which only tie those of one alarm or policy together, and labels, which graphs show."""

from __future__ import annotations

import re
import typing as t

from .._engine.canonical import Request

_ID = re.compile(r"\b[a-z][A-Za-z0-9_]*\b(?!\s*\()")


def with_ids_of(wanted: Request, live: Request) -> Request:
    """What is live with the ids of *wanted*, if its queries are the same but for their ids; else as it is.

    Either is an alarm, or the specification of the metrics that a policy tracks.
    """
    ids = _ids(wanted.get("Metrics", ()), live.get("Metrics", ()))
    if not ids or all(old == new for old, new in ids.items()):
        return live
    renamed: Request = {"Metrics": [_renamed(query, ids) for query in live["Metrics"]]}
    if "ThresholdMetricId" in live:
        renamed["ThresholdMetricId"] = ids.get(live["ThresholdMetricId"], live["ThresholdMetricId"])
    return {**live, **renamed}


def with_labels_of(live: Request, wanted: Request) -> Request:
    """What is wanted with the labels of *live*, whose ids are the same, where it gives none."""
    labels = {query["Id"]: query["Label"] for query in live.get("Metrics", ()) if "Label" in query}
    if not labels or "Metrics" not in wanted:
        return wanted
    queries = [{"Label": labels[each["Id"]], **each} if each["Id"] in labels else each for each in wanted["Metrics"]]
    return {**wanted, "Metrics": queries}


def _ids(wanted: t.Sequence[Request], live: t.Sequence[Request]) -> dict[str, str]:
    """The new id for each old one; nothing where the queries are not the same in other words."""
    if len(wanted) != len(live):
        return {}
    by_metric = {_key(query): query["Id"] for query in wanted if "MetricStat" in query}
    found = {query["Id"]: by_metric.get(_key(query), "") for query in live if "MetricStat" in query}
    by_expression = {query["Expression"]: query["Id"] for query in wanted if "Expression" in query}
    for query in live:
        if "Expression" in query:
            found[query["Id"]] = by_expression.get(_expression(query["Expression"], found), "")
    return found if len(set(found.values()) - {""}) == len(live) else {}


def _key(query: Request) -> str:
    stat = query["MetricStat"]
    dimensions = sorted((each["Name"], each["Value"]) for each in stat["Metric"].get("Dimensions", ()))
    metric = {**stat["Metric"], "Dimensions": dimensions}
    return repr(sorted({**stat, "Metric": sorted(metric.items())}.items()))


def _expression(expression: str, ids: t.Mapping[str, str]) -> str:
    return _ID.sub(lambda match: ids.get(match[0], match[0]), expression)


def _renamed(query: Request, ids: t.Mapping[str, str]) -> Request:
    found = {**query, "Id": ids[query["Id"]]}
    if "Expression" in query:
        found["Expression"] = _expression(query["Expression"], ids)
    return found
