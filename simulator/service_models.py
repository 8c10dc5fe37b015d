# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The service models of the simulated services, each loaded once from botocore."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel


@dataclass(frozen=True)
class Service:
    """How a service is called on the wire, in IAM and in botocore."""

    name: str
    signing_name: str
    iam_prefix: str
    target_prefix: str
    error_if_malformed: str
    access_denied: str


# The error codes of a request that breaks the service model: SageMaker and Application Auto Scaling answer
# ValidationException [C], CloudWatch ValidationError [C]; for the tagging API the documented
# InvalidParameterException is taken (guess). CloudWatch's AccessDenied is the query protocol's code.
SERVICES = (
    Service("sagemaker", "sagemaker", "sagemaker", "SageMaker", "ValidationException", "AccessDeniedException"),
    Service(
        "application-autoscaling",
        "application-autoscaling",
        "application-autoscaling",
        "AnyScaleFrontendService",
        "ValidationException",
        "AccessDeniedException",
    ),
    Service(
        "cloudwatch",
        "monitoring",
        "cloudwatch",
        "GraniteServiceVersion20100801",
        "ValidationError",
        "AccessDenied",
    ),
    Service(
        "resourcegroupstaggingapi",
        "tagging",
        "tag",
        "ResourceGroupsTaggingAPI_20170126",
        "InvalidParameterException",
        "AccessDeniedException",
    ),
)
RUNTIME = Service("sagemaker-runtime", "sagemaker", "sagemaker", "", "ValidationError", "AccessDeniedException")
"""Invocations, which are distinguished by their path."""
BY_NAME = {service.name: service for service in (*SERVICES, RUNTIME)}
BY_SIGNING_NAME = {service.signing_name: service for service in SERVICES}
BY_TARGET_PREFIX = {service.target_prefix: service for service in SERVICES}


@cache
def service_model(service_name: str) -> ServiceModel:
    description = Loader().load_service_model(service_name, "service-2")
    return ServiceModel(description, service_name)


@cache
def operation_model(service_name: str, operation: str) -> OperationModel:
    return service_model(service_name).operation_model(operation)
