# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Problems of an input, each with its path and what is allowed; all of them are reported together."""

from __future__ import annotations

import difflib
import typing as t
from dataclasses import dataclass

_NAMED = 3


@dataclass(frozen=True)
class Problem:
    """One problem of the input; a warning is about a value that works, but probably not as intended."""

    path: str
    message: str
    is_warning: bool = False
    is_missing: bool = False
    """Whether there is no value where one is required."""

    def __str__(self) -> str:
        text = f"{self.path}: {self.message}" if self.path else self.message
        # A name may contain characters that change the direction of a terminal's text, or clear it.
        return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def required(path: str, more: str = "") -> Problem:
    """The problem of a value that is not given; *more* says when it has to be, and how."""
    return Problem(path, f"required{more}", is_missing=True)


class InvalidInput(ValueError):
    """The input was refused before the first call to AWS."""

    def __init__(self, problems: t.Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def not_valid(problems: t.Iterable[Problem], heading: str = "Invalid options; no AWS call was made:") -> str:
    """The message of a module about an input that is not valid."""
    return heading + "".join(f"\n- {problem}" for problem in problems)


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def quoted(value: object, limit: int = 80) -> str:
    """The value as written in an inventory, on one line of at most *limit* characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def as_clause(sentence: str) -> str:
    """The sentence without its full stop, so that a message can go on behind it."""
    return sentence.rstrip().removesuffix(".")


def first_of(names: t.Sequence[str], most: int = _NAMED) -> str:
    """The first of the names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def nearest(word: str, known: t.Iterable[str], prefix: str = "") -> str:
    """``; did you mean "x"?`` for the known words closest to *word*, with their *prefix*, or nothing."""
    matches = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    if not matches:
        return ""
    return "; did you mean " + " or ".join(f'"{prefix}{match}"' for match in matches) + "?"


def differing_only_in_case(names: t.Iterable[str]) -> t.Iterator[tuple[str, str]]:
    """Each name that AWS would take for one before it, and what is wrong with it."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            yield name, f"differs from {quoted(other)} only in case; AWS treats both as the same name"
