# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import (
    Rules,
    canonical,
    digest,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import differences
from hypothesis import given
from hypothesis import strategies as st

RULES = Rules(
    defaults={"Mode": "Single", "Variants.*.Weight": 1, "Flag": False},
    read_only=("Name", "Data.ETag"),
    computed=("Volume", "State"),
    unordered=("Subnets",),
    keyed_lists={"Variants": "VariantName"},
    single_precision=("Variants.*.Weight",),
    meaningful_when_empty=("Async.Output",),
    secret=("Environment",),
    mutable=("Variants.*.Count",),
)

SAME: list[tuple[str, dict[str, t.Any], dict[str, t.Any]]] = [
    ("a default may be left out", {"Mode": "Single"}, {}),
    ("a default in a list", {"Variants": [{"VariantName": "a", "Weight": 1.0}]}, {"Variants": [{"VariantName": "a"}]}),
    ("false is a default too", {"Flag": False}, {}),
    ("names do not count", {"Name": "x", "Data": {"ETag": "1", "Uri": "u"}}, {"Name": "y", "Data": {"Uri": "u"}}),
    ("None is absent", {"Key": None}, {}),
    ("an empty map is absent", {"Environment": {}}, {}),
    ("an empty list is absent", {"Subnets": []}, {}),
    ("order of a set", {"Subnets": ["b", "a"]}, {"Subnets": ["a", "b"]}),
    (
        "order of named entries",
        {"Variants": [{"VariantName": "a"}, {"VariantName": "b"}]},
        {"Variants": [{"VariantName": "b"}, {"VariantName": "a"}]},
    ),
    (
        "weights are 32-bit floats",
        {"Variants": [{"VariantName": "a", "Weight": 0.1}]},
        {"Variants": [{"VariantName": "a", "Weight": 0.10000000149011612}]},
    ),
    ("100 is 100.0", {"Threshold": 100}, {"Threshold": 100.0}),
]

DIFFERENT: list[tuple[str, dict[str, t.Any], dict[str, t.Any], str]] = [
    ("a value", {"Mode": "Multi"}, {"Mode": "Single"}, "mode"),
    ("order of a list", {"Steps": ["b", "a"]}, {"Steps": ["a", "b"]}, "steps"),
    ("order of structures", {"C": [{"I": "1"}, {"I": "2"}]}, {"C": [{"I": "2"}, {"I": "1"}]}, "c[0].i"),
    ("something left out", {"Data": {"Uri": "u"}}, {}, "data.uri"),
    ("presence of an empty structure", {"Async": {"Output": {}}}, {}, "async.output"),
    ("a user's key", {"Environment": {"A_b": "1"}}, {"Environment": {"A_B": "1"}}, "environment.A_b"),
    ("a variant's name", {"Variants": [{"VariantName": "MyV"}]}, {}, "variants.MyV"),
]


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_same_request(one: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    assert canonical(RULES, one) == canonical(RULES, other)
    assert digest(RULES, one) == digest(RULES, other)
    assert differences(RULES, one, other) == ()


@pytest.mark.parametrize(("one", "other", "path"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT])
def test_other_request(one: dict[str, t.Any], other: dict[str, t.Any], path: str) -> None:
    assert path in {item.where for item in differences(RULES, one, other)}
    assert path in {item.where for item in differences(RULES, other, one)}
    assert digest(RULES, one) != digest(RULES, other)


def test_what_aws_fills_in_is_kept_unless_it_is_asked_for() -> None:
    assert differences(RULES, {"Volume": 30, "State": {"In": True}}, {}) == ()
    assert [item.where for item in differences(RULES, {"Volume": 30}, {"Volume": 40})] == ["volume"]
    assert [item.where for item in differences(RULES, {"Volume": 30}, None)] == ["volume"]


def test_what_changes_in_place_is_outside_the_digest_but_is_a_difference() -> None:
    one, two = ({"Variants": [{"VariantName": "a", "Count": count}]} for count in (1, 2))
    assert digest(RULES, one) == digest(RULES, two)
    (found,) = differences(RULES, one, two)
    assert found.is_mutable
    assert (found.before, found.after) == (1, 2)


def test_secrets_are_compared_and_never_shown() -> None:
    (added,) = differences(RULES, {}, {"Environment": {"TOKEN": "hush"}})
    (changed,) = differences(RULES, {"Environment": {"TOKEN": "old"}}, {"Environment": {"TOKEN": "hush"}})
    (removed,) = differences(RULES, {"Environment": {"TOKEN": "old"}}, {})
    assert (added.display_before, added.display_after) == (None, "(hidden)")
    assert (changed.display_before, changed.display_after) == ("(hidden)", "(hidden, changed)")
    assert (removed.display_before, removed.display_after) == ("(hidden)", None)


NAMES = st.text("AbC_.x1", min_size=1, max_size=4)
SCALARS = st.one_of(
    st.text(max_size=3), st.integers(2), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)
)
REQUESTS = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(st.lists(SCALARS, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
        max_leaves=8,
    ),
    max_size=4,
)
NO_RULES = Rules()


@given(REQUESTS, REQUESTS)
def test_equal_digests_if_and_only_if_no_differences(one: dict[str, t.Any], other: dict[str, t.Any]) -> None:
    assert differences(NO_RULES, one, one) == ()
    is_same = canonical(NO_RULES, one) == canonical(NO_RULES, other)
    assert (digest(NO_RULES, one) == digest(NO_RULES, other)) == is_same
    assert (differences(NO_RULES, one, other) == ()) == is_same
