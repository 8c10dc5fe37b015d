# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that means something to somebody else: refused with its path, or passed on to the letter.

500 cases for each law; HOSTILE_EXAMPLES asks for more.
"""

from __future__ import annotations

import os
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example, flat, options
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RULES = settings(
    max_examples=int(os.environ.get("HOSTILE_EXAMPLES", "500")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PIECES = [
    "{{ 7 * 7 }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{{ lookup('pipe', 'id') }}",
    "!!python/object/apply:os.system [id]",
    "$(id)",
    "`id`",
    "${HOME}",
    "%s%n",
    "{0.__class__}",
    "__import__('os')",
    "'",
    '"',
    "\\",
    "\n",
    "\r\n",
    "\x00",
    "\x1b[2J",
    "\u202e",
    "\ufeff",
    "é",
    "é",
    "\uff11\uff12",
    "İ",
    "../..",
    "on",
    "1_000",
    "0o17",
    "012345678901",
    "2024-01-01",
    "1e999",
    "nan",
    "arn:aws:iam::012345678901:role/x",
    "Invocations average > 1000",
    " and ",
    "e/v/a",
    "#",
    ": ",
    "a" * 10_000,
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=4).map("".join)
C = "models.m.container_definitions.c"
V = "endpoints.e.provisioned.production_variants.m"
VALUES = [
    "additional_tags_all.key",
    "models.m.iam_role_arn",
    f"{C}.image",
    f"{C}.model_data_location",
    f"{C}.environment_variables.KEY",
    f"{V}.instance_type",
    f"{V}.cloudwatch_alarms.a.expression",
    f"{V}.auto_scaling.policies.p.expression",
    f"{V}.container_startup_timeout",
    "endpoints.e.additional_tags.key",
]
MAPS = [
    "models",
    "endpoints",
    "additional_tags_all",
    "models.m.container_definitions",
    f"{C}.environment_variables",
    "endpoints.e.provisioned.production_variants",
    f"{V}.cloudwatch_alarms",
    f"{V}.auto_scaling.policies",
    V,
]


def compiled(inventory: dict[str, t.Any]) -> dict[str, object] | list[str]:
    """Every leaf and key of what comes of it, or the paths of the problems."""
    try:
        return flat(options(compile_inventory(inventory)))
    except InvalidInput as error:
        problems = error.problems
    assert problems
    assert all(problem.path and problem.message for problem in problems)
    return [problem.path for problem in problems]


@RULES
@given(st.sampled_from(VALUES), TEXTS)
def test_a_value_is_refused_by_its_path_or_stays_as_it_is(path: str, text: str) -> None:
    result = compiled(change(example("realtime"), path, text))
    if isinstance(result, list):
        assert any(path.startswith(each) or each.startswith(path) for each in result)
    elif "expression" not in path and "timeout" not in path:
        assert text in result.values()


@RULES
@given(st.sampled_from(MAPS), TEXTS)
def test_a_key_is_refused_by_its_path_or_stays_as_it_is(path: str, text: str) -> None:
    inventory = example("realtime")
    place: t.Any = inventory
    for part in path.split("."):
        place = place.setdefault(part, {})
    place[text] = next(iter(place.values()), "value")
    result = compiled(inventory)
    if isinstance(result, list):
        assert any(each.startswith(path.split(".")[0]) for each in result)
    else:
        assert any(text in f"{where}{leaf}" for where, leaf in result.items())


@pytest.mark.parametrize("path", [*VALUES, *MAPS])
def test_what_is_nested_deeply_is_refused(path: str) -> None:
    for make in (lambda inner: [inner], lambda inner: {"a": inner}):
        junk: t.Any = "x"
        for _level in range(5_000):
            junk = make(junk)
        assert isinstance(compiled(change(example("realtime"), path, junk)), list)


@pytest.mark.parametrize("path", MAPS)
def test_huge_maps_are_refused_or_compile(path: str) -> None:
    inventory = example("realtime")
    place: t.Any = inventory
    for part in path.split("."):
        place = place.setdefault(part, {})
    entry = next(iter(place.values()), "value")
    place.update({f"k{number}": entry for number in range(2_000)})
    compiled(inventory)
