# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arithmetic over metrics, such as ``Invocation5XXErrors / Invocations``: read, written, and as CloudWatch has it.

A metric that counts something needs no statistic: its sum is taken. CloudWatch computes with the identifiers of metric
queries instead of with metrics, as in ``m1 / m2``.
"""

from __future__ import annotations

import abc
import re
import typing as t
from dataclasses import dataclass
from decimal import Decimal

from . import metrics
from .expression_reader import METRIC, OPERATOR, STATISTIC, Reader, number_text

ARITHMETIC_FORM = "metrics and numbers, joined by + - * / and parentheses, such as Invocation5XXErrors / Invocations"
MOST_SIGNS = 50
"""More would be hard to read, and no expression needs as many."""

_BEGINS = re.compile(r"[(.0-9]")
_STRENGTHS = {"+": 1, "-": 1, "*": 2, "/": 2}
_SIGN = re.compile(r"[-+*/]")
_OPENING, _CLOSING = re.compile(r"\("), re.compile(r"\)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:#]*")
_UNSIGNED = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])")
_TOKEN = re.compile(r"\s*(?:(?P<name>[a-z][A-Za-z0-9_]*)|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<sign>[-+*/()]))")


@dataclass(frozen=True)
class Number:
    """Not negative."""

    value: float

    def __str__(self) -> str:
        return number_text(self.value)


@dataclass(frozen=True)
class Measure:
    """A statistic of a metric."""

    metric: str
    statistic: str

    def __str__(self) -> str:
        is_natural = self.statistic == metrics.natural_statistic(self.metric)
        return self.metric if is_natural else f"{self.metric} {self.statistic}"


@dataclass(frozen=True)
class Operation:
    sign: str
    left: Term
    right: Term

    def __str__(self) -> str:
        return _written(self, str)


Term: t.TypeAlias = "Number | Measure | Operation"


def measures(term: Term) -> list[Measure]:
    """The measures in the term, each once, in the order in which they are written."""
    if isinstance(term, Operation):
        return list(dict.fromkeys([*measures(term.left), *measures(term.right)]))
    return [term] if isinstance(term, Measure) else []


def is_arithmetic(text: str) -> bool:
    """Whether an expression is on more than one statistic of one metric.

    The name of a metric may have a slash or a dash in it; with a statistic behind it, it is such a name.
    """
    reader = Reader(text, "")
    if reader.at(_BEGINS):
        return True
    if not reader.at(METRIC):
        return False
    name, _column = reader.take(METRIC, "")
    if reader.at(STATISTIC):
        reader.take(STATISTIC, "")
        return reader.at(_SIGN)
    return reader.at(_SIGN) or (reader.at(OPERATOR) and _SIGN.search(name) is not None)


def read_term(reader: Reader) -> Term:
    """As much of the expression as is arithmetic; raises ExpressionError."""
    return _Terms(reader).term()


def read_of_metrics(reader: Reader) -> Operation | Measure:
    """The same; raises ExpressionError also where it contains no metric."""
    term = read_term(reader)
    if isinstance(term, Number) or not measures(term):
        reader.position = 0
        reader.fail("it contains no metric")
    return term


def as_math(term: Term, ids: t.Mapping[Measure, str]) -> str:
    """The term in CloudWatch's metric math; *ids* has the identifier of each measure."""
    return _written(term, lambda leaf: ids[leaf] if isinstance(leaf, Measure) else _decimal(leaf.value))


def of_math(text: str, found: t.Mapping[str, Measure]) -> Term:
    """The term for an expression in metric math; raises ValueError if it is not arithmetic."""
    return _Math(text, found).whole()


def _written(term: Term, leaf: t.Callable[[Number | Measure], str]) -> str:
    if not isinstance(term, Operation):
        return leaf(term)
    strength = _STRENGTHS[term.sign]
    left = _written(term.left, leaf)
    right = _written(term.right, leaf)
    if isinstance(term.left, Operation) and _STRENGTHS[term.left.sign] < strength:
        left = f"({left})"
    if isinstance(term.right, Operation) and _STRENGTHS[term.right.sign] <= strength:
        right = f"({right})"
    return f"{left} {term.sign} {right}"


