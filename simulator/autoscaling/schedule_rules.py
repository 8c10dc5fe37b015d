# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What PutScheduledAction takes for a schedule. [D AS PutScheduledAction, scheduled-scaling-using-cron-expressions]

The texts of the refusals are guesses.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..errors import AwsError, invalid

_AT = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)")
_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)")
_CRON = re.compile(r"cron\((\S+(?: \S+){5})\)")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


class _Field(NamedTuple):
    """The numbers that a field of a cron expression takes, the words for them, and what else it may be."""

    low: int
    high: int
    words: tuple[str, ...] = ()
    others: str = ""


_FIELDS = (
    _Field(0, 59),
    _Field(0, 23),
    _Field(1, 31, others=r"\?|L|LW|\d{1,2}W"),
    _Field(1, 12, tuple(_MONTHS)),
    _Field(1, 7, tuple(_DAYS), others=r"\?|L|[1-7]L|[1-7]#[1-5]"),
    _Field(1970, 2199),
)
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


def check_schedule(schedule: str, zone: str | None, now: datetime) -> None:
    """[X] that a moment in the past is refused is a reading; nobody has quoted it."""
    if at := _AT.fullmatch(schedule):
        moment = _moment(at[1], zone)
        if moment <= now:
            raise invalid(f"The schedule at({at[1]}) is in the past.")
        return
    # The zone of a cron expression has to be one too; that the one of a rate is not looked at is a guess.
    if cron := _CRON.fullmatch(schedule):
        _zone(zone)
        _check_cron(cron[1].split(" "))
    elif rate := _RATE.fullmatch(schedule):
        if (rate[1] == "1") == bool(rate[3]):
            # [D EventBridge's grammar, which the page shares] singular for one, plural for more; here a guess.
            raise _no_schedule()
    else:
        raise _no_schedule()


def _check_cron(fields: list[str]) -> None:
    if (fields[_DAY_OF_MONTH] == "?") == (fields[_DAY_OF_WEEK] == "?"):
        # [D] "you can't use * in both", one of the two is ?.
        raise _no_schedule()
    for field, text in zip(_FIELDS, fields, strict=True):
        if not all(_is_part(field, part.upper()) for part in text.split(",")):
            raise _no_schedule()


def _is_part(field: _Field, part: str) -> bool:
    """An asterisk, a number or a range, each maybe with a step; or one of the field's own forms."""
    if field.others and re.fullmatch(field.others, part):
        return True
    start, slash, step = part.partition("/")
    if slash and not (step.isdigit() and int(step) > 0):
        return False
    if start == "*":
        return True
    low, dash, high = start.partition("-")
    ends = [_number(field, low), _number(field, high)] if dash else [_number(field, low)]
    return all(end is not None for end in ends)


def _number(field: _Field, word: str) -> int | None:
    if word in field.words:
        return field.low + field.words.index(word)
    return int(word) if word.isdigit() and field.low <= int(word) <= field.high else None


def _moment(text: str, zone: str | None) -> datetime:
    """The moment of an at expression, which is in UTC unless there is a time zone. [D AS Timezone]"""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone(zone))
    except ValueError:
        raise _no_schedule() from None


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, OSError, ValueError):
        raise invalid(f"{name} is not a valid time zone.") from None


def _no_schedule() -> AwsError:
    return invalid("Schedule must be an at, rate or cron expression.")
