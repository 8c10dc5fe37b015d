# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of scaling policies, read and written: ``<metric> [<statistic>] = <number>``, or with steps."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .expression_reader import OPERATOR, Reader, number_text
from .step_expressions import StepPolicy, is_with_steps, parse_steps

POLICY_FORM = "<metric> [<statistic>] = <number>"


@dataclass(frozen=True)
class Policy:
    """Keep the metric at *target*; a predefined metric needs no statistic. *text* is what the user wrote."""

    metric: str
    statistic: str | None
    target: float
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return " ".join([self.metric, *([self.statistic] if self.statistic else []), "=", number_text(self.target)])


PolicyExpression: t.TypeAlias = "Policy | StepPolicy"


def parse_policy(text: str) -> PolicyExpression:
    """Raises ExpressionError."""
    return parse_steps(text) if is_with_steps(text) else _tracking(text)


def _tracking(text: str) -> Policy:
    reader = Reader(text, POLICY_FORM)
    metric = reader.metric()
    statistic = None if reader.at(OPERATOR) else reader.statistic(extended=False)
    reader.operator({"="}, "a scaling policy keeps its metric at a value, so it takes =")
    target = reader.number()
    reader.end()
    return Policy(metric, statistic, target, text)
