# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes what a run has made as another tool would: without our tags, with other names and in another order."""

from __future__ import annotations

import copy
import re
import typing as t

from .harness import World
from .inventories import Inventory
from .pieces import Content

_CREATIONS = re.compile("(Create|Put|Register).*")
_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_POLICY = re.compile(r"arn:.*:scalingPolicy:.*:policyName/(?P<name>.+)")
_LISTS_IN_ANY_ORDER = {"Dimensions", "AlarmActions", "OKActions", "Metrics", "StepAdjustments"}
_NAMES = {"AlarmName", "AlarmRule", "PolicyName", "ScheduledActionName"}
_SERVICES = ("sagemaker", "application-autoscaling", "cloudwatch")


class Call(t.NamedTuple):
    """One that made something."""

    service: str
    operation: str
    request: Content


def made_by_another_tool(world: World, inventory: Inventory, prefix: str = "") -> None:
    """What a run makes of the inventory is all there is, and somebody else made it.

    With a *prefix*, alarms, policies and schedules have names that no key gives.
    """
    calls = _calls_of_a_run(world, inventory)
    world.simulator.reset()
    arns: dict[str, str] = {}
    for call in calls:
        request = _others(call.request, arns)
        if prefix:
            request |= {member: _renamed(prefix, request[member]) for member in _NAMES & request.keys()}
        method = getattr(world.client(call.service), _SNAKE.sub("_", call.operation).lower())
        answer = method(**request)
        if "PolicyARN" in answer:
            arns[call.request["PolicyName"]] = answer["PolicyARN"]
        if call.operation == "CreateEndpoint":
            world.simulator.advance(100)
    world.simulator.clear_journal()


def _calls_of_a_run(world: World, inventory: Inventory) -> list[Call]:
    """With the values of environment variables, which the journal hides."""
    found: list[Call] = []

    def note(params: Content, model: t.Any, **_more: t.Any) -> None:
        if _CREATIONS.fullmatch(model.name):
            found.append(Call(model.service_model.service_name, model.name, copy.deepcopy(params)))

    for service in _SERVICES:
        world.run_client(service).meta.events.register("provide-client-params", note)
    assert not world.apply(inventory).error
    for service in _SERVICES:
        world.run_client(service).meta.events.unregister("provide-client-params", note)
    return found


def _others(request: Content, arns: t.Mapping[str, str]) -> Content:
    """The same in the words of somebody else; *arns* are those of the policies that he has made."""
    found = {name: value for name, value in request.items() if name != "Tags"}
    if "EndpointConfigName" in found:
        # As long as a digest, so that the policies of docs/permissions.md name it.
        found["EndpointConfigName"] = found["EndpointConfigName"].rpartition("-")[0] + "-config-1"
    if len(found.get("Containers", ())) == 1:
        # What Terraform and most notebooks send for an only container.
        (container,) = found.pop("Containers")
        found["PrimaryContainer"] = {name: each for name, each in container.items() if name != "ContainerHostname"}
    if "Metrics" in found:
        found["Metrics"] = [_under_other_id(query) for query in found["Metrics"]]
    if "ThresholdMetricId" in found:
        found["ThresholdMetricId"] = f"their_{found['ThresholdMetricId']}"
    return t.cast("Content", _turned(found, arns))


def _under_other_id(query: Content) -> Content:
    found = {**query, "Id": f"their_{query['Id']}"}
    if "Expression" in query:
        found |= {"Expression": re.sub(r"\b(?=m[0-9]+\b)", "their_", query["Expression"]), "Label": "theirs"}
    return found


def _renamed(prefix: str, text: str) -> str:
    """A name, or a rule with names in quotes."""
    return re.sub(r'(?:[^"./]+[./])+(?=[^"./]+(?:"|$))', prefix, text)


def _turned(value: t.Any, arns: t.Mapping[str, str], name: str = "") -> t.Any:
    if isinstance(value, dict):
        return {key: _turned(each, arns, key) for key, each in value.items()}
    if isinstance(value, list):
        found = [_turned(each, arns) for each in value]
        return found[::-1] if name in _LISTS_IN_ANY_ORDER else found
    policy = _POLICY.fullmatch(value) if isinstance(value, str) else None
    return arns[policy["name"]] if policy else value
