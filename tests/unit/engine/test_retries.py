# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throttled calls are repeated beyond what botocore's standard mode does, and nothing else is."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import retries
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

THROTTLED, BROKEN = "ThrottlingException", "InternalFailure"


class _Refusing:
    """AWS that answers calls with these errors, one after the other, and then with nothing."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)
        self.calls = 0

    def __call__(self, **_more: t.Any) -> AWSResponse:
        self.calls += 1
        if not self.codes:
            return _response(200, b"{}")
        code = self.codes.pop(0)
        return _response(500 if code == BROKEN else 400, f'{{"__type": "{code}", "message": "no"}}'.encode())


def _response(status: int, body: bytes) -> AWSResponse:
    response: t.Any = AWSResponse("https://example.org", status, HTTPHeaders(), None)
    response._content = body
    return t.cast("AWSResponse", response)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", found.append)
    return found


def client(aws: _Refusing, *, is_patient: bool = True) -> t.Any:
    made: t.Any = Session().create_client(
        "sagemaker",
        "eu-west-1",
        aws_access_key_id="AKID",
        aws_secret_access_key="not-a-key",
        config=Config(retries={"mode": "standard", "max_attempts": 2}),
    )
    if is_patient:
        retries.be_patient(made)
    made.meta.events.register("before-send.sagemaker", aws)
    return made


def test_a_throttled_call_is_repeated_more_often_than_botocore_would(pauses: list[float]) -> None:
    aws = _Refusing(*[THROTTLED] * 30)
    answer = client(aws).list_models()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 30
    assert aws.calls == 31
    assert max(pauses) <= 5
    with pytest.raises(ClientError):
        client(_Refusing(*[THROTTLED] * 30), is_patient=False).list_models()


def test_what_stays_refused_fails_in_the_end(pauses: list[float]) -> None:
    aws = _Refusing(*[THROTTLED] * 1000)
    with pytest.raises(ClientError, match="ThrottlingException"):
        client(aws).list_models()
    assert aws.calls == 100
    assert sum(pauses) < 600


def test_another_refusal_is_not_repeated(pauses: list[float]) -> None:
    aws = _Refusing("ValidationException")
    with pytest.raises(ClientError, match="ValidationException"):
        client(aws).list_models()
    assert (aws.calls, pauses) == (1, [])


def test_throttling_leaves_the_retries_of_other_errors(pauses: list[float]) -> None:
    """botocore gives a client a quota of retries, which what throttling takes must not use up."""
    aws = _Refusing()
    patient = client(aws)
    for _call in range(200):
        aws.codes = [THROTTLED] * 3
        patient.list_models()
    aws.calls, aws.codes = 0, [BROKEN]
    patient.list_models()
    assert aws.calls == 2


def test_a_call_that_was_throttled_often_is_still_repeated_after_another_error(pauses: list[float]) -> None:
    aws = _Refusing(*[THROTTLED] * 20, BROKEN)
    client(aws).list_models()
    assert aws.calls == 22


def test_other_errors_are_repeated_as_often_as_botocore_is_set(pauses: list[float]) -> None:
    aws = _Refusing(BROKEN, THROTTLED, BROKEN, THROTTLED, BROKEN)
    with pytest.raises(ClientError, match=BROKEN):
        client(aws).list_models()
    assert aws.calls == 5


def test_the_quota_of_botocore_still_ends_the_retries_of_an_aws_that_is_broken(pauses: list[float]) -> None:
    aws = _Refusing(*[BROKEN] * 1000)
    patient = client(aws)
    for _call in range(100):
        with pytest.raises(ClientError, match=BROKEN):
            patient.list_models()
    assert aws.calls < 250
