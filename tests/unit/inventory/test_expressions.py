# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import (
    alarm_expressions,
    expression_reader,
    expressions,
    metrics,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.alarm_expressions import (
    Alarm,
    BandAlarm,
    MathAlarm,
    SignalAlarm,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.arithmetic import (
    Measure,
    Number,
    Operation,
    measures,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.expressions import (
    MathPolicy,
    Policy,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.signals import Condition
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_arithmetic import TERMS
from hypothesis import given
from hypothesis import strategies as st

EXTENDED = ["p99", "p99.9", "p0", "p100", "tm90", "tc99.5", "ts1", "wm50", "IQM", "PR(1:10)", "PR(-5:0.5)", "PR(:300)",
            "PR(100:)", "TM(10%:90%)", "TC(10%:50%)", "TS(25.5%:75%)", "WM(20%:80%)"]  # fmt: skip


QUOTIENT = MathPolicy(
    Operation("/", Measure("Invocations", "Sum"), Measure("ConcurrentRequestsPerModel", "Average")), 5
)
RATE = MathAlarm(Operation("/", Measure("Invocation5XXErrors", "Sum"), Measure("Invocations", "Sum")), ">", 0.01)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Invocations average > 1000", Alarm("Invocations", "Average", ">", 1000)),
        ("Invocation5XXErrors average >= 10", Alarm("Invocation5XXErrors", "Average", ">=", 10)),
        ("  Invocations \t AVERAGE\n>1000 ", Alarm("Invocations", "Average", ">", 1000)),
        ("Invocations sum<5", Alarm("Invocations", "Sum", "<", 5)),
        ("Invocations Minimum <= -1", Alarm("Invocations", "Minimum", "<=", -1)),
        ("Invocations maximum >= +0.5", Alarm("Invocations", "Maximum", ">=", 0.5)),
        ("Invocations samplecount > 1e6", Alarm("Invocations", "SampleCount", ">", 1e6)),
        ("Invocations SAMPLECOUNT > .5", Alarm("Invocations", "SampleCount", ">", 0.5)),
        ("ModelLatency P99.9 > 1.5e3", Alarm("ModelLatency", "p99.9", ">", 1500)),
        ("ModelLatency iqm > 5.", Alarm("ModelLatency", "IQM", ">", 5)),
        ("ModelLatency Tm90 > 5", Alarm("ModelLatency", "tm90", ">", 5)),
        ("ModelLatency pr( 1 : 10 ) > 5", Alarm("ModelLatency", "PR(1:10)", ">", 5)),
        ("ModelLatency tm(10% : 90%)>5", Alarm("ModelLatency", "TM(10%:90%)", ">", 5)),
        *((f"M {name} > 1", Alarm("M", name, ">", 1)) for name in EXTENDED),
        (
            "TimeToFirstToken p99 > 2 s for 5 minutes",
            SignalAlarm(Condition("TimeToFirstToken", "p99", ">", 2), 300),
        ),
        ("InterTokenLatency P99.9>=150 ms", SignalAlarm(Condition("InterTokenLatency", "p99.9", ">=", 0.15))),
        ("KVCacheUtilization maximum > 90%", SignalAlarm(Condition("KVCacheUtilization", "Maximum", ">", 0.9))),
        ("QueueDepth sum > 10 for 1 minute", SignalAlarm(Condition("QueueDepth", "Sum", ">", 10), 60)),
        ("Invocations > 5", Alarm("Invocations", "Sum", ">", 5)),
        ("(Invocations) > 5", Alarm("Invocations", "Sum", ">", 5)),
        ("Invocation5XXErrors average > 1%", Alarm("Invocation5XXErrors", "Average", ">", 0.01)),
        ("a/b average > 0.1 %", Alarm("a/b", "Average", ">", 0.001)),
        ("Invocation5XXErrors / Invocations > 1%", RATE),
        ("Invocation5XXErrors/Invocations>0.01", RATE),
        ("Invocation5XXErrors sum / Invocations SUM > 1 %", RATE),
        ("(2 - Invocations) > 5", MathAlarm(Operation("-", Number(2), Measure("Invocations", "Sum")), ">", 5)),
        ("ModelLatency p90 outside 2 bands", BandAlarm("ModelLatency", "p90", "outside", 2)),
        ("ModelLatency Average ABOVE 1 band", BandAlarm("ModelLatency", "Average", "above", 1)),
        ("Invocations below 2.5 bands", BandAlarm("Invocations", "Sum", "below", 2.5)),
    ],
)
def test_alarms_read(text: str, read: alarm_expressions.AlarmExpression) -> None:
    assert alarm_expressions.parse_alarm(text) == read
    assert alarm_expressions.parse_alarm(text).text == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Invocations average = 100", Policy("Invocations", "Average", 100)),
        ("SageMakerVariantInvocationsPerInstance = 1000", Policy("SageMakerVariantInvocationsPerInstance", None, 1000)),
        ("SageMakerVariantInvocationsPerInstance=1e3", Policy("SageMakerVariantInvocationsPerInstance", None, 1000)),
        (
            "SageMakerVariantInvocationsPerInstance average = 5",
            Policy("SageMakerVariantInvocationsPerInstance", "Average", 5),
        ),
        ("  CPUUtilization   maximum=0.5 ", Policy("CPUUtilization", "Maximum", 0.5)),
        ("a/b average = 5", Policy("a/b", "Average", 5)),
        ("(Invocations) = 5", Policy("Invocations", "Sum", 5)),
        ("Invocations / ConcurrentRequestsPerModel average = 5", QUOTIENT),
        ("Invocations SUM/ConcurrentRequestsPerModel Average=5.0", QUOTIENT),
        ("2 * Invocations = -1e3", MathPolicy(Operation("*", Number(2), Measure("Invocations", "Sum")), -1000)),
    ],
)
def test_policies_read(text: str, read: expressions.PolicyExpression) -> None:
    assert expressions.parse_policy(text) == read
    assert expressions.parse_policy(text).text == text


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["column 1", "a metric name", alarm_expressions.ALARM_FORM]),
        ("5 average > 1", ["column 1", "contains no metric"]),
        ("5 / 2 > 1", ["column 1", "contains no metric", alarm_expressions.MATH_FORM]),
        ("Invocations / ModelLatency > 1", ["column 28", "a statistic"]),
        ("Invocations / 2 = 1", ['"="', ">="]),
        ("Invocations / 2 > 1% %", ["unexpected '%'"]),
        ("ModelLatency outside 2 bands", ['"outside" is not a statistic']),
        ("ModelLatency p90 outside bands", ["a number", alarm_expressions.BAND_FORM]),
        ("ModelLatency p90 outside 2", ["column 27", "bands"]),
        ("ModelLatency p90 outside 0 bands", ["column 26", "more than 0"]),
        ("ModelLatency p90 within 2 bands", ["an operator"]),
        ("ModelLatency p90 outside 2 bands of rubber", ["unexpected 'of rubber'"]),
        ("Invocations", ["column 12", "a statistic"]),
        ("Invocations average", ["column 20", "an operator"]),
        ("Invocations average >", ["column 22", "a number"]),
        ("Invocations averag > 1", ["column 13", '"averag"', 'mean "Average"', "SampleCount", "p99"]),
        ("Invocations average = 1", ["column 21", '"="', ">="]),
        ("Invocations average == 1", ['"=="']),
        ("Invocations average => 1", ['"=>"']),
        ("Invocations average > 1 2", ["column 25", "unexpected '2'"]),
        ("Invocations average > 1 2%", ["unexpected '2%'"]),
        ("Invocations average > 1_000", ["column 23", "a number"]),
        ("Invocations average > 10k", ["a number"]),
        ("Invocations average > 1e999", ["too large"]),
        ("Invocations average > nan", ["a number"]),
        ("Invocations p > 1", ['"p"']),
        ("Invocations p100.1 > 1", ['"p100.1"']),
        ("Invocations TM(5%:90%) > 1", ['"TM(5%:90%)"']),
        ("Invocations TM(90%:10%) > 1", ['"TM(90%:10%)"']),
        ("Invocations PR(:) > 1", ['"PR(:)"']),
        ("Invocations PR(10:1) > 1", ['"PR(10:1)"']),
        ("Invocations PR(1.1.1:2) > 1", ['"PR(1.1.1:2)"']),
        ("Invocations TM(10%:90% > 1", ['"TM" is not a statistic']),
    ],
)
def test_alarms_refused(text: str, messages: list[str]) -> None:
    with pytest.raises(expression_reader.ExpressionError) as caught:
        alarm_expressions.parse_alarm(text)
    assert all(word in str(caught.value) for word in [*messages, repr(text)])


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("Invocations p99 = 1", ['"p99"', "Average"]),
        ("Invocations average > 1", ['">"', "="]),
        ("Invocations average 1", ["an operator"]),
        ("= 1", ["a metric name"]),
        ("Invocations / ModelLatency = 1", ["column 28", "a statistic", expressions.MATH_FORM]),
        ("Invocations / 2 > 1", ["column 17", '">"', "so write ="]),
        ("Invocations / 2 = 1%", ["unexpected '%'", expressions.MATH_FORM]),
        ("5 / 2 = 1", ["column 1", "contains no metric"]),
        ("5 = 1", ["column 1", "contains no metric"]),
    ],
)
def test_policies_refused(text: str, messages: list[str]) -> None:
    with pytest.raises(expression_reader.ExpressionError) as caught:
        expressions.parse_policy(text)
    assert all(word in str(caught.value) for word in messages)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
