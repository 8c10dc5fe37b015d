# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others do: an autoscaler, AWS itself, colleagues and another team."""

from __future__ import annotations

import typing as t
from random import Random

from .history import Data

COUNT = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
SERVERLESS = "m"
"""What a serverless variant is called most of the time."""
STEPS = {
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
}
SPECIAL = (
    "hang an alarm on their policy",
    "share a model",
    "delete the configuration",
    "delete a model",
    "make a model anew",
    "tag",
)
"""Moves that have to look at what there is, so that they are made between two runs only."""
_BUSY_SECONDS = 3


def drawn(chance: Random) -> Data:
    """A move that can be made at any time."""
    endpoint, variant = chance.choice("eef"), chance.choice("vvvwxm")
    return chance.choice(_MOVES)(chance, endpoint, variant)


def special(chance: Random) -> Data:
    return {"does": chance.choice(SPECIAL), "endpoint": chance.choice("eef")}


def _autoscale(chance: Random, endpoint: str, variant: str) -> Data:
    return {"actor": "autoscale", "endpoint": endpoint, "variant": variant, "count": chance.randint(1, 9)}


def _busy(chance: Random, endpoint: str, _variant: str) -> Data:
    status = chance.choice(("Updating", "SystemUpdating"))
    move = {"actor": "put_endpoint", "name": endpoint, "status": status, "seconds": _BUSY_SECONDS}
    return {**move, "only_from": "InService"}


def _schedule_runs(chance: Random, endpoint: str, variant: str) -> Data:
    action = chance.choice(("nightly", f"{endpoint}.{variant}.night", f"{endpoint}.{variant}.day"))
    return {"actor": "run_schedule", "endpoint": endpoint, "variant": variant, "action": action}


def _lose_schedule(_chance: Random, endpoint: str, variant: str) -> Data:
    name = f"{endpoint}.{variant}.night"
    return _scaling("DeleteScheduledAction", endpoint, variant, ScheduledActionName=name)


def _deregister(_chance: Random, endpoint: str, variant: str) -> Data:
    return _scaling("DeregisterScalableTarget", endpoint, variant)


def _suspend(chance: Random, endpoint: str, variant: str) -> Data:
    suspended = {"DynamicScalingInSuspended": chance.random() < 0.8}
    return _scaling("RegisterScalableTarget", endpoint, variant, SuspendedState=suspended)


def _policy(_chance: Random, endpoint: str, variant: str) -> Data:
    more = {"PolicyName": "theirs", "PolicyType": "StepScaling", "StepScalingPolicyConfiguration": STEPS}
    return _scaling("PutScalingPolicy", endpoint, variant, **more)


def _schedule(chance: Random, endpoint: str, variant: str) -> Data:
    low = chance.randint(1, 3)
    bounds = chance.choice(({"MinCapacity": low}, {"MinCapacity": low, "MaxCapacity": low + 5}))
    more = {"ScheduledActionName": "nightly", "Schedule": "cron(0 3 * * ? *)", "ScalableTargetAction": bounds}
    return _scaling("PutScheduledAction", endpoint, variant, **more)


def _mute(_chance: Random, endpoint: str, variant: str) -> Data:
    return _call("cloudwatch", "DisableAlarmActions", AlarmNames=[f"{endpoint}/{variant}/errors"])


def _lose_alarm(_chance: Random, endpoint: str, variant: str) -> Data:
    return _call("cloudwatch", "DeleteAlarms", AlarmNames=[f"{endpoint}/{variant}/errors"])


def _composite(chance: Random, endpoint: str, variant: str) -> Data:
    rule = f'ALARM("{endpoint}/{chance.choice((f"{variant}/errors", "any"))}")'
    return _call("cloudwatch", "PutCompositeAlarm", AlarmName=f"over-{endpoint}-{variant}", AlarmRule=rule)


def _lose_composite(_chance: Random, endpoint: str, _variant: str) -> Data:
    return _call("cloudwatch", "DeleteAlarms", AlarmNames=[f"{endpoint}/any"])


def _set_count(chance: Random, endpoint: str, variant: str) -> Data:
    changes = [{"VariantName": variant, "DesiredInstanceCount": chance.randint(1, 9)}]
    return _call(
        "sagemaker",
        "UpdateEndpointWeightsAndCapacities",
        EndpointName=endpoint,
        DesiredWeightsAndCapacities=changes,
    )


def _scaling(operation: str, endpoint: str, variant: str, **more: t.Any) -> Data:
    dimension = CONCURRENCY if variant == SERVERLESS else COUNT
    resource = {"ResourceId": f"endpoint/{endpoint}/variant/{variant}", "ScalableDimension": dimension}
    return _call("application-autoscaling", operation, ServiceNamespace="sagemaker", **resource, **more)


def _call(service: str, operation: str, **parameters: t.Any) -> Data:
    return {"actor": "call", "service": service, "operation": operation, "parameters": parameters}


_MOVES: tuple[t.Callable[[Random, str, str], Data], ...] = (
    _autoscale,
    _autoscale,
    _autoscale,
    _busy,
    _busy,
    _schedule_runs,
    _lose_schedule,
    _deregister,
    _suspend,
    _policy,
    _schedule,
    _mute,
    _lose_alarm,
    _composite,
    _lose_composite,
    _set_count,
)
