# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What PutMetricAlarm refuses. [D CW] for the rules; texts [M] where marked, else guesses."""

from __future__ import annotations

import re

from ..types import Params
from .action_rules import check_actions
from .alarm_errors import invalid, missing, wrong_combination, wrong_value
from .metric_queries import check_queries
from .promql_rules import check_promql
from .statistic_rules import check_period, check_statistic, is_percentile

_BAND_OPERATORS = (
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
_SOURCES = ("MetricName", "Metrics", "EvaluationCriteria")
_MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_alarm(alarm: Params) -> None:
    if _CONTROL.search(alarm["AlarmName"]):
        raise invalid("AlarmName must not contain ASCII control characters")
    sources = [name for name in _SOURCES if name in alarm]
    if len(sources) != 1 and sources[-1:] != ["EvaluationCriteria"]:
        raise wrong_combination(f"Exactly one of {', '.join(_SOURCES)} must be specified, not {sources}")
    if alarm.get("TreatMissingData", "missing") not in _MISSING_DATA:
        raise wrong_value(f"TreatMissingData must be one of {', '.join(_MISSING_DATA)}")
    check_actions(alarm, is_of_band="ThresholdMetricId" in alarm)
    if "EvaluationCriteria" in sources:
        check_promql(alarm)
        return
    if "EvaluationInterval" in alarm:
        raise wrong_combination("EvaluationInterval can be specified together with EvaluationCriteria only")
    _require(alarm, "EvaluationPeriods", "ComparisonOperator")
    if sources == ["MetricName"]:
        _check_metric(alarm)
    else:
        check_queries(alarm)
    _check_threshold(alarm)
    if alarm.get("DatapointsToAlarm", 1) > alarm["EvaluationPeriods"]:
        raise invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods")


def _check_metric(alarm: Params) -> None:
    _require(alarm, "Namespace", "Period")
    if ("Statistic" in alarm) == ("ExtendedStatistic" in alarm):
        raise wrong_combination("Exactly one of Statistic and ExtendedStatistic must be specified")
    check_period(alarm["Period"], alarm["EvaluationPeriods"])
    names = [dimension["Name"] for dimension in alarm.get("Dimensions", [])]
    if len(set(names)) < len(names):
        raise wrong_value("No duplicate dimension names are allowed")
    if "ExtendedStatistic" in alarm:
        check_statistic(alarm["ExtendedStatistic"], extended_only=True)
    if "EvaluateLowSampleCountPercentile" in alarm:
        _check_low_sample(alarm)


def _check_low_sample(alarm: Params) -> None:
    statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
    if not is_percentile(statistic):
        # [M]
        raise wrong_combination(
            f"Option evaluateLowSampleCountPercentile can not be applied with statistic {statistic}."
        )
    if alarm["EvaluateLowSampleCountPercentile"] not in ("evaluate", "ignore"):
        raise wrong_value("EvaluateLowSampleCountPercentile must be evaluate or ignore")


def _check_threshold(alarm: Params) -> None:
    is_band = alarm["ComparisonOperator"] in _BAND_OPERATORS
    if is_band != ("ThresholdMetricId" in alarm):
        raise wrong_combination("ThresholdMetricId must be specified for anomaly detection operators and for no other")
    if is_band == ("Threshold" in alarm):
        raise wrong_combination("Threshold must be specified for static thresholds and for no other")


def _require(alarm: Params, *names: str) -> None:
    absent = [name for name in names if name not in alarm]
    if absent:
        raise missing(absent[0])
