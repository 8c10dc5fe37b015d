# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account has, one by one: how somebody else changes or deletes each, and which key of an inventory says it."""

from __future__ import annotations

import copy
import json
import re
import typing as t
from dataclasses import dataclass

from .harness import World
from .inventories import Inventory

Content = dict[str, t.Any]
Name = tuple[str, str]
"""What sort of resource it is, and its name."""

_OF_TIME = {"created", "modified", "configured", "states", "at", "alarm_names", "arn", "progress"}
_CHANCE = re.compile(r"(?<=scalingPolicy:)[0-9a-f-]{36}|(?<=scheduledAction:)[0-9a-f-]{36}|(?<=scalable-target/)\w{32}")
_OF_AWS = "TargetTracking-"
"""The alarms that AWS makes for a policy that tracks a target."""
_KEY = ("ResourceId", "ScalableDimension")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Something that belongs to an endpoint, as it is live."""

    kind: str
    name: str
    content: Content
    """The members by which it was made."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def everything(world: World) -> dict[Name, Content]:
    """What there is without times and what AWS draws by chance, each with its tags."""
    text = json.dumps([region for region in world.simulator.state() if region["account"] == world.account])
    (region,) = json.loads(_CHANCE.sub("", text)) or [{}]
    tags = {arn.split(":", 5)[-1]: each for arn, each in region.get("tags", {}).items()}
    found: dict[Name, Content] = {("tags", name): each for name, each in tags.items()}
    for sort in ("models", "endpoint_configs", "endpoints", "alarms", "composites"):
        found |= {(sort, name): _without_times(each) for name, each in region.get(sort, {}).items()}
    found = {name: each for name, each in found.items() if not name[1].startswith(_OF_AWS)}
    for target in region.get("targets", {}).values():
        for sort in ("policies", "scheduled_actions"):
            found |= {(sort, key): _without_times(each) for key, each in target.pop(sort).items()}
        found["targets", target["key"][0]] = _without_times(target)
    return found


def _without_times(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: _without_times(each) for key, each in value.items() if key not in _OF_TIME}
    return [_without_times(each) for each in value] if isinstance(value, list) else value


def pieces(world: World) -> list[Piece]:
    """Every alarm, target, policy and schedule, those first on which others depend."""
    (region,) = (region for region in world.simulator.state() if region["account"] == world.account)
    found = [
        Piece(kind=_kind_of_alarm(each["content"]), name=name, content=each["content"])
        for name, each in {**region["alarms"], **region["composites"]}.items()
        if not name.startswith(_OF_AWS)
    ]
    for target in region["targets"].values():
        key = dict(zip(_KEY, target["key"], strict=True)) | {"ServiceNamespace": "sagemaker"}
        bounds = {"MinCapacity": target["minimum"], "MaxCapacity": target["maximum"]}
        found.append(Piece(kind="bounds", name=key["ResourceId"], content=key | bounds))
        found += [_policy(key, name, each) for name, each in target["policies"].items()]
        found += [
            Piece(kind="schedule", name=name, content=key | {"ScheduledActionName": name} | each["content"])
            for name, each in target["scheduled_actions"].items()
        ]
    return found


def _policy(key: Content, name: str, policy: Content) -> Piece:
    kind = "step policy" if policy["kind"] == "StepScaling" else "tracking policy"
    member = f"{policy['kind']}PolicyConfiguration"
    request = {"PolicyName": name, "PolicyType": policy["kind"], member: policy["config"]}
    return Piece(kind=kind, name=name, content=key | request)


def _kind_of_alarm(alarm: Content) -> str:
    if "AlarmRule" in alarm:
        return "composite alarm"
    if "EvaluationCriteria" in alarm:
        return "PromQL alarm"
    if any(":scalingPolicy:" in action for action in alarm["AlarmActions"]):
        return "alarm of a step policy"
    if "Metrics" in alarm:
        return "band alarm" if "ThresholdMetricId" in alarm else "math alarm"
    return "alarm"


