# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What PutMetricAlarm refuses. [D CW] for the rules; texts [M] where marked, else guesses."""

from __future__ import annotations

import re

from ..errors import AwsError
from ..types import Params

_SHORT_PERIODS = (10, 20, 30)
_MINUTE = 60
_HOUR = 3600
_DAY = 86_400
_WEEK = 604_800
_BAND_OPERATORS = (
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
_MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")
_METRIC_ONLY = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
_NUMBER = r"(\d{1,2}(\.\d{1,10})?|100)"
_BOUND = r"\d+(\.\d+)?"
# [D CW ExtendedStatistic]
_EXTENDED = re.compile(
    rf"p{_NUMBER}|(tm|tc|ts|wm){_NUMBER}|IQM|PR\(({_BOUND})?:({_BOUND})?\)"
    rf"|(TM|TC|TS|WM)\(({_BOUND}%?)?:({_BOUND}%?)?\)"
)
_PERCENTILE = re.compile(rf"p{_NUMBER}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_alarm(alarm: Params) -> None:
    if _CONTROL.search(alarm["AlarmName"]):
        raise _invalid("AlarmName must not contain ASCII control characters")
    sources = [name for name in ("MetricName", "Metrics", "EvaluationCriteria") if name in alarm]
    if len(sources) != 1:
        raise _combination(
            f"Exactly one of MetricName, Metrics and EvaluationCriteria must be specified, not {sources}"
        )
    if alarm.get("TreatMissingData", "missing") not in _MISSING_DATA:
        raise _value(f"TreatMissingData must be one of {', '.join(_MISSING_DATA)}")
    if sources == ["EvaluationCriteria"]:
        return
    _require(alarm, "EvaluationPeriods", "ComparisonOperator")
    if sources == ["MetricName"]:
        _check_metric(alarm)
    else:
        _check_queries(alarm)
    _check_threshold(alarm)
    if alarm.get("DatapointsToAlarm", 1) > alarm["EvaluationPeriods"]:
        raise _invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods")


def _check_metric(alarm: Params) -> None:
    _require(alarm, "Namespace", "Period")
    if ("Statistic" in alarm) == ("ExtendedStatistic" in alarm):
        raise _combination("Exactly one of Statistic and ExtendedStatistic must be specified")
    _check_period(alarm["Period"], alarm["EvaluationPeriods"])
    names = [dimension["Name"] for dimension in alarm.get("Dimensions", [])]
    if len(set(names)) < len(names):
        raise _value("No duplicate dimension names are allowed")
    extended = alarm.get("ExtendedStatistic", "")
    if extended and not _EXTENDED.fullmatch(extended):
        # [M]
        raise _value(f"The value {extended} for parameter ExtendedStatistic is not supported.")
    if "EvaluateLowSampleCountPercentile" in alarm:
        _check_low_sample(alarm)


def _check_period(period: int, evaluation_periods: int) -> None:
    if period not in _SHORT_PERIODS and period % _MINUTE:
        # [M]
        raise _invalid("Period must be 10, 20, 30 or a multiple of 60")
    limit = _WEEK if period >= _HOUR else _DAY
    if period * evaluation_periods > limit:
        # [M] up to the number
        raise _invalid(f"EvaluationPeriods * Period must be <= {limit}")


def _check_low_sample(alarm: Params) -> None:
    statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
    if not _PERCENTILE.fullmatch(statistic):
        # [M]
        raise _combination(f"Option evaluateLowSampleCountPercentile can not be applied with statistic {statistic}.")
    if alarm["EvaluateLowSampleCountPercentile"] not in ("evaluate", "ignore"):
        raise _value("EvaluateLowSampleCountPercentile must be evaluate or ignore")


def _check_queries(alarm: Params) -> None:
    extra = [name for name in _METRIC_ONLY if name in alarm]
    if extra:
        raise _combination(f"{', '.join(extra)} cannot be specified together with Metrics")
    queries = alarm["Metrics"]
    if len({query["Id"] for query in queries}) < len(queries):
        raise _value("The Ids of Metrics must be unique")
    for query in queries:
        if ("Expression" in query) == ("MetricStat" in query):
            raise _combination("Each element of Metrics must have either Expression or MetricStat")
        if "MetricStat" in query:
            _check_period(query["MetricStat"]["Period"], alarm["EvaluationPeriods"])
    returning = [query for query in queries if query.get("ReturnData", True)]
    if len(returning) != 1 and "ThresholdMetricId" not in alarm:
        raise _invalid("Exactly one element of Metrics must have ReturnData set to true")


def _check_threshold(alarm: Params) -> None:
    is_band = alarm["ComparisonOperator"] in _BAND_OPERATORS
    if is_band != ("ThresholdMetricId" in alarm):
        raise _combination("ThresholdMetricId must be specified for anomaly detection operators and for no other")
    if is_band == ("Threshold" in alarm):
        raise _combination("Threshold must be specified for static thresholds and for no other")


def _require(alarm: Params, *names: str) -> None:
    missing = [name for name in names if name not in alarm]
    if missing:
        raise AwsError("MissingParameter", f"The parameter {missing[0]} is required")


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def _value(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)


def _combination(message: str) -> AwsError:
    return AwsError("InvalidParameterCombination", message)
