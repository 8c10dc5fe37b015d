# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for any inventory: it compiles, or it is refused in one way, and secrets stay out of messages."""

from __future__ import annotations

import copy
import datetime
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import Key
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    change,
    example,
    flat,
    options,
    refused,
)
from hypothesis import given, settings
from hypothesis import strategies as st

BASES = ["realtime", "capture", "async", "shadow", "serverless", "models"]
SECRET = "hush-4711"

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.dates()
    | st.sampled_from([10**400, "\ud800", "\x00", "{{ x }}", "a\nb", datetime.datetime(2024, 1, 2), "x" * 10_000])
)
KEYS = st.text() | st.integers() | st.booleans() | st.none() | st.dates()
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def _paths(key: Key, value: object, path: str = "") -> t.Iterator[str]:
    """Every place in the inventory where a value may stand, given or not."""
    if path:
        yield path
    if key.kind == "object":
        for child in key.keys:
            inner = value.get(child.name) if isinstance(value, dict) else None
            yield from _paths(child, inner, f"{path}.{child.name}".lstrip("."))
    elif key.kind == "map of objects":
        entry = Key(name="", kind="object", help="", keys=key.keys)
        for name, inner in value.items() if isinstance(value, dict) else []:
            yield from _paths(entry, inner, f"{path}.{name}")


PLACES = [(base, path) for base in BASES for path in _paths(INVENTORY, example(base))]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_junk_anywhere_is_refused_or_compiles(place: tuple[str, str], junk: object) -> None:
    base, path = place
    refused(_planted(base, path, junk))
    refused(_planted(base, path, junk), strict=True)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS | st.sampled_from(["models", "endpoints", "additional_tags_all"]), JUNK, max_size=4))
def test_a_junk_inventory_is_refused_or_compiles(junk: dict[str, object]) -> None:
    refused(junk)


NAMED: st.SearchStrategy[t.Any] = st.dictionaries(
    st.sampled_from(["m", "other", "e", "x" * 64, "a.b", ""]), st.none() | st.just({}), max_size=3
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([place for place in PLACES if "." in place[1]]), NAMED | st.lists(NAMED, max_size=2))
def test_half_an_inventory_is_refused_or_compiles(place: tuple[str, str], value: object) -> None:
    refused(_planted(*place, value))


def _planted(base: str, path: str, junk: object) -> dict[str, t.Any]:
    inventory = example(base)
    try:
        return change(inventory, path, junk)
    except (AttributeError, TypeError):
        return inventory


def _environment(path: str, value: object) -> dict[str, t.Any]:
    return change(example("models"), f"models.m.container_definitions.c{path}", value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (".environment_variables", {"NAME": [SECRET]}),
        (".environment_variables", {"NAME": {"x": SECRET}}),
        (".environment_variables", {"NAME": SECRET * 200}),
        (".environment_variables", {"NAME": f"{SECRET}\ud800"}),
        (".environment_variables", {"NAME": SECRET.encode()}),
        (".environment_variables", {"1": SECRET}),
        (".environment_variables", {f"N{at}": SECRET for at in range(101)}),
        (".environment_variables", f"NAME={SECRET}"),
        (".environment_variables", [{"NAME": SECRET}]),
        (".environment_variable", {"NAME": SECRET}),
        (".environment_variables.NAME", datetime.date(4711, 1, 1)),
        (".environment_variables.NAME", 4711),
        (".environment_variables.NAME", 4711.5),
        ("", [{"environment_variables": {"NAME": SECRET}}]),
    ],
)
def test_environment_values_are_in_no_message(path: str, value: object) -> None:
    problems = refused(_environment(path, value))
    assert problems
    assert not [problem for problem in problems if "hush" in problem or "4711" in problem]


@pytest.mark.parametrize("base", BASES)
def test_the_inventory_is_left_as_it_was(base: str) -> None:
    inventory = example(base)
    before = copy.deepcopy(inventory)
    compile_inventory(inventory)
    assert inventory == before


@pytest.mark.parametrize("base", BASES)
def test_only_what_is_set_is_given(base: str) -> None:
    assert None not in flat(options(compile_inventory(example(base)))).values()


def test_problems_come_in_the_order_of_the_inventory() -> None:
    inventory = {
        "endpoints": {"z": {}, "a": {"provisioned": {"production_variants": {"v": {"nope": 1}}}}},
        "models": {"y": {"zz": 1, "iam_role_arn": 5}},
    }
    paths = [problem.partition(": ")[0] for problem in refused(inventory)]
    assert paths == [
        "endpoints.z",
        "endpoints.a.provisioned.production_variants.v",
        "endpoints.a.provisioned.production_variants.v.nope",
        "endpoints.a.provisioned.production_variants.v.instance_type",
        "models.y.zz",
        "models.y.iam_role_arn",
        "models.y.container_definitions",
    ]


def test_unreadable_models_are_not_blamed_on_variants() -> None:
    assert refused(change(example("realtime"), "models", "x")) == ["models: expected a map, got a string"]


def test_a_new_instance_type_is_a_warning() -> None:
    inventory = change(example("realtime"), "endpoints.e.provisioned.production_variants.m.instance_type", "ml.m5.larg")
    (warning,) = compile_inventory(inventory).warnings
    assert "'ml.m5.larg' is not known to the installed botocore" in str(warning)
    assert '"ml.m5.large"' in str(warning)
    with pytest.raises(InvalidInput, match=r"ml\.m5\.larg"):
        compile_inventory(inventory, strict=True)
