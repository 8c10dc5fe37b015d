# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The rule of a composite alarm, `ALARM("a") AND NOT OK(b)`: which alarms it names. [D CW AlarmRule]"""

from __future__ import annotations

import re

from ..errors import AwsError

_MOST_CHILDREN = 100
_MOST_ELEMENTS = 500
# That a quote inside a quoted name is escaped by a backslash is a guess, and so is that a bare name has neither blank
# nor bracket nor quote in it.
_TOKEN = re.compile(
    r"\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*"
    r'\(\s*(?:"(?P<quoted>(?:[^"\\]|\\.)+)"|(?P<bare>[^\s()"]+))\s*\)|(?P<constant>TRUE|FALSE)\b'
    r"|(?P<operator>AND|OR|NOT)\b|(?P<bracket>[()]))"
)


def children_of(rule: str) -> list[str]:
    """The names of the alarms in the rule, each once, in order; AwsError for what is no rule."""
    return _Reader(rule).children()


class _Reader:
    def __init__(self, rule: str) -> None:
        self._rule = rule
        self._position = 0
        self._token = self._next()
        self._names: dict[str, None] = {}
        self._elements = 0

    def children(self) -> list[str]:
        self._expression()
        if self._token or self._rule[self._position :].strip():
            raise self._unsupported()
        # [D CW] for the numbers; the texts are guesses.
        if len(self._names) > _MOST_CHILDREN:
            raise _invalid(f"AlarmRule must not reference more than {_MOST_CHILDREN} alarms")
        if self._elements > _MOST_ELEMENTS:
            raise _invalid(f"AlarmRule must not have more than {_MOST_ELEMENTS} elements")
        return list(self._names)

    def _next(self) -> re.Match[str] | None:
        return _TOKEN.match(self._rule, self._position)

    def _take(self) -> None:
        assert self._token
        self._position = self._token.end()
        self._token = self._next()

    def _is(self, *texts: str) -> bool:
        return self._token is not None and (self._token["operator"] or self._token["bracket"]) in texts

    def _expression(self) -> None:
        self._operand()
        while self._is("AND", "OR"):
            self._take()
            self._operand()

    def _operand(self) -> None:
        while self._is("NOT"):
            self._take()
        token = self._token
        if token is None or self._is("AND", "OR", ")"):
            raise self._unsupported()
        self._elements += 1
        if self._is("("):
            self._take()
            self._expression()
            if not self._is(")"):
                raise self._unsupported()
            self._elements += 1
        elif token["state"]:
            self._names[_name(token)] = None
        self._take()

    def _unsupported(self) -> AwsError:
        """[I aws/aws-cdk#34662] up to the position."""
        rest = self._rule[self._position :].lstrip()
        place = len(self._rule) - len(rest)
        return _invalid(f"Error in AlarmRule [Unsupported token '{rest[:1]}' at char {place}]")


def _name(token: re.Match[str]) -> str:
    """The name itself, also where the rule gives the alarm's ARN. [D CW]"""
    named = token["bare"] or re.sub(r"\\(.)", r"\1", token["quoted"])
    return named.split(":", 6)[6] if re.match(r"arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:", named) else named


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)
