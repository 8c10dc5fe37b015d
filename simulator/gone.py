# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The fault `gone`: somebody else deletes a resource just before the call that names it."""

from __future__ import annotations

from fnmatch import fnmatchcase

from .autoscaling.deregister import deregister, deregister_endpoint
from .autoscaling.resource_ids import targets_of
from .call import Call
from .cloudwatch.resources import Alarm
from .sagemaker.lookup import endpoints_now
from .sagemaker.resources import Endpoint, EndpointConfig, Model
from .types import Params


def remove(call: Call, params: Params, pattern: str) -> None:
    """Delete whatever the call names and the pattern fits, without a trace in the journal."""
    region = call.region
    endpoints_now(call)
    if name := _fitting(params, "ModelName", pattern):
        _forget(call, region.models.pop(name.lower(), None))
    if name := _fitting(params, "EndpointConfigName", pattern):
        _forget(call, region.endpoint_configs.pop(name.lower(), None))
    if name := _fitting(params, "EndpointName", pattern):
        _forget(call, region.endpoints.pop(name.lower(), None))
        deregister_endpoint(call, name)
    if name := _fitting(params, "AlarmName", pattern):
        _forget(call, region.alarms.pop(name))
    if name := _fitting(params, "ResourceId", pattern):
        for target in targets_of(region, name):
            deregister(call, target)


def _forget(call: Call, resource: Model | EndpointConfig | Endpoint | Alarm | None) -> None:
    if resource:
        call.region.tags.forget(resource.arn, call.now)


def _fitting(params: Params, key: str, pattern: str) -> str:
    name = params.get(key)
    return name if isinstance(name, str) and fnmatchcase(name, pattern) else ""
