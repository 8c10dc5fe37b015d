# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From any policies of a target to any others: every call is one that AWS takes, and scaling is not away for long."""

from __future__ import annotations

import typing as t
from itertools import pairwise

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.policies import (
    MOST_POLICIES,
    Change,
    doubled,
    held_by_others,
    in_order,
    tracked_metric,
)
from hypothesis import assume, given
from hypothesis import strategies as st

Policies = dict[str, Request]


def tracking(metric: str, target: float = 1) -> Request:
    specification = {"PredefinedMetricSpecification": {"PredefinedMetricType": metric}}
    return {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": target, **specification},
    }


def customized(**specification: t.Any) -> Request:
    return {"TargetTrackingScalingPolicyConfiguration": {"CustomizedMetricSpecification": specification}}


STEPS: Request = {"PolicyType": "StepScaling", "StepScalingPolicyConfiguration": {"AdjustmentType": "ChangeInCapacity"}}
A, B, C = tracking("a"), tracking("b"), tracking("c")
DIMENSIONS = [{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": "v"}]
QUERY = {"Id": "m", "Expression": "1"}
STAT = {"Id": "s", "MetricStat": {"Metric": {"MetricName": "m", "Dimensions": DIMENSIONS}, "Stat": "Sum"}}
TURNED = {"Id": "s", "MetricStat": {"Metric": {"MetricName": "m", "Dimensions": DIMENSIONS[::-1]}, "Stat": "Sum"}}


SAME: list[tuple[str, Request, Request, bool]] = [
    ("another target value", A, tracking("a", 7), True),
    ("another metric", A, B, False),
    (
        "dimensions in another order",
        customized(MetricName="m", Dimensions=DIMENSIONS),
        customized(Dimensions=DIMENSIONS[::-1], MetricName="m"),
        True,
    ),
    ("fewer dimensions", customized(MetricName="m", Dimensions=DIMENSIONS), customized(MetricName="m"), False),
    ("another statistic", customized(MetricName="m", Statistic="Sum"), customized(MetricName="m"), False),
    ("queries in another order", customized(Metrics=[QUERY, STAT]), customized(Metrics=[TURNED, QUERY]), True),
    ("a default spelled out", customized(Metrics=[QUERY]), customized(Metrics=[QUERY | {"ReturnData": True}]), True),
    ("other queries", customized(Metrics=[QUERY, STAT]), customized(Metrics=[QUERY]), False),
]


@pytest.mark.parametrize(("first", "second", "is_same"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_which_policies_track_the_same(first: Request, second: Request, is_same: bool) -> None:
    assert (tracked_metric(first) == tracked_metric(second)) is is_same


def test_steps_track_nothing() -> None:
    assert tracked_metric(STEPS) is None
    assert doubled({"a": STEPS, "b": STEPS}) == {}


def test_all_policies_of_one_metric_are_named_with_the_first_of_them() -> None:
    assert doubled({"x": A, "y": B, "z": tracking("a", 9), "w": A}) == {"z": "x", "w": "x"}


def test_a_policy_that_stays_holds_its_metric() -> None:
    live = {"theirs": A, "ours": B, "old": C}
    assert held_by_others(live, {"new": A, "ours": C}, ["old"]) == {"new": "theirs"}
    assert held_by_others(live, {"theirs": C, "new": A}, ["old"]) == {}


# What is live, what is to be put, what is to go, and the calls: a name that is put, or -name.
ORDERS: list[tuple[str, Policies, Policies, list[str], str]] = [
    ("nothing", {"x": A}, {}, [], ""),
    ("a first policy", {}, {"x": A}, [], "x"),
    ("another target value", {"x": A}, {"x": tracking("a", 2)}, [], "x"),
    ("a rename", {"x": A}, {"y": A}, ["x"], "-x y"),
    ("another metric under another name", {"x": A}, {"y": B}, ["x"], "y -x"),
    ("two renames", {"x": A, "y": B}, {"v": A, "w": B}, ["x", "y"], "-x v -y w"),
    ("a rename and a new one", {"x": A}, {"y": A, "z": B}, ["x"], "z -x y"),
    ("the metric of one that goes", {"x": A, "y": B}, {"x": B}, ["y"], "-y x"),
    ("the metric of one that moves on", {"x": A, "y": B}, {"x": B, "y": C}, [], "y x"),
    ("a swap", {"x": A, "y": B}, {"x": B, "y": A}, [], "-y x y"),
    ("a round", {"x": A, "y": B, "z": C}, {"x": B, "y": C, "z": A}, [], "-y x z y"),
    ("a swap beside a third", {"x": A, "y": B, "z": C}, {"x": B, "y": A}, ["z"], "-y x y -z"),
    ("two swaps", {"x": A, "y": B, "v": C, "w": tracking("d")}, {"x": B, "y": A, "v": tracking("d"), "w": C}, [],
     "-y x y -w v w"),
    ("another type", {"x": A}, {"x": STEPS}, [], "-x x"),
    ("another type beside another", {"x": A, "y": B}, {"x": STEPS, "z": B}, ["y"], "-x x -y z"),
    ("two that change their types", {"x": STEPS, "y": A}, {"x": A, "y": STEPS}, [], "-y y -x x"),
    ("no type given", {"x": A}, {"x": {**A, "PolicyType": None}}, [], "x"),
    ("only deletions", {"x": A, "y": B}, {}, ["x", "y"], "-x -y"),
    ("a full target", {str(number): STEPS for number in range(MOST_POLICIES)}, {"x": A}, ["7", "8"], "-7 x -8"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("live", "puts", "to_delete", "expected"), [row[1:] for row in ORDERS], ids=[row[0] for row in ORDERS]
)
def test_order(live: Policies, puts: Policies, to_delete: list[str], expected: str) -> None:
    changes = in_order(live, puts, to_delete)
    assert " ".join(("" if change.request is not None else "-") + change.name for change in changes) == expected


def is_taken(present: Policies, change: Change) -> bool:
    """Whether AWS takes the call."""
    if change.request is None:
        return change.name in present
    metric = tracked_metric(change.request)
    others = [tracked_metric(policy) for name, policy in present.items() if name != change.name]
    is_free = metric is None or metric not in others
    is_retyped = change.name in present and present[change.name]["PolicyType"] != change.request["PolicyType"]
    return is_free and not is_retyped


def after(present: Policies, change: Change) -> Policies:
    rest = {name: policy for name, policy in present.items() if name != change.name}
    return rest if change.request is None else {**rest, change.name: change.request}


def can_always_have_one(live: Policies, wanted: Policies) -> bool:
    """Whether any order of calls leads from one to the other without a moment with no policy at all."""
    changes = [Change(name, policy) for name, policy in wanted.items()] + [Change(name, None) for name in live]
    seen, ahead = [live], [live]
    while ahead:
        present = ahead.pop()
        reached = [after(present, change) for change in changes if is_taken(present, change)]
        new = [state for state in reached if state and state not in seen]
        seen += new
        ahead += new
    return wanted in seen


POLICY = st.one_of(
    st.builds(tracking, st.sampled_from("abcd"), st.sampled_from([1.0, 2.0])),
    st.just(STEPS),
)
SOME = st.dictionaries(st.sampled_from("vwxyz"), POLICY, max_size=4).filter(lambda policies: not doubled(policies))


@given(SOME, SOME)
def test_every_state_on_the_way_is_one_that_aws_allows(live: Policies, wanted: Policies) -> None:
    puts = {name: policy for name, policy in wanted.items() if live.get(name) != policy}
    to_delete = [name for name in live if name not in wanted]
    states = [live]
    for change in in_order(live, puts, to_delete):
        assert is_taken(states[-1], change)
        refused = states[-1]
        for step in change.undo:
            assert is_taken(refused, step)
            refused = after(refused, step)
        assert not [name for name in live if name in wanted and name not in refused], "not all restored"
        states.append(after(states[-1], change))
    assert states[-1] == wanted
    assume(live and wanted)
    assert all(before or behind for before, behind in pairwise(states)), "without a policy for more than one call"
    assert all(states) or not can_always_have_one(live, wanted)
