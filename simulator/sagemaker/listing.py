# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""ListModels, ListEndpointConfigs, ListEndpoints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from ..call import Call
from ..clock import to_datetime
from ..errors import invalid
from ..paging import page
from ..types import Params, Result
from .lookup import endpoints_now
from .resources import Endpoint, EndpointConfig, Model

Listed = TypeVar("Listed", Model, EndpointConfig, Endpoint)

# [D SM ListEndpoints]; for the other two the documentation is silent, the same is a guess.
_PAGE = 10


def list_models(call: Call, params: Params) -> Result:
    models, token = _page(call, _sorted(_filtered(list(call.region.models.values()), params), params), params)
    summaries = [
        {"ModelName": model.name, "ModelArn": model.arn, "CreationTime": call.time(model.created)} for model in models
    ]
    return {"Models": summaries, **token}


def list_endpoint_configs(call: Call, params: Params) -> Result:
    found = _sorted(_filtered(list(call.region.endpoint_configs.values()), params), params)
    configs, token = _page(call, found, params)
    summaries = [
        {
            "EndpointConfigName": config.name,
            "EndpointConfigArn": config.arn,
            "CreationTime": call.time(config.created),
        }
        for config in configs
    ]
    return {"EndpointConfigs": summaries, **token}


def list_endpoints(call: Call, params: Params) -> Result:
    """Summaries without configuration name, variants and tags. [D SM]"""
    status = params.get("StatusEquals")
    found = [
        endpoint
        for endpoint in _filtered(endpoints_now(call), params)
        if (status is None or endpoint.status == status) and _within(endpoint.modified, params, "LastModifiedTime")
    ]
    endpoints, token = _page(call, _sorted(found, params), params)
    summaries = [
        {
            "EndpointName": endpoint.name,
            "EndpointArn": endpoint.arn,
            "EndpointStatus": endpoint.status.value,
            "CreationTime": call.time(endpoint.created),
            "LastModifiedTime": call.time(endpoint.modified),
        }
        for endpoint in endpoints
    ]
    return {"Endpoints": summaries, **token}


def _filtered(items: list[Listed], params: Params) -> list[Listed]:
    """NameContains looks anywhere in the name. [D SM] That it minds the case is a guess."""
    part = params.get("NameContains", "")
    return [item for item in items if part in item.name and _within(item.created, params, "CreationTime")]


def _within(moment: float, params: Params, key: str) -> bool:
    """[D SM] "before" excludes, "after" includes the given time."""
    before: datetime | None = params.get(f"{key}Before")
    after: datetime | None = params.get(f"{key}After")
    return (before is None or to_datetime(moment) < before) and (after is None or to_datetime(moment) >= after)


def _sorted(items: list[Listed], params: Params) -> list[Listed]:
    """[D SM] by creation time, newest first, unless asked otherwise."""
    descending = params.get("SortOrder", "Descending") == "Descending"
    by = params.get("SortBy", "CreationTime")

    def key(item: Listed) -> tuple[str | float, str]:
        if by == "Name":
            return item.name, ""
        if by == "Status" and isinstance(item, Endpoint):
            return item.status.value, item.name
        return item.created, item.name

    return sorted(items, key=key, reverse=descending)


def _page(call: Call, items: list[Listed], params: Params) -> tuple[Sequence[Listed], Params]:
    try:
        limit, token = params.get("MaxResults", _PAGE), params.get("NextToken")
        shown, token = page(items, call.operation, limit, token, call.settings, is_in_order=True)
    except ValueError:
        raise invalid("Invalid pagination token.") from None
    return shown, {"NextToken": token} if token else {}
