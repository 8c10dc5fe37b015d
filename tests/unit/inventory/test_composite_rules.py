# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which alarms a composite alarm of an endpoint may name, and how many."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example, refused

ALARMS = "endpoints.e.provisioned.production_variants.m.cloudwatch_alarms"
PATH = "endpoints.e.composite_alarms"


def problems(alarms: list[str], composite: dict[str, t.Any]) -> list[str]:
    watched = {key: {"expression": "ModelLatency p99 > 500000"} for key in alarms}
    return refused(change(change(example("realtime"), ALARMS, watched), PATH, {"c": composite}))


@pytest.mark.parametrize(
    ("composite", "problem"),
    [
        ({"any_of": ["a"], "all_of": ["a"]}, ": exactly one of any_of and all_of must be given"),
        ({"any_of": ["a"] * 101}, ".any_of: 101 alarms; CloudWatch allows 100"),
        ({"any_of": ["a", "z"]}, ".any_of[1]: "),
        ({"any_of": ['say "b"']}, ".any_of[0]: 'say \"b\"': a name with a quotation mark cannot be in the rule"),
    ],
)
def test_what_a_composite_alarm_cannot_name(composite: dict[str, t.Any], problem: str) -> None:
    found = problems(["a", 'say "b"'], composite)
    assert any(each.startswith(f"{PATH}.c{problem}") for each in found), found
