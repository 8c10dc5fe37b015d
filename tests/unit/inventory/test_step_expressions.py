# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of policies with steps: read, written, and as AWS has their bounds."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.alarm_expressions import Alarm
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.expression_reader import (
    ExpressionError,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.expressions import parse_policy
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.step_expressions import (
    CHANGE,
    EXACT,
    PERCENT,
    Step,
    StepPolicy,
    step_options,
    steps_of,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example, refused
from hypothesis import given
from hypothesis import strategies as st

UP, DOWN = Alarm("M", "Average", ">=", 60), Alarm("M", "Average", "<", 20)
POLICY = "endpoints.e.provisioned.production_variants.m.auto_scaling.policies.p"
STEPS = "CPUUtilization average >= 60 then +1"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("M average >= 60 then +1", StepPolicy(UP, CHANGE, (Step(60, 1),))),
        ("M average>=60 THEN -1", StepPolicy(UP, CHANGE, (Step(60, -1),))),
        ("M average >= 60 then +50%, >= 90 then +100 %", StepPolicy(UP, PERCENT, (Step(60, 50), Step(90, 100)))),
        ("M average >= 60 then 4,>=90 then 8", StepPolicy(UP, EXACT, (Step(60, 4), Step(90, 8)))),
        ("M average < 20 then -1, <= 10.5 then -2", StepPolicy(DOWN, CHANGE, (Step(20, -1), Step(10.5, -2)))),
        ("M average >= 60 then +0, >= 61 then +1", StepPolicy(UP, CHANGE, (Step(60, 0), Step(61, 1)))),
    ],
)
def test_steps_read(text: str, read: StepPolicy) -> None:
    found = parse_policy(text)
    assert found == read
    assert parse_policy(str(found)) == found


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("M average >= 60 then", ["column 21", "how the capacity changes"]),
        ("M average >= 60 then more", ["column 22", "how the capacity changes"]),
        ("M average >= 60 then +1.5", ["column 22"]),
        ("M average >= 60 then 50%", ["column 22", "write +50% or -50%"]),
        ("M average >= 60 then +1, > 90 then +2", ["column 26", "must begin with >="]),
        ("M average < 20 then -1, >= 10 then -2", ["column 25", "must begin with <="]),
        ("M average >= 60 then +1, >= 60 then +2", ["column 26", "each number must be more"]),
        ("M average < 20 then -1, <= 30 then -2", ["column 25", "each number must be less"]),
        ("M average >= 60 then +1, >= 90 then +50%", ["column 32", "in the same way"]),
        ("M average >= 60 then +1 and more", ["column 25", "unexpected"]),
        ("M averag >= 60 then +1", ["column 3", '"averag" is not a statistic']),
        ("M p90 outside 2 bands then +1", ["only an alarm on metrics"]),
        ("TimeToFirstToken p99 > 2 s then +1", ["only an alarm on metrics"]),
    ],
)
def test_what_is_wrong_with_steps_is_reported_with_its_place(text: str, messages: list[str]) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_policy(text)
    assert all(part in str(caught.value) for part in messages), caught.value


def _bounds(text: str) -> list[tuple[t.Any, t.Any, int]]:
    found = parse_policy(text)
    assert isinstance(found, StepPolicy)
    return [
        (
            each.get("metric_interval_lower_bound"),
            each.get("metric_interval_upper_bound"),
            each["scaling_adjustment"],
        )
        for each in step_options(found)["step_adjustments"]
    ]


def test_bounds_are_counted_from_the_threshold_of_the_alarm() -> None:
    assert _bounds("M average >= 0.1 then +1, >= 0.3 then +2, >= 0.4 then +3") == [
        (0, 0.2, 1),
        (0.2, 0.3, 2),
        (0.3, None, 3),
    ]
    assert _bounds("M average < 20 then -1, <= 10 then -2") == [(-10, 0, -1), (None, -10, -2)]


