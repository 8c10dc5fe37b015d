# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Finds what is registered, or says so in Application Auto Scaling's words; pages of its lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..call import Call
from ..errors import AwsError, invalid
from ..paging import page
from ..region import Region
from ..types import Params
from .resource_ids import check_identity, targets_of
from .resources import NAMESPACE, ScalableTarget, TargetKey

Item = TypeVar("Item")


def key_of(params: Params) -> TargetKey:
    check_identity(params["ServiceNamespace"], params["ResourceId"], params["ScalableDimension"])
    return TargetKey(params["ResourceId"], params["ScalableDimension"])


def find_target(call: Call, params: Params) -> ScalableTarget:
    """[D][P][M]"""
    target = call.region.targets.get(key_of(params))
    if target is None:
        raise object_not_found(f"No scalable target registered for {described(params)}")
    return target


def object_not_found(message: str) -> AwsError:
    return AwsError("ObjectNotFoundException", message)


def described(params: Params) -> str:
    return (
        f"service namespace: {NAMESPACE}, resource ID: {params['ResourceId']}, "
        f"scalable dimension: {params['ScalableDimension']}"
    )


def targets_asked_for(call: Call, params: Params) -> list[ScalableTarget]:
    """The targets that a Describe call is about: all of the namespace, of one resource, or of one dimension of it."""
    if params["ServiceNamespace"] != NAMESPACE:
        return []
    ids = params.get("ResourceIds") or ([params["ResourceId"]] if "ResourceId" in params else [])
    dimension = params.get("ScalableDimension")
    if dimension and not ids:
        # [D AS]; the text is a guess.
        raise invalid("A resource ID must be specified together with a scalable dimension.")
    found = call.region.targets.all().values() if not ids else _of_resources(call.region, ids)
    return [target for target in found if not dimension or target.key.dimension == dimension]


def _of_resources(region: Region, ids: Sequence[str]) -> list[ScalableTarget]:
    """In the order of their registration, whatever that of the ids."""
    found = [target for resource_id in dict.fromkeys(ids) for target in targets_of(region, resource_id)]
    return sorted(found, key=lambda target: target.created)


def one_page(call: Call, items: Sequence[Item], params: Params, most: int) -> tuple[Sequence[Item], Params]:
    """A page of at most `most`, which is also the default size. [D AS]"""
    limit = params.get("MaxResults", most)
    if not 1 <= limit <= most:
        # The text is a guess.
        raise invalid(f"MaxResults must be between 1 and {most}.")
    try:
        shown, token = page(items, call.operation, limit, params.get("NextToken"), call.settings)
    except ValueError:
        raise AwsError("InvalidNextTokenException", "The next token supplied was invalid.") from None
    return shown, {"NextToken": token} if token else {}
