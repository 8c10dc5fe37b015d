# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the referee gets to know about a run, in its own neutral words, and the output of the run."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Output, Plan, Step, Wait
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import Compiled
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.names import variant_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.policy_alarms import named

Options = dict[str, t.Any]
OUTAGES = ("replace with outage", "delete")
_ALARMS, _MODELS, _TARGETS, _ENDPOINTS = "alarms", "models", "targets", "endpoints"


def declared(compiled: Compiled) -> Options:
    """What the inventory declares."""
    targets = {(each["endpoint_name"], each["variant_name"]): each for each in compiled.targets}
    return {
        "endpoints": {
            each["endpoint_name"]: {
                variant["variant_name"]: _variant(
                    variant, targets.get((each["endpoint_name"], variant["variant_name"]))
                )
                for variant in [*each["production_variants"], *each.get("shadow_production_variants", ())]
            }
            for each in compiled.endpoints
        },
        "models": [each["model_name"] for each in compiled.models],
        "alarms": [each["alarm_name"] for each in [*compiled.alarms, *named(compiled.targets)]],
        "unnamed": [each["endpoint_name"] for each in compiled.endpoints if each.get("keep_variant_name")],
        "unprotected": [
            each["endpoint_name"] for each in compiled.endpoints if each.get("deletion_protection") is False
        ],
        "policies": [policy["policy_name"] for each in compiled.targets for policy in each.get("policies", ())],
        "actions": [
            action["scheduled_action_name"] for each in compiled.targets for action in each.get("scheduled_actions", ())
        ],
    }


def declared_by_items(plural: str, items: t.Sequence[Options]) -> Options:
    """What a task for one kind of resource declares; it does not contain all of an endpoint."""
    return {
        "endpoints": {each["endpoint_name"]: None for each in items if plural in (_ENDPOINTS, _TARGETS)},
        "models": [each["model_name"] for each in items if plural == _MODELS],
        "alarms": [
            each["alarm_name"] for each in (items if plural == _ALARMS else named(items) if plural == _TARGETS else ())
        ],
        "unprotected": [each["endpoint_name"] for each in items if each.get("deletion_protection") is False],
        "policies": [policy["policy_name"] for each in items for policy in each.get("policies") or ()],
        "tells_policies": plural == _TARGETS and all("policies" in each for each in items),
    }


def _variant(variant: Options, target: Options | None) -> Options:
    serverless = variant.get("serverless_config") or {}
    return {
        "count": variant.get("initial_instance_count"),
        "weight": variant.get("initial_variant_weight"),
        "max_concurrency": serverless.get("max_concurrency"),
        "provisioned_concurrency": serverless.get("provisioned_concurrency"),
        "scaled": _bounds(target) if target else None,
        "suspended": _suspended(target or {}),
        "instance_type": variant.get("instance_type"),
        "scheduled": [_bounds(each["scalable_target_action"]) for each in (target or {}).get("scheduled_actions", ())],
    }


def _bounds(target: Options) -> Options:
    return {"min": target.get("min_capacity"), "max": target.get("max_capacity")}


def _suspended(target: Options) -> list[str] | None:
    """In the members of AWS."""
    state = target.get("suspended_state")
    if state is None:
        return None
    return ["".join(word.title() for word in name.split("_")) for name, value in state.items() if value]


def planned_writes(plans: t.Iterable[Plan]) -> list[Options]:
    """The steps of the plans, with those that are taken only where AWS refuses one or a rollout fails."""
    steps = (step for plan in plans for each in (*plan.steps, *plan.if_not_reached) for step in _steps(each))
    return [_write(step) for step in steps]


def _steps(each: Step | Wait) -> t.Iterator[Step]:
    if isinstance(each, Step):
        yield each
    if each.failure_record:
        yield each.failure_record
    for step in each.recovery.steps if each.recovery else ():
        yield from _steps(step)


def _write(step: Step) -> Options:
    known = {name: None if is_unknown(value) else value for name, value in step.parameters.items()}
    return {
        "service": step.service,
        "operation": step.operation,
        "parameters": json.loads(json.dumps(known, default=str)),
    }


def is_unknown(value: t.Any) -> bool:
    """Whether an earlier step has yet to answer it, or an entry of it."""
    return any(isinstance(each, Output) for each in (value if isinstance(value, list) else [value]))


def ending(result: Options, warnings: t.Sequence[str]) -> Options:
    """All texts of a result, one a line, the endpoints that failed or whose scaling did, and those of outages."""
    endpoints, targets = result.get(_ENDPOINTS, ()), result.get(_TARGETS, ())
    of_targets = [variant_of(each["name"]).endpoint for each in targets if "error" in each]
    return {
        "text": "\n".join([*_texts(result), *warnings]),
        "failed": [*(each["name"] for each in endpoints if "error" in each), *of_targets],
        "outages": [each["name"] for each in endpoints if each["effect"] in OUTAGES],
    }


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
