# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an update is rolled out: waits that are wanted, instances that it takes meanwhile, and what AWS would not do."""

from __future__ import annotations

import math
import typing as t

from ..._engine.canonical import Request
from .live_capacity import variants_of

_GREEN = "BlueGreenUpdatePolicy"
_ROLLING = "RollingUpdatePolicy"


def baking_seconds(deployment: Request | None, instances: int) -> float:
    """How long the rollout pauses on purpose, which no time limit should count."""
    if not deployment:
        return 0.0
    rolling = deployment.get(_ROLLING)
    if rolling:
        return float(_batches(rolling["MaximumBatchSize"], instances) * rolling["WaitIntervalInSeconds"])
    green = deployment.get(_GREEN, {})
    routing = green.get("TrafficRoutingConfiguration", {})
    size = routing.get("CanarySize") or routing.get("LinearStepSize")
    batches = {"CANARY": 1, "LINEAR": _batches(size, instances) if size else 1}.get(routing.get("Type"), 1)
    return float(batches * routing.get("WaitIntervalInSeconds", 0) + green.get("TerminationWaitInSeconds", 0))


def _batches(size: Request, instances: int) -> int:
    return math.ceil(instances / _instances(size, instances)) if instances else 1


def _instances(size: Request, instances: int) -> int:
    if size["Type"] == "CAPACITY_PERCENT":
        return max(1, math.ceil(instances * int(size["Value"]) / 100))
    return min(int(size["Value"]), instances)


def extra_instances(deployment: Request | None, fleet: t.Iterable[Request]) -> str:
    """What the rollout of *fleet* takes beside the instances that run, such as ``+2 ml.m5.large``."""
    counts: dict[str, int] = {}
    size = (deployment or {}).get(_ROLLING, {}).get("MaximumBatchSize")
    for variant in fleet:
        count = variant.get("InitialInstanceCount")
        if count:
            extra = _instances(size, count) if size else count
            counts[variant["InstanceType"]] = counts.get(variant["InstanceType"], 0) + extra
    return ", ".join(f"+{count} {instance_type}" for instance_type, count in counts.items())


def obstacle(deployment: Request | None, current: t.Collection[str], wanted: Request) -> str | None:
    """Why AWS would not roll out *wanted* this way, or would silently do otherwise; *current* are the variants now.

    Source: deployment-guardrails-exclusions [D].
    """
    if not deployment:
        return None
    fleet = variants_of(wanted)
    if set(current) != set(fleet):
        return "deployment guardrails need the same variant names before and after the update"
    if any("ServerlessConfig" in variant for variant in fleet.values()):
        return "deployment guardrails do not go with serverless variants"
    if _ROLLING in deployment and len(wanted["ProductionVariants"]) > 1:
        return "rolling deployments do not go with several production variants"
    if any(str(variant.get("InstanceType")).startswith("ml.inf1.") for variant in fleet.values()):
        return "deployment guardrails do not go with ml.inf1: AWS would silently update all at once"
    return None


def alarm_names(deployment: Request | None) -> tuple[str, ...]:
    """The alarms that roll the update back."""
    alarms = (deployment or {}).get("AutoRollbackConfiguration", {}).get("Alarms", ())
    return tuple(alarm["AlarmName"] for alarm in alarms)
