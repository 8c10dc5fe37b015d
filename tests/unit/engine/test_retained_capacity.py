# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which numbers are live once a run is through, from what is declared, what is live and what was declared before."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import retained_capacity
from hypothesis import given
from hypothesis import strategies as st

Request = dict[str, t.Any]
COUNT = "InitialInstanceCount"
ARROW = "\N{RIGHTWARDS ARROW}"


def fleet(**counts: int) -> Request:
    return {
        "ProductionVariants": [
            {"VariantName": name, "InstanceType": "ml.m5.large", COUNT: count} for name, count in counts.items()
        ]
    }


def serverless(most: int, provisioned: int | None = None) -> Request:
    more = {} if provisioned is None else {"ProvisionedConcurrency": provisioned}
    config = {"MemorySizeInMB": 1024, "MaxConcurrency": most, **more}
    return {"ProductionVariants": [{"VariantName": "v", "ServerlessConfig": config}]}


def weighted(weight: float) -> Request:
    return {"ProductionVariants": [{"VariantName": "v", COUNT: 1, "InitialVariantWeight": weight}]}


class Case(t.NamedTuple):
    why: str
    declared: Request
    running: Request
    goal: Request
    note: str = ""
    before: Request | None = None
    """What was declared before; the same as now unless it is given."""
    scaled: tuple[str, ...] = ()
    released: tuple[str, ...] = ()


CASES = [
    Case("as declared", fleet(v=2), fleet(v=2), fleet(v=2)),
    Case("raised by the inventory", fleet(v=3), fleet(v=2), fleet(v=3), before=fleet(v=2)),
    Case("lowered by the inventory", fleet(v=1), fleet(v=2), fleet(v=1), f"v: 2 {ARROW} 1 instances", fleet(v=2)),
    Case("lowered by somebody else", fleet(v=3), fleet(v=2), fleet(v=3)),
    Case(
        "raised by somebody else",
        fleet(v=3),
        fleet(v=8),
        fleet(v=8),
        "v keeps 8 instances: the declared number, 3, has not changed",
    ),
    Case("scaled", fleet(v=1), fleet(v=30), fleet(v=30), before=fleet(v=2), scaled=("v",)),
    Case("scaled, and below what is declared", fleet(v=4), fleet(v=1), fleet(v=1), scaled=("v",)),
    Case("no longer scaled", fleet(v=1), fleet(v=30), fleet(v=1), f"v: 30 {ARROW} 1 instances", released=("v",)),
    Case("new", fleet(v=1, w=2), fleet(v=1), fleet(v=1, w=2)),
    Case("new and scaled", fleet(v=1, w=2), fleet(v=1), fleet(v=1, w=2), scaled=("w",)),
    Case("renamed and scaled", fleet(w=2), fleet(v=7), fleet(w=7), scaled=("w",)),
    Case("renamed and not scaled", fleet(w=2), fleet(v=7), fleet(w=2)),
    Case("one leaves, two come", fleet(w=2, x=3), fleet(v=7), fleet(w=2, x=3), scaled=("w", "x")),
    Case("nothing is live", fleet(v=2), {}, fleet(v=2)),
    Case(
        "concurrency raised by somebody else",
        serverless(5),
        serverless(100),
        serverless(100),
        "v keeps 100 concurrent invocations at most: the declared number, 5, has not changed",
    ),
    Case(
        "the maximum of a scaled one is declared", serverless(9, 2), serverless(5, 4), serverless(9, 4), scaled=("v",)
    ),
    Case(
        "provisioned concurrency stays within the maximum",
        serverless(3, 2),
        serverless(5, 4),
        serverless(3, 3),
        f"v: 5 {ARROW} 3 concurrent invocations",
        serverless(5, 2),
        scaled=("v",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_what_is_live_in_the_end(case: Case) -> None:
    record = retained_capacity.recorded(case.before or case.declared, {})
    found = retained_capacity.capacity_of(case.declared, case.running, record, case.scaled, case.released)
    assert retained_capacity.with_numbers(case.declared, found.goal) == case.goal
    assert case.note in "; ".join(found.notes)
    assert bool(case.note) == bool(found.notes)


COUNTS = st.dictionaries(st.sampled_from("vwxyz"), st.integers(1, 9), min_size=1).map(lambda counts: fleet(**counts))


@given(COUNTS, COUNTS, COUNTS, st.sets(st.sampled_from("vwxyz")))
def test_nothing_goes_down_that_is_declared_as_before(
    declared: Request, running: Request, before: Request, scaled: set[str]
) -> None:
    record, live = retained_capacity.recorded(before, {}), retained_capacity.numbers(running)
    found = retained_capacity.capacity_of(declared, running, record, scaled, ())
    for (name, member), number in found.goal.items():
        if (name, member) in live and number < live[name, member]:
            assert name not in scaled
            assert record.get((name, member)) != retained_capacity.numbers(declared)[name, member]


RECORDS = st.tuples(COUNTS, st.dictionaries(st.sampled_from("vwxyz"), st.one_of(st.none(), st.integers(1, 99))))


@given(RECORDS)
def test_what_is_noted_of_the_declaration_is_read_again(record: tuple[Request, dict[str, int | None]]) -> None:
    config, declared = record
    wanted = {key: declared.get(key[0], number) for key, number in retained_capacity.numbers(config).items()}
    tag = retained_capacity.record_tag(config, wanted)
    assert (tag is None) == (wanted == retained_capacity.numbers(config))
    assert retained_capacity.recorded(config, {retained_capacity.RECORD: tag} if tag else {}) == wanted


def test_the_note_is_a_tag_that_aws_takes() -> None:
    many = fleet(**{f"variant{number}": 1 for number in range(11)})
    tag = retained_capacity.record_tag(many, dict.fromkeys(retained_capacity.numbers(many), 100_000))
    assert tag is not None
    assert len(tag) <= 256
    assert set(tag) <= set("0123456789 ")


@pytest.mark.parametrize(
    ("config", "goal", "running", "starts_otherwise"),
    [
        (fleet(v=1), fleet(v=9), "v", False),
        (fleet(v=1), fleet(v=9), "", True),
        (fleet(v=9), fleet(v=9), "", False),
        (fleet(v=9), fleet(v=1), "v", False),
        (fleet(v=9), fleet(v=1), "", True),
        (fleet(v=1, w=1), fleet(v=9, w=2), "v", True),
        (weighted(1.0), weighted(1), "", False),
        (weighted(0.1), weighted(0.10000000149011612), "", False),
        (weighted(0.5), weighted(0), "", True),
        (weighted(0.5), weighted(0), "v", False),
        (serverless(5), serverless(9), "v", True),
        (serverless(9), serverless(9), "v", False),
        (serverless(9), serverless(5), "v", True),
        (serverless(9, 1), serverless(9, 2), "v", True),
    ],
)
def test_whether_a_kept_configuration_begins_with_other_numbers(
    config: Request, goal: Request, running: str, starts_otherwise: bool
) -> None:
    assert retained_capacity.starts_otherwise(config, goal, running) == starts_otherwise


def test_one_beside_it_is_named_like_a_generation_and_by_its_numbers() -> None:
    names = {retained_capacity.sized_name("e", "digest", fleet(v=count)) for count in (1, 2, 2)}
    assert len(names) == 2
    assert all(len(name) == len("e-12345678") for name in names)
