# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a history has to end: like a fresh deploy, except for what others have set; and a second run does nothing."""

from __future__ import annotations

import copy
import json
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import PREFIX, TAGGING
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Step

from tests.scenarios.exports import as_read, info
from tests.scenarios.harness import Result, World
from tests.scenarios.observed import OF_A_SCHEDULE, served

from .history import DESTROY, Data, History, Stride
from .special_moves import TEAM

_OURS = {"Key": "friendsofansible.sagemaker/deployment", "Value": "default"}
_OTHER = {"Key": "friendsofansible.sagemaker/deployment", "Value": "other"}
_GONE_SECONDS = 100
_COUNTS = ("CurrentInstanceCount", "DesiredInstanceCount")
_LOSES_RECORD = "delete the configuration"
"""The moves after which it is not known what the inventory declared last, so that no number is lowered."""
_MOVE_COUNTS = (
    "autoscale",
    "run_schedule",
    "UpdateEndpointWeightsAndCapacities",
    "Register",
    "put_endpoint",
    "PutScheduledAction",
)
"""The moves after which neither the count of a variant nor the bounds of its target are known."""


def leave_alone(world: World) -> None:
    """What would last for ever ends: work that is stuck, and what others have made of what is ours."""
    _end_what_is_stuck(world)
    _delete_endpoints_of_others(world)
    _delete_alarms_of_others(world)
    sagemaker = world.client("sagemaker")
    for config in sagemaker.list_endpoint_configs(NameContains=TEAM)["EndpointConfigs"]:
        sagemaker.delete_endpoint_config(EndpointConfigName=config["EndpointConfigName"])


def _endpoints(world: World) -> list[Data]:
    return [endpoint for region in world.simulator.state() for endpoint in region["endpoints"].values()]


def _end_what_is_stuck(world: World) -> None:
    for endpoint in _endpoints(world):
        if endpoint["progress"] and endpoint["progress"]["due"] is None:
            status = endpoint["status"]
            world.simulator.put_endpoint(endpoint["name"], "Failed" if status == "Creating" else "InService")
            if status == "Deleting":
                world.client("sagemaker").delete_endpoint(EndpointName=endpoint["name"])


def _delete_endpoints_of_others(world: World) -> None:
    client = world.client("sagemaker")
    for endpoint in _endpoints(world):
        if _OTHER in client.list_tags(ResourceArn=endpoint["arn"])["Tags"]:
            client.delete_endpoint(EndpointName=endpoint["name"])
    world.simulator.advance(_GONE_SECONDS)


def _delete_alarms_of_others(world: World) -> None:
    client = world.client("cloudwatch")
    for alarm in client.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]:
        if _OURS not in client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]:
            client.delete_alarms(AlarmNames=[alarm["AlarmName"]])
    for alarm in client.describe_alarms(MaxRecords=100)["MetricAlarms"]:
        if _OTHER in client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]:
            client.delete_alarms(AlarmNames=[alarm["AlarmName"]])


def unexpected_changes(first: Result, second: Result, writes: list[Data]) -> str:
    """Why a run that reaches the inventory, or the one after it, is not as it has to be; or nothing."""
    if first.error or second.error:
        return f"a run without faults fails: {first.error or second.error}"
    if writes or second.changed:
        return f"the second run wrote {[each['operation'] for each in writes]}: {second.diff}"
    return ""


def reached(world: World, fresh: World, wanted: Stride, history: History) -> str:
    """In what the account differs from a fresh one in which only this inventory was deployed; or nothing."""
    if wanted.act == DESTROY:
        names = {each["EndpointName"] for each in world.client("sagemaker").list_endpoints(MaxResults=100)["Endpoints"]}
        left = [name for name in wanted.wanted["endpoints"] if name in names]
        return f"still there: {left}" if left else ""
    assert not fresh.apply(_with_names(world, wanted.wanted)).error
    # What is registered for scaling brings its variant into the bounds.
    world.simulator.advance(_GONE_SECONDS)
    moves = json.dumps([[each.before, each.faults] for each in history])
    is_moved, is_lost = any(name in moves for name in _MOVE_COUNTS), _LOSES_RECORD in moves
    for name in wanted.wanted["endpoints"]:
        live, new = (_facts(each, name, is_moved, is_lost) for each in (world, fresh))
        if lacking := [key for key in new if not _has(live[key], new[key])]:
            shown = {key: (live[key], new[key]) for key in lacking}
            return f"endpoint {name} differs from a fresh one: {shown}"
    return ""


def exported(world: World, wanted: Stride) -> str:
    """What an export of the account would change, beside what it says that it would and our own notes; or nothing."""
    if wanted.act == DESTROY:
        return ""
    found = info(world, deployment="default")
    planned = world.apply(as_read(found["inventory"]), check=True, verify="full", allow_replace=True)
    if planned.error:
        return f"its export is refused: {planned.error}"
    changes = [step for step in planned.steps if not _notes(step)]
    if changes and not any(each["would_change"] for each in found["not_expressed"]):
        return f"its export would change: {planned.diff}"
    return ""


def _notes(step: Step) -> bool:
    """Whether a step sets tags of the collection alone: live numbers that are now declared, or what is adopted."""
    tags = step.parameters.get("Tags", {})
    keys = [*(tags if isinstance(tags, dict) else [tag["Key"] for tag in tags]), *step.parameters.get("TagKeys", ())]
    return step.operation in TAGGING and all(key.startswith((PREFIX, "managed-by")) for key in keys)


def _with_names(world: World, wanted: Data) -> Data:
    """The inventory with the names that serverless variants have: one that it does not name keeps its own."""
    named = copy.deepcopy(wanted)
    for name, endpoint in named["endpoints"].items():
        if "serverless" in endpoint:
            (variant,) = world.client("sagemaker").describe_endpoint(EndpointName=name)["ProductionVariants"]
            endpoint["serverless"]["variant"].setdefault("variant_name", variant["VariantName"])
    return named


def _facts(world: World, name: str, is_moved: bool, is_lost: bool) -> Data:
    """What others cannot have changed; of alarms and policies they may have more."""
    facts = served(world, name)
    for each in facts["live"].values() if is_moved or is_lost else ():
        for count in _COUNTS:
            each.pop(count, None)
    for each in facts["live"].values() if is_lost else ():
        if each["CurrentServerlessConfig"]:
            each["CurrentServerlessConfig"] = {"MemorySizeInMB": each["CurrentServerlessConfig"]["MemorySizeInMB"]}
    for target in facts["targets"].values():
        if is_moved:
            target.pop("range")
    del facts["config tags"]
    return facts


def _has(live: t.Any, new: t.Any) -> bool:
    if isinstance(live, dict) and isinstance(new, dict):
        return all(key in live and _has(live[key], value) for key, value in new.items())
    return bool(live in (new, OF_A_SCHEDULE))
