# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What PutMetricAlarm refuses of `Metrics`. [D CW MetricDataQuery] for the rules; the texts are guesses."""

from __future__ import annotations

import re

from ..types import Params
from .alarm_errors import invalid, wrong_combination, wrong_value
from .statistic_rules import check_period, check_statistic

MOST_METRICS = MOST_EXPRESSIONS = 10
_METRIC_ONLY = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
_BAND = re.compile(r"\s*ANOMALY_DETECTION_BAND\s*\(\s*([a-z][A-Za-z0-9_]*)\s*(?:,\s*(\d+(?:\.\d+)?)\s*)?\)\s*")
_INSIGHTS = re.compile(r"\s*SELECT\b", re.IGNORECASE)
# What is neither in quotes nor a function is the Id of another entry; functions are in upper case.
_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")
_REFERENCE = re.compile(r"(?<![A-Za-z0-9_.])[a-z][A-Za-z0-9_]*")
_BALANCED = re.compile(r"[()]")


def check_queries(alarm: Params) -> None:
    extra = [name for name in _METRIC_ONLY if name in alarm]
    if extra:
        raise wrong_combination(f"{', '.join(extra)} cannot be specified together with Metrics")
    if "EvaluateLowSampleCountPercentile" in alarm:
        # [D CW] "Used only for alarms based on percentiles"; that this one is refused here is a guess.
        raise wrong_combination("Option evaluateLowSampleCountPercentile can not be applied with Metrics.")
    queries = alarm["Metrics"]
    _check_ids(queries)
    _check_counts(queries)
    for query in queries:
        if ("Expression" in query) == ("MetricStat" in query):
            raise wrong_combination("Each element of Metrics must have either Expression or MetricStat")
        if "MetricStat" in query:
            _check_metric(query["MetricStat"], alarm["EvaluationPeriods"])
        else:
            _check_expression(query["Expression"], {each["Id"] for each in queries})
    _check_watched(alarm, queries)


def _check_ids(queries: list[Params]) -> None:
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        raise wrong_value("The Ids of Metrics must be unique")
    odd = [each for each in ids if not _ID.fullmatch(each)]
    if odd:
        raise wrong_value(f"Invalid Id {odd[0]}: it must start with a lowercase letter, then letters, numbers and _")


def _check_counts(queries: list[Params]) -> None:
    metrics = sum("MetricStat" in query for query in queries)
    if metrics > MOST_METRICS or len(queries) - metrics > MOST_EXPRESSIONS:
        raise invalid(f"Metrics can have at most {MOST_METRICS} metrics and {MOST_EXPRESSIONS} expressions")


def _check_metric(stat: Params, evaluation_periods: int) -> None:
    check_period(stat["Period"], evaluation_periods)
    check_statistic(stat["Stat"], extended_only=False)
    if not {"Namespace", "MetricName"} <= stat["Metric"].keys():
        raise wrong_combination("Each Metric must have Namespace and MetricName")


def _check_expression(expression: str, ids: set[str]) -> None:
    if _INSIGHTS.match(expression):
        return
    bare = _TEXTS.sub("", expression)
    unknown = [name for name in _REFERENCE.findall(bare) if name not in ids]
    if unknown:
        raise invalid(f"Error in expression '{expression}': Undefined variable {unknown[0]}")
    if not _is_balanced(bare):
        raise invalid(f"Error in expression '{expression}': Unbalanced parentheses")


def _is_balanced(text: str) -> bool:
    depth = 0
    for bracket in _BALANCED.findall(text):
        depth += 1 if bracket == "(" else -1
        if depth < 0:
            return False
    return depth == 0


def _check_watched(alarm: Params, queries: list[Params]) -> None:
    """One result is compared with the threshold; with a band around it, it is the metric in the band."""
    returning = [query["Id"] for query in queries if query.get("ReturnData", True)]
    band_id = alarm.get("ThresholdMetricId")
    if band_id is None:
        if len(returning) != 1:
            raise invalid("Exactly one element of Metrics must have ReturnData set to true")
        return
    bands = {query["Id"]: match for query in queries if (match := _BAND.fullmatch(query.get("Expression", "")))}
    if band_id not in bands:
        # [D CW ThresholdMetricId] "the ID of the ANOMALY_DETECTION_BAND function"
        raise invalid(f"ThresholdMetricId {band_id} must be the Id of an ANOMALY_DETECTION_BAND expression")
    others = [each for each in returning if each != band_id]
    if others not in ([], [bands[band_id][1]]):
        raise invalid("Of the other elements of Metrics only that in the band can have ReturnData set to true")
