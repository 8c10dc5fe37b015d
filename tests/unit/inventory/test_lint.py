# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS takes and what can never do what it says: one warning each, with the reason."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import KEY, README, change, example

V = "endpoints.e.provisioned.production_variants.m"
C = "models.m.container_definitions.c"
LESS = "endpoints.e.serverless.variant"
ZERO = {"minimum_capacity": 0, "maximum_capacity": 2}
BLIND = "0: no policy acts while there is no instance, so nothing starts the first one again"


def _warnings(base: str, changes: dict[str, object]) -> list[str]:
    inventory = example(base)
    for path, value in changes.items():
        change(inventory, path, value)
    return [str(problem) for problem in compile_inventory(inventory).warnings]


def _alarm(kind: str, expression: str) -> list[str]:
    place = LESS if kind == "serverless" else V
    return _warnings(kind, {f"{place}.cloudwatch_alarms": {"a": {"expression": expression}}})


def _policy(kind: str, expression: str) -> list[str]:
    scaling = {"maximum_capacity": 2, "policies": {"p": {"expression": expression}}}
    return _warnings(kind, {f"{V}.auto_scaling": scaling})


def test_the_readme_example_is_warned_of_once_each() -> None:
    variant = "endpoints.realtime-endpoint.provisioned.production_variants.demo-model"
    scaling, alarms = f"{variant}.auto_scaling", f"{variant}.cloudwatch_alarms"
    assert [str(problem) for problem in compile_inventory(yaml.safe_load(README)).warnings] == [
        f"{scaling}: minimum_capacity and maximum_capacity are both 1, so no policy can ever act",
        f"{scaling}.policies.keep-invocations-near-100.expression: 'Invocations average = 100' has nothing to track:"
        " every data point is 1; Sum counts them",
        f"{alarms}.invocations-greater-than-1000.expression: 'Invocations average > 1000' can never be true: every data"
        " point is 1; Sum counts them",
        f"{alarms}.invocation-5xx-errors-greater-than-10.expression: 'Invocation5XXErrors average >= 10' can never be"
        " true: every data point is between 0 and 1; Sum counts them",
    ]


@pytest.mark.parametrize("base", ["realtime", "capture", "async", "shadow", "serverless", "models"])
def test_the_examples_are_warned_of_nothing(base: str) -> None:
    assert _warnings(base, {}) == []


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        ("realtime", "Invocations sum > 1000"),
        ("realtime", "Invocations SampleCount > 1000"),
        ("realtime", "Invocation5XXErrors average > 0.05"),
        ("realtime", "Invocation5XXErrors sum >= 10"),
        ("realtime", "CPUUtilization average > 350"),
        ("realtime", "MemoryUtilization maximum > 90"),
        ("realtime", "ModelLatency p99 > 500000"),
        ("realtime", "ModelLatency SampleCount > 5"),
        ("realtime", "ModelLatency TC(10%:90%) > 9000"),
        ("async", "ApproximateBacklogSize average > 5"),
        ("async", "HasBacklogWithoutCapacity maximum >= 1"),
        ("async", "CPUUtilization average > 50"),
        ("async", "ModelLatency average > 50000"),
        ("serverless", "MemoryUtilization average > 90"),
        ("serverless", "ModelSetupTime maximum > 5e6"),
    ],
)
def test_sound_alarms(kind: str, expression: str) -> None:
    assert _alarm(kind, expression) == []


