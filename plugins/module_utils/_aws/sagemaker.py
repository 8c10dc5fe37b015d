# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of SageMaker; a resource that does not exist is None, and an error is never treated as that."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from .client import Api, CallFailed, Result

SERVICE = "sagemaker"


class Summary(t.NamedTuple):
    """What a list call returns for a model, an endpoint configuration or an endpoint."""

    name: str
    arn: str
    status: str = ""
    """Of an endpoint only."""
    created: datetime.datetime | None = None


def describe_model(api: Api, name: str) -> Result | None:
    return _found(api, "DescribeModel", ModelName=name)


def describe_endpoint(api: Api, name: str) -> Result | None:
    return _found(api, "DescribeEndpoint", EndpointName=name)


def describe_endpoint_config(api: Api, name: str) -> Result | None:
    return _found(api, "DescribeEndpointConfig", EndpointConfigName=name)


def _found(api: Api, operation: str, **parameters: str) -> Result | None:
    try:
        return api.call(SERVICE, operation, **parameters)
    except CallFailed as failure:
        if failure.is_missing:
            return None
        raise


def list_tags(api: Api, arn: str) -> dict[str, str]:
    return t.cast(
        "dict[str, str]", boto3_tag_list_to_ansible_dict(list(api.pages(SERVICE, "ListTags", "Tags", ResourceArn=arn)))
    )


def tags_of(api: Api, listed: t.Sequence[Summary]) -> dict[str, dict[str, str]]:
    """The tags, by name, of those that still exist."""
    answers = zip(listed, api.all(lambda each: _tags_unless_gone(api, each.arn), listed), strict=True)
    return {each.name: tags for each, tags in answers if tags is not None}


def _tags_unless_gone(api: Api, arn: str) -> dict[str, str] | None:
    try:
        return list_tags(api, arn)
    except CallFailed as failure:
        if failure.is_missing:
            return None
        raise


def list_models(api: Api, name_contains: str | None = None) -> list[Summary]:
    """Newest first."""
    summaries = api.pages(SERVICE, "ListModels", "Models", **_newest_first(name_contains))
    return [Summary(each["ModelName"], each["ModelArn"], created=each.get("CreationTime")) for each in summaries]


def list_endpoint_configs(api: Api, name_contains: str | None = None) -> list[Summary]:
    """Newest first."""
    summaries = api.pages(SERVICE, "ListEndpointConfigs", "EndpointConfigs", **_newest_first(name_contains))
    return [
        Summary(each["EndpointConfigName"], each["EndpointConfigArn"], created=each.get("CreationTime"))
        for each in summaries
    ]


def _newest_first(name_contains: str | None) -> dict[str, t.Any]:
    order = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 100}
    return order | {"NameContains": name_contains} if name_contains else order


def list_endpoints(api: Api) -> list[Summary]:
    """Every endpoint of the region, newest first."""
    summaries = api.pages(SERVICE, "ListEndpoints", "Endpoints", **_newest_first(None))
    return [Summary(each["EndpointName"], each["EndpointArn"], each["EndpointStatus"]) for each in summaries]


def describe_endpoints(api: Api, besides: t.Collection[str] = ()) -> list[Result]:
    """Every endpoint of the region except *besides*."""
    listed = [each for each in list_endpoints(api) if each.name not in besides]
    described = api.all(lambda each: describe_endpoint(api, each.name), listed)
    return [found for found in described if found is not None]


def users_of_configs(endpoints: t.Iterable[Result]) -> dict[str, set[str]]:
    """Every endpoint configuration that these endpoints serve or are moving to, and which of them do."""
    users: dict[str, set[str]] = {}
    for found in endpoints:
        pending = found.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
        for config_name in (found.get("EndpointConfigName"), pending):
            if config_name:
                users.setdefault(config_name, set()).add(found["EndpointName"])
    return users


def configs_naming_models(api: Api, configs: t.Sequence[Summary]) -> dict[str, set[str]]:
    """Every model that these endpoint configurations name, and which of them do; one that is gone names none."""
    named: dict[str, set[str]] = {}
    for config, models in zip(configs, api.all(lambda each: _models_of(api, each), configs), strict=True):
        for model in models:
            named.setdefault(model, set()).add(config.name)
    return named


def _models_of(api: Api, config: Summary) -> frozenset[str]:
    """A configuration never changes; one that was created again under its name has another creation time."""

    def asked() -> frozenset[str]:
        found = describe_endpoint_config(api, config.name)
        variants = [*found["ProductionVariants"], *found.get("ShadowProductionVariants", ())] if found else []
        pools = [pool for variant in variants for pool in variant.get("InstancePools", ())]
        names = {variant.get("ModelName") for variant in variants} | {pool.get("ModelNameOverride") for pool in pools}
        return frozenset(names - {None})

    return api.once((config.arn, config.created), asked) if config.created else asked()
