# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    FakeAws,
    FakeClock,
    Options,
    client_error,
    missing,
)
from botocore.exceptions import EndpointConnectionError

INVALID = "ValidationException"
UNKNOWN_ROLE = "Could not assume role arn:aws:iam::1:role/x."
UNTRUSTED_ROLE = 'The execution role ARN "arn:aws:iam::1:role/x" is invalid.'
NO_MODEL = 'Could not find model "arn".'
NO_CONFIG = 'Could not find endpoint configuration "arn".'
NO_TARGET = "No scalable target registered for service namespace: sagemaker"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


PASSING: list[tuple[str, str, str, float]] = [
    ("CreateModel", INVALID, UNKNOWN_ROLE, 120),
    ("CreateModel", INVALID, UNTRUSTED_ROLE, 120),
    ("CreateEndpointConfig", INVALID, NO_MODEL, 10),
    ("CreateEndpoint", INVALID, NO_CONFIG, 10),
    ("UpdateEndpoint", INVALID, NO_CONFIG, 10),
    ("UpdateEndpoint", INVALID, 'The variant(s) "[v]" must be deregistered as AutoScaling targets', 20),
    ("RegisterScalableTarget", INVALID, "Unable to assume IAM role: x", 120),
    ("PutScalingPolicy", "ObjectNotFoundException", NO_TARGET, 10),
    ("PutScalingPolicy", "FailedResourceAccessException", "Rate exceeded", 60),
    ("DeregisterScalableTarget", "ConcurrentUpdateException", "busy", 60),
    ("PutScalingPolicy", "ConcurrentUpdateException", "busy", 60),
    ("PutMetricAlarm", "ValidationError", "A separate request to update this alarm is in progress.", 20),
]
FINAL: list[tuple[str, str, str]] = [
    ("CreateModel", INVALID, "1 validation error detected: containers"),
    ("CreateModel", "AccessDeniedException", UNKNOWN_ROLE),
    ("CreateModel", INVALID, 'Cannot create already existing model "arn".'),
    ("UpdateEndpoint", INVALID, 'Cannot update in-progress endpoint "arn".'),
    ("DescribeModel", INVALID, NO_MODEL),
    ("DescribeEndpointConfig", INVALID, NO_CONFIG),
    ("DeleteScalingPolicy", "ObjectNotFoundException", "No scaling policy found"),
    ("CreateEndpoint", "ResourceLimitExceeded", "The account-level service limit is 0"),
    # botocore retries these itself: a second layer would multiply the waits.
    ("ListModels", "ThrottlingException", "Rate exceeded"),
]


@pytest.mark.parametrize(("operation", "code", "message", "seconds"), PASSING)
def test_what_passes_by_itself_is_tried_again(
    clock: FakeClock, operation: str, code: str, message: str, seconds: float
) -> None:
    refusal = client_error(code, message)
    aws = FakeAws(**{operation: [refusal, refusal, {"Arn": "a"}]})
    assert aws.api().call("sagemaker", operation, Name="x") == {"Arn": "a"}
    assert aws.named(operation) == [{"Name": "x"}] * 3
    assert 0 < sum(clock.sleeps) <= seconds


@pytest.mark.parametrize(("operation", "code", "message", "seconds"), PASSING)
def test_what_does_not_pass_fails_within_its_time(
    clock: FakeClock, operation: str, code: str, message: str, seconds: float
) -> None:
    aws = FakeAws(**{operation: client_error(code, message)})
    with pytest.raises(CallFailed) as caught:
        aws.api().call("sagemaker", operation)
    assert (caught.value.operation, caught.value.code, caught.value.message) == (operation, code, message)
    assert seconds / 2 < sum(clock.sleeps) <= seconds
    assert clock.sleeps == sorted(clock.sleeps)
    assert max(clock.sleeps) <= 10


@pytest.mark.parametrize(("operation", "code", "message"), FINAL)
def test_every_other_refusal_is_final(clock: FakeClock, operation: str, code: str, message: str) -> None:
    aws = FakeAws(**{operation: client_error(code, message)})
    with pytest.raises(CallFailed, match=f"^{operation}: {code}: "):
        aws.api().call("sagemaker", operation)
    assert len(aws.calls) == 1
    assert clock.sleeps == []


def test_a_final_refusal_ends_the_retries(clock: FakeClock) -> None:
    refusals = [client_error(INVALID, UNKNOWN_ROLE), client_error(INVALID, "wrong")]
    with pytest.raises(CallFailed, match="wrong"):
        FakeAws(CreateModel=refusals).api().call("sagemaker", "CreateModel")
    assert len(clock.sleeps) == 1


def test_without_an_answer_the_operation_is_named(clock: FakeClock) -> None:
    aws = FakeAws(ListModels=EndpointConnectionError(endpoint_url="https://x"))
    with pytest.raises(CallFailed) as caught:
        aws.api().call("sagemaker", "ListModels")
    assert str(caught.value).startswith("ListModels: Could not connect")
    assert (caught.value.code, caught.value.is_missing) == ("", False)


