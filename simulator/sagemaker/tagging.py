# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""AddTags, ListTags, DeleteTags."""

from __future__ import annotations

from collections.abc import Callable

from ..call import Call
from ..errors import invalid
from ..paging import page
from ..types import Params, Result
from .lookup import find_config, find_endpoint, find_model
from .resources import Endpoint, EndpointConfig, Model
from .tag_rules import MAX_TAGS, checked_tags, pairs_of

_FINDERS: dict[str, Callable[[Call, str], Model | EndpointConfig | Endpoint]] = {
    "model": find_model,
    "endpoint-config": find_config,
    "endpoint": find_endpoint,
}


def add_tags(call: Call, params: Params) -> Result:
    """Merges: other tags stay, same keys are overwritten. [D SM]"""
    arn = _known_arn(call, params["ResourceArn"])
    tags = checked_tags(params["Tags"], call.region.tags.get(arn))
    call.region.tags.put(arn, tags, call.now)
    return {"Tags": pairs_of(tags)}


def list_tags(call: Call, params: Params) -> Result:
    pairs = pairs_of(call.region.tags.get(_known_arn(call, params["ResourceArn"])))
    try:
        limit, token = params.get("MaxResults", MAX_TAGS), params.get("NextToken")
        shown, token = page(pairs, call.operation, limit, token, call.settings)
    except ValueError:
        raise invalid("Invalid pagination token.") from None
    return {"Tags": shown, **({"NextToken": token} if token else {})}


def delete_tags(call: Call, params: Params) -> Result:
    """Keys that are not there are passed over; the reserved prefix is refused. [D; the latter a guess]"""
    arn = _known_arn(call, params["ResourceArn"])
    checked_tags([{"Key": key, "Value": ""} for key in dict.fromkeys(params["TagKeys"])])
    call.region.tags.remove(arn, params["TagKeys"], call.now)
    return {}


def _known_arn(call: Call, arn: str) -> str:
    """The ARN if its resource exists; that tag calls say "Could not find" too is a guess."""
    kind, _slash, name = arn.rsplit(":", 1)[-1].partition("/")
    if kind not in _FINDERS:
        raise invalid(f"Unsupported resource type in {arn}.")
    found = _FINDERS[kind](call, name).arn
    if found.lower() != arn.lower():
        raise invalid(f"The resource {arn} belongs to another account or region.")
    return found
