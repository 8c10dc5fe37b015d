# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two requests for a model ask for the same, however they are written and whatever AWS has filled in."""

from __future__ import annotations

import dataclasses
import operator
import typing as t

from .._engine.canonical import Request, Rules, digest, without
from .._engine.diff import Difference, differences
from .._engine.ownership import DIGEST, REDEPLOY

CREATE = "CreateModel"

_ADDITIONAL = "AdditionalModelDataSources"
_ADDITIONAL_DATA = f"Containers.*.{_ADDITIONAL}"

RULES = Rules(
    # [C live] [P] what DescribeModel fills in.
    defaults={
        "EnableNetworkIsolation": False,
        "InferenceExecutionConfig.Mode": "Serial",
        "Containers.*.Mode": "SingleModel",
        "Containers.*.MultiModelConfig.ModelCacheSetting": "Enabled",
    },
    read_only=("ModelName", "Tags"),
    # [P] computed attributes of terraform-provider-aws model.go.
    computed=(
        "InferenceExecutionConfig",
        "Containers.*.ImageConfig",
        _ADDITIONAL_DATA,
        # [D] S3ModelDataSource: shown, and since 2025 taken by CreateModel.
        "Containers.*.ModelDataSource.S3DataSource.ETag",
        "Containers.*.ModelDataSource.S3DataSource.ManifestEtag",
    ),
    unordered=("VpcConfig.Subnets", "VpcConfig.SecurityGroupIds"),
    secret=("Containers.*.Environment",),
)
TO_THE_LETTER = dataclasses.replace(RULES, computed=())
# [P] computed attributes of terraform-provider-aws model.go.
_FILLED_IN = ("ImageConfig", _ADDITIONAL)
_ETAGS = ("ETag", "ManifestEtag")


def rules_for(wanted: Request) -> Rules:
    """Of additional data that the request names, only ETags are left as found."""
    if not any(container.get(_ADDITIONAL) for container in normalised(wanted)["Containers"]):
        return RULES
    computed = (path for path in RULES.computed if path != _ADDITIONAL_DATA)
    etags = (f"{_ADDITIONAL_DATA}.*.S3DataSource.{name}" for name in _ETAGS)
    return dataclasses.replace(RULES, computed=(*computed, *etags))


def changed(current: Request, tags: t.Mapping[str, str], wanted: Request) -> tuple[Difference, ...]:
    """What makes *wanted* another model than the one that has these tags; of what carries a digest nothing is kept."""
    if DIGEST in tags:
        return differences(TO_THE_LETTER, *comparable(asked_for(current, tags), wanted))
    return differences(rules_for(wanted), *comparable(current, wanted))


def normalised(request: Request) -> Request:
    """The request with containers as a list and gzipped artifacts as ``ModelDataUrl``, whichever way it was written."""
    result = {member: value for member, value in request.items() if member != "PrimaryContainer"}
    primary = request.get("PrimaryContainer")
    containers = [primary] if primary else request.get("Containers", [])
    return result | {"Containers": [_with_plain_data(container) for container in containers]}


def comparable(one: Request, other: Request) -> tuple[Request, Request]:
    """Both normalised; [D ContainerDefinition] SageMaker ignores the host name of an only container.

    A container finds additional data by the name of its channel, so their order means nothing.
    """
    plain = _with_sorted_data(normalised(one)), _with_sorted_data(normalised(other))
    if any(len(each["Containers"]) != 1 for each in plain):
        return plain
    return _without_host(plain[0]), _without_host(plain[1])


def _with_sorted_data(request: Request) -> Request:
    return request | {"Containers": [_with_sorted_channels(container) for container in request["Containers"]]}


def _with_sorted_channels(container: Request) -> Request:
    sources = container.get(_ADDITIONAL)
    return container | {_ADDITIONAL: sorted(sources, key=operator.itemgetter("ChannelName"))} if sources else container


def _without_host(request: Request) -> Request:
    return request | {"Containers": [without(("ContainerHostname",), each) for each in request["Containers"]]}


def asked_for(request: Request, tags: t.Mapping[str, str]) -> Request:
    """A description as normalised request, without what AWS has filled in, as far as the digest in *tags* shows it."""
    plain = normalised(request)
    bare = unpinned(plain)
    candidates = [found for each in (plain, bare) for found in (_without_filled_in(each), each)]
    words = (None, tags.get(REDEPLOY))
    found = (each for each in candidates if tags.get(DIGEST) in [digest(RULES, each, word) for word in words])
    return next(found, plain) if DIGEST in tags else bare


def possible_requests(request: Request, tags: t.Mapping[str, str]) -> tuple[Request, ...]:
    """The requests that a model with this digest satisfies: what it was asked for, with or without what AWS filled in.

    An ETag that was asked for is part of every one of them.
    """
    asked, plain = asked_for(request, tags), normalised(request)
    bare = unpinned(plain)
    return (asked, plain) if asked != unpinned(asked) else (asked, plain, bare)


def unpinned(request: Request) -> Request:
    """The normalised request without ETags, which AWS may have filled in."""
    return request | {"Containers": [_without_etags(container) for container in request["Containers"]]}


def _without_filled_in(request: Request) -> Request:
    return request | {"Containers": [without(_FILLED_IN, container) for container in request["Containers"]]}


def _without_etags(container: Request) -> Request:
    if more := container.get(_ADDITIONAL):
        container = container | {_ADDITIONAL: [_without_etag(source) for source in more]}
    source = container.get("ModelDataSource", {}).get("S3DataSource")
    if source is None:
        return container
    rest = without(_ETAGS, source)
    bare = without(("ModelDataSource",), container)
    return bare | {"ModelDataSource": {"S3DataSource": rest}} if rest else bare


def _without_etag(source: Request) -> Request:
    return source | {"S3DataSource": without(_ETAGS, source["S3DataSource"])}


def _with_plain_data(container: Request) -> Request:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    plain = {"S3DataType": "S3Object", "CompressionType": "Gzip"}
    is_plain = {name: value for name, value in source.items() if name not in ("S3Uri", "ETag")} == plain
    if not is_plain and "ModelDataUrl" not in container:
        return container
    etag = {"ETag": source["ETag"]} if "ETag" in source else {}
    pinned = {"ModelDataSource": {"S3DataSource": etag}} if etag else {}
    return {"ModelDataUrl": source.get("S3Uri"), **without(("ModelDataSource",), container), **pinned}
