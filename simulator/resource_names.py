# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The names of the resources that a request is about, for faults that strike by name."""

from __future__ import annotations

from .types import Params

_NAMES = (
    "ModelName",
    "EndpointConfigName",
    "EndpointName",
    "AlarmName",
    "PolicyName",
    "ScheduledActionName",
    "ResourceId",
    "ResourceArn",
    "ResourceARN",
)
_LISTS = ("AlarmNames", "ResourceIds")
IDENTITIES = (*_NAMES, *_LISTS)
"""The parameters that say what a request is about."""


def names_in(params: Params) -> list[str]:
    """A resource id and an ARN count as a whole and by their parts, an endpoint's name first."""
    values = [params[name] for name in _NAMES if name in params]
    values += [item for name in _LISTS if isinstance(params.get(name), list) for item in params[name]]
    names: list[str] = []
    for value in values:
        if isinstance(value, str):
            names += [value, *(part for part in value.split("/")[1:] if part != "variant")]
    return names
