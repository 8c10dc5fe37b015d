# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tags may prove that nothing is to do: the index is hours late, and lists what is gone."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.tagging import trusted_tags
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    LONG_AGO,
    FakeAws,
    Options,
    client_error,
)

NOW = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)
YESTERDAY = NOW - datetime.timedelta(hours=25)
TODAY = NOW - datetime.timedelta(hours=23)


def indexed(**parameters: t.Any) -> Options:
    tags = [{"Key": "from", "Value": "index"}]
    return {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags} for arn in parameters["ResourceARNList"]]}


SERVICE = {"Tags": [{"Key": "from", "Value": "service"}]}


@pytest.mark.parametrize(
    ("created", "sources"),
    [
        ((LONG_AGO, YESTERDAY), ("index", "index")),
        ((LONG_AGO, YESTERDAY, TODAY), ("index", "index", "service")),
        ((TODAY, NOW), ("service", "service")),
        ((None, None), ("service", "service")),
        ((LONG_AGO, None), ("service", "service")),
        ((LONG_AGO,), ("service",)),
        ((), ()),
    ],
)
def test_the_index_tells_only_of_what_is_older_than_it_can_lag(
    created: tuple[datetime.datetime | None, ...], sources: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = FakeAws(GetResources=indexed, ListTags=SERVICE)
    api = aws.api()
    monkeypatch.setattr(api, "now", lambda: NOW)
    found = trusted_tags(api, [(str(number), each) for number, each in enumerate(created)], sagemaker.list_tags)
    assert found == {str(number): {"from": source} for number, source in enumerate(sources)}
    assert len(aws.named("ListTags")) == sources.count("service")


def test_what_cannot_be_read_proves_nothing() -> None:
    aws = FakeAws(GetResources=client_error("AccessDeniedException", "no"), ListTags=client_error("X", "no"))
    assert trusted_tags(aws.api(), [("a", LONG_AGO), ("b", LONG_AGO), ("c", None)], sagemaker.list_tags) == {}


def test_the_time_is_that_of_aws() -> None:
    dated = {"ResponseMetadata": {"HTTPHeaders": {"date": "Sat, 28 Nov 2026 12:00:00 GMT"}}}
    api = FakeAws(DescribeModel=dated).api()
    api.call("sagemaker", "DescribeModel")
    assert api.now() == NOW
