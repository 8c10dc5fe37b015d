# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of the promises, and the tables."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.tests.bench import rows as names
from ansible_collections.friendsofansible.sagemaker.tests.bench.measure import Cost
from ansible_collections.friendsofansible.sagemaker.tests.bench.page import page
from ansible_collections.friendsofansible.sagemaker.tests.bench.promises import promises
from ansible_collections.friendsofansible.sagemaker.tests.bench.rows import PLAIN, ROLE, Row, Rows
from ansible_collections.friendsofansible.sagemaker.tests.bench.table import fleets, kept, markdown


def _row(contestant: str, phase: str, size: int, seconds: float, calls: int = 100, peak_mb: float = 90) -> Row:
    return Row(contestant, phase, size, 0, Cost(seconds, calls, 0, peak_mb, seconds))


@pytest.mark.parametrize(
    ("measured", "verdicts"),
    [
        ([_row(ROLE, "no-op", 100, 4, calls=150)], [True]),
        ([_row(ROLE, "no-op", 100, 4, calls=151)], [False]),
        ([_row(ROLE, "no-op", 100, 4), _row(PLAIN, "no-op", 100, 4)], [True, True]),
        ([_row(ROLE, "no-op", 100, 4.1), _row(PLAIN, "no-op", 100, 4)], [True, False]),
        ([_row(ROLE, "no-op", 100, 4), _row(ROLE, names.THROTTLED[1], 100, 9, calls=111)], [True, True, True]),
        ([_row(ROLE, "no-op", 100, 4), _row(ROLE, names.THROTTLED[1], 100, 9, calls=101)], [True, True, False]),
        ([_row(ROLE, "destroy", 100, 4, calls=1600), _row(PLAIN, "destroy", 100, 4)], [True, True]),
        ([_row(ROLE, "destroy", 100, 4.1, calls=1601), _row(PLAIN, "destroy", 100, 4)], [False, False]),
        ([_row(ROLE, names.BESIDE_PING, 1, 3.2), _row(names.PING, names.BESIDE_PING, 1, 2)], [True]),
        ([_row(ROLE, names.BESIDE_PING, 1, 3.3), _row(names.PING, names.BESIDE_PING, 1, 2)], [False]),
        ([_row(ROLE, names.THROTTLED[0], 100, 60)], [True]),
        ([_row(ROLE, names.THROTTLED[0], 100, 61)], [False]),
        ([_row(ROLE, names.PACED_DEPLOY, 20, 30), _row(PLAIN, names.PACED_DEPLOY, 20, 30)], [True]),
        ([_row(ROLE, names.PACED_DEPLOY, 20, 31), _row(PLAIN, names.PACED_DEPLOY, 20, 30)], [False]),
        ([_row(ROLE, names.SLOW_DEPLOY, 100, 30), _row(PLAIN, "deploy", 100, 8)], [True]),
        ([_row(ROLE, names.SLOW_DEPLOY, 100, 30.1), _row(PLAIN, "deploy", 100, 8)], [False]),
        ([_row(ROLE, "deploy", 10, 5, 20), _row(ROLE, "deploy", 1000, 500, 2000, 399)], [True, True, True]),
        ([_row(ROLE, "deploy", 10, 5, 20), _row(ROLE, "deploy", 1000, 501, 2001, 401)], [False, False, False]),
    ],
)
def test_a_promise_is_kept_up_to_its_limit(measured: list[Row], verdicts: list[bool]) -> None:
    assert [promise.is_kept for promise in promises(Rows(measured))] == verdicts


@pytest.mark.parametrize(("one_by_one", "is_kept"), [(32.0, True), (31.0, False)])
def test_alarms_are_compared_without_the_start_of_a_playbook(one_by_one: float, is_kept: bool) -> None:
    seconds = {names.CLOUDWATCH_ALARM: one_by_one, names.SAGEMAKER_ALARM: 4.0, names.STARTED: 2.0}
    measured = [_row(contestant, "no-op", names.ALARMS, value) for contestant, value in seconds.items()]
    (promise,) = promises(Rows(measured))
    assert promise.measured == (one_by_one - 2.0) / 2.0
    assert promise.is_kept is is_kept


def test_a_promise_says_what_was_measured() -> None:
    (promise,) = promises(Rows([_row(ROLE, "no-op", 100, 4, calls=1311)]))
    assert kept([promise]) == "- BROKEN: calls of a no-op on 100 endpoints: 1311.0, promised at most 150.0\n"


def test_what_was_not_run_is_a_dash() -> None:
    table = fleets(Rows([_row(ROLE, "no-op", 1000, 12.34, 2718, 95.5)]), 0)
    assert table.splitlines()[2] == "| 1,000, no-op | 12.3 | 2,718 | 0 | 95.5 | - | - | - |"


def test_a_table_is_markdown() -> None:
    assert markdown(["What", "s"], [["a", "1"]]) == "| What | s |\n| --- | ---: |\n| a | 1 |\n"


def test_the_page_says_how_it_was_made_and_nothing_of_this_machine() -> None:
    text = page(Rows([_row(ROLE, "no-op", 100, 4.0)]), [], "make bench")
    assert text.startswith("<!-- Written by `make bench`. -->\n")
    assert "| 100, no-op | 4.0 |" in text
    assert "/" not in text.partition("| With | |")[2].partition("## ")[0]
