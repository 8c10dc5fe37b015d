# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single values of an inventory: what YAML and templates make of them, and what is refused."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.values import at, boolean, type_name


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), (False, False), ("yes", True), (" True ", True), ("off", False), (1, True), (0, False)],
)
def test_a_truth_value_is_what_ansible_takes_for_one(value: object, expected: bool) -> None:
    assert boolean(value) is expected


@pytest.mark.parametrize("value", ["maybe", "", 2, None, [], 0.5])
def test_what_is_no_truth_value_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="expected true or false, got "):
        boolean(value)


def test_a_time_without_quotes_is_a_time_all_the_same() -> None:
    assert at(datetime.datetime(2026, 12, 24, 18)) == at("2026-12-24 18:00") == "at(2026-12-24T18:00:00)"


def test_a_value_of_no_type_of_yaml_is_named_by_its_type() -> None:
    assert type_name(object()) == "a value of type object"
