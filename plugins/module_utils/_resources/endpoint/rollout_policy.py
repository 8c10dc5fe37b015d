# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an update is rolled out: its pauses, the instances that it needs, and what AWS would not do."""

from __future__ import annotations

import math
import typing as t

from ..._aws.endpoint_descriptions import variants_of
from ..._engine.canonical import Request
from ...problems import Problem, join, quoted
from .live_capacity import instance_types, instances_by_type

_GREEN = "BlueGreenUpdatePolicy"
_ROLLING = "RollingUpdatePolicy"
EXCLUDED = "ml.inf1."


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


def pause_seconds(deployment: Request | None) -> float:
    """How long the rollout pauses after each step in which traffic is shifted."""
    policies = deployment or {}
    routing = policies.get(_GREEN, {}).get("TrafficRoutingConfiguration", {})
    return float(policies.get(_ROLLING, routing).get("WaitIntervalInSeconds", 0))


def _batches(size: Request, instances: int) -> int:
    return math.ceil(instances / _instances(size, instances)) if instances else 1


def _instances(size: Request, instances: int) -> int:
    if size["Type"] == "CAPACITY_PERCENT":
        return max(1, math.ceil(instances * int(size["Value"]) / 100))
    return min(int(size["Value"]), instances)


def extra_instances(deployment: Request | None, fleet: t.Iterable[Request]) -> str:
    """What the rollout of *fleet* takes beside the instances that run, such as ``+2 ml.m5.large``."""
    size = (deployment or {}).get(_ROLLING, {}).get("MaximumBatchSize")
    extra = instances_by_type(fleet, lambda count: _instances(size, count) if size else count)
    return ", ".join(f"+{count} {instance_type}" for instance_type, count in extra.items())


def is_excluded(instance_type: str | None) -> bool:
    """Whether instances of this type take part in neither deployment guardrails nor shadow tests [D]."""
    return (instance_type or "").startswith(EXCLUDED)


def exclusions(
    path: str, *, is_serverless: bool, rolled_variants: int, instance_types: t.Iterable[str | None]
) -> t.Iterator[Problem]:
    """Why AWS would not roll out as the deployment at *path* says, or would silently do otherwise.

    Source: deployment-guardrails-exclusions [D].
    """
    if is_serverless:
        yield Problem(path, "cannot be combined with serverless: AWS has no deployment guardrails for it; leave it out")
    for instance_type in dict.fromkeys(filter(is_excluded, instance_types)):
        reason = "AWS silently updates it all at once, without waits and alarms; leave it out"
        yield Problem(path, f"cannot be combined with instance type {quoted(instance_type)}: {reason}")
    if rolled_variants > 1:
        reason = "AWS supports this only for endpoints with one production variant; use another strategy"
        yield Problem(join(path, "strategy"), f"'rolling' cannot be combined with {rolled_variants} variants: {reason}")


def unsupported_reason(
    endpoint: str, deployment: Request | None, current: t.Collection[str], wanted: Request
) -> str | None:
    """Why *wanted* cannot be rolled out this way, and what to do; *current* are the variants now."""
    if not deployment:
        return None
    option = f"endpoints.{endpoint}.deployment (the module's deployment_config)"
    fleet = variants_of(wanted)
    if set(current) != set(fleet):
        before, after = (", ".join(sorted(names)) for names in (current, fleet))
        reason = f"AWS needs the same variants before and after the update, and they change from {before} to {after}"
        return f"{option}: {reason}; remove it from the endpoint for this run"
    excluded = exclusions(
        "",
        is_serverless=any("ServerlessConfig" in variant for variant in fleet.values()),
        rolled_variants=len(wanted["ProductionVariants"]) if _ROLLING in deployment else 0,
        instance_types=[each for variant in fleet.values() for each in instance_types(variant)],
    )
    return next((f"{option}: {problem.message}" for problem in excluded), None)


def alarm_names(deployment: Request | None) -> tuple[str, ...]:
    """The alarms that roll the update back."""
    alarms = (deployment or {}).get("AutoRollbackConfiguration", {}).get("Alarms", ())
    return tuple(alarm["AlarmName"] for alarm in alarms)