def _decimal(number: float) -> str:
    """The number without an exponent."""
    text = format(Decimal(number_text(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Joined(abc.ABC):
    """Joins operands by their signs; subclasses define what an operand and a sign are."""

    def __init__(self) -> None:
        self._signs = 0

    def term(self) -> Term:
        return self._chain(1)

    def _chain(self, strength: int) -> Term:
        """A chain of operations of this strength, from left to right."""
        if strength > max(_STRENGTHS.values()):
            return self._operand()
        found = self._chain(strength + 1)
        while (sign := self._sign()) and _STRENGTHS[sign] == strength:
            self._count()
            self._skip_sign()
            found = Operation(sign, found, self._chain(strength + 1))
        return found

    def _count(self) -> None:
        """Bounds how deep terms are."""
        self._signs += 1
        if self._signs > MOST_SIGNS:
            self._fail(f"more than {MOST_SIGNS} signs and parentheses are not supported")

    @abc.abstractmethod
    def _operand(self) -> Term: ...

    @abc.abstractmethod
    def _sign(self) -> str | None: ...

    @abc.abstractmethod
    def _skip_sign(self) -> None: ...

    @abc.abstractmethod
    def _fail(self, reason: str) -> t.NoReturn: ...


class _Terms(_Joined):
    """Arithmetic as users write it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def _sign(self) -> str | None:
        match = _SIGN.match(self._reader.text, self._reader.position)
        return match[0] if match else None

    def _skip_sign(self) -> None:
        self._reader.take(_SIGN, "a sign")

    def _operand(self) -> Term:
        reader = self._reader
        if reader.at(_OPENING):
            self._count()
            reader.take(_OPENING, "(")
            found = self.term()
            reader.take(_CLOSING, "a sign or )")
            return found
        if reader.at(_UNSIGNED):
            return Number(reader.finite(_UNSIGNED, "a number"))
        return self._measure()

    def _measure(self) -> Measure:
        reader = self._reader
        metric, _column = reader.take(_NAME, "a metric name, a number or (")
        natural = metrics.natural_statistic(metric)
        if natural and self._ends_here():
            return Measure(metric, natural)
        return Measure(metric, reader.statistic(extended=True))

    def _ends_here(self) -> bool:
        reader = self._reader
        is_over = reader.position >= len(reader.text)
        return is_over or reader.at(_SIGN) or reader.at(_CLOSING) or reader.at(OPERATOR)

    def _fail(self, reason: str) -> t.NoReturn:
        self._reader.fail(reason)


class _Math(_Joined):
    """Arithmetic as CloudWatch has it."""

    def __init__(self, text: str, found: t.Mapping[str, Measure]) -> None:
        super().__init__()
        self._text = text.strip()
        self._found = found
        self._position = 0

    def whole(self) -> Term:
        found = self.term()
        if self._position < len(self._text):
            self._fail("unexpected text at the end")
        return found

    def _token(self) -> re.Match[str] | None:
        return _TOKEN.match(self._text, self._position)

    def _sign(self) -> str | None:
        token = self._token()
        return token["sign"] if token and token["sign"] in _STRENGTHS else None

    def _skip_sign(self) -> None:
        self._take()

    def _take(self) -> re.Match[str]:
        token = self._token()
        if token is None:
            self._fail("an operand is missing")
        self._position = token.end()
        return token

    def _operand(self) -> Term:
        token = self._take()
        if token["number"]:
            return Number(float(token["number"]))
        if token["name"] in self._found:
            return self._found[token["name"]]
        if token["sign"] != "(":
            self._fail(f"{token[0].strip()} is neither a number nor a metric")
        self._count()
        found = self.term()
        if self._take()["sign"] != ")":
            self._fail("a parenthesis is not closed")
        return found

    def _fail(self, reason: str) -> t.NoReturn:
        raise ValueError(f"{self._text!r}: {reason}")
