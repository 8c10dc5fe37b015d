# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of scaling policies, read and written: on a metric, on arithmetic over metrics, and with steps.

``<metric> [<statistic>] = <number>``; ``(CPUUtilization average / 2 + MemoryUtilization average) / 2 = 60``.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .arithmetic import ARITHMETIC_FORM, Measure, Operation, is_arithmetic, read_of_metrics
from .expression_reader import OPERATOR, Reader, number_text
from .step_expressions import StepPolicy, is_with_steps, parse_steps

POLICY_FORM = "<metric> [<statistic>] = <number>"
MATH_FORM = f"<arithmetic> = <number>, where arithmetic is {ARITHMETIC_FORM}"


@dataclass(frozen=True)
class Policy:
    """Keep the metric at *target*; a predefined metric needs no statistic. *text* is what the user wrote."""

    metric: str
    statistic: str | None
    target: float
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return " ".join([self.metric, *([self.statistic] if self.statistic else []), "=", number_text(self.target)])


@dataclass(frozen=True)
class MathPolicy:
    """Keep a value that is computed from metrics at *target*. *text* is what the user wrote."""

    term: Operation
    target: float
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.term} = {number_text(self.target)}"


PolicyExpression: t.TypeAlias = Policy | MathPolicy | StepPolicy


def parse_policy(text: str) -> PolicyExpression:
    """Raises ExpressionError."""
    if is_with_steps(text):
        return parse_steps(text)
    return _math(text) if is_arithmetic(text) else _tracking(text)


def _tracking(text: str) -> Policy:
    reader = Reader(text, POLICY_FORM)
    metric = reader.metric()
    statistic = None if reader.at(OPERATOR) else reader.statistic(extended=False)
    return Policy(metric, statistic, _target(reader), text)


def _math(text: str) -> Policy | MathPolicy:
    reader = Reader(text, MATH_FORM)
    term = read_of_metrics(reader)
    if isinstance(term, Measure):
        return Policy(term.metric, term.statistic, _target(reader), text)
    return MathPolicy(term, _target(reader), text)


def _target(reader: Reader) -> float:
    """The number behind =, up to the end."""
    reader.operator({"="}, "a scaling policy keeps its metric at a target value, so write =")
    target = reader.number()
    reader.end()
    return target
