# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""ListModels, ListEndpointConfigs, ListEndpoints: filters, order, pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simulator.testing import Aws, refusal

_APART_SECONDS = 1000


@pytest.fixture
def many(aws: Aws) -> Aws:
    """Twelve of each kind, made long after one another, the first two endpoints in service.

    The simulator's clock runs on by itself while the test does.
    """
    aws.simulator.configure(create_seconds=100 * _APART_SECONDS)
    aws.model()
    aws.config("base")
    for number in range(12):
        aws.simulator.advance(_APART_SECONDS)
        aws.model(f"m-{number:02}")
        aws.config(f"c-{number:02}")
        aws.sagemaker.create_endpoint(EndpointName=f"e-{number:02}", EndpointConfigName="base")
    aws.simulator.advance((100 - 12 + 2.5) * _APART_SECONDS)
    return aws


KINDS = [
    ("list_models", "Models", "ModelName", "m-"),
    ("list_endpoint_configs", "EndpointConfigs", "EndpointConfigName", "c-"),
    ("list_endpoints", "Endpoints", "EndpointName", "e-"),
]


@pytest.mark.parametrize(("operation", "key", "name", "prefix"), KINDS)
def test_pages_of_ten_newest_first(many: Aws, operation: str, key: str, name: str, prefix: str) -> None:
    function = getattr(many.sagemaker, operation)
    first = function(NameContains=prefix)
    assert [item[name] for item in first[key]] == [f"{prefix}{number:02}" for number in range(11, 1, -1)]
    rest = function(NameContains=prefix, NextToken=first["NextToken"])
    assert [item[name] for item in rest[key]] == [f"{prefix}01", f"{prefix}00"]
    assert "NextToken" not in rest


@pytest.mark.parametrize(("operation", "key", "name", "prefix"), KINDS)
def test_paginators_find_all(many: Aws, operation: str, key: str, name: str, prefix: str) -> None:
    pages = many.sagemaker.get_paginator(operation).paginate(SortBy="Name", SortOrder="Ascending", MaxResults=5)
    found = [item[name] for page in pages for item in page[key] if item[name].startswith(prefix)]
    assert found == [f"{prefix}{number:02}" for number in range(12)]


def _names(aws: Aws, **params: Any) -> list[str]:
    return [item["EndpointName"] for item in aws.sagemaker.list_endpoints(MaxResults=100, **params)["Endpoints"]]


def test_filters_endpoints(many: Aws) -> None:
    assert _names(many, StatusEquals="InService") == ["e-01", "e-00"]
    assert len(_names(many, StatusEquals="Creating")) == 10
    assert _names(many, NameContains="-11") == ["e-11"]
    assert _names(many, NameContains="E-11") == []
    assert _names(many, SortBy="Status", SortOrder="Descending")[:2] == ["e-01", "e-00"]
    fifth = many.describe("e-05")["CreationTime"]
    assert _names(many, CreationTimeBefore=fifth, SortOrder="Ascending")[-1] == "e-04"
    assert _names(many, CreationTimeAfter=fifth)[-1] == "e-05"
    changed = many.describe("e-01")["LastModifiedTime"]
    assert _names(many, LastModifiedTimeAfter=changed) == ["e-01"]
    assert "e-01" not in _names(many, LastModifiedTimeBefore=changed)
    assert _names(many, CreationTimeAfter=changed + timedelta(days=1)) == []


def test_summaries_are_short(many: Aws) -> None:
    summary = many.sagemaker.list_endpoints()["Endpoints"][0]
    assert set(summary) == {"EndpointName", "EndpointArn", "EndpointStatus", "CreationTime", "LastModifiedTime"}


@pytest.mark.parametrize("operation", ["list_models", "list_endpoint_configs", "list_endpoints"])
def test_refuses_foreign_tokens(many: Aws, operation: str) -> None:
    other = "list_models" if operation != "list_models" else "list_endpoints"
    token = getattr(many.sagemaker, other)()["NextToken"]
    for bad in (token, "%%%"):
        assert refusal(getattr(many.sagemaker, operation), NextToken=bad)[0] == "ValidationException"


def test_refuses_more_than_a_hundred(aws: Aws) -> None:
    assert refusal(aws.sagemaker.list_endpoints, MaxResults=101)[0] == "ValidationException"
    assert refusal(aws.sagemaker.list_endpoints, NameContains="a_b")[0] == "ValidationException"