METRICS = st.sampled_from(sorted(metrics.CATALOGUE)) | st.from_regex(r"[A-Za-z][A-Za-z0-9_.:/#-]{0,20}", fullmatch=True)
STATISTICS = st.sampled_from(expression_reader.statistics())


@given(
    st.builds(
        Alarm,
        METRICS,
        STATISTICS | st.sampled_from(EXTENDED),
        st.sampled_from(list(alarm_expressions.OPERATORS)),
        NUMBERS,
    )
)
def test_written_alarms_read_back(alarm: Alarm) -> None:
    assert alarm_expressions.parse_alarm(str(alarm)) == alarm


@pytest.mark.parametrize(
    "text",
    [
        "Invocation5XXErrors / Invocations > 1%",
        "Invocation5XXErrors / Invocations > 0.25%",
        "Invocation5XXErrors / Invocations >= 2",
        "ModelLatency p99 - OverheadLatency p99 < -5",
        "100 * (Invocations - Invocation4XXErrors) / Invocations <= 99.5",
        "ModelLatency p90 outside 2 bands",
        "TimeToFirstToken p99 > 2 s for 5 minutes",
        "QueueDepth Sum > 10",
    ],
)
def test_written_as_it_was(text: str) -> None:
    assert str(alarm_expressions.parse_alarm(text)) == text


