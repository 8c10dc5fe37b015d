# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""botocore against a running simulator, with the few requests that nearly every test starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from .client import ACCESS_KEY, SECRET_KEY, Simulator
from .types import Params

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sagemaker"
_LONG = 100_000.0
# botocore makes up a user agent twice for each call, which takes a fifth of its time.
_CONFIG: Params = {"retries": {"total_max_attempts": 1}, "parameter_validation": False, "user_agent": "tests"}


@cache
def _session() -> Session:
    """One for all clients: it keeps the service models that it has read."""
    return Session()


@dataclass
class Aws:
    """The clients of one account in one region; they neither check nor retry, every answer is the simulator's."""

    simulator: Simulator
    region: str = REGION
    access_key: str = ACCESS_KEY
    sagemaker: Any = field(init=False)
    autoscaling: Any = field(init=False)
    cloudwatch: Any = field(init=False)
    tagging: Any = field(init=False)

    def __post_init__(self) -> None:
        self.sagemaker = self.client("sagemaker")
        self.autoscaling = self.client("application-autoscaling")
        self.cloudwatch = self.client("cloudwatch")
        self.tagging = self.client("resourcegroupstaggingapi")

    def client(self, service: str, **config: Any) -> Any:
        client = _session().create_client(
            service,
            endpoint_url=self.simulator.url,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=SECRET_KEY,
            config=Config(**_CONFIG | config),
        )
        self.simulator.connect(client)
        return client

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{ACCOUNT}:{resource}"

    def settle(self) -> None:
        """Let all work on endpoints end."""
        self.simulator.advance(_LONG)

    def model(self, name: str = "model", **params: Any) -> None:
        request = {"PrimaryContainer": {"Image": "image:1"}, "ExecutionRoleArn": ROLE, **params}
        self.sagemaker.create_model(ModelName=name, **request)

    def config(self, name: str = "config", *variants: Params, **params: Any) -> None:
        """An endpoint configuration; without variants it has one provisioned variant."""
        production = list(variants) or [provisioned()]
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=production, **params)

    def endpoint(self, name: str = "endpoint", config: str = "config", **params: Any) -> None:
        """An endpoint that is in service."""
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config, **params)
        self.settle()

    def describe(self, name: str = "endpoint") -> Params:
        description: Params = self.sagemaker.describe_endpoint(EndpointName=name)
        return description

    def status(self, name: str = "endpoint") -> str:
        status: str = self.describe(name)["EndpointStatus"]
        return status


def provisioned(name: str = "main", **params: Any) -> Params:
    """A variant on instances."""
    default = {"ModelName": "model", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    return {"VariantName": name, **default, **params}


def serverless(name: str = "main", **config: int) -> Params:
    """A serverless variant."""
    settings = {"MemorySizeInMB": 2048, "MaxConcurrency": 10, **config}
    return {"VariantName": name, "ModelName": "model", "ServerlessConfig": settings}


def alarm(name: str = "alarm", **params: Any) -> Params:
    """An alarm on one metric."""
    default = {
        "Namespace": "n",
        "MetricName": "m",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    return {"AlarmName": name, **default, **params}


def refusal(operation: Callable[..., Any], **params: Any) -> tuple[str, str]:
    """Code and message of the error that the call must end in."""
    try:
        operation(**params)
    except ClientError as error:
        details = error.response["Error"]
        return details["Code"], details["Message"]
    raise AssertionError(f"not refused: {operation.__name__}({params})")
