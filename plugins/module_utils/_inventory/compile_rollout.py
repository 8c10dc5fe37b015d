# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deployment of an endpoint to the DeploymentConfig of its updates, in snake_case."""

from __future__ import annotations

import typing as t

from . import variants
from .module_options import Options, given
from .reader import Tree
from .rollout_keys import BLUE_GREEN_KEYS, ROLLING_KEYS
from .schema import ALL, External
from .sizes import Size
from .walker import compiled

_SIZE_OPTIONS = {"canary": "canary_size", "linear": "linear_step_size"}


def deployment_config(deployment: Tree | None, found: t.Sequence[variants.Variant]) -> Options | None:
    if deployment is None:
        return None
    wanted = deployment["rollback_on"]
    alarms = [{"alarm_name": name} for name in rollback_alarms(wanted, found)]
    return update_policy(deployment) | given(auto_rollback_configuration={"alarms": alarms} if alarms else None)


def update_policy(deployment: Tree) -> Options:
    strategy, size = deployment["strategy"], deployment["size"]
    if strategy == "rolling":
        policy = compiled(ROLLING_KEYS, deployment)
        back = deployment["rollback_size"]
        sizes = given(maximum_batch_size=_capacity(size), rollback_maximum_batch_size=back and _capacity(back))
        return {"rolling_update_policy": policy | sizes}
    policy = compiled(BLUE_GREEN_KEYS, deployment)
    if strategy in _SIZE_OPTIONS:
        policy["traffic_routing_configuration"][_SIZE_OPTIONS[strategy]] = _capacity(size)
    return {"blue_green_update_policy": policy}


def rollback_alarms(wanted: str | list[str] | None, found: t.Sequence[variants.Variant]) -> list[str]:
    """The names in AWS of the alarms that *wanted* names, each once."""
    if wanted == ALL:
        return variants.alarm_names(found)
    words = variants.alarm_aliases(found)
    names = (str(word) if isinstance(word, External) else words[word][0] for word in wanted or ())
    return list(dict.fromkeys(names))


def _capacity(size: Size) -> Options:
    return {"type": "CAPACITY_PERCENT" if size.is_percentage else "INSTANCE_COUNT", "value": size.number}
