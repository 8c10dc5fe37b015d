# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks each compiled resource against the request that it becomes, for what no rule for a single key covers."""

from __future__ import annotations

import typing as t

from .._aws import service_model as shapes
from .._engine.canonical import without
from .._resources.names import VariantId
from ..problems import InvalidInput, Problem, join
from .values import segment

Options = dict[str, t.Any]


_OF_ENDPOINT = (
    "endpoint_name",
    "deployment_config",
    "allow_replace",
    "scaled_variants",
    "alarm_names",
    "keep_variant_name",
    "adopt",
    "deletion_protection",
    "redeploy",
)
"""The options of an endpoint that its configuration does not have."""


def model_problems(model: Options) -> t.Iterator[Problem]:
    path = f"models.{segment(model['model_name'])}"
    yield from _problems("sagemaker", "CreateModel", without(("redeploy",), model), path)


def endpoint_problems(endpoint: Options) -> t.Iterator[Problem]:
    name = endpoint["endpoint_name"]
    path = f"endpoints.{segment(name)}"
    config = without(_OF_ENDPOINT, endpoint)
    yield from _problems("sagemaker", "CreateEndpointConfig", {"endpoint_config_name": name, **config}, path)
    if "deployment_config" in endpoint:
        names = {"endpoint_name": name, "endpoint_config_name": name}
        update = names | {"deployment_config": endpoint["deployment_config"]}
        yield from _problems("sagemaker", "UpdateEndpoint", update, path)


def alarm_problems(alarm: Options, path: str) -> t.Iterator[Problem]:
    operation = "PutCompositeAlarm" if "alarm_rule" in alarm else "PutMetricAlarm"
    yield from _problems("cloudwatch", operation, without(("adopt",), alarm), path)


def target_problems(target: Options, path: str) -> t.Iterator[Problem]:
    resource = VariantId(target["endpoint_name"], target["variant_name"]).target_options(target["scalable_dimension"])
    capacity = {name: target[name] for name in ("min_capacity", "max_capacity")}
    yield from _problems("application-autoscaling", "RegisterScalableTarget", resource | capacity, path)
    for action in target["scheduled_actions"]:
        yield from _problems("application-autoscaling", "PutScheduledAction", resource | action, path)
    for policy in target["policies"]:
        request = resource | without(("alarm",), policy)
        yield from _problems("application-autoscaling", "PutScalingPolicy", request, path)
        if "alarm" in policy:
            yield from alarm_problems(policy["alarm"] | {"alarm_name": policy["policy_name"]}, path)


def _problems(service: str, operation: str, options: Options, path: str) -> t.Iterator[Problem]:
    """Errors only: the reader of the inventory has already reported the warnings."""
    shape = shapes.input_shape(service, operation)
    try:
        found = list(shapes.violations(shape, shapes.to_api(shape, without(("tags",), options))))
    except InvalidInput as error:
        found = list(error.problems)
    for problem in found:
        if not problem.is_warning:
            yield Problem(join(path, f"({operation} {problem.path})"), problem.message)
