# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times and days in words, to the expressions of Application Auto Scaling and back."""

from __future__ import annotations

import datetime
import re
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schedules import (
    at_text,
    cron_text,
    moment_text,
    parse_at,
    parse_cron,
    parse_moment,
    parse_zone,
    rate,
    rate_text,
)

BERLIN = datetime.timezone(datetime.timedelta(hours=1))


@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        ("20:00", "cron(0 20 * * ? *)"),
        ("06:30 MON-FRI", "cron(30 6 ? * MON-FRI *)"),
        ("2026-12-24 18:00", "at(2026-12-24T18:00:00)"),
        ("2026-12-24 18:00:30", "at(2026-12-24T18:00:30)"),
    ],
)
def test_a_time_of_day_and_a_moment(words: str, schedule: str) -> None:
    assert parse_at(words) == schedule
    assert at_text(schedule) == words
    assert cron_text(schedule) is None


@pytest.mark.parametrize(
    "schedule",
    ["rate(5 minutes)", "cron(0 20 1 * ? *)", "cron(0/5 20 * * ? *)", "cron(0 99 * * ? *)", "at(soon)", "cron(0 20)"],
)
def test_what_no_time_of_day_can_say_has_no_such_words(schedule: str) -> None:
    assert at_text(schedule) is None


@pytest.mark.parametrize(
    ("parse", "value", "message"),
    [
        (parse_at, "25:00", "'25:00' is not a time; write "),
        (parse_at, "at noon", "'at noon' is not a time; write "),
        (parse_at, "2026-02-30 10:00", "'2026-02-30 10:00' is not a valid date and time"),
        (parse_at, "10:00 FOO", "'FOO' is not a day of the week; allowed: "),
        (parse_cron, "cron(0 20 * * ? *)", "write the fields alone, without cron()"),
        (parse_cron, "0 20 * * ?", "has 5 fields; Auto Scaling takes six: <minutes> "),
        (parse_cron, "60 20 * * ? *", "the minutes cannot be '60'; allowed: 0 to 59, *, ranges, lists and steps"),
        (parse_cron, "0/0 20 * * ? *", "the minutes cannot be '0/0'"),
        (parse_cron, "0 20 * FOO ? *", "the month cannot be 'FOO'; allowed: 1 to 12, JAN to DEC, *, "),
        (parse_cron, "0 20 ? * MON-FOO *", "the day of week cannot be 'MON-FOO'"),
        (parse_cron, "0 20 * * * *", "exactly one of day of month and day of week must be ?"),
        (parse_cron, "0 20 ? * ? *", "exactly one of day of month and day of week must be ?"),
        (parse_moment, "tomorrow", "'tomorrow' is not a time; write one in UTC"),
        (parse_moment, 20261224, "20261224 is not a time; write one in UTC"),
        (parse_moment, "2026-13-24 18:00", "'2026-13-24 18:00' is not a valid date and time"),
        (parse_zone, "Europe/Berlni", """is not the name of a time zone; did you mean "Europe/Berlin" or """),
    ],
)
def test_what_is_not_a_time_is_refused_with_what_is_allowed(
    parse: t.Callable[[t.Any], str], value: object, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(value)


@pytest.mark.parametrize("fields", ["0 20 * * ? *", "0,30 8-18/2 ? JAN-MAR 2#2 2026-2030", "5 4 LW * ? *"])
def test_a_cron_expression_is_kept(fields: str) -> None:
    assert parse_cron(fields.lower()) == f"cron({fields})"


def test_only_what_has_no_words_is_exported_as_a_cron_expression() -> None:
    assert cron_text("cron(0/5 20 * * ? *)") == "0/5 20 * * ? *"
    assert cron_text("rate(5 minutes)") is None


@pytest.mark.parametrize(
    ("seconds", "schedule", "words"),
    [
        (60, "rate(1 minute)", "1 minute"),
        (5400, "rate(90 minutes)", "1 hour 30 minutes"),
        (7200, "rate(2 hours)", "2 hours"),
        (86400, "rate(1 day)", "1 day"),
    ],
)
def test_a_rate_is_in_the_largest_unit_that_is_whole(seconds: int, schedule: str, words: str) -> None:
    assert rate(seconds) == schedule
    assert rate_text(schedule) == words
    assert rate_text("cron(0 20 * * ? *)") is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-12-24 18:00",
        "2026-12-24T18:00:00",
        datetime.datetime(2026, 12, 24, 18),
        datetime.datetime(2026, 12, 24, 19, tzinfo=BERLIN),
    ],
    ids=["text", "with seconds", "date and time", "in another zone"],
)
def test_a_moment_is_in_utc(value: object) -> None:
    assert parse_moment(value) == "2026-12-24T18:00:00+00:00"
    assert moment_text("2026-12-24T18:00:00+00:00") == "2026-12-24 18:00"
