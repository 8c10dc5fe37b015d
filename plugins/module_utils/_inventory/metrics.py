# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known about each metric: its namespace, the endpoints that publish it, and its possible values.

Sources: SageMaker Developer Guide, pages monitoring-cloudwatch, async-inference-monitor and
serverless-endpoints-monitoring; the dimensions that carry data as probed by cloud-custodian
(c7n/data/sagemaker_metrics.yaml, pull request 11078).
"""

from __future__ import annotations

import dataclasses
import functools
import math
import typing as t
from dataclasses import dataclass

from .._aws import service_model as shapes
from .._resources.names import COPY_COUNT, INSTANCE_COUNT, PROVISIONED_CONCURRENCY

INVOCATIONS = "AWS/SageMaker"
INSTANCES = "/aws/sagemaker/Endpoints"

REALTIME, ASYNC, SERVERLESS = "real-time", "asynchronous", "serverless"
COMPONENTS = "inference components"
"""Instead of the kind of an endpoint: what only endpoints with inference components publish."""
EVERYWHERE = (REALTIME, ASYNC, SERVERLESS)

Interval = tuple[float, float]
ANY: Interval = (0.0, math.inf)
RATE: Interval = (0.0, 1.0)
PERCENT: Interval = (0.0, 100.0)
MICROSECONDS = "microseconds"
PERCENT_OF_EACH = "one hundred for each core or GPU"

MeasuredBy = t.Literal["variant", "endpoint", "component"]
DIMENSIONS: t.Mapping[MeasuredBy, tuple[str, ...]] = {
    "variant": ("EndpointName", "VariantName"),
    "endpoint": ("EndpointName",),
    "component": ("InferenceComponentName",),
}
PER_REQUEST = "one data point for each request"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """*values* is the interval in which every single data point lies; what *is_counted* is mostly summed up."""

    namespace: str = INVOCATIONS
    kinds: tuple[str, ...] = (REALTIME,)
    values: Interval = ANY
    unit: str = ""
    measured_by: MeasuredBy = "variant"
    needs_multi_model: bool = False
    is_counted: bool = False
    is_high_resolution: bool = False

    @property
    def is_minutely(self) -> bool:
        """Whether there is one data point a minute, whatever frequency the instances are set to publish at."""
        return self.namespace == INVOCATIONS and not self.is_high_resolution

    @property
    def is_of_queue(self) -> bool:
        """[D async-inference-monitor] the queue is the endpoint's, and is measured without instances too."""
        return self.kinds == (ASYNC,) and self.measured_by == "endpoint"

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return DIMENSIONS[self.measured_by]


def _named(names: str, metric: Metric) -> dict[str, Metric]:
    return dict.fromkeys(names.split(), metric)


def _of_requests(*kinds: str) -> Metric:
    """Metrics that are 1 for some requests and 0 for the others."""
    return Metric(kinds=kinds, values=RATE, unit=PER_REQUEST, is_counted=True)


_LATENCY = Metric(unit=MICROSECONDS)
_COUNT = Metric(is_counted=True)
_OF_COMPONENT = Metric(kinds=(COMPONENTS,), measured_by="component", is_high_resolution=True)