@pytest.mark.parametrize(
    ("kind", "expression", "message"),
    [
        ("realtime", "Invocations average > 1", "can never be true: every data point is 1"),
        ("realtime", "Invocations maximum >= 2", "can never be true"),
        ("realtime", "Invocations p99 < 1", "can never be true"),
        ("realtime", "Invocations average >= 1", "is true whenever there is data"),
        ("realtime", "Invocations average <= 1", "is true whenever there is data"),
        ("realtime", "Invocations average < 5", "is true whenever there is data"),
        ("realtime", "Invocation4XXErrors maximum > 1", "between 0 and 1"),
        ("realtime", "InvocationsPerInstance average > 5", "can never be true"),
        ("realtime", "InvocationModelErrors tm90 > 10", "can never be true"),
        ("realtime", "Invocation5XXErrors sum < 0", "can never be true"),
        ("realtime", "ModelLatency sum >= 0", "is true whenever there is data"),
        ("realtime", "ModelLatency SampleCount < 0", "can never be true"),
        ("realtime", "MemoryUtilization average > 100", "between 0 and 100"),
        ("realtime", "ModelLatency average > 500", "microseconds, so this is 0.5 milliseconds"),
        ("realtime", "OverheadLatency p99 >= 2000", "microseconds, so this is 2 milliseconds"),
        ("realtime", "ModelLatencies average > 500000", "'ModelLatencies' is not a known metric"),
        ("realtime", "ApproximateBacklogSize average > 5", "not published for a real-time endpoint"),
        ("realtime", "ModelSetupTime average > 5e6", "not published for a real-time endpoint"),
        ("realtime", "LoadedModelCount average > 5", "only for models with use_multiple_models"),
        ("realtime", "InvocationsPerCopy sum > 5", "inference components only"),
        ("realtime", "CPUReservation average > 50", "only for endpoints that host inference components"),
        ("realtime", "MemoryUtilizationNormalized average > 50", "only for endpoints that host inference components"),
        ("realtime", "NoCapacityInvocationFailures > 1", "inference components only"),
        ("realtime", "Invocation5XXErrors / ModelSetupTime sum > 1%", "'ModelSetupTime' is not published for a real"),
        ("realtime", "InvocationsProcessed outside 2 bands", "not published for a real-time endpoint"),
        ("async", "Invocation5XXErrors / Invocations > 1%", "'Invocations' is not published for an asynchronous"),
        ("async", "Invocations sum > 5", "not published for an asynchronous endpoint"),
        ("async", "OverheadLatency average > 50000", "not published for an asynchronous endpoint"),
        ("serverless", "CPUUtilization average > 50", "not published for a serverless endpoint"),
        ("serverless", "InvocationsPerInstance sum > 50", "not published for a serverless endpoint"),
    ],
)
def test_alarms_that_cannot_do_what_they_say(kind: str, expression: str, message: str) -> None:
    (warning,) = _alarm(kind, expression)
    assert ".cloudwatch_alarms.a.expression: '" in warning
    assert message in warning


@pytest.mark.parametrize("expression", ["Invocations > 5", "Invocation5XXErrors / Invocations > 1%"])
def test_periods_shorter_than_the_metric_is_published(expression: str) -> None:
    alarm = {"expression": expression, "period": "10 seconds"}
    (warning,) = _warnings("realtime", {f"{V}.cloudwatch_alarms": {"a": alarm}})
    assert "cloudwatch_alarms.a.period: '10 seconds': 'Invocation" in warning
    assert "has one data point per minute" in warning


@pytest.mark.parametrize("expression", ["ConcurrentRequestsPerModel maximum > 5", "CPUUtilization average > 90"])
def test_short_periods_of_metrics_that_may_be_published_as_often(expression: str) -> None:
    alarm = {"expression": expression, "period": "30 seconds"}
    assert _warnings("realtime", {f"{V}.cloudwatch_alarms": {"a": alarm}}) == []


def _at_zero(*expressions: str) -> list[str]:
    policies = {f"p{number}": {"expression": expression} for number, expression in enumerate(expressions)}
    return _warnings("async", {f"{V}.auto_scaling": {**ZERO, "policies": policies}})


@pytest.mark.parametrize(
    "expressions",
    [
        ["ApproximateBacklogSizePerInstance average = 5"],
        ["ApproximateBacklogSize average = 5"],
        ["HasBacklogWithoutCapacity maximum = 0.5"],
        ["ApproximateAgeOfOldestRequest maximum = 60"],
        ["CPUUtilization average = 70", "ApproximateBacklogSize average = 5"],
        ["ApproximateBacklogSize average / 2 = 5"],
    ],
)
def test_policies_that_see_an_endpoint_without_instances(expressions: list[str]) -> None:
    assert _at_zero(*expressions) == []


@pytest.mark.parametrize(
    "expressions",
    [
        ["CPUUtilization average = 70"],
        ["TimeInBacklog average = 1000", "ModelLatency average = 5e6"],
        ["ApproximateBacklogSize average / CPUUtilization average = 5"],
        ["SageMakerVariantConcurrentRequestsPerModelHighResolution = 5"],
    ],
)
def test_no_policy_sees_an_endpoint_without_instances(expressions: list[str]) -> None:
    (warning,) = _at_zero(*expressions)
    assert warning.startswith(f"{V}.auto_scaling.minimum_capacity: {BLIND}; set wake_from_zero: true, or use a metric")


