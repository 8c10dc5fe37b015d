# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of scaling policies with steps, read and written, with the bounds that AWS has for each step.

``<condition> then <adjustment>``, and further steps as in ``CPUUtilization average >= 60 then +1, >= 90 then +3``.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
from dataclasses import dataclass, field
from decimal import Decimal

from .._engine.canonical import Request
from .._engine.requests import Options
from .alarm_expressions import Alarm, MathAlarm, comparison, parse_alarm
from .expression_reader import Reader

STEP_FORM = "<metric> <statistic> <operator> <number> then <+1|-1|+50%|4>[, <operator> <number> then ...]"
CHANGE, PERCENT, EXACT = "ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"
"""[D StepScalingPolicyConfiguration] AdjustmentType."""
MOST_STEPS = 20
"""[D] the quota of one policy."""

_THEN = re.compile(r"then(?!\w)", re.IGNORECASE)
_BEFORE_THEN = re.compile(r"(?<=\s)then(?!\w)", re.IGNORECASE)
_ADJUSTMENT = re.compile(r"(?P<sign>[-+]?)(?P<number>[0-9]{1,9})(?P<percent> ?%)?(?![\w.%])")
_COMMA = re.compile(",")
_LOWER, _UPPER = "MetricIntervalLowerBound", "MetricIntervalUpperBound"


@dataclass(frozen=True)
class Step:
    """Between *threshold* and that of the next step, the capacity is changed by *adjustment*."""

    threshold: float
    adjustment: int


@dataclass(frozen=True)
class StepPolicy:
    """While the condition holds, the step in which the metric lies changes the capacity.

    The first step begins at the threshold of the condition; *unit* is the adjustment type. *text* is what the user
    wrote.
    """

    condition: Alarm | MathAlarm
    unit: str
    steps: tuple[Step, ...]
    text: str = field(default="", compare=False)

    @property
    def is_upward(self) -> bool:
        """Whether it acts on what lies above a threshold."""
        return self.condition.operator in (">", ">=")

    def __str__(self) -> str:
        operator = ">=" if self.is_upward else "<="
        first, *others = (self._adjustment(step) for step in self.steps)
        later = (dataclasses.replace(self.condition, threshold=step.threshold) for step in self.steps[1:])
        more = (f"{operator} {at.threshold_text} {text}" for at, text in zip(later, others, strict=True))
        return ", ".join([f"{self.condition} {first}", *more])

    def _adjustment(self, step: Step) -> str:
        number = str(step.adjustment) if self.unit == EXACT else f"{step.adjustment:+d}"
        return f"then {number}{'%' if self.unit == PERCENT else ''}"


def is_with_steps(text: str) -> bool:
    return _BEFORE_THEN.search(text) is not None


def parse_steps(text: str) -> StepPolicy:
    """Raises ExpressionError."""
    reader = Reader(text, STEP_FORM)
    match = _BEFORE_THEN.search(text)
    reader.position = match.start() if match else len(text)
    condition = parse_alarm(text[: reader.position].rstrip())
    if not isinstance(condition, (Alarm, MathAlarm)):
        # [D PutMetricAlarm] a band has no Auto Scaling actions; that a query gives no value for steps is a guess.
        reader.fail("only an alarm on metrics can call a scaling policy")
    unit, number = _adjustment(reader)
    steps = [Step(condition.threshold, number)]
    while reader.at(_COMMA):
        reader.take(_COMMA, ",")
        steps.append(_next_step(reader, condition, unit, steps[-1]))
    reader.end()
    return StepPolicy(condition, unit, tuple(steps), text)


def _adjustment(reader: Reader) -> tuple[str, int]:
    reader.take(_THEN, "then")
    start = reader.position
    word, _column = reader.take(_ADJUSTMENT, "how the capacity changes: +1, -1, +50% or, for an exact capacity, 4")
    match = t.cast("re.Match[str]", _ADJUSTMENT.fullmatch(word))
    if match["percent"] and not match["sign"]:
        reader.position = start
        reader.fail(f"{word} does not say whether to add or remove; write +{word} or -{word}")
    number = int(f"{match['sign']}{match['number']}")
    return PERCENT if match["percent"] else CHANGE if match["sign"] else EXACT, number


def _next_step(reader: Reader, condition: Alarm | MathAlarm, unit: str, before: Step) -> Step:
    """[D StepAdjustment] above the threshold the lower bound belongs to a step, below it the upper one."""
    start, is_upward = reader.position, condition.operator in (">", ">=")
    operator, threshold = comparison(reader)
    if operator != (">=" if is_upward else "<="):
        reader.position = start
        sign = ">=" if is_upward else "<="
        reader.fail(f"each further step must begin with {sign}, because AWS includes the number itself")
    if threshold <= before.threshold if is_upward else threshold >= before.threshold:
        reader.position = start
        reader.fail(
            f"the steps go {'up' if is_upward else 'down'}, so each number must be {'more' if is_upward else 'less'}"
            " than the one before"
        )
    start = reader.position
    own_unit, number = _adjustment(reader)
    if own_unit != unit:
        reader.position = start
        reader.fail(
            "all steps of a policy must change the capacity in the same way: by a number, by a percentage, "
            "or to a number"
        )
    return Step(threshold, number)


def step_options(expression: StepPolicy) -> Options:
    """The steps as PutScalingPolicy has them, their bounds counted from the threshold of the alarm."""
    bounds = [_difference(step.threshold, expression.condition.threshold) for step in expression.steps]
    names = ("metric_interval_lower_bound", "metric_interval_upper_bound")
    begins, ends = names if expression.is_upward else names[::-1]
    steps: list[Options] = []
    for number, step in enumerate(expression.steps):
        end = {ends: bounds[number + 1]} if number + 1 < len(bounds) else {}
        steps.append({begins: bounds[number], **end, "scaling_adjustment": step.adjustment})
    return {"adjustment_type": expression.unit, "step_adjustments": steps}


def steps_of(condition: Alarm | MathAlarm, configuration: Request) -> StepPolicy:
    """The expression for these steps; raises ValueError if they do not cover all values beyond the threshold."""
    is_upward = condition.operator in (">", ">=")
    begins, ends = (_LOWER, _UPPER) if is_upward else (_UPPER, _LOWER)
    ordered = sorted(
        configuration.get("StepAdjustments", ()), key=lambda step: step.get(begins, 0), reverse=not is_upward
    )
    starts = [step.get(begins) for step in ordered]
    if not ordered or starts[0] != 0 or [step.get(ends) for step in ordered] != [*starts[1:], None]:
        raise ValueError("its steps do not cover all values beyond the threshold of its alarm")
    steps = [Step(_sum(condition.threshold, step[begins]), step["ScalingAdjustment"]) for step in ordered]
    return StepPolicy(condition, configuration["AdjustmentType"], tuple(steps))


def _difference(number: float, other: float) -> float:
    """The sum in decimals, without rounding errors."""
    return float(Decimal(repr(number)) - Decimal(repr(other)))


def _sum(number: float, other: float) -> float:
    return float(Decimal(repr(number)) + Decimal(repr(other)))
