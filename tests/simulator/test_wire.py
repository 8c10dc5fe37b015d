# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The same calls over every protocol that a client may speak."""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from simulator.service_models import operation_model
from simulator.testing import Aws

CREDENTIAL = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"
PROTOCOLS = [
    ("cloudwatch", "monitoring", "json"),
    ("cloudwatch", "monitoring", "query"),
    ("cloudwatch", "monitoring", "smithy-rpc-v2-cbor"),
    ("resourcegroupstaggingapi", "tagging", "json"),
    ("resourcegroupstaggingapi", "tagging", "smithy-rpc-v2-cbor"),
]
ALARM = {
    "AlarmName": "a <b> & c",
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocations",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 2,
    "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold",
    "Dimensions": [{"Name": "EndpointName", "Value": "e"}],
}


def _call(aws: Aws, service: str, signing_name: str, protocol: str, operation: str, params: dict[str, Any]) -> Any:
    model = operation_model(service, operation)
    wire = create_serializer(protocol).serialize_to_request(params, model)
    body = wire["body"]
    if isinstance(body, dict):
        body = urlencode(body)
    data = body if isinstance(body, bytes) else body.encode()
    headers = {**wire["headers"], "Authorization": CREDENTIAL.format(signing_name)}
    headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    request = Request(f"{aws.simulator.url}{wire['url_path']}", data, headers, method="POST")
    try:
        with urlopen(request, timeout=10) as answer:
            status, answered, content = answer.status, answer.headers, answer.read()
    except HTTPError as problem:
        status, answered, content = problem.code, problem.headers, problem.read()
    response = {"body": content, "headers": HeadersDict(answered.items()), "status_code": status}
    parser: Any = create_parser(protocol)
    return parser.parse(response, model.output_shape)


@pytest.mark.parametrize("protocol", ["json", "query", "smithy-rpc-v2-cbor"])
def test_alarms_over_every_protocol(aws: Aws, protocol: str) -> None:
    _call(aws, "cloudwatch", "monitoring", protocol, "PutMetricAlarm", ALARM)
    found = _call(aws, "cloudwatch", "monitoring", protocol, "DescribeAlarms", {"AlarmNames": ["a <b> & c"]})
    alarm = found["MetricAlarms"][0]
    assert {key: alarm[key] for key in ALARM} == ALARM
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"
    assert alarm["StateUpdatedTimestamp"].year > 2020
    assert alarm["ActionsEnabled"] is True


@pytest.mark.parametrize("protocol", ["json", "query", "smithy-rpc-v2-cbor"])
def test_errors_over_every_protocol(aws: Aws, protocol: str) -> None:
    answer = _call(aws, "cloudwatch", "monitoring", protocol, "PutMetricAlarm", {**ALARM, "Period": 61})
    assert answer["Error"]["Code"] == "ValidationError"
    assert answer["Error"]["Message"] == "Period must be 10, 20, 30 or a multiple of 60"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize("protocol", ["json", "smithy-rpc-v2-cbor"])
def test_tags_over_every_protocol(aws: Aws, protocol: str) -> None:
    aws.model(Tags=[{"Key": "a", "Value": "b"}])
    found = _call(aws, "resourcegroupstaggingapi", "tagging", protocol, "GetResources", {"TagFilters": [{"Key": "a"}]})
    assert [item["ResourceARN"] for item in found["ResourceTagMappingList"]] == [aws.arn("sagemaker", "model/model")]


@pytest.mark.parametrize(("service", "signing_name", "protocol"), PROTOCOLS)
def test_unreadable_bodies_are_refused(aws: Aws, service: str, signing_name: str, protocol: str) -> None:
    operation = "DescribeAlarms" if service == "cloudwatch" else "GetResources"
    model = operation_model(service, operation)
    wire = create_serializer(protocol).serialize_to_request({}, model)
    headers = {**wire["headers"], "Authorization": CREDENTIAL.format(signing_name)}
    headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    body = b"Action=DescribeAlarms&MaxRecords=many" if protocol == "query" else b"\x82{"
    request = Request(f"{aws.simulator.url}{wire['url_path']}", body, headers, method="POST")
    with pytest.raises(HTTPError) as caught:
        urlopen(request, timeout=10)
    assert caught.value.code == 400


def test_what_is_not_simulated_goes_to_moto(aws: Aws) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"
    s3 = aws.client("s3", s3={"addressing_style": "path"})
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="bucket", Key="a b/model.tar.gz", Body=b"data", Metadata={"x": "y"})
    found = s3.get_object(Bucket="bucket", Key="a b/model.tar.gz")
    assert (found["Body"].read(), found["Metadata"]) == (b"data", {"x": "y"})
    s3.head_object(Bucket="bucket", Key="a b/model.tar.gz")
    entries = [
        (entry["service"], entry["operation"].split("?")[0], entry["write"]) for entry in aws.simulator.journal()
    ]
    assert entries == [
        ("sts", "GetCallerIdentity", False),
        ("s3", "PUT /bucket", True),
        ("s3", "PUT /bucket/a%20b/model.tar.gz", True),
        ("s3", "GET /bucket/a%20b/model.tar.gz", False),
        ("s3", "HEAD /bucket/a%20b/model.tar.gz", False),
    ]
    aws.simulator.reset()
    assert s3.list_buckets()["Buckets"] == []
