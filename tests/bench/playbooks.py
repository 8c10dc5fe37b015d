# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of those whom the role is measured against."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory

Task = dict[str, t.Any]
Play = list[dict[str, t.Any]]

_OURS = "friendsofansible.sagemaker."


def looped(inventory: t.Mapping[str, t.Any]) -> Play:
    """One task for each kind of resource, run once for each resource."""
    compiled = compile_inventory(inventory)
    return _play(
        _looped("sagemaker_model", compiled.models),
        _looped("sagemaker_alarm", compiled.alarms),
        _looped("sagemaker_endpoint", compiled.endpoints),
        _looped("sagemaker_scaling", compiled.targets),
    )


def cloudwatch_alarms(count: int) -> Play:
    """Alarms with amazon.aws, which takes one at a time."""
    options = {
        "name": "{{ item }}",
        "namespace": "AWS/SageMaker",
        "metric_name": "Invocation5XXErrors",
        "dimensions": {"EndpointName": "endpoint", "VariantName": "main"},
        "statistic": "Sum",
        "comparison": "GreaterThanThreshold",
        "threshold": 10,
        "period": 60,
        "evaluation_periods": 1,
        "state": "present",
    }
    return _play({"amazon.aws.cloudwatch_metric_alarm": options, "loop": _names(count)})


def listed_alarms(count: int) -> Play:
    """The same alarms with this collection, in one list."""
    dimensions = [{"name": "EndpointName", "value": "endpoint"}, {"name": "VariantName", "value": "main"}]
    common = {
        "namespace": "AWS/SageMaker",
        "metric_name": "Invocation5XXErrors",
        "dimensions": dimensions,
        "statistic": "Sum",
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 10,
        "period": 60,
        "evaluation_periods": 1,
    }
    return _play({f"{_OURS}sagemaker_alarm": {"alarms": [{"alarm_name": name, **common} for name in _names(count)]}})


def nothing() -> Play:
    """What every playbook takes: the start of ansible-playbook and one task, without a module."""
    return _play({"ansible.builtin.debug": {"msg": "started"}})


def ping() -> Play:
    """The least that a playbook with a module takes."""
    return _play({"ansible.builtin.ping": None})


def aws_task() -> Play:
    """The least that a playbook takes that asks AWS anything."""
    return _play({"amazon.aws.aws_caller_info": None})


def _names(count: int) -> list[str]:
    return [f"alarm-{number:02}" for number in range(1, count + 1)]


def _looped(module: str, resources: t.Sequence[t.Mapping[str, t.Any]]) -> Task:
    """Every option that any of the resources has; one that lacks it leaves it out."""
    names = dict.fromkeys(name for resource in resources for name in resource)
    options = {name: f"{{{{ item.{name} | default(omit) }}}}" for name in names}
    return {_OURS + module: options, "loop": list(resources), "loop_control": {"label": "resource"}}


def _play(*tasks: Task) -> Play:
    return [{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]
