# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""UpdateEndpointWeightsAndCapacities."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import Aws, provisioned, refusal, serverless


@pytest.fixture
def live(aws: Aws) -> Aws:
    """An endpoint of two variants, a serverless one and an asynchronous one."""
    aws.model()
    aws.config("two", provisioned("a"), provisioned("b"))
    aws.endpoint("two", "two")
    aws.config("serverless", serverless("a", ProvisionedConcurrency=2))
    aws.endpoint("serverless", "serverless")
    aws.config("async", provisioned("a"), AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://b/o"}})
    aws.endpoint("async", "async")
    return aws


def _change(aws: Aws, endpoint: str, *changes: dict[str, Any]) -> None:
    aws.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=endpoint, DesiredWeightsAndCapacities=list(changes)
    )


def _numbers(aws: Aws, endpoint: str = "two") -> list[tuple[Any, ...]]:
    keys = ("CurrentWeight", "DesiredWeight", "CurrentInstanceCount", "DesiredInstanceCount")
    return [tuple(variant[key] for key in keys) for variant in aws.describe(endpoint)["ProductionVariants"]]


def test_moves_weights_and_one_capacity(live: Aws) -> None:
    changes = (
        {"VariantName": "a", "DesiredWeight": 3, "DesiredInstanceCount": 4},
        {"VariantName": "b", "DesiredWeight": 0},
    )
    _change(live, "two", *changes)
    found = live.describe("two")
    assert found["EndpointStatus"] == "Updating"
    assert "PendingDeploymentSummary" not in found
    assert _numbers(live) == [(1.0, 3.0, 2, 4), (1.0, 0.0, 2, 2)]
    live.simulator.advance(31)
    assert live.status("two") == "InService"
    assert _numbers(live) == [(3.0, 3.0, 4, 4), (0.0, 0.0, 2, 2)]


def test_changes_serverless_concurrency(live: Aws) -> None:
    _change(live, "serverless", {"VariantName": "a", "ServerlessUpdateConfig": {"ProvisionedConcurrency": 5}})
    live.settle()
    variant = live.describe("serverless")["ProductionVariants"][0]
    expected = {"MemorySizeInMB": 2048, "MaxConcurrency": 10, "ProvisionedConcurrency": 5}
    assert variant["CurrentServerlessConfig"] == expected


def test_async_may_go_to_zero(live: Aws) -> None:
    _change(live, "async", {"VariantName": "a", "DesiredInstanceCount": 0})
    live.settle()
    assert _numbers(live, "async")[0][2:] == (0, 0)


@pytest.mark.parametrize(
    ("endpoint", "changes", "part"),
    [
        (
            "two",
            [{"VariantName": "a"}, {"VariantName": "a"}],
            'The variant name "a" was non-unique within the request.',
        ),
        (
            "two",
            [{"VariantName": "x"}, {"VariantName": "y"}],
            'The variant name(s) "x, y" is/are not present within endpoint configuration "two".',
        ),
        (
            "two",
            [{"VariantName": "a", "DesiredInstanceCount": 1}, {"VariantName": "b", "DesiredInstanceCount": 1}],
            "capacity of only one variant",
        ),
        ("two", [{"VariantName": "a", "DesiredInstanceCount": 0}], "must be at least 1"),
        ("two", [{"VariantName": "a", "DesiredInstanceCount": -1}], "greater than or equal to 0"),
        ("two", [{"VariantName": "a", "DesiredWeight": -0.5}], "greater than or equal to 0"),
        ("two", [], "greater than or equal to 1"),
        (
            "two",
            [{"VariantName": "a", "ServerlessUpdateConfig": {"MaxConcurrency": 5}}],
            "not supported for the instance-based variant",
        ),
        ("serverless", [{"VariantName": "a", "DesiredInstanceCount": 1}], "not supported for the serverless variant"),
        (
            "serverless",
            [{"VariantName": "a", "ServerlessUpdateConfig": {"ProvisionedConcurrency": 11}}],
            "cannot be greater than its MaxConcurrency",
        ),
    ],
)
def test_refuses(live: Aws, endpoint: str, changes: list[dict[str, Any]], part: str) -> None:
    code, message = refusal(
        live.sagemaker.update_endpoint_weights_and_capacities,
        EndpointName=endpoint,
        DesiredWeightsAndCapacities=changes,
    )
    assert code == "ValidationException"
    assert part in message
    assert live.status(endpoint) == "InService"


def test_a_failed_change_rolls_back(live: Aws) -> None:
    live.simulator.fault("rollout_fails", operation="UpdateEndpointWeightsAndCapacities", name="two", reason="full")
    _change(live, "two", {"VariantName": "a", "DesiredInstanceCount": 9})
    live.simulator.advance(31)
    assert live.status("two") == "RollingBack"
    live.simulator.advance(31)
    found = live.describe("two")
    assert (found["EndpointStatus"], found["FailureReason"]) == ("InService", "full")
    assert _numbers(live)[0] == (1.0, 1.0, 2, 2)


def test_growing_fails_without_the_model(live: Aws) -> None:
    live.sagemaker.delete_model(ModelName="model")
    _change(live, "two", {"VariantName": "a", "DesiredInstanceCount": 3})
    live.settle()
    assert _numbers(live)[0][2] == 2
    assert "Unable to find model" in live.describe("two")["FailureReason"]
    _change(live, "two", {"VariantName": "a", "DesiredInstanceCount": 1})
    live.settle()
    assert _numbers(live)[0][2] == 1
