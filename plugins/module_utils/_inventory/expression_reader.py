# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an expression word by word, and names the column of an error.

The plain statistics come from botocore, the forms of extended ones from the documentation of PutMetricAlarm.
"""

from __future__ import annotations

import math
import re
import typing as t

from .._aws import service_model as shapes
from ..problems import nearest, quoted

METRIC = re.compile(r"[A-Za-z][A-Za-z0-9_.:/#-]*")
STATISTIC = re.compile(r"[A-Za-z][A-Za-z0-9.]*(?:\([^()]*\))?")
OPERATOR = re.compile(r"[<>=!~≤≥]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])")
_TRIMMED = re.compile(r"(p|tm|tc|ts|wm)([0-9]{1,3}(?:\.[0-9]{1,10})?)", re.IGNORECASE)
_BETWEEN = re.compile(r"(tm|tc|ts|wm)\(\s*([0-9.]+)%\s*:\s*([0-9.]+)%\s*\)", re.IGNORECASE)
_RANK = re.compile(r"pr\(\s*(-?[0-9.]*)\s*:\s*(-?[0-9.]*)\s*\)", re.IGNORECASE)
_EXTENDED = "p99, tm90, tc90, ts90, wm90, IQM, PR(1:10), TM(10%:90%) and the like"


class ExpressionError(ValueError):
    """What is wrong, where, and what is allowed there."""

    def __init__(self, text: str, column: int, message: str) -> None:
        super().__init__(f"{quoted(text)}, column {column}: {message}")


def statistics() -> list[str]:
    return list(shapes.shape_at("cloudwatch", "PutMetricAlarm", "Statistic").metadata["enum"])


def number_text(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


class Reader:
    """Reads one word of the expression after the other."""

    def __init__(self, text: str, form: str) -> None:
        self.text = text
        self.form = form
        self.position = 0
        self._skip_space()

    def at(self, word: re.Pattern[str]) -> bool:
        return word.match(self.text, self.position) is not None

    def metric(self) -> str:
        return self.take(METRIC, "a metric name")[0]

    def statistic(self, extended: bool) -> str:
        word, column = self.take(STATISTIC, "a statistic")
        known = {name.lower(): name for name in statistics()}
        found = known.get(word.lower()) or (_extended_statistic(word) if extended else None)
        if found is None:
            hint = nearest(word.capitalize(), known.values())
            allowed = ", ".join(known.values()) + (f"; also {_EXTENDED}" if extended else "")
            raise ExpressionError(self.text, column, f'"{word}" is not a statistic{hint}; allowed: {allowed}')
        return found

    def operator(self, allowed: t.Container[str], advice: str) -> str:
        word, column = self.take(OPERATOR, f"an operator: {advice}")
        if word not in allowed:
            raise ExpressionError(self.text, column, f'"{word}" has no meaning here; {advice}')
        return word

    def number(self) -> float:
        return self.finite(_NUMBER, "a number such as 100, 0.5, -1 or 1e6")

    def finite(self, word: re.Pattern[str], expected: str) -> float:
        text, column = self.take(word, expected)
        number = float(text)
        if not math.isfinite(number):
            raise ExpressionError(self.text, column, f"{text} is too large a number")
        return number

    def fail(self, reason: str) -> t.NoReturn:
        raise ExpressionError(self.text, self.position + 1, f"{reason}; the form is {self.form}")

    def end(self) -> None:
        if self.position < len(self.text):
            rest = quoted(self.text[self.position :], 30)
            raise ExpressionError(self.text, self.position + 1, f"unexpected {rest}; the form is {self.form}")

    def take(self, word: re.Pattern[str], expected: str) -> tuple[str, int]:
        """The next word and its column."""
        match = word.match(self.text, self.position)
        if match is None:
            raise ExpressionError(self.text, self.position + 1, f"expected {expected}; the form is {self.form}")
        column = self.position + 1
        self.position = match.end()
        self._skip_space()
        return match[0], column

    def _skip_space(self) -> None:
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1


def _extended_statistic(word: str) -> str | None:
    """The statistic as CloudWatch spells it, or None if the word is not a statistic."""
    if word.lower() == "iqm":
        return "IQM"
    if match := _TRIMMED.fullmatch(word):
        return match[0].lower() if float(match[2]) <= 100 else None
    if match := _BETWEEN.fullmatch(word):
        low, high = _numbers(match[2], match[3])
        is_valid = low is not None and high is not None and 10 <= low < high <= 90
        return f"{match[1].upper()}({match[2]}%:{match[3]}%)" if is_valid else None
    if match := _RANK.fullmatch(word):
        low, high = _numbers(match[1], match[2])
        is_valid = (low is not None or not match[1]) and (high is not None or not match[2]) and match[1] != match[2]
        ordered = low is None or high is None or low < high
        return f"PR({match[1]}:{match[2]})" if is_valid and ordered else None
    return None


def _numbers(*words: str) -> t.Iterator[float | None]:
    for word in words:
        try:
            yield float(word)
        except ValueError:
            yield None