CATALOGUE: t.Mapping[str, Metric] = {
    **_named("Invocations", Metric(kinds=(REALTIME, SERVERLESS), values=(1.0, 1.0), unit=PER_REQUEST, is_counted=True)),
    **_named("InvocationsPerInstance", _of_requests(REALTIME)),
    **_named("Invocation4XXErrors Invocation5XXErrors", _of_requests(*EVERYWHERE)),
    **_named("InvocationModelErrors", _of_requests(REALTIME, SERVERLESS)),
    **_named("MidStreamErrors", _COUNT),
    **_named("ConcurrentRequestsPerModel", Metric(is_high_resolution=True)),
    **_named("ModelLatency", Metric(kinds=EVERYWHERE, unit=MICROSECONDS)),
    **_named("OverheadLatency", Metric(kinds=(REALTIME, SERVERLESS), unit=MICROSECONDS)),
    **_named("FirstChunkLatency FirstChunkModelLatency FirstChunkOverheadLatency", _LATENCY),
    **_named("ModelSetupTime", Metric(kinds=(SERVERLESS,), unit=MICROSECONDS)),
    **_named(
        "ServerlessConcurrentExecutionsUtilization ServerlessProvisionedConcurrencyUtilization",
        Metric(kinds=(SERVERLESS,), values=RATE),
    ),
    **_named("ServerlessProvisionedConcurrencyExecutions", Metric(kinds=(SERVERLESS,))),
    **_named(
        "ServerlessProvisionedConcurrencyInvocations ServerlessProvisionedConcurrencySpilloverInvocations",
        Metric(kinds=(SERVERLESS,), is_counted=True),
    ),
    **_named(
        "ModelLoadingWaitTime ModelUnloadingTime ModelDownloadingTime ModelLoadingTime",
        Metric(unit=MICROSECONDS, needs_multi_model=True),
    ),
    **_named("ModelCacheHit", Metric(values=RATE, needs_multi_model=True)),
    **_named("LoadedModelCount", Metric(namespace=INSTANCES, needs_multi_model=True)),
    **_named("MemoryUtilization", Metric(namespace=INSTANCES, kinds=EVERYWHERE, values=PERCENT)),
    **_named("DiskUtilization", Metric(namespace=INSTANCES, kinds=(REALTIME, ASYNC), values=PERCENT)),
    **_named(
        "CPUUtilization GPUUtilization GPUMemoryUtilization",
        Metric(namespace=INSTANCES, kinds=(REALTIME, ASYNC), unit=PERCENT_OF_EACH),
    ),
    # Of the instances. Each component has the Normalized ones too, in /aws/sagemaker/InferenceComponents.
    **_named(
        "CPUUtilizationNormalized GPUUtilizationNormalized GPUMemoryUtilizationNormalized MemoryUtilizationNormalized"
        " CPUReservation GPUReservation MemoryReservation",
        Metric(namespace=INSTANCES, kinds=(COMPONENTS,), values=PERCENT),
    ),
    **_named(
        "ApproximateBacklogSize ApproximateBacklogSizePerInstance ApproximateAgeOfOldestRequest",
        Metric(kinds=(ASYNC,), measured_by="endpoint"),
    ),
    **_named("HasBacklogWithoutCapacity", Metric(kinds=(ASYNC,), values=RATE, measured_by="endpoint")),
    **_named("RequestDownloadLatency ResponseUploadLatency", Metric(kinds=(ASYNC,), unit=MICROSECONDS)),
    **_named("TimeInBacklog TotalProcessingTime", Metric(kinds=(ASYNC,), unit="milliseconds")),
    # The Developer Guide spells one of them with three s.
    **_named(
        "InvocationsProcessed InvocationsProcesssed InvocationFailures ExpiredRequests RequestDownloadFailures"
        " ResponseUploadFailures NotificationFailures",
        Metric(kinds=(ASYNC,), is_counted=True),
    ),
    **_named("ConcurrentRequestsPerCopy", _OF_COMPONENT),
    **_named("NoCapacityInvocationFailures", dataclasses.replace(_OF_COMPONENT, is_counted=True)),
    **_named("InvocationsPerCopy", dataclasses.replace(_OF_COMPONENT, is_counted=True, is_high_resolution=False)),
}


def metric_of(name: str) -> Metric:
    """What is known about the metric; for an unknown one, what the Terraform module assumes."""
    return CATALOGUE.get(name, Metric(kinds=EVERYWHERE, values=(-math.inf, math.inf)))


def natural_statistic(name: str) -> str | None:
    """The statistic to take if none is written: the sum, for a metric that counts something."""
    return "Sum" if metric_of(name).is_counted else None


def dimensions(name: str, endpoint: str, variant: str) -> list[dict[str, str]]:
    """Those of the variant or of its endpoint; a metric of a component gets the same, and a warning."""
    metric = metric_of(name)
    names = DIMENSIONS["variant"] if metric.measured_by == "component" else metric.dimension_names
    values = {"EndpointName": endpoint, "VariantName": variant}
    return [{"name": each, "value": values[each]} for each in names]


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
