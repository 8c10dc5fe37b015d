# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.endpoint_descriptions import (
    LINKS,
    links_of,
)
from botocore.session import Session

REGIONS = {"aws": "eu-west-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def described(name: str = "Realtime", partition: str = "aws", region: str = "eu-west-1", **more: t.Any) -> t.Any:
    arn = f"arn:{partition}:sagemaker:{region}:111122223333:endpoint/{name.lower()}"
    return {"EndpointName": name, "EndpointArn": arn, **more}


def test_an_endpoint_is_called_seen_and_heard_under_its_name() -> None:
    found = links_of(described())
    assert found.keys() == set(LINKS)
    assert found == {
        "invocation_url": "https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/Realtime/invocations",
        "console_url": "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpoints/Realtime",
        "log_group": "/aws/sagemaker/Endpoints/Realtime",
        "logs_url": "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
        "#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FEndpoints$252FRealtime",
    }


def test_an_asynchronous_endpoint_is_called_elsewhere() -> None:
    found = links_of(described("a", AsyncInferenceConfig={"OutputConfig": {}}))
    assert found["invocation_url"].endswith("/endpoints/a/async-invocations")


@pytest.mark.parametrize("partition", REGIONS)
@pytest.mark.parametrize("operation", ["InvokeEndpoint", "InvokeEndpointAsync"])
def test_the_url_is_the_one_that_botocore_calls(partition: str, operation: str) -> None:
    region = REGIONS[partition]
    client = Session().create_client(
        "sagemaker-runtime", region, aws_access_key_id="a", aws_secret_access_key="b", endpoint_url=None
    )
    uri = client.meta.service_model.operation_model(operation).http["requestUri"]
    more: dict[str, t.Any] = {"AsyncInferenceConfig": {"OutputConfig": {}}} if operation.endswith("Async") else {}
    expected = client.meta.endpoint_url + uri.replace("{EndpointName}", "e")
    assert links_of(described("e", partition, region, **more))["invocation_url"] == expected


@pytest.mark.parametrize(
    ("partition", "host"), [("aws-cn", "console.amazonaws.cn"), ("aws-us-gov", "console.amazonaws-us-gov.com")]
)
def test_partitions_have_consoles_of_their_own(partition: str, host: str) -> None:
    found = links_of(described("e", partition, REGIONS[partition]))
    assert {found[name].split("/")[2] for name in ("console_url", "logs_url")} == {host}


def test_of_a_partition_that_nobody_knows_only_the_log_group_is_reported() -> None:
    assert links_of(described("e", "aws-moon", "moon-1")) == {"log_group": "/aws/sagemaker/Endpoints/e"}