MISSING: list[tuple[str, str, bool]] = [
    (INVALID, NO_MODEL, True),
    (INVALID, NO_CONFIG, True),
    (INVALID, 'Could not find endpoint "arn".', True),
    (INVALID, "Could not find endpoint 'x'", True),
    ("ObjectNotFoundException", NO_TARGET, True),
    ("ResourceNotFound", "", True),
    ("ResourceNotFoundException", "", True),
    (INVALID, "1 validation error detected", False),
    (INVALID, 'Cannot update in-progress endpoint "arn".', False),
    (INVALID, "Value 'Could not find ' is wrong", False),
    ("AccessDeniedException", NO_MODEL, False),
    ("AccessDenied", "", False),
    ("ThrottlingException", "Rate exceeded", False),
]


@pytest.mark.parametrize(("code", "message", "is_missing"), MISSING)
def test_only_what_aws_calls_missing_is_missing(code: str, message: str, is_missing: bool) -> None:
    assert CallFailed("DescribeModel", code, message).is_missing == is_missing


def test_pages_are_read_to_the_end() -> None:
    aws = FakeAws(
        ListModels=[{"Models": [1, 2], "NextToken": "a"}, {"NextToken": "b"}, {"Models": [3], "NextToken": ""}, {}]
    )
    assert list(aws.api().pages("sagemaker", "ListModels", "Models", MaxResults=2)) == [1, 2, 3]
    assert aws.named("ListModels") == [
        {"MaxResults": 2},
        {"MaxResults": 2, "NextToken": "a"},
        {"MaxResults": 2, "NextToken": "b"},
    ]


def test_pages_are_read_only_as_far_as_they_are_looked_at() -> None:
    aws = FakeAws(ListModels={"Models": [1], "NextToken": "a"})
    assert next(aws.api().pages("sagemaker", "ListModels", "Models")) == 1
    assert len(aws.calls) == 1


@pytest.mark.parametrize("count", [0, 1, 2, 20])
@pytest.mark.parametrize("parallelism", [1, 4])
def test_each_keeps_the_order_and_puts_failures_in_their_place(count: int, parallelism: int) -> None:
    def describe(**parameters: t.Any) -> Options:
        if parameters["Number"] % 3 == 0:
            raise missing("model")
        return parameters

    api = FakeAws(DescribeModel=describe).api(parallelism)
    found = api.each(lambda number: api.call("sagemaker", "DescribeModel", Number=number)["Number"], range(count))
    assert [None if isinstance(each, CallFailed) else each for each in found] == [
        None if number % 3 == 0 else number for number in range(count)
    ]


def test_each_does_not_hide_our_own_mistakes() -> None:
    with pytest.raises(ZeroDivisionError):
        FakeAws().api(2).each(lambda number: 1 // number, [1, 0])


def test_each_works_side_by_side_within_the_parallelism() -> None:
    together = threading.Barrier(3, timeout=5)
    running: list[int] = []
    most: list[int] = []

    def work(number: int) -> int:
        running.append(number)
        most.append(len(running))
        together.wait()
        running.remove(number)
        return number

    assert FakeAws().api(3).each(work, range(9)) == list(range(9))
    assert max(most) <= 3


def pages_of(*numbers: int) -> t.Iterator[int]:
    yield from numbers


def test_a_list_that_was_read_ahead_is_not_read_again() -> None:
    api = FakeAws().api(2)
    api.read_ahead("numbers", lambda: pages_of(1, 2))
    assert api.listed("numbers", lambda: pages_of(3)) == [1, 2]
    assert api.listed("numbers", lambda: pages_of(3)) == [3]


def test_a_list_that_was_read_ahead_of_a_write_is_read_again() -> None:
    aws = FakeAws()
    api = aws.api(2)
    api.read_ahead("numbers", lambda: pages_of(1, 2))
    api.call("sagemaker", "DescribeModel", ModelName="m")
    api.call("sagemaker", "DeleteModel", ModelName="m")
    assert api.listed("numbers", lambda: pages_of(3)) == [3]


def test_a_list_that_could_not_be_read_ahead_is_read_again() -> None:
    def refused() -> t.Iterator[int]:
        yield 1
        raise CallFailed("ListNumbers", "AccessDeniedException", "no")

    api = FakeAws().api(2)
    api.read_ahead("numbers", refused)
    with pytest.raises(CallFailed):
        api.listed("numbers", refused)


def test_where_one_call_is_made_at_a_time_nothing_is_read_ahead() -> None:
    api = FakeAws().api(1)
    api.read_ahead("numbers", lambda: pages_of(1, 2))
    assert api.listed("numbers", lambda: pages_of(3)) == [3]


def test_a_refusal_of_a_call_before_the_call_has_its_own_name() -> None:
    """Of STS, say, which botocore asks for an assumed role."""
    refusal = client_error(
        "AccessDenied", "User: u is not authorized to perform: sts:AssumeRole", operation="AssumeRole"
    )
    with pytest.raises(CallFailed, match=r"^AssumeRole: AccessDenied: User: u is not"):
        FakeAws(ListModels=refusal).api().call("sagemaker", "ListModels")