@pytest.mark.parametrize(
    ("expression", "alarm", "wakes"),
    [
        ("HasBacklogWithoutCapacity average >= 1 then +1", {}, True),
        ("HasBacklogWithoutCapacity average >= 1 then 2", {}, True),
        ("HasBacklogWithoutCapacity average >= 1 then -1", {}, False),
        ("HasBacklogWithoutCapacity average >= 1 then +100%", {}, False),
        ("HasBacklogWithoutCapacity average >= 1 then +1", {"actions_enabled": False}, False),
        ("CPUUtilization average >= 60 then +1", {}, False),
    ],
)
def test_which_steps_start_the_first_instance(expression: str, alarm: dict[str, object], wakes: bool) -> None:
    policy = {"expression": expression, "alarm": alarm}
    warnings = _warnings("async", {f"{V}.auto_scaling": {**ZERO, "policies": {"p": policy}}})
    assert [BLIND in each for each in warnings] == ([] if wakes else [True])


def test_nobody_knows_whether_an_unknown_metric_sees_an_endpoint_without_instances() -> None:
    (warning,) = _at_zero("OfMyOwn average = 5")
    assert "is not a known metric" in warning


def test_without_a_policy_nothing_scales_at_all() -> None:
    assert _at_zero() == [f"{V}.auto_scaling.policies: there is no policy, so nothing ever scales"]


@pytest.mark.parametrize(
    ("kind", "expression", "message"),
    [
        ("realtime", "Invocations average = 100", "every data point is 1"),
        ("realtime", "Invocations average = 1", "every data point is 1"),
        ("realtime", "InvocationsPerInstance average = 100", "between 0 and 1"),
        ("realtime", "MemoryUtilization average = 150", "between 0 and 100"),
        ("realtime", "ModelLatency average = 200", "microseconds"),
        ("realtime", "SageMakerVariantInvocationsPerInstance sum = 100", "ignored"),
        ("async", "SageMakerVariantInvocationsPerInstance = 100", "not published for an asynchronous endpoint"),
        ("async", "InvocationsPerInstance sum = 100", "not published for an asynchronous endpoint"),
        ("async", "ModelLatency average / Invocations = 5", "'Invocations' is not published for an asynchronous"),
        ("realtime", "ModelLatency average / Invokations sum = 5", "'Invokations' is not a known metric"),
    ],
)
def test_policies_that_cannot_do_what_they_say(kind: str, expression: str, message: str) -> None:
    (warning,) = _policy(kind, expression)
    assert ".auto_scaling.policies.p.expression: '" in warning
    assert message in warning


@pytest.mark.parametrize(
    "expression",
    [
        "SageMakerVariantInvocationsPerInstance = 100",
        "CPUUtilization average = 70",
        "Invocations sum = 100",
        "Invocations / ConcurrentRequestsPerModel average = 5",
    ],
)
def test_sound_policies(expression: str) -> None:
    assert _policy("realtime", expression) == []


@pytest.mark.parametrize(
    ("base", "changes", "path", "message"),
    [
        ("realtime", {f"{V}.auto_scaling.minimum_capacity": 2}, f"{V}.auto_scaling", "both 2"),
        ("realtime", {f"{V}.auto_scaling.policies": {}}, f"{V}.auto_scaling.policies", "nothing ever scales"),
        (
            "realtime",
            {f"{V}.initial_weight": 0},
            "endpoints.e.provisioned.production_variants",
            "no variant gets traffic",
        ),
        (
            "realtime",
            {f"{V}.instance_type": "ml.g5.xlarge", f"{V}.volume_size": 100},
            f"{V}.volume_size",
            "'ml.g5.xlarge' has disks of its own",
        ),
        (
            "realtime",
            {f"{V}.instance_type": "ml.g4dn.xlarge", "endpoints.e.encryption_key": KEY},
            "endpoints.e.encryption_key",
            "does not encrypt the disks that 'ml.g4dn.xlarge' has",
        ),
        (
            "async",
            {"endpoints.e.encryption_key": KEY},
            "endpoints.e.encryption_key",
            "async_invocation_config.encryption_key",
        ),
        ("serverless", {"endpoints.e.encryption_key": KEY}, "endpoints.e.encryption_key", "not sent"),
        (
            "models",
            {f"{C}.model_data_location": "s3://b/m.tar.gz", f"{C}.compression_type": "UncompressedModel"},
            f"{C}.compression_type",
            "'s3://b/m.tar.gz' is an archive",
        ),
        (
            "models",
            {C: {"image": "i", "model_data_location": "s3://b/m.tar.gz", "use_multiple_models": {}}},
            f"{C}.model_data_location",
            "the prefix under which the models are stored",
        ),
    ],
)
def test_other_warnings(base: str, changes: dict[str, object], path: str, message: str) -> None:
    (warning,) = _warnings(base, changes)
    assert warning.startswith(f"{path}: ")
    assert message in warning
