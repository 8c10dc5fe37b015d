# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What a DeploymentConfig must be like. [D SM][D DG deployment-guardrails] for the rules; all texts are guesses."""

from __future__ import annotations

from ..errors import invalid
from ..region import Region
from ..types import Params
from .resources import EndpointConfig

_CANARY_PERCENT = (1, 50)
_LINEAR_PERCENT = (10, 50)
_ROLLING_PERCENT = (5, 50)
_ROLLBACK_PERCENT = (1, 100)


def check_deployment(deployment: Params, config: EndpointConfig, region: Region) -> None:
    blue_green, rolling = deployment.get("BlueGreenUpdatePolicy"), deployment.get("RollingUpdatePolicy")
    if blue_green and rolling:
        raise invalid("Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be specified.")
    if config.is_serverless:
        # [D DG] guardrails exclude serverless; that it is refused and not ignored is a guess.
        raise invalid("DeploymentConfig is not supported for serverless endpoints.")
    if blue_green:
        _check_blue_green(blue_green, config)
    if rolling:
        _check_rolling(rolling, config)
    for alarm in deployment.get("AutoRollbackConfiguration", {}).get("Alarms", []):
        _check_alarm(region, alarm.get("AlarmName", ""))


def _check_alarm(region: Region, name: str) -> None:
    """[D SM] "alarms in your account"; that a missing one is refused at once is a guess.

    That a composite alarm is refused is a guess too, and so is that an alarm on a PromQL query is watched like others.
    """
    if name in region.composites:
        raise invalid(f"Alarm {name} in AutoRollbackConfiguration is a composite alarm.")
    if name not in region.alarms:
        raise invalid(f"Alarm {name} in AutoRollbackConfiguration does not exist.")


def _check_blue_green(policy: Params, config: EndpointConfig) -> None:
    routing = policy["TrafficRoutingConfiguration"]
    kind = routing["Type"]
    for name, owner, limits in (
        ("CanarySize", "CANARY", _CANARY_PERCENT),
        ("LinearStepSize", "LINEAR", _LINEAR_PERCENT),
    ):
        if (name in routing) != (kind == owner):
            # [D SM] that the size is refused, too, where it has no meaning is a guess.
            raise invalid(f"{name} must be specified for traffic routing type {owner} and for no other.")
        if name in routing:
            _check_size(name, routing[name], limits, config)
    _check_timeout(policy, routing["WaitIntervalInSeconds"] + policy.get("TerminationWaitInSeconds", 0))


def _check_rolling(policy: Params, config: EndpointConfig) -> None:
    if len(config.production) > 1:
        # [D DG exclusions]; that it is refused and not ignored is a guess.
        raise invalid("RollingUpdatePolicy is not supported for endpoints with several production variants.")
    _check_size("MaximumBatchSize", policy["MaximumBatchSize"], _ROLLING_PERCENT, config)
    if "RollbackMaximumBatchSize" in policy:
        _check_size("RollbackMaximumBatchSize", policy["RollbackMaximumBatchSize"], _ROLLBACK_PERCENT, config)
    _check_timeout(policy, policy["WaitIntervalInSeconds"])


def _check_size(name: str, size: Params, limits: tuple[int, int], config: EndpointConfig) -> None:
    """A percentage must be within the limits, a number of instances at most the upper one of every variant."""
    low, high = limits
    if size["Type"] == "CAPACITY_PERCENT":
        if not low <= size["Value"] <= high:
            raise invalid(f"{name} must be between {low} and {high} percent of the capacity.")
        return
    counts = [variant["InitialInstanceCount"] for variant in config.production]
    if any(size["Value"] * 100 > count * high for count in counts):
        raise invalid(f"{name} must not exceed {high} percent of the instances of a variant.")


def _check_timeout(policy: Params, waits: int) -> None:
    timeout = policy.get("MaximumExecutionTimeoutInSeconds")
    if timeout is not None and timeout <= waits:
        raise invalid("MaximumExecutionTimeoutInSeconds must be larger than the sum of the waiting times.")
