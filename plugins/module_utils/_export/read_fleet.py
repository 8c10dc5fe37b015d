# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads endpoints with all that belongs to them: what can be listed is listed, the rest is described side by side."""

from __future__ import annotations

import dataclasses
import typing as t

from .._aws import autoscaling, cloudwatch, sagemaker, tagging
from .._aws.client import Api, Result
from .._engine.ownership import DEPLOYMENT, Tags
from .._engine.requests import sent_members
from .._resources import alarm, model, scaling
from .._resources.endpoint import config
from .._resources.endpoint.live_capacity import variants_of
from .._resources.names import VariantId
from .fleet import Endpoint, Fleet, Resource, Scaling

_SCHEDULE = "PutScheduledAction"


def read_fleet(api: Api, names: t.Collection[str] = (), deployment: str | None = None) -> Fleet:
    """The endpoints of these names, those of this deployment, or all of the region; raises CallFailed.

    Tags are asked of the services and not of the index, which lags behind: what was just made must not be missed.
    """
    listed = sorted(each for each in sagemaker.list_endpoints(api) if not names or each.name in names)
    tags = api.all(lambda each: sagemaker.list_tags(api, each.arn), listed)
    tags_by_name = {each.name: found for each, found in zip(listed, tags, strict=True)}
    wanted = [name for name, own in tags_by_name.items() if deployment is None or own.get(DEPLOYMENT) == deployment]
    found = api.all(lambda name: _endpoint(api, name, tags_by_name[name]), wanted)
    endpoints = _with_alarms(api, _with_scaling(api, [each for each in found if each is not None]))
    used = {name for endpoint in endpoints for name in endpoint.model_names}
    owned = _models_of_deployment(api, deployment) if deployment is not None else set()
    models = [each for each in api.all(lambda name: _model(api, name), sorted(used | owned)) if each is not None]
    return Fleet(
        tuple(endpoints),
        {each.name: each for each in models if each.name in used or each.tags.get(DEPLOYMENT) == deployment},
        tuple(sorted(set(names) - {each.name for each in endpoints})),
    )


def _endpoint(api: Api, name: str, tags: Tags) -> Endpoint | None:
    description = sagemaker.describe_endpoint(api, name)
    if description is None:
        return None
    config_name = description.get("EndpointConfigName")
    found = sagemaker.describe_endpoint_config(api, config_name) if config_name else None
    resource = _resource(api, "EndpointConfig", config.CREATE, found) if found else None
    return Endpoint(name, description["EndpointArn"], description, tags, resource)


def _model(api: Api, name: str) -> Resource | None:
    found = sagemaker.describe_model(api, name)
    return _resource(api, "Model", model.CREATE, found) if found else None


def _resource(api: Api, kind: str, operation: str, description: Result) -> Resource:
    arn = description[f"{kind}Arn"]
    request = sent_members(sagemaker.SERVICE, operation, description)
    return Resource(description[f"{kind}Name"], arn, request, sagemaker.list_tags(api, arn), description)


def _models_of_deployment(api: Api, deployment: str) -> set[str]:
    """What the index knows, those too that no endpoint uses; a warning where it cannot be asked."""
    arns = tagging.arns_with_tags(api, {DEPLOYMENT: deployment}, "sagemaker:model")
    if arns is None:
        api.warn("models of the deployment that no endpoint uses are not looked for, for only that index finds them")
    return {arn.rpartition("/")[2] for arn in arns or ()}


def _with_scaling(api: Api, endpoints: list[Endpoint]) -> list[Endpoint]:
    owners = {
        VariantId(endpoint.name, variant).resource_id: (endpoint.name, variant)
        for endpoint in endpoints
        for variant in variants_of(endpoint.config.request if endpoint.config else {})
    }
    targets = autoscaling.describe_targets(api, list(owners))
    policies = autoscaling.describe_policies(api, list(targets))
    actions = autoscaling.list_scheduled_actions(api) if targets else []

    def scaling_of(key: autoscaling.Target) -> Scaling:
        arn = targets[key]["ScalableTargetARN"]
        request = sent_members(autoscaling.SERVICE, scaling.REGISTER, targets[key])
        # [D] RoleARN is ignored and reads back as the service-linked role.
        request.pop("RoleARN", None)
        scheduled = [each for each in actions if (each["ResourceId"], each["ScalableDimension"]) == key]
        return Scaling(
            owners[key[0]][1],
            Resource(key[0], arn, request, autoscaling.list_tags(api, arn), targets[key]),
            tuple(sent_members(autoscaling.SERVICE, scaling.PUT, each) for each in policies[key]),
            tuple(sent_members(autoscaling.SERVICE, _SCHEDULE, each) for each in scheduled),
        )

    by_endpoint: dict[str, list[Scaling]] = {}
    for key, found in zip(targets, api.all(scaling_of, list(targets)), strict=True):
        by_endpoint.setdefault(owners[key[0]][0], []).append(found)
    return [dataclasses.replace(each, scaling=tuple(by_endpoint.get(each.name, ()))) for each in endpoints]


def _with_alarms(api: Api, endpoints: list[Endpoint]) -> list[Endpoint]:
    names = {endpoint.name for endpoint in endpoints}
    found = [each for each in cloudwatch.every_metric_alarm(api) if names & endpoints_of_alarm(each)] if names else []
    tags = api.all(lambda each: cloudwatch.list_tags(api, each["AlarmArn"]), found)
    alarms = [
        Resource(each["AlarmName"], each["AlarmArn"], sent_members(cloudwatch.SERVICE, alarm.PUT, each), own, each)
        for each, own in zip(found, tags, strict=True)
    ]
    return [
        dataclasses.replace(
            endpoint, alarms=tuple(each for each in alarms if endpoint.name in endpoints_of_alarm(each.description))
        )
        for endpoint in endpoints
    ]


def endpoints_of_alarm(description: Result) -> set[str]:
    """The endpoints on whose metrics the alarm is; none for what target tracking looks after."""
    if description["AlarmName"].startswith(cloudwatch.MADE_BY_SCALING):
        return set()
    metrics = [query.get("MetricStat", {}).get("Metric", {}) for query in description.get("Metrics", ())]
    dimensions = [each for metric in (description, *metrics) for each in metric.get("Dimensions", ())]
    return {each["Value"] for each in dimensions if each["Name"] == "EndpointName"}
