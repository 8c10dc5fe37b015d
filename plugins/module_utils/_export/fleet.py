# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints with all that belongs to them, read together for an export."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass, field

from .._aws import autoscaling, cloudwatch, sagemaker, tagging
from .._aws.client import Api
from .._aws.endpoint_descriptions import variants_of
from .._engine.canonical import Request
from .._engine.ownership import DEPLOYMENT
from .._inventory import composite_rule, signals
from .._resources.alarm import LiveAlarm, is_composite
from .._resources.endpoint.scaling_notes import find_missing_scaling
from .._resources.endpoint.state import LiveEndpoint
from .._resources.generations import LiveGeneration, read_config, read_model
from .._resources.names import endpoint_of
from .._resources.scaling_state import LiveScaling, read_targets


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """*models* by their names in AWS: those that the endpoints use, and those that belong to the deployment."""

    endpoints: tuple[LiveEndpoint, ...]
    models: t.Mapping[str, LiveGeneration]
    absent: tuple[str, ...] = ()
    """The endpoints that were asked for and do not exist."""
    missing_scaling: t.Mapping[str, str] = field(default_factory=dict)
    """By the resource ID of a scalable target, what an earlier run has not restored of it, in words."""

    @property
    def account(self) -> str | None:
        """The account number in the ARN of anything that was read."""
        arns = [*(each.arn for each in self.endpoints), *(each.arn for each in self.models.values())]
        return arns[0].split(":")[4] if arns else None

    @property
    def used_models(self) -> set[str]:
        return {name for endpoint in self.endpoints for name in endpoint.model_names}


def read_fleet(api: Api, names: t.Collection[str] = (), deployment: str | None = None) -> Fleet:
    """The endpoints of these names, those of this deployment, or all of the region; raises CallFailed.

    Tags come from the services and not from the index, which lags: what was just created must not be missed.
    """
    listed = sorted(each for each in sagemaker.list_endpoints(api) if not names or each.name in names)
    tags = api.all(lambda each: sagemaker.list_tags(api, each.arn), listed)
    tags_by_name = {each.name: found for each, found in zip(listed, tags, strict=True)}
    wanted = [name for name, own in tags_by_name.items() if deployment is None or own.get(DEPLOYMENT) == deployment]
    found = api.all(lambda name: _endpoint(api, name, tags_by_name[name]), wanted)
    endpoints = _with_alarms(api, _with_scaling(api, [each for each in found if each is not None]))
    configs = {each.config.name: each.config.tags for each in endpoints if each.config}
    used = {name for endpoint in endpoints for name in endpoint.model_names}
    owned = _models_of_deployment(api, deployment) if deployment is not None else set()
    models = [each for each in api.all(lambda name: read_model(api, name), sorted(used | owned)) if each is not None]
    return Fleet(
        endpoints=tuple(endpoints),
        models={each.name: each for each in models if each.name in used or each.tags.get(DEPLOYMENT) == deployment},
        absent=tuple(sorted(set(names) - {each.name for each in endpoints})),
        missing_scaling=find_missing_scaling(api, [each.name for each in endpoints], configs),
    )


def _endpoint(api: Api, name: str, tags: dict[str, str]) -> LiveEndpoint | None:
    description = sagemaker.describe_endpoint(api, name)
    if description is None:
        return None
    config_name = description.get("EndpointConfigName")
    config = read_config(api, config_name) if config_name else None
    return LiveEndpoint(description=description, tags=tags, configs={config.name: config} if config else {})


def _models_of_deployment(api: Api, deployment: str) -> set[str]:
    """What the index knows, those too that no endpoint uses; a warning where it cannot be asked."""
    arns = tagging.arns_with_tags(api, {DEPLOYMENT: deployment}, "sagemaker:model")
    if arns is None:
        api.warn("models of the deployment that no endpoint uses are left out, because only the tag index lists them")
    return {arn.rpartition("/")[2] for arn in arns or ()}


def _with_scaling(api: Api, endpoints: list[LiveEndpoint]) -> list[LiveEndpoint]:
    variants = {each.name: variants_of(each.config.request) for each in endpoints if each.config}
    targets = read_targets(api, variants)
    bare = [target for by_variant in targets.values() for target in by_variant.values()]
    policies = autoscaling.describe_policies(api, [target.key for target in bare])
    actions = autoscaling.list_scheduled_actions(api) if bare else []

    def detailed(target: LiveScaling) -> LiveScaling:
        own = [each for each in actions if (each["ResourceId"], each["ScalableDimension"]) == target.key]
        described = target.with_details(policies[target.key], own, autoscaling.list_tags(api, target.arn))
        return dataclasses.replace(described, read_at=api.now())

    found = {target.name: target for target in api.all(detailed, bare)}
    return [
        dataclasses.replace(each, targets={name: found[bare.name] for name, bare in targets.get(each.name, {}).items()})
        for each in endpoints
    ]


def _with_alarms(api: Api, endpoints: list[LiveEndpoint]) -> list[LiveEndpoint]:
    names = {endpoint.name for endpoint in endpoints}
    every = list(cloudwatch.every_alarm(api)) if names else []
    watched = endpoints_by_alarm(every)
    found = [each for each in every if names & watched[each["AlarmName"]]]
    tags = api.all(lambda each: cloudwatch.list_tags(api, each["AlarmArn"]), found)
    alarms = [LiveAlarm.from_description(each, own) for each, own in zip(found, tags, strict=True)]
    by_name = {each.name: each for each in alarms}
    return [
        dataclasses.replace(
            endpoint,
            alarms=tuple(each for each in alarms if endpoint.name in watched[each.name]),
            targets={name: _with_callers(target, by_name) for name, target in endpoint.targets.items()},
        )
        for endpoint in endpoints
    ]


def _with_callers(target: LiveScaling, alarms: t.Mapping[str, LiveAlarm]) -> LiveScaling:
    """The target with those alarms that have the names of its policies."""
    return dataclasses.replace(target, alarms={name: alarms[name] for name in target.policies if name in alarms})


def endpoints_by_alarm(alarms: t.Sequence[Request]) -> dict[str, set[str]]:
    """By name of the alarm, the endpoints whose metrics it or the alarms in its rule watch."""
    found = {alarm["AlarmName"]: _endpoints_of(alarm) for alarm in alarms}
    for alarm in filter(is_composite, alarms):
        found[alarm["AlarmName"]].update(*(found.get(name, ()) for name in composite_rule.names(alarm["AlarmRule"])))
    return found


def _endpoints_of(alarm: Request) -> set[str]:
    """The endpoints whose metrics the alarm watches; none for an alarm of target tracking."""
    if alarm["AlarmName"].startswith(cloudwatch.MADE_BY_SCALING):
        return set()
    if is_composite(alarm):
        return {endpoint_of(alarm["AlarmName"])}
    if "EvaluationCriteria" in alarm:
        query = alarm["EvaluationCriteria"].get("PromQLCriteria", {}).get("Query", "")
        # A query is free text; the name of an alarm of ours says which endpoint it is for.
        return {endpoint_of(alarm["AlarmName"])} | signals.endpoints_of(query)
    metrics = [query.get("MetricStat", {}).get("Metric", {}) for query in alarm.get("Metrics", ())]
    dimensions = [each for metric in (alarm, *metrics) for each in metric.get("Dimensions", ())]
    return {each["Value"] for each in dimensions if each["Name"] == "EndpointName"}
