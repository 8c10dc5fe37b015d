# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hangs on an endpoint, is ours and is declared no more: its alarms and its scalable targets go."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import autoscaling, cloudwatch, tagging
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.compare import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.alarm import endpoint_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.in_place import variants_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.saved_scaling import (
    SavedTarget,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.state import (
    DesiredEndpoint,
    LiveEndpoint,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Effect, Plan, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import DEPLOYMENT, Scope, owns

_ASKED_ONE_BY_ONE = 10
_REASON = "no longer declared"


def undeclared_targets(scope: Scope, api: Api, desired: DesiredEndpoint, live: LiveEndpoint) -> dict[str, SavedTarget]:
    """The targets of variants that stay but are not to be scaled, by variant; their tags tell whose they are."""
    if desired.scaled_variants is None or not scope.deployment:
        return {}
    unscaled = variants_of(desired.config).keys() - desired.scaled_variants
    return {
        name: target
        for name, target in live.targets.items()
        if name in unscaled and owns(scope, autoscaling.list_tags(api, target.arn))
    }


def undeclared_alarms(scope: Scope, api: Api, desired: t.Sequence[DesiredEndpoint]) -> dict[str, tuple[str, ...]]:
    """By endpoint, the alarms named ``<endpoint>/...`` that are of this deployment and that nothing declares."""
    whole = {item.name: item for item in desired if item.alarm_names is not None}
    if not whole or not scope.deployment:
        return {}
    doubtful = [
        name
        for name in _names(scope, api, list(whole))
        if (owner := whole.get(endpoint_of(name))) and name not in (owner.alarm_names or ())
    ]
    found = cloudwatch.describe_metric_alarms(api, doubtful) if doubtful else {}
    tags = api.all(lambda alarm: cloudwatch.list_tags(api, alarm["AlarmArn"]), list(found.values()))
    undeclared: dict[str, tuple[str, ...]] = {}
    for name, tags_of_alarm in zip(found, tags, strict=True):
        endpoint = endpoint_of(name)
        if owns(scope, tags_of_alarm):
            undeclared[endpoint] = (*undeclared.get(endpoint, ()), name)
    return undeclared


def _names(scope: Scope, api: Api, endpoints: t.Sequence[str]) -> list[str]:
    """The names of all alarms that may be of these endpoints, from the index of tags where they are many."""
    if scope.trusts_tags and len(endpoints) > _ASKED_ONE_BY_ONE:
        arns = tagging.tagged(api, "cloudwatch:alarm", {DEPLOYMENT: scope.deployment or ""})
        if arns is not None:
            return [arn.split(":", 6)[6] for arn in arns]
    return cloudwatch.alarms_of_endpoints(api, endpoints)


def without_undeclared(plan: Plan, live: LiveEndpoint) -> Plan:
    """The plan with the alarms that go, after everything else: a rollout may need them."""
    if plan.is_provisional or not live.undeclared_alarms:
        return plan
    names = list(live.undeclared_alarms)
    is_small = plan.effect in (Effect.NONE, Effect.TAGS)
    return dataclasses.replace(
        plan,
        effect=Effect.IN_PLACE if is_small else plan.effect,
        differences=plan.differences + tuple(Difference(f"alarms.{name}", "present", None) for name in names),
        steps=(*plan.steps, Step("cloudwatch", "DeleteAlarms", {"AlarmNames": names}, _REASON)),
    )
