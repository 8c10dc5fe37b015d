# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of many resources at once, from an index that follows the services with some delay."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from .client import Api, CallFailed

SERVICE = "resourcegroupstaggingapi"
ARNS_PER_CALL = 100
_WORTHWHILE = 2
_INDEX_LAG = datetime.timedelta(hours=24)
"""[I boto/boto3 #3341] a lag of hours has been reported; the maximum is not documented."""

TagsByArn: t.TypeAlias = "dict[str, dict[str, str]]"


def bulk_tags(api: Api, arns: t.Sequence[str]) -> TagsByArn:
    """The tags that the index knows, by ARN, 100 a call; none for a single resource, which is as well asked itself.

    They may be behind those of the service: good enough to find nothing to do, never to decide on a change.
    """
    if len(arns) < _WORTHWHILE:
        return {}
    chunks = [arns[start : start + ARNS_PER_CALL] for start in range(0, len(arns), ARNS_PER_CALL)]
    found: TagsByArn = {}
    for answer in api.each(lambda chunk: _tags_of(api, chunk), chunks):
        if isinstance(answer, CallFailed):
            _warn(api, answer)
            return {}
        found |= answer
    return found


Dated: t.TypeAlias = "tuple[str, datetime.datetime | None]"
"""The ARN of a resource, and when it was created or last put."""


def trusted_tags(
    api: Api, resources: t.Sequence[Dated], list_tags: t.Callable[[Api, str], dict[str, str]]
) -> TagsByArn:
    """The tags of resources, by ARN, that may decide that nothing is to do.

    They are those of the index where a resource has been there for longer than the index can lag, and else those of its
    service: until then the index may show another resource that had the same ARN. What cannot be read is left out.
    """
    oldest = api.now() - _INDEX_LAG
    old = [arn for arn, created in resources if created is not None and created < oldest]
    tags = bulk_tags(api, old)
    young = sorted({arn for arn, _created in resources} - (set(old) if len(old) >= _WORTHWHILE else set()))
    for arn, answer in zip(young, api.each(lambda arn: list_tags(api, arn), young), strict=True):
        if not isinstance(answer, CallFailed):
            tags[arn] = answer
    return tags


def arns_with_tags(api: Api, tags: t.Mapping[str, str], *types: str) -> list[str] | None:
    """The ARNs of all resources of these types, such as ``cloudwatch:alarm``, with these tags; None if it is refused.

    What is young may be missing, and what has gone be there. Whoever looks without the index finds more, so that a
    failure which passes is raised as CallFailed: a run must not do what check mode has not shown.
    """
    filters = [{"Key": key, "Values": [value]} for key, value in tags.items()]
    parameters = {"TagFilters": filters, "ResourceTypeFilters": list(types), "ResourcesPerPage": ARNS_PER_CALL}
    arns: list[str] = []
    token: dict[str, str] = {}
    while True:
        try:
            page = api.call(SERVICE, "GetResources", **parameters, **token)
        except CallFailed as failure:
            if failure.is_passing:
                raise
            _warn(api, failure)
            return None
        arns += [each["ResourceARN"] for each in page.get("ResourceTagMappingList", ())]
        if not page.get("PaginationToken"):
            return arns
        token = {"PaginationToken": page["PaginationToken"]}


def _warn(api: Api, failure: CallFailed) -> None:
    api.warn(f"tags are read one resource at a time, because reading them in bulk failed: {failure}")


def _tags_of(api: Api, arns: t.Sequence[str]) -> TagsByArn:
    answer = api.call(SERVICE, "GetResources", ResourceARNList=list(arns))
    return {
        each["ResourceARN"]: boto3_tag_list_to_ansible_dict(each.get("Tags", []))
        for each in answer.get("ResourceTagMappingList", ())
    }
