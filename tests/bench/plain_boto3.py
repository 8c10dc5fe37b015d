# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that makes, reads, changes and deletes a fleet with boto3 and ten threads, call for call as Terraform."""

from __future__ import annotations

import sys
import time
import typing as t
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from . import fleet, terraform

THREADS = 10
_DIMENSION = {"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
_POLL_SECONDS = 0.5
_PAIRS = [{"Key": key, "Value": value} for key, value in fleet.TAGS.items()]


@dataclass
class Resource:
    """One resource, and the ARN from its description."""

    kind: str
    number: int
    key: str = ""
    release: int = 1
    arn: str = field(default="", compare=False)

    @property
    def model(self) -> str:
        return f"{fleet.model_name(self.number)}-{self.release}"

    @property
    def config(self) -> str:
        return f"{fleet.endpoint_name(self.number)}-{self.release}"

    @property
    def endpoint(self) -> str:
        return fleet.endpoint_name(self.number)

    @property
    def target(self) -> dict[str, str]:
        return {"ResourceId": f"endpoint/{self.endpoint}/variant/{fleet.VARIANT}", **_DIMENSION}

    @property
    def name(self) -> str:
        return f"{self.endpoint}/{fleet.VARIANT}/{self.key}"

    @property
    def dimensions(self) -> list[dict[str, str]]:
        return [{"Name": "EndpointName", "Value": self.endpoint}, {"Name": "VariantName", "Value": fleet.VARIANT}]


class Clients:
    """One client a service, shared by all threads."""

    def __init__(self) -> None:
        config = Config(max_pool_connections=THREADS)
        self.sagemaker: t.Any = boto3.client("sagemaker", config=config)
        self.scaling: t.Any = boto3.client("application-autoscaling", config=config)
        self.cloudwatch: t.Any = boto3.client("cloudwatch", config=config)


Call = Callable[[Clients, Resource], t.Any]


def _create_model(clients: Clients, each: Resource) -> None:
    container = {"Image": fleet.image(each.release), "ModelDataUrl": fleet.model_data(each.number)}
    clients.sagemaker.create_model(
        ModelName=each.model, PrimaryContainer=container, ExecutionRoleArn=fleet.ROLE, Tags=_PAIRS
    )


def _describe_model(clients: Clients, each: Resource) -> None:
    each.arn = clients.sagemaker.describe_model(ModelName=each.model)["ModelArn"]


def _create_config(clients: Clients, each: Resource) -> None:
    variant = {
        "VariantName": fleet.VARIANT,
        "ModelName": each.model,
        "InstanceType": fleet.INSTANCE_TYPE,
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1.0,
    }
    clients.sagemaker.create_endpoint_config(EndpointConfigName=each.config, ProductionVariants=[variant], Tags=_PAIRS)


def _describe_config(clients: Clients, each: Resource) -> None:
    each.arn = clients.sagemaker.describe_endpoint_config(EndpointConfigName=each.config)["EndpointConfigArn"]


def _create_endpoint(clients: Clients, each: Resource) -> None:
    clients.sagemaker.create_endpoint(EndpointName=each.endpoint, EndpointConfigName=each.config, Tags=_PAIRS)


def _update_endpoint(clients: Clients, each: Resource) -> None:
    clients.sagemaker.update_endpoint(EndpointName=each.endpoint, EndpointConfigName=each.config)


def _describe_endpoint(clients: Clients, each: Resource) -> str:
    found = clients.sagemaker.describe_endpoint(EndpointName=each.endpoint)
    each.arn = found["EndpointArn"]
    return str(found["EndpointStatus"])


def _wait_in_service(clients: Clients, each: Resource) -> None:
    while _describe_endpoint(clients, each) != "InService":
        time.sleep(_POLL_SECONDS)


def _wait_deleted(clients: Clients, each: Resource) -> None:
    try:
        while _describe_endpoint(clients, each):
            time.sleep(_POLL_SECONDS)
    except ClientError as error:
        if "Could not find endpoint" not in str(error):
            raise


def _register(clients: Clients, each: Resource) -> None:
    clients.scaling.register_scalable_target(**each.target, MinCapacity=1, MaxCapacity=4, Tags=fleet.TAGS)


def _describe_target(clients: Clients, each: Resource) -> None:
    target = {name: value for name, value in each.target.items() if name != "ResourceId"}
    found = clients.scaling.describe_scalable_targets(ResourceIds=[each.target["ResourceId"]], **target)
    each.arn = next((target["ScalableTargetARN"] for target in found["ScalableTargets"]), "")


def _put_policy(clients: Clients, each: Resource) -> None:
    metric, goal = fleet.POLICIES[each.key].rsplit(" = ")
    specification = (
        {"PredefinedMetricSpecification": {"PredefinedMetricType": metric}}
        if " " not in metric
        else {
            "CustomizedMetricSpecification": {
                "Namespace": "/aws/sagemaker/Endpoints",
                "MetricName": metric.split()[0],
                "Statistic": metric.split()[1].title(),
                "Dimensions": each.dimensions,
            }
        }
    )
    clients.scaling.put_scaling_policy(
        PolicyName=each.name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": float(goal), **specification},
        **each.target,
    )


def _describe_policy(clients: Clients, each: Resource) -> None:
    clients.scaling.describe_scaling_policies(PolicyNames=[each.name], **each.target)


def _put_alarm(clients: Clients, each: Resource) -> None:
    clients.cloudwatch.put_metric_alarm(
        AlarmName=each.name,
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=each.dimensions,
        Statistic="Sum",
        ComparisonOperator="GreaterThanThreshold",
        Threshold=10.0,
        Period=60,
        EvaluationPeriods=1,
        Tags=_PAIRS,
    )


def _describe_alarm(clients: Clients, each: Resource) -> None:
    found = clients.cloudwatch.describe_alarms(AlarmNames=[each.name], AlarmTypes=["MetricAlarm"])
    each.arn = found["MetricAlarms"][0]["AlarmArn"]


CALLS: dict[str, Call] = {
    "CreateModel": _create_model,
    "DescribeModel": _describe_model,
    "DeleteModel": lambda clients, each: clients.sagemaker.delete_model(ModelName=each.model),
    "CreateEndpointConfig": _create_config,
    "DescribeEndpointConfig": _describe_config,
    "DeleteEndpointConfig": lambda clients, each: clients.sagemaker.delete_endpoint_config(
        EndpointConfigName=each.config
    ),
    "CreateEndpoint": _create_endpoint,
    "UpdateEndpoint": _update_endpoint,
    "DescribeEndpoint": _describe_endpoint,
    "DeleteEndpoint": lambda clients, each: clients.sagemaker.delete_endpoint(EndpointName=each.endpoint),
    "WaitInService": _wait_in_service,
    "WaitDeleted": _wait_deleted,
    "ListTags": lambda clients, each: clients.sagemaker.list_tags(ResourceArn=each.arn),
    "RegisterScalableTarget": _register,
    "DescribeScalableTargets": _describe_target,
    "DeregisterScalableTarget": lambda clients, each: clients.scaling.deregister_scalable_target(**each.target),
    "ListTagsForTarget": lambda clients, each: clients.scaling.list_tags_for_resource(ResourceARN=each.arn),
    "PutScalingPolicy": _put_policy,
    "DescribeScalingPolicies": _describe_policy,
    "DeleteScalingPolicy": lambda clients, each: clients.scaling.delete_scaling_policy(
        PolicyName=each.name, **each.target
    ),
    "PutMetricAlarm": _put_alarm,
    "DescribeAlarms": _describe_alarm,
    "ListTagsForAlarm": lambda clients, each: clients.cloudwatch.list_tags_for_resource(ResourceARN=each.arn),
    "DeleteAlarms": lambda clients, each: clients.cloudwatch.delete_alarms(AlarmNames=[each.name]),
}


def _resources(kind: str, size: int, release: int) -> list[Resource]:
    keys = {"policy": list(fleet.POLICIES), "alarm": list(fleet.ALARMS)}.get(kind, [""])
    return [Resource(kind, number, key, release) for number in range(1, size + 1) for key in keys]


class Fleet:
    """What the program does with all resources of a fleet, one stage of the graph after the other."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.clients = Clients()
        self.pool = ThreadPoolExecutor(THREADS)

    def create(self, release: int = 1, kinds: Iterable[tuple[str, ...]] = terraform.IN_ORDER) -> None:
        for stage in kinds:
            self._each(terraform.CREATE, stage, release)

    def refresh(self) -> None:
        self._each(terraform.REFRESH, tuple(terraform.REFRESH), 1)

    def change(self) -> None:
        """A new model in every endpoint: models and configurations are replaced, the endpoint is updated."""
        self.refresh()
        self.create(2, (("model",), ("config",)))
        self._each(terraform.UPDATE, ("endpoint",), 2)
        self.delete(1, (("model",), ("config",)))

    def destroy(self, release: int) -> None:
        self._each(terraform.REFRESH, tuple(terraform.REFRESH), release)
        self.delete(release, terraform.IN_ORDER)

    def delete(self, release: int, kinds: tuple[tuple[str, ...], ...]) -> None:
        for stage in reversed(kinds):
            self._each(terraform.DELETE, stage, release)

    def _each(self, calls: dict[str, tuple[str, ...]], kinds: tuple[str, ...], release: int) -> None:
        resources = [each for kind in kinds for each in _resources(kind, self.size, release)]
        for _done in self.pool.map(lambda each: self._make(calls[each.kind], each), resources):
            pass

    def _make(self, calls: tuple[str, ...], each: Resource) -> None:
        for call in calls:
            CALLS[call](self.clients, each)


def main(action: str, size: int) -> None:
    """Each action after the other, as the benchmark plays them: a change leaves the second release behind."""
    made = Fleet(size)
    actions: dict[str, Callable[[], None]] = {
        "deploy": made.create,
        "no-op": made.refresh,
        "change": made.change,
        "destroy": lambda: made.destroy(2),
    }
    actions[action]()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
