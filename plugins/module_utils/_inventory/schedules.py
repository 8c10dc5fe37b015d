# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a schedule acts, in words, to the expressions of Application Auto Scaling and back.

Source: Application Auto Scaling User Guide, scheduled-scaling-using-cron-expressions.
"""

from __future__ import annotations

import datetime
import functools
import re
import typing as t
import zoneinfo

from ..problems import nearest, quoted
from . import durations

UTC = "UTC"
AT_FORM = '"20:00 MON-FRI", "20:00" for every day, or "2026-12-24 18:00" for once'
CRON_FORM = "<minutes> <hours> <day of month> <month> <day of week> <year>"

_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_RECURRING = re.compile(r"([0-9]{1,2}):([0-9]{2})(?:\s+(\S.*))?")
_ONCE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
_AT = re.compile(r"at\((.*)\)")
_CRON = re.compile(r"cron\((.*)\)")
_RATE = re.compile(r"rate\(([0-9]+) (minute|hour|day)s?\)")
_UNITS = ("day", "hour", "minute")
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


class _Field(t.NamedTuple):
    """A field of a cron expression: its numbers, the words for them, and what else it may be."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    others: str = ""


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of month", 1, 31, others=r"\?|L|LW|[0-9]{1,2}W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 1, 7, _DAYS, others=r"\?|L|[1-7]L|[1-7]#[1-5]"),
    _Field("year", 1970, 2199),
)


def parse_at(text: str) -> str:
    """A time of day, with days of the week or for every day, or one moment; raises ValueError."""
    if once := _ONCE.fullmatch(text.strip()):
        return f"at({_moment(text, *once.groups()):%Y-%m-%dT%H:%M:%S})"
    recurring = _RECURRING.fullmatch(text.strip())
    if recurring is None or int(recurring[1]) > 23 or int(recurring[2]) > 59:
        raise ValueError(f"{quoted(text)} is not a time; write {AT_FORM}")
    days = _days(recurring[3], text) if recurring[3] else "*"
    day_of_month, day_of_week = ("*", "?") if days == "*" else ("?", days)
    return f"cron({int(recurring[2])} {int(recurring[1])} {day_of_month} * {day_of_week} *)"


def at_text(schedule: str) -> str | None:
    """The words that parse_at reads as this schedule; None if there are none."""
    if once := _AT.fullmatch(schedule):
        words = once[1].replace("T", " ").removesuffix(":00")
    else:
        fields = _fields_of(schedule)
        if len(fields) != len(_FIELDS) or not (fields[0].isdigit() and fields[1].isdigit()):
            return None
        days = "" if fields[_DAY_OF_WEEK] == "?" else f" {fields[_DAY_OF_WEEK]}"
        words = f"{int(fields[1]):02}:{int(fields[0]):02}{days}"
    try:
        return words if parse_at(words) == schedule else None
    except ValueError:
        return None


def parse_cron(text: str) -> str:
    """The six fields, checked; raises ValueError."""
    fields = text.upper().split()
    if text.strip().lower().startswith("cron"):
        raise ValueError(f"{quoted(text)}: write the fields alone, without cron(); the form is {CRON_FORM}")
    if len(fields) != len(_FIELDS):
        raise ValueError(f"{quoted(text)} has {len(fields)} fields; Auto Scaling takes six: {CRON_FORM}")
    for field, word in zip(_FIELDS, fields, strict=True):
        if not all(_is_part(field, part) for part in word.split(",")):
            raise ValueError(f"{quoted(text)}: the {field.name} cannot be {quoted(word)}; allowed: {_allowed(field)}")
    if (fields[_DAY_OF_MONTH] == "?") == (fields[_DAY_OF_WEEK] == "?"):
        raise ValueError(f"{quoted(text)}: exactly one of day of month and day of week must be ?")
    return f"cron({' '.join(fields)})"


def cron_text(schedule: str) -> str | None:
    """The fields of a schedule that parse_at cannot express."""
    fields = _CRON.fullmatch(schedule)
    return fields[1] if fields and at_text(schedule) is None else None


def rate(seconds: int) -> str:
    """The schedule of whole minutes, in the largest unit that is whole."""
    unit = next(unit for unit in _UNITS if seconds % durations.SECONDS[unit] == 0)
    count = seconds // durations.SECONDS[unit]
    return f"rate({count} {unit}{'s' if count > 1 else ''})"


def rate_text(schedule: str) -> str | None:
    found = _RATE.fullmatch(schedule)
    return durations.as_duration(int(found[1]) * durations.SECONDS[found[2]]) if found else None


def parse_moment(value: object) -> str:
    """A moment in UTC, as AWS takes it; raises ValueError."""
    if isinstance(value, datetime.datetime):
        value = (value.astimezone(datetime.UTC) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S")
    found = _ONCE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{quoted(value)} is not a time; write one in UTC, such as "2026-12-24 18:00"')
    return f"{_moment(str(value), *found.groups()):%Y-%m-%dT%H:%M:%S}+00:00"


def moment_text(value: datetime.datetime | str) -> str:
    found = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
    return found.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def parse_zone(text: str) -> str:
    """The name of a time zone, where this machine knows any; raises ValueError."""
    known = _zones()
    if known and text not in known:
        hint = nearest(text, known) or ', such as "Europe/Berlin"'
        raise ValueError(f"{quoted(text)} is not the name of a time zone{hint}")
    return text


def is_canonical(zone: str) -> bool:
    """Whether it has the form of the names that AWS requires, and is not an abbreviation."""
    return "/" in zone or zone == UTC


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _moment(text: str, day: str, time: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        raise ValueError(f"{quoted(text)} is not a valid date and time") from None


def _days(words: str, text: str) -> str:
    parts = [_days_of(part, text) for part in re.split(r"\s*,\s*|\s+", words.strip().upper())]
    found = ",".join(parts)
    return "*" if set(found.split(",")) == set(_DAYS) or found == "SUN-SAT" else found


def _days_of(part: str, text: str) -> str:
    """A day or a range; a range over the end of the week, which begins with Sunday, is written day by day."""
    low, dash, high = part.partition("-")
    for day in (low, high) if dash else (low,):
        if day not in _DAYS:
            known = ", ".join(_DAYS)
            raise ValueError(f"{quoted(text)}: {quoted(day)} is not a day of the week; allowed: {known}")
    first, last = _DAYS.index(low), _DAYS.index(high or low)
    if not dash or first <= last:
        return part
    return ",".join((*_DAYS[first:], *_DAYS[: last + 1]))


def _fields_of(schedule: str) -> list[str]:
    found = _CRON.fullmatch(schedule)
    return found[1].split(" ") if found else []


def _is_part(field: _Field, part: str) -> bool:
    """An asterisk, a number or a range, each maybe with a step; or one of the field's own forms."""
    if field.others and re.fullmatch(field.others, part):
        return True
    start, slash, step = part.partition("/")
    if slash and not (step.isdigit() and int(step) > 0):
        return False
    low, dash, high = start.partition("-")
    return start == "*" or all(_is_number(field, word) for word in ((low, high) if dash else (low,)))


def _is_number(field: _Field, word: str) -> bool:
    return word in field.words or (word.isdigit() and field.low <= int(word) <= field.high)


def _allowed(field: _Field) -> str:
    words = f", {field.words[0]} to {field.words[-1]}" if field.words else ""
    return f"{field.low} to {field.high}{words}, *, ranges, lists and steps" + (", ?, L" if field.others else "")
