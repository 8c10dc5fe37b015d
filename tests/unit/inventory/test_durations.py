# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import re

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import durations
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 second", 1),
        ("0 seconds", 0),
        ("90 seconds", 90),
        ("1 minute", 60),
        ("5 minutes", 300),
        ("5 minute", 300),
        ("05 minutes", 300),
        ("6 hours", 21600),
        ("1 day", 86400),
        ("5 Minutes", 300),
        ("5 MINUTES", 300),
        ("  5   minutes  ", 300),
        ("5\tminutes", 300),
        ("5\nminutes", 300),
        ("5minutes", 300),
        ("1 hour 30 minutes", 5400),
        ("1hour30minutes", 5400),
        ("2 days 3 hours 4 minutes 5 seconds", 183845),
        ("1 day 1 second", 86401),
    ],
)
def test_read(text: str, seconds: int) -> None:
    assert durations.parse(text) == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column 1"),
        ("   ", "column 1"),
        ("minutes", "column 1"),
        ("5", "column 1"),
        ("5 fortnights", '"fortnights" is not a unit'),
        ("5 minuts", 'mean "minutes"'),
        ("5 m", '"m" is not a unit'),
        ("5 minutes 3", "column 10"),
        ("5 minutes and 3 seconds", "column 10"),
        ("30 minutes 1 hour", "out of order"),
        ("1 minute 1 minute", "twice"),
        ("-5 minutes", "column 1"),
        ("1.5 hours", "column 1"),
        ("1e3 seconds", "unit of time"),
        ("\u0665 minutes", "column 1"),
        ("99999 days", "longer than AWS can count"),
        ("9" * 50 + " seconds", "column 1"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        durations.parse(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (60, "1 minute"),
        (5400, "1 hour 30 minutes"),
        (86400, "1 day"),
        (90061, "1 day 1 hour 1 minute 1 second"),
    ],
)
def test_written(seconds: int, text: str) -> None:
    assert durations.as_duration(seconds) == text


@given(st.integers(min_value=0, max_value=durations.LONGEST))
def test_what_is_written_reads_back(seconds: int) -> None:
    assert durations.parse(durations.as_duration(seconds)) == seconds


@given(st.text())
def test_anything_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert 0 <= durations.parse(text) <= durations.LONGEST
