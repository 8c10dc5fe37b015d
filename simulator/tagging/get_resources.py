# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""GetResources over everything that carries tags."""

from __future__ import annotations

from ..call import Call
from ..errors import AwsError
from ..paging import page
from ..sagemaker.lookup import endpoints_now
from ..tag_store import Tags
from ..types import Params, Result

_MAX_PAGE = 100
# [D TAG]
_PAGE = 50
_FILTERS = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "PaginationToken")


def get_resources(call: Call, params: Params) -> Result:
    """What was tagged once, as it was `tag_delay_seconds` ago: the index is eventually consistent. [D TAG]"""
    _check(params)
    endpoints_now(call)
    seen = call.region.tags.seen_at(call.now - call.settings.tag_delay_seconds)
    found = [(arn, tags) for arn, tags in seen if _is_asked_for(arn, tags, params)]
    limit = len(found) or 1 if "ResourceARNList" in params else params.get("ResourcesPerPage", _PAGE)
    try:
        shown, token = page(found, call.operation, limit, params.get("PaginationToken"))
    except ValueError:
        raise AwsError("PaginationTokenExpiredException", "The pagination token is not valid.") from None
    return {
        "PaginationToken": token or "",
        "ResourceTagMappingList": [
            {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            for arn, tags in shown
        ],
    }


def _check(params: Params) -> None:
    """[D TAG] for the rules; the texts are guesses."""
    if "ResourceARNList" in params and any(params.get(name) for name in _FILTERS):
        raise _invalid("ResourceARNList cannot be specified together with filters or paging.")
    if not 1 <= params.get("ResourcesPerPage", _PAGE) <= _MAX_PAGE:
        raise _invalid(f"ResourcesPerPage must be between 1 and {_MAX_PAGE}.")
    if any("Key" not in tag_filter for tag_filter in params.get("TagFilters", [])):
        raise _invalid("A tag filter must have a key.")


def _is_asked_for(arn: str, tags: Tags, params: Params) -> bool:
    """All tag filters must fit, any of the types, any of a filter's values. [D TAG]"""
    if "ResourceARNList" in params:
        return arn in params["ResourceARNList"]
    types = params.get("ResourceTypeFilters", [])
    return (not types or any(_is_of_type(arn, kind) for kind in types)) and all(
        item["Key"] in tags and (not item.get("Values") or tags[item["Key"]] in item["Values"])
        for item in params.get("TagFilters", [])
    )


def _is_of_type(arn: str, kind: str) -> bool:
    service, _colon, resource_type = kind.partition(":")
    parts = arn.split(":", 5)
    resource = parts[5].replace(":", "/", 1).split("/", 1)[0]
    return parts[2] == service and resource_type in ("", resource)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
