# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""GetResources over everything that carries tags."""

from __future__ import annotations

from itertools import islice

from ..call import Call
from ..errors import AwsError
from ..paging import at_most, mark_in, token_of
from ..sagemaker.lookup import endpoints_now
from ..tag_store import Tags
from ..types import Params, Result

_MAX_PAGE = 100
# [D TAG]
_PAGE = 50
_FULL = " full"
"""After the ARN in a token: the next page has entries. No ARN ends like this."""
_FILTERS = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "PaginationToken")


def get_resources(call: Call, params: Params) -> Result:
    """What was tagged once, as far as the index knows: it is eventually consistent. [D TAG]"""
    _check(params)
    endpoints_now(call)
    shown, token = _page(call, params)
    return {
        "PaginationToken": token,
        "ResourceTagMappingList": [
            {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            for arn, tags in shown
        ],
    }


def _page(call: Call, params: Params) -> tuple[list[tuple[str, Tags]], str]:
    """One page, and the token of the next: it names the last resource shown, so a page costs what it shows."""
    store = call.region.tags
    if "ResourceARNList" in params:
        arns = sorted(set(params["ResourceARNList"]), reverse=call.settings.other_order)
        return [(arn, tags) for arn in arns if (tags := store.tags_at(arn, call.now)) is not None], ""
    try:
        mark = mark_in(call.operation, params["PaginationToken"]) if params.get("PaginationToken") else ""
    except ValueError:
        raise AwsError("PaginationTokenExpiredException", "The pagination token is not valid.") from None
    after, is_full = mark.removesuffix(_FULL), mark.endswith(_FULL)
    found = (each for each in store.seen_at(call.now, after) if _is_asked_for(*each, params))
    limit = at_most(params.get("ResourcesPerPage", _PAGE), call.settings)
    shown = list(islice(found, limit + 1))
    if call.settings.empty_pages and not is_full:
        return [], token_of(call.operation, f"{after}{_FULL}") if shown else ""
    is_last = len(shown) <= limit and not (call.settings.empty_pages and shown)
    return shown[:limit], "" if is_last else token_of(call.operation, shown[:limit][-1][0])


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
