# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of alarms, read and written: on a metric, on arithmetic, on a band and on a signal of the container.

``<metric> [<statistic>] <operator> <number>``, such as ``ModelLatency p99 > 500000``;
``Invocation5XXErrors / Invocations > 1%``; ``ModelLatency p90 outside 2 bands``;
``TimeToFirstToken p99 > 2 s for 5 minutes``.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field
from decimal import Decimal

from . import durations, metrics
from .arithmetic import ARITHMETIC_FORM, Measure, Operation, is_arithmetic, measures, read_of_metrics
from .expression_reader import OPERATOR, Reader, number_text
from .signals import SIGNALS, Condition, takes

OPERATORS = {
    ">=": "GreaterThanOrEqualToThreshold",
    ">": "GreaterThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
    "<": "LessThanThreshold",
}
SIDES = {
    "outside": "LessThanLowerOrGreaterThanUpperThreshold",
    "above": "GreaterThanUpperThreshold",
    "below": "LessThanLowerThreshold",
}
ALARM_FORM = "<metric> <statistic> <operator> <number>"
MATH_FORM = f"<arithmetic> <operator> <number>, where arithmetic is {ARITHMETIC_FORM}"
SIGNAL_FORM = "<signal> <statistic> <operator> <number> [s|ms] [for <duration>]"
BAND_FORM = "<metric> <statistic> outside|above|below <number> bands"

_PERCENT = re.compile("%")
_SIDE = re.compile(r"(outside|above|below)(?!\w)", re.IGNORECASE)
_BANDS = re.compile(r"bands?(?!\w)", re.IGNORECASE)
_SECONDS = re.compile(r"(?:ms|s)(?!\w)", re.IGNORECASE)
_FOR = re.compile(r"for(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Alarm:
    """*operator* is one of OPERATORS; *statistic* may be an extended one. *text* is what the user wrote."""

    metric: str
    statistic: str
    operator: str
    threshold: float
    text: str = field(default="", compare=False)

    @property
    def threshold_text(self) -> str:
        return number_text(self.threshold)

    def __str__(self) -> str:
        return f"{self.metric} {self.statistic} {self.operator} {self.threshold_text}"


@dataclass(frozen=True)
class MathAlarm:
    """An alarm on arithmetic over metrics."""

    term: Operation
    operator: str
    threshold: float
    text: str = field(default="", compare=False)

    @property
    def threshold_text(self) -> str:
        is_part = self.term.sign == "/" and 0 < self.threshold < 1
        return _percent_text(self.threshold) if is_part else number_text(self.threshold)

    def __str__(self) -> str:
        return f"{self.term} {self.operator} {self.threshold_text}"


@dataclass(frozen=True)
class BandAlarm:
    """An alarm on a metric that leaves its expected band; *width* is in standard deviations."""

    metric: str
    statistic: str
    side: str
    width: float
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.metric} {self.statistic} {self.side} {number_text(self.width)} bands"


@dataclass(frozen=True)
class SignalAlarm:
    """An alarm on a signal of the container; it goes off after *pending* seconds."""

    condition: Condition
    pending: int = 0
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        signal, statistic, operator, threshold = self.condition
        unit = " s" if SIGNALS[signal].is_duration else ""
        wait = f" for {durations.as_duration(self.pending)}" if self.pending else ""
        return f"{signal} {statistic} {operator} {number_text(threshold)}{unit}{wait}"


AlarmExpression: t.TypeAlias = "Alarm | MathAlarm | BandAlarm | SignalAlarm"


def parse_alarm(text: str) -> AlarmExpression:
    """Raises ExpressionError."""
    return _math(text) if is_arithmetic(text) else _of_metric(text)


def _of_metric(text: str) -> Alarm | BandAlarm | SignalAlarm:
    reader = Reader(text, ALARM_FORM)
    metric = reader.metric()
    if metric in SIGNALS:
        return _signal(reader, metric)
    natural = metrics.natural_statistic(metric)
    takes_natural = natural and (reader.at(OPERATOR) or reader.at(_SIDE))
    statistic = natural if natural and takes_natural else reader.statistic(extended=True)
    if reader.at(_SIDE):
        return _band(reader, metric, statistic)
    operator, threshold = _comparison(reader)
    return Alarm(metric, statistic, operator, threshold, text)


def _signal(reader: Reader, signal: str) -> SignalAlarm:
    reader.form = SIGNAL_FORM
    start = reader.position
    statistic = reader.statistic(extended=True)
    if not takes(signal, statistic):
        reader.position = start
        reader.fail(f"{signal} takes {SIGNALS[signal].statistics}")
    operator, threshold = comparison(reader)
    if SIGNALS[signal].is_duration:
        word = reader.take(_SECONDS, "s or ms")[0].lower()
        threshold = float(Decimal(repr(threshold)).scaleb(-3)) if word == "ms" else threshold
    pending = 0
    if reader.at(_FOR):
        reader.take(_FOR, "for")
        pending = _duration(reader)
    reader.end()
    return SignalAlarm(Condition(signal, statistic, operator, threshold), pending, reader.text)


def _duration(reader: Reader) -> int:
    try:
        found = durations.parse(reader.text[reader.position :])
    except ValueError as error:
        reader.fail(str(error))
    reader.position = len(reader.text)
    return found


def _band(reader: Reader, metric: str, statistic: str) -> BandAlarm:
    reader.form = BAND_FORM
    side = reader.take(_SIDE, "outside, above or below")[0].lower()
    start = reader.position
    width = reader.number()
    if width <= 0:
        reader.position = start
        reader.fail("the width of a band must be more than 0")
    reader.take(_BANDS, "bands")
    reader.end()
    return BandAlarm(metric, statistic, side, width, reader.text)


def _math(text: str) -> Alarm | MathAlarm:
    reader = Reader(text, MATH_FORM)
    term = read_of_metrics(reader)
    if isinstance(term, Measure):
        return Alarm(term.metric, term.statistic, *_comparison(reader), text)
    return MathAlarm(term, *_comparison(reader), text)


def _comparison(reader: Reader) -> tuple[str, float]:
    """Operator and threshold, up to the end."""
    found = comparison(reader)
    reader.end()
    return found


def comparison(reader: Reader) -> tuple[str, float]:
    """Operator and threshold, which may be a percentage."""
    operator = reader.operator(set(OPERATORS), f"an alarm takes one of {', '.join(OPERATORS)}")
    start = reader.position
    threshold = reader.number()
    if reader.at(_PERCENT):
        number = reader.text[start : reader.position].strip()
        reader.take(_PERCENT, "%")
        threshold = float(Decimal(number).scaleb(-2))
    return operator, threshold


def _percent_text(number: float) -> str:
    percent = format(Decimal(repr(number)).scaleb(2), "f")
    return f"{percent.rstrip('0').rstrip('.') if '.' in percent else percent}%"


def is_percentage(expression: Alarm) -> bool:
    """Whether the user wrote its threshold as a percentage."""
    return expression.text.rstrip().endswith("%")


def metrics_in(expression: AlarmExpression) -> t.Iterator[tuple[str, str]]:
    """Each CloudWatch metric with its statistic; signals of the container are not CloudWatch metrics."""
    if isinstance(expression, SignalAlarm):
        return
    if isinstance(expression, MathAlarm):
        yield from ((each.metric, each.statistic) for each in measures(expression.term))
    else:
        yield expression.metric, expression.statistic
