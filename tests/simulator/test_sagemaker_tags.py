# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""AddTags, ListTags, DeleteTags."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, refusal


def _pairs(**tags: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.fixture
def arns(aws: Aws) -> dict[str, str]:
    """A model, a configuration and an endpoint with one tag each."""
    tags = _pairs(a="1")
    aws.model(Tags=tags)
    aws.config("Config", Tags=tags)
    aws.endpoint("Endpoint", "Config", Tags=tags)
    kinds = ("model", "endpoint-config", "endpoint")
    names = ("model", "config", "endpoint")
    return {kind: aws.arn("sagemaker", f"{kind}/{name}") for kind, name in zip(kinds, names, strict=True)}


@pytest.mark.parametrize("kind", ["model", "endpoint-config", "endpoint"])
def test_adds_merges_and_deletes(aws: Aws, arns: dict[str, str], kind: str) -> None:
    arn = arns[kind]
    sagemaker = aws.sagemaker
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == _pairs(a="1")
    answer = sagemaker.add_tags(ResourceArn=arn, Tags=_pairs(b="2", a="3"))
    assert answer["Tags"] == sagemaker.list_tags(ResourceArn=arn)["Tags"] == _pairs(a="3", b="2")
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a", "not-there"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == _pairs(b="2")


def test_refusals(aws: Aws, arns: dict[str, str]) -> None:
    arn = arns["model"]
    add = aws.sagemaker.add_tags
    many = _pairs(**{f"k{number}": "" for number in range(50)})
    assert "more than 50 tags" in refusal(add, ResourceArn=arn, Tags=many)[1]
    assert "reserved prefix aws:" in refusal(add, ResourceArn=arn, Tags=_pairs(**{"aws:x": ""}))[1]
    assert "reserved prefix aws:" in refusal(aws.sagemaker.delete_tags, ResourceArn=arn, TagKeys=["aws:x"])[1]
    assert "must be unique" in refusal(add, ResourceArn=arn, Tags=_pairs(a="") * 2)[1]
    assert "'tags.1.member.key'" in refusal(add, ResourceArn=arn, Tags=_pairs(**{"a!": ""}))[1]
    assert "length less than or equal to 256" in refusal(add, ResourceArn=arn, Tags=_pairs(a="x" * 257))[1]
    assert "greater than or equal to 50" in refusal(aws.sagemaker.list_tags, ResourceArn=arn, MaxResults=5)[1]
    assert aws.sagemaker.list_tags(ResourceArn=arn)["Tags"] == _pairs(a="1")


def test_refuses_strange_tokens(aws: Aws, arns: dict[str, str]) -> None:
    assert refusal(aws.sagemaker.list_tags, ResourceArn=arns["model"], NextToken="x")[0] == "ValidationException"


def test_unknown_resources(aws: Aws) -> None:
    missing = aws.arn("sagemaker", "endpoint/none")
    calls: list[tuple[Any, dict[str, Any]]] = [
        (aws.sagemaker.list_tags, {}),
        (aws.sagemaker.add_tags, {"Tags": []}),
        (aws.sagemaker.delete_tags, {"TagKeys": ["a"]}),
    ]
    for function, params in calls:
        assert refusal(function, ResourceArn=missing, **params)[1] == f'Could not find endpoint "{missing}".'
    assert "Unsupported" in refusal(aws.sagemaker.list_tags, ResourceArn=aws.arn("sagemaker", "app/x"))[1]


def test_arns_of_other_regions_are_refused(aws: Aws, arns: dict[str, str]) -> None:
    foreign = arns["model"].replace("eu-west-1", "us-east-1")
    assert refusal(aws.sagemaker.list_tags, ResourceArn=foreign)[0] == "ValidationException"


def test_tags_go_with_the_resource(aws: Aws, arns: dict[str, str]) -> None:
    aws.sagemaker.delete_model(ModelName="model")
    aws.model("Model")
    assert aws.sagemaker.list_tags(ResourceArn=arns["model"])["Tags"] == []
