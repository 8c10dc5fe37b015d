# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Composite alarms of an endpoint: what is refused, and that a rule is read as it was written."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import composite_rule
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example, refused

PATH = "endpoints.e.composite_alarms"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"any": {}}, f"{PATH}.any: exactly one of any_of and all_of must be given, with the keys of alarms"),
        (
            {"any": {"any_of": ["a"], "all_of": ["a"]}},
            f"{PATH}.any: exactly one of any_of and all_of must be given, with the keys of alarms",
        ),
        ({"any": {"any_of": ["b"]}}, f"{PATH}.any.any_of[0]: 'b' is not an alarm of the endpoint"),
        (
            {"one": {"any_of": ["a"]}, "two": {"any_of": ["one"]}},
            f"{PATH}.two.any_of[0]: 'one' is not an alarm of the endpoint",
        ),
        ({"m/a": {"any_of": ["a"]}}, "a slash would make it the alarm of a variant; use another character"),
        (
            {"any": {"any_of": ["a"], "actions": {"alarm": ["on-call"]}}},
            f"{PATH}.any.actions.alarm[0]: 'on-call' is not an ARN",
        ),
    ],
)
def test_what_is_refused(written: dict[str, t.Any], message: str) -> None:
    assert message in "\n".join(refused(change(example("realtime"), PATH, written)))


def test_it_rolls_no_update_back() -> None:
    inventory = change(example("realtime"), PATH, {"any": {"any_of": ["a"]}})
    inventory = change(inventory, "endpoints.e.deployment", {"rollback_on": ["any"]})
    result = "endpoints.e.deployment.rollback_on[0]: 'any' is a composite alarm, and AWS does not say whether one rolls"
    assert result in "\n".join(refused(inventory))


@pytest.mark.parametrize("how", ["any_of", "all_of"])
def test_a_rule_is_read_as_it_was_written(how: str) -> None:
    names = ["e/v/a", "e/v/x", "e/w/b c"]
    assert composite_rule.read(composite_rule.text({how: names})) == (how, names)


@pytest.mark.parametrize("rule", ["TRUE", 'NOT ALARM("a")', 'ALARM("a") AND OK("b")', "ALARM(a)", ""])
def test_other_rules_are_not_read(rule: str) -> None:
    assert composite_rule.read(rule) is None
