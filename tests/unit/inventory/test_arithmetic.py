# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import expression_reader, metrics
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.arithmetic import (
    MOST_SIGNS,
    Measure,
    Number,
    Operation,
    Term,
    as_math,
    measures,
    of_math,
    read_term,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.expression_reader import (
    ExpressionError,
    Reader,
)
from hypothesis import given
from hypothesis import strategies as st

ERRORS = Measure("Invocation5XXErrors", "Sum")
ALL = Measure("Invocations", "Sum")
LATENCY = Measure("ModelLatency", "p99")


def read(text: str) -> Term:
    reader = Reader(text, "")
    found = read_term(reader)
    reader.end()
    return found


@pytest.mark.parametrize(
    ("text", "term", "math"),
    [
        ("Invocations", ALL, "m1"),
        ("Invocation5XXErrors / Invocations", Operation("/", ERRORS, ALL), "m1 / m2"),
        ("Invocation5XXErrors sum/Invocations SUM", Operation("/", ERRORS, ALL), "m1 / m2"),
        ("Invocations average", Measure("Invocations", "Average"), "m1"),
        (
            "100 * (Invocations - Invocation5XXErrors) / Invocations",
            Operation("/", Operation("*", Number(100.0), Operation("-", ALL, ERRORS)), ALL),
            "100 * (m1 - m2) / m1",
        ),
        (
            "ModelLatency p99 - (ModelLatency p99 - 0.0000001)",
            Operation("-", LATENCY, Operation("-", LATENCY, Number(1e-7))),
            "m1 - (m1 - 0.0000001)",
        ),
        (
            "Invocations tm(10% : 90%) + 1e20",
            Operation("+", Measure("Invocations", "TM(10%:90%)"), Number(1e20)),
            "m1 + 100000000000000000000",
        ),
        (
            "(Invocations + Invocations) + Invocations",
            Operation("+", Operation("+", ALL, ALL), ALL),
            "m1 + m1 + m1",
        ),
        (
            "Invocations + (ModelLatency p99 + 1)",
            Operation("+", ALL, Operation("+", LATENCY, Number(1.0))),
            "m1 + (m2 + 1)",
        ),
    ],
)
def test_read_and_compiled(text: str, term: Term, math: str) -> None:
    assert read(text) == term
    ids = {measure: f"m{number}" for number, measure in enumerate(measures(term), 1)}
    assert as_math(term, ids) == math
    assert of_math(math, {name: measure for measure, name in ids.items()}) == term


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["column 1", "a metric name, a number or ("]),
        ("ModelLatency / Invocations", ["column 14", "a statistic"]),
        ("ModelLatency p99 / ", ["column 20", "a metric name"]),
        ("Invocations / averag", ["a statistic"]),
        ("(Invocations + 1", ["column 17", "a sign or )"]),
        ("Invocations + -1", ["column 15", "a metric name"]),
        ("Invocations * 1e999", ["too large"]),
        ("Invocations averag / 2", ['"averag"', '"Average"']),
        ("Invocations + 1)", ["unexpected ')'"]),
        ("1 + " * (MOST_SIGNS + 1) + "1", [f"more than {MOST_SIGNS} signs"]),
        ("(" * 500, [f"more than {MOST_SIGNS} signs"]),
    ],
)
def test_refused(text: str, messages: list[str]) -> None:
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert all(word in str(caught.value) for word in messages)


@pytest.mark.parametrize(
    "text",
    ["", "m1 /", "m3 + m1", "FILL(m1, 0)", "m1 ^ 2", "m1 m2", "(m1", "m1)", "-m1", "m1 > 1", "1e5 * m1", "(" * 500],
)
def test_what_is_more_than_arithmetic(text: str) -> None:
    with pytest.raises(ValueError, match=r".+: "):
        of_math(text, {"m1": ALL, "m2": ERRORS})


NAMES = st.sampled_from(sorted(metrics.CATALOGUE)) | st.from_regex(r"[A-Za-z][A-Za-z0-9_.:#]{0,20}", fullmatch=True)
STATISTICS = st.sampled_from(
    [*expression_reader.statistics(), "p99", "p99.9", "tm90", "IQM", "PR(1:10)", "TM(10%:90%)"]
)
MEASURES = st.builds(Measure, NAMES, STATISTICS)
NUMBERS = st.builds(Number, st.floats(0, allow_nan=False, allow_infinity=False))
TERMS = st.recursive(
    MEASURES | NUMBERS, lambda inner: st.builds(Operation, st.sampled_from("+-*/"), inner, inner), max_leaves=12
)


@given(TERMS)
def test_what_is_written_is_read_back(term: Term) -> None:
    assert read(str(term)) == term


@given(TERMS)
def test_what_is_compiled_is_read_back(term: Term) -> None:
    ids = {measure: f"m{number}" for number, measure in enumerate(measures(term), 1)}
    assert of_math(as_math(term, ids), {name: measure for measure, name in ids.items()}) == term


PIECES = st.sampled_from(
    ["Invocations", "m1", "p99", "(", ")", "+", "-", "*", "/", "1", ".5", "1e9", " ", "\t", "é", "%"]
)


@given(st.text() | st.lists(PIECES).map("".join))
def test_anything_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert read(str(read(text))) == read(text)
    with contextlib.suppress(ValueError):
        of_math(text, {"m1": ALL})