@given(
    st.builds(
        MathAlarm,
        TERMS.filter(lambda term: isinstance(term, Operation) and bool(measures(term))),
        st.sampled_from(list(alarm_expressions.OPERATORS)),
        NUMBERS,
    )
    | st.builds(
        BandAlarm,
        METRICS,
        STATISTICS | st.sampled_from(EXTENDED),
        st.sampled_from(list(alarm_expressions.SIDES)),
        NUMBERS.filter(lambda number: number > 0),
    )
)
def test_written_math_and_bands_read_back(alarm: alarm_expressions.AlarmExpression) -> None:
    assert alarm_expressions.parse_alarm(str(alarm)) == alarm


@given(
    st.builds(Policy, METRICS, STATISTICS, NUMBERS)
    | st.builds(Policy, st.sampled_from(sorted(metrics.predefined())), st.none(), NUMBERS)
    | st.builds(MathPolicy, TERMS.filter(lambda term: isinstance(term, Operation) and bool(measures(term))), NUMBERS)
)
def test_written_policies_read_back(policy: Policy | MathPolicy) -> None:
    assert expressions.parse_policy(str(policy)) == policy


PIECES = st.sampled_from(
    [
        "Invocations",
        "average",
        "p99",
        "TM(10%:90%)",
        ">",
        ">=",
        "=",
        "1",
        "-0.5",
        "1e9",
        " ",
        "\t",
        "(",
        "%",
        "é",
        "/",
        "outside ",
        "bands",
        "-",
        ")",
    ]
)


@given(st.text() | st.lists(PIECES).map("".join))
def test_anything_is_read_or_refused(text: str) -> None:
    for parse in (alarm_expressions.parse_alarm, expressions.parse_policy):
        with contextlib.suppress(expression_reader.ExpressionError):
            assert parse(str(parse(text))) == parse(text)
