# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a history has to end: what is declared is there, and a second run finds nothing to do."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.compiler import compile_inventory

from tests.scenarios.harness import Result, World

from .history import DESTROY, Data, Stride

_SAGEMAKER = {"ServiceNamespace": "sagemaker"}


def leave_alone(world: World) -> None:
    """What would last for ever ends: work that is stuck, and composite alarms over ours, which nobody can delete."""
    for region in world.simulator.state():
        for endpoint in region["endpoints"].values():
            if endpoint["progress"] and endpoint["progress"]["due"] is None:
                is_new = endpoint["status"] == "Creating"
                world.simulator.put_endpoint(endpoint["name"], "Failed" if is_new else "InService")
    client = world.client("cloudwatch")
    for alarm in client.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]:
        client.delete_alarms(AlarmNames=[alarm["AlarmName"]])


def problem(world: World, wanted: Stride, first: Result, second: Result, writes: list[Data]) -> str:
    """What is not as it has to be, or nothing."""
    if first.error or second.error:
        return f"a run without faults fails: {first.error or second.error}"
    if writes or second.changed:
        return f"the second run wrote {[each['operation'] for each in writes]}: {second.diff}"
    missing = _left_over(world, wanted) if wanted.act == DESTROY else _missing(world, wanted)
    return "\n".join(missing)


def _left_over(world: World, wanted: Stride) -> list[str]:
    names = {each["EndpointName"] for each in _endpoints(world)}
    return [f"endpoint {name} is still there" for name in wanted.wanted["endpoints"] if name in names]


def _endpoints(world: World) -> list[Data]:
    return t.cast("list[Data]", world.client("sagemaker").list_endpoints(MaxResults=100)["Endpoints"])


def _missing(world: World, wanted: Stride) -> list[str]:
    compiled = compile_inventory(wanted.wanted)
    found = [line for endpoint in compiled.endpoints for line in _not_served(world, endpoint)]
    found += [line for target in compiled.targets for line in _not_scaled(world, target)]
    alarms = {alarm["alarm_name"] for alarm in compiled.alarms}
    present = world.client("cloudwatch").describe_alarms(MaxRecords=100)["MetricAlarms"]
    return [*found, *(f"alarm {name} is missing" for name in sorted(alarms - {each["AlarmName"] for each in present}))]


def _not_served(world: World, declared: Data) -> list[str]:
    """Status, variants, instance types, and what is declared of capacity where nobody else sets it."""
    name, client = declared["endpoint_name"], world.client("sagemaker")
    live = client.describe_endpoint(EndpointName=name)
    if live["EndpointStatus"] != "InService":
        return [f"endpoint {name} is {live['EndpointStatus']}"]
    config = client.describe_endpoint_config(EndpointConfigName=live["EndpointConfigName"])
    types = {each["VariantName"]: each.get("InstanceType") for each in config["ProductionVariants"]}
    wanted = {each["variant_name"]: each.get("instance_type") for each in declared["production_variants"]}
    if types != wanted:
        return [f"endpoint {name} has {types}, declared is {wanted}"]
    counts = {each["VariantName"]: each["DesiredInstanceCount"] for each in live["ProductionVariants"]}
    return [
        f"variant {each['variant_name']} of endpoint {name} has {counts[each['variant_name']]} instances"
        for each in declared["production_variants"]
        if counts[each["variant_name"]] < each.get("initial_instance_count", 0)
        and each["variant_name"] not in declared["scaled_variants"]
    ]


def _not_scaled(world: World, declared: Data) -> list[str]:
    client, where = world.client("application-autoscaling"), f"{declared['endpoint_name']}/{declared['variant_name']}"
    resource = f"endpoint/{declared['endpoint_name']}/variant/{declared['variant_name']}"
    targets = client.describe_scalable_targets(**_SAGEMAKER, ResourceIds=[resource])["ScalableTargets"]
    if not targets:
        return [f"{where} is not registered"]
    pages = client.get_paginator("describe_scaling_policies").paginate(**_SAGEMAKER, ResourceId=resource)
    present = {policy["PolicyName"] for page in pages for policy in page["ScalingPolicies"]}
    wanted = {policy["policy_name"] for policy in declared["policies"]}
    return [f"policy {name} is missing" for name in sorted(wanted - present)]
