# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS would have after an inventory has been applied, without AWS."""

from __future__ import annotations

import copy
import datetime
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import (
    Request,
    single_precision,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.fleet import (
    Endpoint,
    Fleet,
    Resource,
    Scaling,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.module_options import Options
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.live_capacity import (
    variants_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import Inventory

SCOPE = Scope("default")
MADE = {"CreationTime": datetime.datetime(2026, 1, 1)}


def fleet_of(inventory: Inventory) -> Fleet:
    """All generations are the first ones."""
    compiled = compile_inventory(inventory)
    models = [_model(options) for options in compiled.models]
    endpoints = [_endpoint(options, compiled) for options in compiled.endpoints]
    return Fleet(tuple(endpoints), {model.name: model for model in models})


def _model(options: Options) -> Resource:
    desired = ModelKind(SCOPE).desired(options, False)
    request = {"EnableNetworkIsolation": False, **copy.deepcopy(desired.request)}
    for container in request["Containers"]:
        container.setdefault("Mode", "SingleModel")
        container.setdefault("Environment", {})
    return Resource(desired.name, f"arn:model/{desired.name}", request, desired.tags.wanted, MADE)


def _endpoint(options: Options, compiled: Compiled) -> Endpoint:
    desired = EndpointKind(SCOPE, {}).desired(options, False)
    config = _filled_in(desired.config)
    described = {
        "EndpointStatus": "InService",
        "EndpointConfigName": desired.config_name,
        "ProductionVariants": [_live(variant) for variant in config["ProductionVariants"]],
    }
    targets = [each for each in compiled.targets if each["endpoint_name"] == desired.name]
    return Endpoint(
        desired.name,
        f"arn:endpoint/{desired.name}",
        described,
        desired.tags.wanted,
        Resource(desired.config_name, "arn:config", config, desired.config_tags.wanted, MADE),
        tuple(_scaling(each) for each in targets),
        tuple(_alarm(each) for each in compiled.alarms if each["alarm_name"].startswith(f"{desired.name}/")),
    )


def _filled_in(config: Request) -> Request:
    result = {"EnableNetworkIsolation": False, **copy.deepcopy(config)}
    for variant in variants_of(result).values():
        variant.setdefault("VolumeSizeInGB", 5 if "ServerlessConfig" in variant else 30)
        variant["InitialVariantWeight"] = single_precision(variant.get("InitialVariantWeight", 1.0))
    return result


def _live(variant: Request) -> Request:
    found = {"VariantName": variant["VariantName"], "DesiredWeight": variant["InitialVariantWeight"]}
    if "ServerlessConfig" in variant:
        return found | {"CurrentServerlessConfig": variant["ServerlessConfig"]}
    return found | {"DesiredInstanceCount": variant["InitialInstanceCount"]}


def _scaling(options: Options) -> Scaling:
    desired = ScalingKind(SCOPE).desired(options, False)
    suspended = dict.fromkeys(("DynamicScalingInSuspended", "DynamicScalingOutSuspended"), False)
    request: dict[str, t.Any] = {**desired.target, "RoleARN": "arn:role", "SuspendedState": suspended}
    target = Resource(desired.name, "arn:target", request, desired.tags.wanted, MADE)
    return Scaling(options["variant_name"], target, tuple(desired.policies.values()), ())


def _alarm(options: Options) -> Resource:
    desired = AlarmKind(SCOPE).desired(options, False)
    request = {"ActionsEnabled": True, "OKActions": [], "AlarmActions": [], **desired.request}
    return Resource(desired.name, "arn:alarm", request, desired.tags.wanted, MADE)
