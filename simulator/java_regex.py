# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Service models carry Java patterns; this turns them into Python's."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby

# Java's "." stops at all line terminators, Python's only at "\n". [java.util.regex.Pattern]
_DOT = "[^\\n\\r\\u0085\\u2028\\u2029]"
# Java's POSIX classes are ASCII. [java.util.regex.Pattern]
_POSIX = {"ASCII": "\\x00-\\x7f", "Print": "\\x20-\\x7e", "Alnum": "a-zA-Z0-9", "Alpha": "a-zA-Z", "Digit": "0-9"}
# A pair of surrogate escapes is one code point to Java.
_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_TOKEN = re.compile(r"\\p\{(?P<name>\w+)\}|\\.|\[\^?\]?|\]|\.|[^\\\[\].]+", re.DOTALL)


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern for `fullmatch`, which is what AWS's validation does."""
    return re.compile(translate(pattern), re.ASCII)


def translate(pattern: str) -> str:
    joined = _SURROGATES.sub(_one_code_point, pattern)
    in_class = False
    parts: list[str] = []
    for token in _TOKEN.finditer(joined):
        text = token.group()
        name = token.group("name")
        if name:
            members = _POSIX.get(name) or _categories()[name]
            parts.append(members if in_class else f"[{members}]")
        elif in_class:
            in_class = text != "]"
            parts.append(text.replace("[", "\\["))
        elif text == ".":
            parts.append(_DOT)
        elif text == "\\z":
            # The end of the text, which Python calls otherwise before 3.14. [java.util.regex.Pattern]
            parts.append("\\Z")
        else:
            in_class = text.startswith("[")
            parts.append(text)
    return "".join(parts)


def _one_code_point(match: re.Match[str]) -> str:
    high, low = (int(match.group(index), 16) for index in (1, 2))
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


@cache
def _categories() -> dict[str, str]:
    """For each Unicode major category (L, Z, N, ...) its ranges, to stand inside a character class.

    Planes above the third hold no letters, digits or separators.
    """
    ranges: dict[str, list[str]] = {}
    for name, points in groupby(range(0x40000), key=lambda point: unicodedata.category(chr(point))[0]):
        first, *rest = points
        ranges.setdefault(name, []).append(f"\\U{first:08x}-\\U{(rest or [first])[-1]:08x}")
    return {name: "".join(parts) for name, parts in ranges.items()}
