# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Ownership."""

from __future__ import annotations

from collections.abc import Iterator

from ..cloudwatch.alarms import filled_in
from ..region import Region
from ..types import Params
from .brief import Brief
from .resources import (
    ALARM,
    CONFIG,
    ENDPOINT,
    MODEL,
    TARGET,
    Resource,
    configs_of,
    endpoint_of,
    family_of,
    named,
)
from .rule import Rule
from .run import Objection, Write

RULE = "Ownership"
_ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")
_MAKING = ("Create", "Put", "Register")
_TAGGING = ("AddTags", "TagResource")


class Ownership(Rule):
    """A run writes to and deletes only what its inventory declares or its deployment owns.

    A resource belongs to the deployment in its tag; a deployment without a name owns nothing. A resource without an
    owner is declared by the inventory if it has a declared name. Later generations, whose names end in eight digits,
    must be owned by this deployment.
    """

    def before(self, write: Write) -> Iterator[Objection]:
        if not write.run:
            return
        brief = write.run.brief
        if write.operation == "PutMetricAlarm" and _only_points_elsewhere(write.region, write.params):
            return
        for resource in write.touched:
            problem = _problem(write, brief, resource)
            if problem:
                yield write.objection(RULE, resource.name, problem)


def _problem(write: Write, brief: Brief, resource: Resource) -> str:
    owners = resource.owners(write.region)
    others = sorted(owners - {brief.deployment})
    if others and (brief.knows_inventory or brief.deployment):
        return f"{resource} belongs to the deployment {others[0]}, not to {brief.deployment or 'one without a name'}"
    if brief.deployment in owners or not brief.knows_inventory:
        return ""
    if _is_refused(write, resource):
        return ""
    if _is_named(write, brief, resource):
        return ""
    return f"{resource} is neither named by the inventory nor owned by {brief.deployment or 'a deployment'}"


def _is_refused(write: Write, resource: Resource) -> bool:
    """Whether AWS refuses the call anyway: it changes nothing that does not exist, and creates nothing that exists."""
    if resource.is_there:
        return write.operation.startswith("Create")
    return not write.operation.startswith(_MAKING)


def _is_named(write: Write, brief: Brief, resource: Resource) -> bool:
    region = write.region
    if resource.kind == ENDPOINT:
        return brief.declares(resource.name)
    if resource.kind == TARGET:
        endpoint = endpoint_of(resource.name)
        return brief.declares(endpoint) or brief.deployment in named(region, ENDPOINT, endpoint).owners(region)
    if resource.kind == ALARM:
        return brief.alarms is None or resource.name in brief.alarms
    if resource.kind == MODEL and brief.models is None:
        return True
    declared = brief.model_names if resource.kind == MODEL else brief.endpoint_names
    if resource.name.lower() in declared:
        return True
    if resource.is_there:
        return write.operation in _TAGGING and _serves_declared(region, brief, resource)
    return family_of(resource.name, declared) is not None or _serves_declared(region, brief, resource)


def _serves_declared(region: Region, brief: Brief, resource: Resource) -> bool:
    """Whether a declared endpoint uses it, under any name: it is adopted, or created again after it was deleted."""
    for name in brief.endpoints or ():
        endpoint = region.endpoint(name)
        for config in configs_of(endpoint) if endpoint else ():
            names = [config.name] if resource.kind == CONFIG else config.model_names
            if any(each.lower() == resource.name.lower() for each in names):
                return True
    return False


def _only_points_elsewhere(region: Region, params: Params) -> bool:
    """Whether an alarm is put unchanged, except for policies in its actions, which have new ARNs after a restore."""
    alarm = region.alarms.get(params["AlarmName"])
    if alarm is None:
        return False
    put = filled_in(params)
    return _without_policies(put) == _without_policies(alarm.content) and put != alarm.content


def _without_policies(content: Params) -> Params:
    actions = {name: [each for each in content[name] if ":scalingPolicy:" not in each] for name in _ACTIONS}
    counts = {f"number of {name}": len(content[name]) for name in _ACTIONS}
    return {**content, **actions, **counts}
