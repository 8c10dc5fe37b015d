# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arithmetic and bands as the metric queries of alarms and scaling policies, and back."""

from __future__ import annotations

import re
import typing as t

from .._engine.canonical import Request
from .._engine.requests import Options, given
from .._resources.names import VariantId
from . import metrics
from .arithmetic import Measure, Term, as_math, measures, of_math
from .expression_reader import number_text

RESULT = "e1"
BAND = "ad1"
MOST_METRICS = 10
"""[D MetricDataQuery] as many of the queries may retrieve a metric."""

_BAND = re.compile(r"ANOMALY_DETECTION_BAND\((?P<id>[a-z][A-Za-z0-9_]*)(?:, *(?P<width>[0-9.]+))?\)")
_WRITABLE = re.compile(r"[A-Za-z][A-Za-z0-9_.:#]*")


def of_term(term: Term, of: VariantId, **more: t.Any) -> list[Options]:
    """One query for each measure, called m1, m2 and so on, and one for the result.

    *more* are options of every metric beside its statistic, such as its period.
    """
    ids = {measure: f"m{number}" for number, measure in enumerate(measures(term), 1)}
    found = [_retrieved(ids[measure], measure, of, more) | {"return_data": False} for measure in ids]
    return [*found, {"id": RESULT, "expression": as_math(term, ids), "return_data": True}]


def of_band(measure: Measure, width: float, of: VariantId, **more: t.Any) -> list[Options]:
    """The metric, and the band around it."""
    band = {"id": BAND, "expression": f"ANOMALY_DETECTION_BAND(m1, {number_text(width)})", "return_data": True}
    return [_retrieved("m1", measure, of, more) | {"return_data": True}, band]


def _retrieved(query_id: str, measure: Measure, of: VariantId, more: Options) -> Options:
    metric = {
        "namespace": metrics.metric_of(measure.metric).namespace,
        "metric_name": measure.metric,
        "dimensions": metrics.dimensions(measure.metric, of.endpoint, of.variant),
    }
    return {"id": query_id, "metric_stat": given(metric=metric, stat=measure.statistic, **more)}


def to_term(queries: t.Sequence[Request]) -> Term:
    """What the queries compute, in API members; raises ValueError if that is not arithmetic."""
    found = _measures(queries)
    expressions = [query["Expression"] for query in queries if "Expression" in query]
    if len(expressions) != 1:
        raise ValueError("it has several expressions")
    return of_math(expressions[0], found)


def to_band(queries: t.Sequence[Request], band_id: str) -> tuple[Measure, float]:
    """The metric and the width of its band; raises ValueError if the band is not around one metric."""
    found = _measures(queries)
    match = next((_BAND.fullmatch(query.get("Expression", "")) for query in queries if query["Id"] == band_id), None)
    if match is None or len(queries) != 2 or match["id"] not in found:
        raise ValueError("it is not a band around one metric")
    return found[match["id"]], float(match["width"] or 2)


def common(queries: t.Sequence[Request], member: str) -> t.Any:
    """What all metrics have for this member, such as their period; raises ValueError where they differ."""
    values = {query["MetricStat"].get(member) for query in queries if "MetricStat" in query}
    if len(values) != 1:
        raise ValueError(f"its metrics differ in {member}")
    return values.pop()


def _measures(queries: t.Sequence[Request]) -> dict[str, Measure]:
    stats = {query["Id"]: query["MetricStat"] for query in queries if "MetricStat" in query}
    found = {key: Measure(stat["Metric"].get("MetricName", ""), stat["Stat"]) for key, stat in stats.items()}
    odd = next((each.metric for each in found.values() if not _WRITABLE.fullmatch(each.metric)), None)
    if odd is not None:
        raise ValueError(f"no expression can name the metric {odd!r}")
    return found
