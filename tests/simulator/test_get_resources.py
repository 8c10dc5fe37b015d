# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The Resource Groups Tagging API."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, alarm, refusal

TAGS = [{"Key": "owner", "Value": "a"}, {"Key": "name", "Value": "x"}]


@pytest.fixture
def tagged(aws: Aws) -> Aws:
    """One of everything with tags, and a model that never had any."""
    aws.model(Tags=TAGS)
    aws.model("untagged")
    aws.config(Tags=TAGS)
    aws.endpoint(Tags=[{"Key": "owner", "Value": "b"}])
    aws.autoscaling.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/endpoint/variant/main",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=2,
        Tags={"owner": "a"},
    )
    aws.cloudwatch.put_metric_alarm(**alarm(Tags=TAGS))
    return aws


def _kinds(aws: Aws, **params: Any) -> list[str]:
    found = aws.tagging.get_resources(**params)["ResourceTagMappingList"]
    resources = [item["ResourceARN"].split(":", 5)[5] for item in found]
    return [resource.replace(":", "/").split("/")[0] for resource in resources]


@pytest.mark.parametrize(
    ("params", "kinds"),
    [
        ({}, ["model", "endpoint-config", "endpoint", "scalable-target", "alarm"]),
        ({"TagFilters": [{"Key": "name"}]}, ["model", "endpoint-config", "alarm"]),
        ({"TagFilters": [{"Key": "owner", "Values": ["b"]}]}, ["endpoint"]),
        (
            {"TagFilters": [{"Key": "owner", "Values": ["a", "b"]}]},
            ["model", "endpoint-config", "endpoint", "scalable-target", "alarm"],
        ),
        (
            {"TagFilters": [{"Key": "owner", "Values": ["a"]}, {"Key": "name", "Values": ["x"]}]},
            ["model", "endpoint-config", "alarm"],
        ),
        ({"TagFilters": [{"Key": "none"}]}, []),
        ({"ResourceTypeFilters": ["sagemaker:endpoint"]}, ["endpoint"]),
        ({"ResourceTypeFilters": ["sagemaker"]}, ["model", "endpoint-config", "endpoint"]),
        (
            {"ResourceTypeFilters": ["cloudwatch:alarm", "application-autoscaling:scalable-target"]},
            ["scalable-target", "alarm"],
        ),
        ({"ResourceTypeFilters": ["sagemaker:endpoint"], "TagFilters": [{"Key": "name"}]}, []),
    ],
)
def test_filters(tagged: Aws, params: dict[str, Any], kinds: list[str]) -> None:
    assert sorted(_kinds(tagged, **params)) == sorted(kinds)


def test_finds_by_arn(tagged: Aws) -> None:
    arns = [tagged.arn("sagemaker", "model/model"), tagged.arn("sagemaker", "model/untagged")]
    assert _kinds(tagged, ResourceARNList=arns) == ["model"]


def test_pages(tagged: Aws) -> None:
    pages = tagged.tagging.get_paginator("get_resources").paginate(ResourcesPerPage=2)
    assert [len(page["ResourceTagMappingList"]) for page in pages] == [2, 2, 1]
    assert tagged.tagging.get_resources()["PaginationToken"] == ""


@pytest.mark.parametrize(
    "params",
    [
        {"ResourceARNList": ["arn:x"], "TagFilters": [{"Key": "a"}]},
        {"ResourceARNList": ["arn:x"], "ResourceTypeFilters": ["sagemaker"]},
        {"ResourceARNList": ["arn:x"] * 101},
        {"ResourceARNList": []},
        {"ResourcesPerPage": 101},
        {"ResourcesPerPage": 0},
        {"TagFilters": [{"Values": ["a"]}]},
        {"TagFilters": [{"Key": "a", "Values": [str(number) for number in range(21)]}]},
    ],
)
def test_refuses(tagged: Aws, params: dict[str, Any]) -> None:
    assert refusal(tagged.tagging.get_resources, **params)[0] == "InvalidParameterException"


def test_refuses_strange_tokens(tagged: Aws) -> None:
    assert refusal(tagged.tagging.get_resources, PaginationToken="x")[0] == "PaginationTokenExpiredException"


def test_once_tagged_stays_listed_until_deleted(tagged: Aws) -> None:
    arn = tagged.arn("sagemaker", "model/model")
    tagged.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["owner", "name"])
    found = tagged.tagging.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
    assert found == [{"ResourceARN": arn, "Tags": []}]
    tagged.sagemaker.delete_model(ModelName="model")
    tagged.model()
    assert tagged.tagging.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"] == []


def test_endpoints_leave_when_their_deletion_ends(tagged: Aws) -> None:
    tagged.sagemaker.delete_endpoint(EndpointName="endpoint")
    assert "endpoint" in _kinds(tagged)
    tagged.settle()
    assert "endpoint" not in _kinds(tagged)


