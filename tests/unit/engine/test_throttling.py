# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throttled calls are repeated beyond what botocore's standard mode does, and nothing else is."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import throttling
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session


class _Refusing:
    """AWS that answers so many calls with an error, and then with nothing."""

    def __init__(self, code: str, times: int) -> None:
        self.code = code
        self.left = times
        self.calls = 0

    def __call__(self, **_more: t.Any) -> AWSResponse:
        self.calls += 1
        self.left -= 1
        if self.left < 0:
            return _response(200, b"{}")
        return _response(400, f'{{"__type": "{self.code}", "message": "no"}}'.encode())


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
        throttling.be_patient(made)
    made.meta.events.register("before-send.sagemaker", aws)
    return made


def test_a_throttled_call_is_repeated_more_often_than_botocore_would(pauses: list[float]) -> None:
    aws = _Refusing("ThrottlingException", 30)
    answer = client(aws).list_models()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 30
    assert aws.calls == 31
    assert max(pauses) <= 5
    with pytest.raises(ClientError):
        client(_Refusing("ThrottlingException", 30), is_patient=False).list_models()


def test_what_stays_refused_fails_in_the_end(pauses: list[float]) -> None:
    aws = _Refusing("ThrottlingException", 10**6)
    with pytest.raises(ClientError, match="ThrottlingException"):
        client(aws).list_models()
    assert aws.calls == 100
    assert sum(pauses) < 600


def test_another_refusal_is_not_repeated(pauses: list[float]) -> None:
    aws = _Refusing("ValidationException", 1)
    with pytest.raises(ClientError, match="ValidationException"):
        client(aws).list_models()
    assert (aws.calls, pauses) == (1, [])