NUMBERS = st.integers(-100_000, 100_000).map(lambda number: number / 100)
POLICIES = st.builds(
    lambda operator, numbers, unit, first: StepPolicy(
        Alarm("M", "Average", operator, sorted(numbers, reverse=operator[0] == "<")[0]),
        unit,
        tuple(Step(each, first + at) for at, each in enumerate(sorted(numbers, reverse=operator[0] == "<"))),
    ),
    st.sampled_from([">", ">=", "<", "<="]),
    st.sets(NUMBERS, min_size=1, max_size=5),
    st.sampled_from([CHANGE, PERCENT, EXACT]),
    st.integers(1, 9),
)


@given(POLICIES)
def test_steps_are_read_back_as_they_were_written_and_sent(policy: StepPolicy) -> None:
    assert parse_policy(str(policy)) == policy
    sent = step_options(policy)
    members = {
        "metric_interval_lower_bound": "MetricIntervalLowerBound",
        "metric_interval_upper_bound": "MetricIntervalUpperBound",
        "scaling_adjustment": "ScalingAdjustment",
    }
    steps = [{members[name]: value for name, value in each.items()} for each in sent["step_adjustments"]]
    answer = {"AdjustmentType": sent["adjustment_type"], "StepAdjustments": list(reversed(steps))}
    assert steps_of(policy.condition, answer) == policy


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"MetricIntervalLowerBound": 5, "ScalingAdjustment": 1}],
        [{"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 5, "ScalingAdjustment": 1}],
        [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": 1}],
    ],
)
def test_steps_that_no_expression_says(steps: list[dict[str, t.Any]]) -> None:
    with pytest.raises(ValueError, match="do not cover all values"):
        steps_of(UP, {"AdjustmentType": CHANGE, "StepAdjustments": steps})


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"expression": STEPS, "enable_scale_in": False}, "enable_scale_in: not allowed for a policy with steps"),
        ({"expression": STEPS, "scale_in_cooldown_period": "1 minute"}, "use cooldown_period"),
        ({"expression": STEPS, "minimum_adjustment": 2}, "minimum_adjustment: allowed only with steps in percent"),
        ({"expression": "CPUUtilization average = 70", "cooldown_period": "1 minute"}, "allowed only with steps"),
        (
            {"expression": "CPUUtilization average = 70", "alarm": {"description": "x"}},
            ".alarm: allowed only with steps",
        ),
        ({"expression": STEPS, "alarm": {"period": "90 seconds"}}, "p.alarm.period: '1 minute 30 seconds'"),
        (
            {"expression": "MemoryUtilization average > 1% then +1"},
            "p.expression: 'MemoryUtilization average > 1%': the metric is in percent",
        ),
        (
            {"expression": "SageMakerVariantInvocationsPerInstance average > 5 then +1"},
            "which a policy can only track (=)",
        ),
        (
            {"expression": STEPS, "alarm": {"actions": {"alarm": [f"arn:aws:sns:x:1:{at}" for at in range(5)]}}},
            "p.alarm.actions.alarm: 5 together with the policy are too many",
        ),
        ({"expression": STEPS, "alarm": {"expression": "x"}}, "p.alarm.expression: unknown key"),
    ],
)
def test_what_goes_with_steps(policy: dict[str, t.Any], message: str) -> None:
    problems = refused(change(example("realtime"), POLICY, policy))
    assert len(problems) == 1, problems
    assert message in problems[0]


def test_too_many_steps() -> None:
    steps = STEPS + "".join(f", >= {60 + at} then +{at}" for at in range(1, 21))
    assert "21 steps; AWS allows 20" in refused(change(example("realtime"), f"{POLICY}.expression", steps))[0]


def test_an_alarm_of_the_same_key_would_have_the_same_name() -> None:
    inventory = change(example("realtime"), POLICY.replace("policies.p", "policies.a"), {"expression": STEPS})
    assert "would have the name of the alarm 'a'" in refused(inventory)[0]
