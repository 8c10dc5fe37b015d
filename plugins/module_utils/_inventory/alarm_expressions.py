# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of alarms, ``<metric> <statistic> <operator> <number>``, read and written."""

from __future__ import annotations

from dataclasses import dataclass, field

from .expression_reader import Reader, number_text

OPERATORS = {
    ">=": "GreaterThanOrEqualToThreshold",
    ">": "GreaterThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
    "<": "LessThanThreshold",
}
ALARM_FORM = "<metric> <statistic> <operator> <number>"


@dataclass(frozen=True)
class Alarm:
    """*operator* is one of OPERATORS; *statistic* may be an extended one. *text* is what the user wrote."""

    metric: str
    statistic: str
    operator: str
    threshold: float
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.metric} {self.statistic} {self.operator} {number_text(self.threshold)}"


def parse_alarm(text: str) -> Alarm:
    """Raises ExpressionError."""
    reader = Reader(text, ALARM_FORM)
    metric = reader.metric()
    statistic = reader.statistic(extended=True)
    operator = reader.operator(set(OPERATORS), f"an alarm takes {', '.join(OPERATORS)}")
    threshold = reader.number()
    reader.end()
    return Alarm(metric, statistic, operator, threshold, text)
