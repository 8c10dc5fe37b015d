# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Periods and statistics of what an alarm watches. [D CW] for the rules; texts [M] where marked."""

from __future__ import annotations

import re

from .alarm_errors import invalid, wrong_value

_SHORT_PERIODS = (10, 20, 30)
_MINUTE = 60
_HOUR = 3600
_DAY = 86_400
_WEEK = 604_800
_PLAIN = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_NUMBER = r"(\d{1,2}(\.\d{1,10})?|100)"
_BOUND = r"\d+(\.\d+)?"
# [D CW ExtendedStatistic]
_EXTENDED = re.compile(
    rf"p{_NUMBER}|(tm|tc|ts|wm){_NUMBER}|IQM|PR\(({_BOUND})?:({_BOUND})?\)"
    rf"|(TM|TC|TS|WM)\(({_BOUND}%?)?:({_BOUND}%?)?\)"
)
_PERCENTILE = re.compile(rf"p{_NUMBER}")


def is_regular(seconds: int) -> bool:
    """Whether the seconds are 10, 20, 30 or whole minutes."""
    return seconds in _SHORT_PERIODS or seconds % _MINUTE == 0


def check_period(period: int, evaluation_periods: int) -> None:
    if not is_regular(period):
        # [M]
        raise invalid("Period must be 10, 20, 30 or a multiple of 60")
    limit = _WEEK if period >= _HOUR else _DAY
    if period * evaluation_periods > limit:
        # [M] up to the number
        raise invalid(f"EvaluationPeriods * Period must be <= {limit}")


def check_statistic(name: str, *, extended_only: bool) -> None:
    if not _EXTENDED.fullmatch(name) and (extended_only or name not in _PLAIN):
        parameter = "ExtendedStatistic" if extended_only else "Stat"
        # [M] for ExtendedStatistic; that Stat is refused with the same words is a guess.
        raise wrong_value(f"The value {name} for parameter {parameter} is not supported.")


def is_percentile(name: str) -> bool:
    return _PERCENTILE.fullmatch(name) is not None
