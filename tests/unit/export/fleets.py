# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS would have after an inventory has been applied, without AWS."""

from __future__ import annotations

import copy
import dataclasses
import datetime

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.endpoint_descriptions import variants_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import (
    Request,
    single_precision,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.requests import Options
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.fleet import Fleet
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import (
    AlarmKind,
    DesiredAlarm,
    LiveAlarm,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.state import LiveEndpoint
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.generations import LiveGeneration
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.policy_alarms import ITS_POLICY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling_state import LiveScaling
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scheduled_actions import (
    with_declared_bounds,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import Inventory

SCOPE = Scope("default")
MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def fleet_of(inventory: Inventory) -> Fleet:
    """All generations are the first ones."""
    compiled = compile_inventory(inventory)
    models = [_model(options) for options in compiled.models]
    endpoints = [_endpoint(options, compiled) for options in compiled.endpoints]
    return Fleet(endpoints=tuple(endpoints), models={model.name: model for model in models})


def _model(options: Options) -> LiveGeneration:
    desired = ModelKind(SCOPE).desired(options, False)
    request = {"EnableNetworkIsolation": False, **copy.deepcopy(desired.request)}
    for container in request["Containers"]:
        container.setdefault("Mode", "SingleModel")
        container.setdefault("Environment", {})
    arn = f"arn:model/{desired.name}"
    return LiveGeneration(name=desired.name, arn=arn, request=request, tags=desired.tags.wanted, created=MADE)


def _endpoint(options: Options, compiled: Compiled) -> LiveEndpoint:
    desired = EndpointKind(SCOPE, {}).desired(options, False)
    config = _filled_in(desired.config)
    described = {
        "EndpointName": desired.name,
        "EndpointArn": f"arn:endpoint/{desired.name}",
        "EndpointStatus": "InService",
        "EndpointConfigName": desired.config_name,
        "ProductionVariants": [_live(variant) for variant in config["ProductionVariants"]],
    }
    targets = [each for each in compiled.targets if each["endpoint_name"] == desired.name]
    tags = desired.config_tags.wanted
    live = LiveGeneration(name=desired.config_name, arn="arn:config", request=config, tags=tags)
    alarms = [_alarm(each) for each in compiled.alarms if each["alarm_name"].startswith(f"{desired.name}/")]
    scaling = {each["variant_name"]: _scaling(each) for each in targets}
    alarms += [each for target in scaling.values() for each in target.alarms.values()]
    return LiveEndpoint(
        description=described,
        tags=desired.tags.wanted,
        configs={live.name: live},
        targets=scaling,
        alarms=tuple(alarms),
    )


def _filled_in(config: Request) -> Request:
    result = {"EnableNetworkIsolation": False, **copy.deepcopy(config)}
    result["MetricsConfig"] = {"EnableDetailedObservability": True, **result.get("MetricsConfig", {})}
    for variant in variants_of(result).values():
        variant.setdefault("VolumeSizeInGB", 5 if "ServerlessConfig" in variant else 30)
        variant["InitialVariantWeight"] = single_precision(variant.get("InitialVariantWeight", 1.0))
    return result


def _live(variant: Request) -> Request:
    found = {"VariantName": variant["VariantName"], "DesiredWeight": variant["InitialVariantWeight"]}
    if "ServerlessConfig" in variant:
        return found | {"CurrentServerlessConfig": variant["ServerlessConfig"]}
    return found | {"DesiredInstanceCount": variant["InitialInstanceCount"]}


def _scaling(options: Options) -> LiveScaling:
    desired = ScalingKind(SCOPE).desired(options, False)
    suspended = dict.fromkeys(("DynamicScalingInSuspended", "DynamicScalingOutSuspended"), False)
    suspended |= desired.target.get("SuspendedState", {})
    description = {**desired.target, "ScalableTargetARN": "arn:target", "RoleARN": "arn:role"}
    target = LiveScaling.from_description(description | {"SuspendedState": suspended})
    tags = with_declared_bounds(desired, LiveScaling(), is_changing=True)
    policies = [{**each, "PolicyARN": _arn(name)} for name, each in desired.policies.items()]
    whole = target.with_details(policies, desired.scheduled_actions.values(), tags.wanted)
    return dataclasses.replace(whole, alarms={name: _caller(each) for name, each in desired.alarms.items()})


def _arn(policy: str) -> str:
    return f"arn:aws:autoscaling:us-east-1:111122223333:scalingPolicy:1:resource/sagemaker/x:policyName/{policy}"


def _caller(desired: DesiredAlarm) -> LiveAlarm:
    """The alarm of a policy, which calls it."""
    actions = [_arn(desired.name) if each == ITS_POLICY else each for each in desired.request["AlarmActions"]]
    return _live_alarm(dataclasses.replace(desired, request=desired.request | {"AlarmActions": actions}))


def _alarm(options: Options) -> LiveAlarm:
    return _live_alarm(AlarmKind(SCOPE).desired(options, False))


def _live_alarm(desired: DesiredAlarm) -> LiveAlarm:
    request = {"ActionsEnabled": True, "OKActions": [], "AlarmActions": [], **desired.request}
    return LiveAlarm(arn="arn:alarm", request=request, tags=desired.tags.wanted)
