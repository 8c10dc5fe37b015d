# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of each metric: where CloudWatch keeps it, for which endpoints, and which values it can have.

Sources: SageMaker Developer Guide, pages monitoring-cloudwatch, async-inference-monitor and
serverless-endpoints-monitoring; the dimensions that carry data as probed by cloud-custodian
(c7n/data/sagemaker_metrics.yaml, pull request 11078).
"""

from __future__ import annotations

import functools
import math
import typing as t
from dataclasses import dataclass

from .._aws import service_model as shapes
from .._resources.names import COPY_COUNT, INSTANCE_COUNT, PROVISIONED_CONCURRENCY

INVOCATIONS = "AWS/SageMaker"
INSTANCES = "/aws/sagemaker/Endpoints"
COMPONENTS = "/aws/sagemaker/InferenceComponents"

REALTIME, ASYNC, SERVERLESS = "real-time", "asynchronous", "serverless"
EVERYWHERE = (REALTIME, ASYNC, SERVERLESS)

Interval = tuple[float, float]
ANY: Interval = (0.0, math.inf)
RATE: Interval = (0.0, 1.0)
PERCENT: Interval = (0.0, 100.0)
MICROSECONDS = "microseconds"
PER_REQUEST = "one data point for each request"


@dataclass(frozen=True)
class Metric:
    """*values* is the interval in which every single data point lies."""

    namespace: str = INVOCATIONS
    kinds: tuple[str, ...] = (REALTIME,)
    values: Interval = ANY
    unit: str = ""
    has_variant: bool = True
    needs_multi_model: bool = False

    @property
    def is_of_queue(self) -> bool:
        """[D async-inference-monitor] the queue is the endpoint's, and is measured without instances too."""
        return self.kinds == (ASYNC,) and not self.has_variant


def _named(names: str, metric: Metric) -> dict[str, Metric]:
    return dict.fromkeys(names.split(), metric)


CATALOGUE: t.Mapping[str, Metric] = {
    **_named("Invocations", Metric(kinds=(REALTIME, SERVERLESS), values=(1.0, 1.0), unit=PER_REQUEST)),
    **_named("InvocationsPerInstance", Metric(values=RATE, unit=PER_REQUEST)),
    **_named("Invocation4XXErrors Invocation5XXErrors", Metric(kinds=EVERYWHERE, values=RATE, unit=PER_REQUEST)),
    **_named("InvocationModelErrors", Metric(kinds=(REALTIME, SERVERLESS), values=RATE, unit=PER_REQUEST)),
    **_named("MidStreamErrors ConcurrentRequestsPerModel", Metric()),
    **_named("ModelLatency", Metric(kinds=EVERYWHERE, unit=MICROSECONDS)),
    **_named("OverheadLatency", Metric(kinds=(REALTIME, SERVERLESS), unit=MICROSECONDS)),
    **_named("FirstChunkLatency FirstChunkModelLatency FirstChunkOverheadLatency", Metric(unit=MICROSECONDS)),
    **_named("ModelSetupTime", Metric(kinds=(SERVERLESS,), unit=MICROSECONDS)),
    **_named("ServerlessConcurrentExecutionsUtilization", Metric(kinds=(SERVERLESS,), values=RATE)),
    **_named("ServerlessProvisionedConcurrencyUtilization", Metric(kinds=(SERVERLESS,), values=RATE)),
    **_named(
        "ServerlessProvisionedConcurrencyExecutions ServerlessProvisionedConcurrencyInvocations"
        " ServerlessProvisionedConcurrencySpilloverInvocations",
        Metric(kinds=(SERVERLESS,)),
    ),
    **_named(
        "ModelLoadingWaitTime ModelUnloadingTime ModelDownloadingTime ModelLoadingTime",
        Metric(unit=MICROSECONDS, needs_multi_model=True),
    ),
    **_named("ModelCacheHit", Metric(values=RATE, needs_multi_model=True)),
    **_named("LoadedModelCount", Metric(INSTANCES, needs_multi_model=True)),
    **_named("MemoryUtilization", Metric(INSTANCES, EVERYWHERE, PERCENT)),
    **_named("DiskUtilization", Metric(INSTANCES, (REALTIME, ASYNC), PERCENT)),
    # One hundred for each core or GPU.
    **_named("CPUUtilization GPUUtilization GPUMemoryUtilization", Metric(INSTANCES, (REALTIME, ASYNC))),
    **_named(
        "CPUUtilizationNormalized GPUUtilizationNormalized GPUMemoryUtilizationNormalized"
        " CPUReservation GPUReservation MemoryReservation",
        Metric(INSTANCES, (REALTIME, ASYNC), PERCENT),
    ),
    **_named(
        "ApproximateBacklogSize ApproximateBacklogSizePerInstance ApproximateAgeOfOldestRequest",
        Metric(kinds=(ASYNC,), has_variant=False),
    ),
    **_named("HasBacklogWithoutCapacity", Metric(kinds=(ASYNC,), values=RATE, has_variant=False)),
    **_named("RequestDownloadLatency ResponseUploadLatency", Metric(kinds=(ASYNC,), unit=MICROSECONDS)),
    **_named("TimeInBacklog TotalProcessingTime", Metric(kinds=(ASYNC,), unit="milliseconds")),
    # The Developer Guide spells one of them with three s.
    **_named(
        "InvocationsProcessed InvocationsProcesssed InvocationFailures ExpiredRequests RequestDownloadFailures"
        " ResponseUploadFailures NotificationFailures",
        Metric(kinds=(ASYNC,)),
    ),
    **_named("InvocationsPerCopy ConcurrentRequestsPerCopy", Metric(kinds=())),
    **_named("MemoryUtilizationNormalized", Metric(COMPONENTS, kinds=())),
}


def metric_of(name: str) -> Metric:
    """What is known of the metric; of an unknown one, what the Terraform module takes for granted."""
    return CATALOGUE.get(name, Metric(kinds=EVERYWHERE, values=(-math.inf, math.inf)))


def dimensions(name: str, endpoint: str, variant: str) -> list[dict[str, str]]:
    found = [{"name": "EndpointName", "value": endpoint}]
    if metric_of(name).has_variant:
        found.append({"name": "VariantName", "value": variant})
    return found


def reachable(metric: Metric, statistic: str) -> Interval:
    """The interval in which a statistic over any number of data points lies."""
    low, high = metric.values
    if statistic == "SampleCount":
        return ANY
    if statistic == "Sum" or statistic.lower().startswith("ts"):
        return (min(low, 0.0), math.inf)
    if statistic.lower().startswith(("tc", "pr")):
        return ANY
    return (low, high)


@functools.cache
def predefined() -> dict[str, str]:
    """Application Auto Scaling's own metrics of SageMaker, each with the scalable dimension that it serves."""
    member = "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType"
    shape = shapes.shape_at("application-autoscaling", "PutScalingPolicy", *member.split("."))
    return {name: _dimension(name) for name in shape.metadata["enum"] if name.startswith("SageMaker")}


def _dimension(name: str) -> str:
    if name.startswith("SageMakerInferenceComponent"):
        return COPY_COUNT
    return PROVISIONED_CONCURRENCY if "ProvisionedConcurrency" in name else INSTANCE_COUNT