def test_tags_take_their_time_to_appear_and_to_go(aws: Aws) -> None:
    aws.simulator.configure(tag_delay_seconds=20)
    aws.model(Tags=TAGS)
    assert _kinds(aws) == []
    aws.simulator.advance(21)
    assert _kinds(aws) == ["model"]
    aws.sagemaker.add_tags(ResourceArn=aws.arn("sagemaker", "model/model"), Tags=[{"Key": "new", "Value": ""}])
    assert _kinds(aws, TagFilters=[{"Key": "new"}]) == []
    aws.simulator.advance(21)
    assert _kinds(aws, TagFilters=[{"Key": "new"}]) == ["model"]
    aws.sagemaker.delete_model(ModelName="model")
    assert _kinds(aws) == ["model"]
    aws.simulator.advance(21)
    assert _kinds(aws) == []


MODEL = "model/model"
OTHER = [{"Key": "owner", "Value": "b"}]


def _owners(aws: Aws, resource: str = MODEL) -> list[str | None]:
    """The owners of the resource that the index shows, whichever way it is asked."""
    arn = aws.arn("sagemaker", resource)
    listed = [each for each in aws.tagging.get_resources()["ResourceTagMappingList"] if each["ResourceARN"] == arn]
    assert aws.tagging.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"] == listed
    return [{tag["Key"]: tag["Value"] for tag in each["Tags"]}.get("owner") for each in listed]


def _live_owner(aws: Aws) -> str | None:
    tags = aws.sagemaker.list_tags(ResourceArn=aws.arn("sagemaker", MODEL))["Tags"]
    return next((tag["Value"] for tag in tags if tag["Key"] == "owner"), None)


def test_what_was_indexed_before_the_delay_stays_indexed(aws: Aws) -> None:
    aws.model(Tags=TAGS)
    assert _owners(aws) == ["a"]
    aws.simulator.configure(tag_delay_seconds=3600)
    assert _owners(aws) == ["a"]
    aws.sagemaker.add_tags(ResourceArn=aws.arn("sagemaker", MODEL), Tags=OTHER)
    assert (_owners(aws), _live_owner(aws)) == (["a"], "b")
    aws.simulator.advance(3601)
    assert _owners(aws) == ["b"]


@pytest.mark.parametrize("kind", ["model", "config", "endpoint", "alarm"])
def test_what_is_deleted_stays_listed_for_the_delay(tagged: Aws, kind: str) -> None:
    deletes = {
        "model": lambda: tagged.sagemaker.delete_model(ModelName="model"),
        "config": lambda: tagged.sagemaker.delete_endpoint_config(EndpointConfigName="config"),
        "endpoint": lambda: tagged.sagemaker.delete_endpoint(EndpointName="endpoint"),
        "alarm": lambda: tagged.cloudwatch.delete_alarms(AlarmNames=["alarm"]),
    }
    before = _kinds(tagged)
    tagged.simulator.configure(tag_delay_seconds=3600)
    deletes[kind]()
    tagged.simulator.advance(3500)
    assert _kinds(tagged) == before
    tagged.simulator.advance(200)
    gone = {"endpoint": ["endpoint", "scalable-target"], "config": ["endpoint-config"]}.get(kind, [kind])
    assert _kinds(tagged) == [each for each in before if each not in gone]


@pytest.mark.parametrize(("tags", "after"), [(OTHER, ["b"]), ([], [])])
def test_what_is_deleted_and_made_again_shows_its_old_tags_for_the_delay(
    aws: Aws, tags: list[dict[str, str]], after: list[str]
) -> None:
    aws.model(Tags=TAGS)
    aws.simulator.configure(tag_delay_seconds=3600)
    aws.sagemaker.delete_model(ModelName="model")
    aws.simulator.advance(600)
    aws.model(Tags=tags)
    assert (_owners(aws), _live_owner(aws)) == (["a"], after[0] if after else None)
    aws.simulator.advance(2900)
    assert _owners(aws) == ["a"]
    aws.simulator.advance(200)
    assert _owners(aws) == []
    aws.simulator.advance(500)
    assert _owners(aws) == after


def test_what_was_deleted_and_made_again_twice_goes_through_all_of_it(aws: Aws) -> None:
    aws.simulator.configure(tag_delay_seconds=100)
    for owner in ("a", "b", "c"):
        aws.model(Tags=[{"Key": "owner", "Value": owner}])
        aws.simulator.advance(30)
        aws.sagemaker.delete_model(ModelName="model")
        aws.simulator.advance(10)
    # Made at 0, 40 and 80, deleted at 30, 70 and 110; it is 120 by now.
    shown = []
    for _time in range(10):
        shown += _owners(aws)
        aws.simulator.advance(10)
    assert shown == ["a", "b", "b", "b", "c", "c", "c"]


def test_without_the_delay_the_index_catches_up_at_once(aws: Aws) -> None:
    aws.simulator.configure(tag_delay_seconds=3600)
    aws.model(Tags=TAGS)
    assert _owners(aws) == []
    aws.simulator.configure(tag_delay_seconds=0)
    assert _owners(aws) == ["a"]
    aws.simulator.configure(tag_delay_seconds=3600)
    assert _owners(aws) == ["a"]


def test_a_shorter_delay_holds_for_what_is_on_its_way(aws: Aws) -> None:
    aws.simulator.configure(tag_delay_seconds=3600)
    aws.model(Tags=TAGS)
    aws.simulator.configure(tag_delay_seconds=60)
    aws.simulator.configure(tag_delay_seconds=3600)
    aws.simulator.advance(30)
    assert _owners(aws) == []
    aws.simulator.advance(40)
    assert _owners(aws) == ["a"]
