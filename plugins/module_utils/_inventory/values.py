# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converts one value of the inventory, from YAML or a template, to the type of its key."""

from __future__ import annotations

import datetime
import math
import re
import typing as t
from collections.abc import Mapping

from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE, BOOLEANS_TRUE

from .. import paths
from ..problems import quoted
from . import alarm_expressions, durations, expressions, schedules, sizes
from .schema import Kind

LARGEST = 2**31 - 1
_INTEGER = re.compile(r"\s*[+-]?[0-9]+(\.0*)?\s*")
_NUMBER = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")


def type_name(value: object) -> str:
    """The type of the value, without its content."""
    for types, name in _TYPE_NAMES:
        if isinstance(value, types):
            return name
    return f"a value of type {type(value).__name__}"


def describe(value: object, secret: bool = False) -> str:
    """The type and the value, such as ``the number 5``; for a map, a list or a secret only the type."""
    if secret or not isinstance(value, (str, int, float, datetime.date)):
        return type_name(value)
    if isinstance(value, int) and abs(value) > 10**40:
        return "a huge number"
    if isinstance(value, str):
        return quoted(value)
    return f"the {type_name(value).removeprefix('a ')} {value if isinstance(value, datetime.date) else quoted(value)}"


def segment(name: object) -> str:
    """A key as part of a path: always on one line."""
    return paths.segment(name if isinstance(name, str) else _key_text(name))


def _key_text(name: object) -> str:
    is_plain = isinstance(name, (int, float, datetime.date)) and not (isinstance(name, int) and abs(name) > 10**40)
    return str(name) if is_plain else type_name(name)


def text(value: object, secret: bool = False) -> str:
    if not isinstance(value, str):
        advice = "; put it in quotes" if isinstance(value, (bool, int, float, datetime.date)) else ""
        if secret and value is None:
            advice = "; if it was not exported, fill it in"
        raise ValueError(f"expected a string, got {describe(value, secret)}{advice}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{'the value (hidden)' if secret else quoted(value)} is not valid Unicode") from None
    return str(value)


def boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else value
    if isinstance(word, (str, int)) and word in BOOLEANS_TRUE | BOOLEANS_FALSE:
        return word in BOOLEANS_TRUE
    raise ValueError(f"expected true or false, got {describe(value)}")


def integer(value: object) -> int:
    found = float(value) if isinstance(value, str) and _INTEGER.fullmatch(value) and len(value) < 100 else value
    is_fraction = isinstance(found, float) and not found.is_integer()
    if isinstance(found, bool) or not isinstance(found, (int, float)) or is_fraction:
        raise ValueError(f"expected a whole number, got {describe(value)}")
    if abs(found) > LARGEST:
        raise ValueError(f"{describe(value)} is too large; allowed: up to {LARGEST}")
    return int(found)


def number(value: object) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value) and len(value) < 100:
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"expected a number, got {describe(value)}")
    if abs(value) > 10**300 or not math.isfinite(value):
        raise ValueError(f"AWS cannot store {describe(value)}")
    return float(value)


def duration(value: object) -> int:
    """Seconds."""
    if not isinstance(value, str):
        raise ValueError(f'expected a duration with its unit, such as "5 minutes", got {describe(value)}')
    return durations.parse(value)


def size(value: object) -> sizes.Size:
    if not isinstance(value, str):
        raise ValueError(f"expected a size, got {describe(value)}; {sizes.FORM}")
    return sizes.parse(value)


def policy(value: object) -> expressions.PolicyExpression:
    return expressions.parse_policy(text(value))


def alarm(value: object) -> alarm_expressions.AlarmExpression:
    return alarm_expressions.parse_alarm(text(value))


def at(value: object) -> str:
    """The schedule as AWS writes it."""
    if isinstance(value, datetime.datetime):
        value = f"{value:%Y-%m-%d %H:%M:%S}"
    return schedules.parse_at(text(value))


def cron(value: object) -> str:
    return schedules.parse_cron(text(value))


def time_zone(value: object) -> str:
    return schedules.parse_zone(text(value))


PARSERS: t.Mapping[Kind, t.Callable[[object], t.Any]] = {
    "text": text,
    "boolean": boolean,
    "integer": integer,
    "number": number,
    "duration": duration,
    "size": size,
    "policy": policy,
    "alarm": alarm,
    "at": at,
    "cron": cron,
    "moment": schedules.parse_moment,
    "time zone": time_zone,
}

_TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (type(None), "nothing"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    (str, "a string"),
    (Mapping, "a map"),
    ((list, tuple), "a list"),
    (datetime.date, "a date"),
    (bytes, "binary data"),
)
