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

_NAMED_BY = {
    "model": "ModelName",
    "endpoint-config": "EndpointConfigName",
    "endpoint": "EndpointName",
    "alarm": "AlarmName",
}


def remove(call: Call, params: Params, pattern: str) -> None:
    """Delete whatever the call names and the pattern fits, without a trace in the journal."""
    region = call.region
    endpoints_now(call)
    params = {**params, **_tagged(call, params)}
    for name in _fitting(params, "ModelName", pattern):
        _forget(call, region.models.pop(name.lower(), None))
    for name in _fitting(params, "EndpointConfigName", pattern):
        _forget(call, region.endpoint_configs.pop(name.lower(), None))
    for name in _fitting(params, "EndpointName", pattern):
        _forget(call, region.endpoints.pop(name.lower(), None))
        deregister_endpoint(call, name)
    for name in _fitting(params, "AlarmName", pattern) + _fitting(params, "AlarmNames", pattern):
        _forget(call, region.alarms.pop(name) or region.composites.pop(name, None))
    for name in _fitting(params, "ResourceId", pattern) + _fitting(params, "ResourceIds", pattern):
        for target in targets_of(region, name):
            deregister(call, target)


def _tagged(call: Call, params: Params) -> Params:
    """The resource whose tags the call is about, in the words of the calls that name it."""
    arn = str(params.get("ResourceArn") or params.get("ResourceARN") or "")
    target = call.region.targets.with_arn(arn)
    if target:
        return {"ResourceId": target.key.resource_id}
    resource = arn.split(":", 5)[-1]
    kind, _separator, name = resource.partition(":" if resource.startswith("alarm:") else "/")
    return {_NAMED_BY[kind]: name} if kind in _NAMED_BY else {}


def _forget(call: Call, resource: Model | EndpointConfig | Endpoint | Alarm | None) -> None:
    if resource:
        call.region.tags.forget(resource.arn, call.now)


def _fitting(params: Params, key: str, pattern: str) -> list[str]:
    given = params.get(key)
    names = given if isinstance(given, list) else [given]
    return [name for name in names if isinstance(name, str) and fnmatchcase(name, pattern)]