def change(world: World, piece: Piece) -> None:
    """Somebody else changes it."""
    content = copy.deepcopy(piece.content)
    if piece.kind == "bounds":
        content["MinCapacity"] = min(content["MinCapacity"], max(1, content["MinCapacity"] - 1))
        content["MaxCapacity"] += 1
        _scaling(world).register_scalable_target(**content)
    elif piece.kind == "schedule":
        content["ScalableTargetAction"] = {name: value + 1 for name, value in content["ScalableTargetAction"].items()}
        _scaling(world).put_scheduled_action(**content)
    elif piece.kind == "tracking policy":
        content["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] *= 0.9
        _scaling(world).put_scaling_policy(**content)
    elif piece.kind == "step policy":
        content["StepScalingPolicyConfiguration"]["StepAdjustments"][0]["ScalingAdjustment"] += 2
        _scaling(world).put_scaling_policy(**content)
    elif piece.kind == "composite alarm":
        world.client("cloudwatch").put_composite_alarm(**content | {"AlarmRule": content["AlarmRule"].split(" ")[0]})
    else:
        world.client("cloudwatch").put_metric_alarm(**put_again(content | _other(content)))


def _other(alarm: Content) -> Content:
    """Members of another alarm of the same kind."""
    if "EvaluationCriteria" in alarm:
        return {"EvaluationCriteria": {"PromQLCriteria": {"Query": "up == 0"}}}
    if "ThresholdMetricId" in alarm:
        return {"ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold"}
    return {"Threshold": alarm["Threshold"] + 1}


def put_again(alarm: Content) -> Content:
    """The request for a metric alarm that is live; what is empty is left out, as AWS would refuse it."""
    return {name: value for name, value in alarm.items() if value != []}


def delete(world: World, piece: Piece) -> None:
    """Somebody else deletes it."""
    key = {name: piece.content.get(name) for name in (*_KEY, "ServiceNamespace")}
    if piece.kind == "bounds":
        _scaling(world).deregister_scalable_target(**key)
    elif piece.kind == "schedule":
        _scaling(world).delete_scheduled_action(**key, ScheduledActionName=piece.name)
    elif piece.kind.endswith(" policy") and not piece.kind.startswith("alarm"):
        _scaling(world).delete_scaling_policy(**key, PolicyName=piece.name)
    else:
        world.client("cloudwatch").delete_alarms(AlarmNames=[piece.name])


def _scaling(world: World) -> t.Any:
    return world.client("application-autoscaling")


def is_watched(piece: Piece, others: t.Iterable[Piece]) -> bool:
    """Whether AWS does not delete it, because a composite alarm depends on it."""
    return any(f'"{piece.name}"' in other.content.get("AlarmRule", "") for other in others)


def without(inventory: Inventory, piece: Piece) -> tuple[Inventory, set[str]]:
    """The inventory without the key that says it, and the names of all that goes with it."""
    left = copy.deepcopy(inventory)
    parts = re.split(r"[./]", piece.name.removeprefix("endpoint/").replace("/variant/", "/"))
    endpoint = left["endpoints"][parts[0]]
    if piece.kind == "composite alarm":
        del endpoint["composite_alarms"][parts[1]]
        return left, {piece.name}
    variant = variant_of(endpoint, parts[1])
    if piece.kind == "bounds":
        scaling = variant.pop("auto_scaling")
        policies = {"/".join((*parts, key)) for key in scaling["policies"]}
        return left, {piece.name} | policies | {".".join((*parts, key)) for key in scaling.get("schedules", ())}
    if piece.kind == "schedule":
        del variant["auto_scaling"]["schedules"][parts[2]]
    elif "policy" in piece.kind:
        del variant["auto_scaling"]["policies"][parts[2]]
    else:
        del variant["cloudwatch_alarms"][parts[2]]
        return left, {piece.name} | _let_go(parts[0], endpoint, parts[2])
    return left, {piece.name}


def _let_go(name: str, endpoint: Inventory, key: str) -> set[str]:
    """Takes an alarm out of what names it; returns the names of composite alarms that go with it."""
    policy, composites = endpoint.get("deployment", {}), endpoint.get("composite_alarms", {})
    if isinstance(policy.get("rollback_on"), list):
        policy["rollback_on"].remove(key)
    over = [each for each, alarm in composites.items() if key in (alarm.get("all_of") or alarm["any_of"])]
    return {f"{name}/{each}" for each in over if composites.pop(each)}


def variant_of(endpoint: Inventory, name: str) -> Inventory:
    """The production variant of that name, or the serverless one."""
    if "serverless" in endpoint:
        return t.cast("Inventory", endpoint["serverless"]["variant"])
    return t.cast("Inventory", endpoint["provisioned"]["production_variants"][name])
