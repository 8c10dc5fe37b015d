# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deployment of an endpoint to the DeploymentConfig of its updates, in snake_case."""

from __future__ import annotations

import typing as t

from . import variants
from .module_options import Options, given
from .reader import Tree
from .schema import ALL
from .sizes import Size

_SIZE_OPTIONS = {"canary": "canary_size", "linear": "linear_step_size"}


def deployment_config(deployment: Tree | None, found: t.Sequence[variants.Variant]) -> Options | None:
    if deployment is None:
        return None
    wanted = deployment["rollback_on"]
    alarms = [{"alarm_name": name} for name in rollback_alarms(wanted, found)]
    return update_policy(deployment) | given(auto_rollback_configuration={"alarms": alarms} if alarms else None)


def update_policy(deployment: Tree) -> Options:
    timeout = deployment["maximum_execution_timeout"]
    if deployment["strategy"] == "rolling":
        policy = given(
            maximum_batch_size=_capacity(deployment["size"]),
            wait_interval_in_seconds=deployment["wait_interval"],
            maximum_execution_timeout_in_seconds=timeout,
        )
        return {"rolling_update_policy": policy}
    policy = given(
        traffic_routing_configuration=_routing(deployment),
        termination_wait_in_seconds=deployment["termination_wait"],
        maximum_execution_timeout_in_seconds=timeout,
    )
    return {"blue_green_update_policy": policy}


def rollback_alarms(wanted: str | list[str] | None, found: t.Sequence[variants.Variant]) -> list[str]:
    """The names in AWS of the alarms that *wanted* names, each once."""
    if wanted == ALL:
        return variants.alarm_names(found)
    words = variants.alarm_aliases(found)
    return list(dict.fromkeys(words[word][0] for word in wanted or ()))


def _routing(deployment: Tree) -> Options:
    strategy = deployment["strategy"]
    routing = {"type": strategy.upper(), "wait_interval_in_seconds": deployment["wait_interval"]}
    if strategy in _SIZE_OPTIONS:
        routing[_SIZE_OPTIONS[strategy]] = _capacity(deployment["size"])
    return routing


def _capacity(size: Size) -> Options:
    return {"type": "CAPACITY_PERCENT" if size.is_percentage else "INSTANCE_COUNT", "value": size.number}
