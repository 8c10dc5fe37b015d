# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What AWS may answer instead: the same resources, otherwise described, listed, delayed and refused."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from simulator.testing import Aws, alarm, provisioned, refusal

TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/Endpoint/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


def pages(call: Any, member: str, token: str = "NextToken", **params: Any) -> list[list[Any]]:
    """The entries of each page, first to last."""
    found: list[list[Any]] = []
    more: dict[str, str] = {}
    while True:
        page = call(**params, **more)
        found.append(page[member])
        if not page.get(token):
            return found
        more = {token: page[token]}


@pytest.fixture
def three(aws: Aws) -> Aws:
    for name in "abc":
        aws.model(name, Tags=[{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}])
        aws.cloudwatch.put_metric_alarm(**alarm(name))
    return aws


@pytest.mark.parametrize(
    ("settings", "lengths"),
    [
        ({}, [3]),
        ({"page_size": 1}, [1, 1, 1]),
        ({"page_size": 2}, [2, 1]),
        ({"empty_pages": True}, [0, 3, 0]),
        ({"empty_pages": True, "page_size": 2}, [0, 2, 0, 1, 0]),
    ],
)
def test_lists_come_in_other_pages(three: Aws, settings: dict[str, int], lengths: list[int]) -> None:
    three.simulator.configure(**settings)
    of_models = ["sagemaker:model"]
    for found in (
        pages(three.sagemaker.list_models, "Models", MaxResults=100),
        pages(three.cloudwatch.describe_alarms, "MetricAlarms", MaxRecords=100),
        pages(three.tagging.get_resources, "ResourceTagMappingList", "PaginationToken", ResourceTypeFilters=of_models),
    ):
        assert list(map(len, found)) == lengths


def test_an_empty_list_needs_no_second_page(aws: Aws) -> None:
    aws.simulator.configure(empty_pages=True)
    assert pages(aws.sagemaker.list_models, "Models") == [[]]
    assert pages(aws.tagging.get_resources, "ResourceTagMappingList", "PaginationToken") == [[]]


def test_only_what_has_no_documented_order_comes_in_another(three: Aws) -> None:
    models, alarms = three.sagemaker.list_models()["Models"], three.cloudwatch.describe_alarms()["MetricAlarms"]
    three.simulator.configure(other_order=True, page_size=1)
    assert list(chain(*pages(three.sagemaker.list_models, "Models"))) == models
    assert list(chain(*pages(three.cloudwatch.describe_alarms, "MetricAlarms"))) == alarms[::-1]


def test_members_come_and_go(aws: Aws) -> None:
    aws.model(PrimaryContainer={"Image": "image:1", "ModelDataUrl": "s3://b/m.tar.gz"})
    whole = aws.sagemaker.describe_model(ModelName="model")
    aws.simulator.configure(left_out=True)
    bare = aws.sagemaker.describe_model(ModelName="model")
    assert whole["PrimaryContainer"].keys() - bare["PrimaryContainer"].keys() == {
        "Environment",
        "Mode",
        "ModelDataSource",
    }
    assert "EnableNetworkIsolation" in whole.keys() - bare.keys()
    aws.simulator.configure(left_out=False, empty_lists=True, unknown_members=True)
    full = aws.sagemaker.describe_model(ModelName="model")
    assert full["Containers"] == []
    assert full["PrimaryContainer"] == {**whole["PrimaryContainer"], "AdditionalModelDataSources": []}


def test_defaults_are_shown(aws: Aws) -> None:
    aws.cloudwatch.put_metric_alarm(**alarm())
    aws.model()
    aws.config()
    aws.simulator.configure(defaults_shown=True)
    (found,) = aws.cloudwatch.describe_alarms()["MetricAlarms"]
    assert found["TreatMissingData"] == "missing"
    (variant,) = aws.sagemaker.describe_endpoint_config(EndpointConfigName="config")["ProductionVariants"]
    assert variant["EnableSSMAccess"] is False


def test_numbers_and_times_are_rounded(aws: Aws) -> None:
    aws.model()
    aws.config("config", provisioned("a", InitialVariantWeight=0.7), provisioned("b"))
    aws.simulator.configure(single_precision=True, whole_numbers=True, whole_seconds=True)
    found = aws.sagemaker.describe_endpoint_config(EndpointConfigName="config")
    weights = [variant["InitialVariantWeight"] for variant in found["ProductionVariants"]]
    assert weights == [pytest.approx(0.7), 1]
    assert weights[0] != 0.7
    assert isinstance(weights[1], int)
    assert found["CreationTime"].microsecond == 0


def test_names_keep_their_case_and_new_resources_get_a_tag_of_aws(aws: Aws) -> None:
    aws.simulator.configure(arns_keep_case=True, system_tags=True)
    aws.model("Model-A")
    arn = aws.sagemaker.describe_model(ModelName="Model-A")["ModelArn"]
    assert arn.endswith("model/Model-A")
    (tag,) = aws.sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert tag["Key"].startswith("aws:")


def test_reads_are_behind(aws: Aws) -> None:
    delays = dict.fromkeys(("list", "describe", "scaling", "alarm"), 5)
    aws.model()
    aws.config()
    aws.endpoint("Endpoint")
    aws.simulator.configure(**{f"{each}_delay_seconds": seconds for each, seconds in delays.items()})
    aws.autoscaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=2)
    aws.cloudwatch.put_metric_alarm(**alarm())
    aws.sagemaker.delete_model(ModelName="model")

    def seen() -> list[int]:
        models = aws.sagemaker.list_models()["Models"]
        targets = aws.autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
        return [len(found) for found in (models, targets, aws.cloudwatch.describe_alarms()["MetricAlarms"])]

    assert seen() == [1, 0, 0]
    aws.sagemaker.describe_model(ModelName="model")
    assert "Could not find model" in refusal(aws.sagemaker.delete_model, ModelName="model")[1]
    aws.simulator.advance(6)
    assert seen() == [0, 1, 1]
    assert "Could not find model" in refusal(aws.sagemaker.describe_model, ModelName="model")[1]


def test_an_endpoint_shows_its_variants_early_and_is_maintained_after_its_creation(aws: Aws) -> None:
    aws.simulator.configure(early_variants=True, system_update_seconds=20)
    aws.model()
    aws.config()
    aws.sagemaker.create_endpoint(EndpointName="endpoint", EndpointConfigName="config")
    (variant,) = aws.describe()["ProductionVariants"]
    assert variant.keys() == {"VariantName", "VariantStatus"}
    aws.simulator.advance(61)
    assert aws.status() == "SystemUpdating"
    aws.simulator.advance(21)
    assert aws.status() == "InService"


def test_errors_have_a_namespace_and_short_texts(aws: Aws) -> None:
    aws.simulator.configure(namespaced_errors=True, short_errors=True)
    found = refusal(aws.sagemaker.describe_model, ModelName="m")
    assert found == ("ValidationException", 'Could not find model "m".')
    with pytest.raises(aws.autoscaling.exceptions.ObjectNotFoundException):
        aws.autoscaling.deregister_scalable_target(**TARGET)


@pytest.mark.parametrize("value", [1, 0, "yes"])
def test_a_switch_is_true_or_false(aws: Aws, value: Any) -> None:
    with pytest.raises(ValueError, match="must be true or false"):
        aws.simulator.configure(empty_pages=value)
