# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles the exported inventory again and compares the result with what was read."""

from __future__ import annotations

import dataclasses
import typing as t

from .._engine.canonical import Request, Rules
from .._engine.diff import differences
from .._engine.ownership import DEPLOYMENT, DIGEST, PREFIX, Scope, Tags, owner_of, tag_change
from .._engine.requests import Options
from .._inventory.compiler import compile_inventory
from .._inventory.reader import Tree
from .._resources import alarm as alarms
from .._resources import model_requests, policies, policy_alarms, scaling, scheduled_actions
from .._resources.alarm import LiveAlarm
from .._resources.endpoint import config as configs
from .._resources.endpoint.kind import EndpointKind
from .._resources.endpoint.live_capacity import with_live_capacity
from .._resources.endpoint.retained_capacity import with_scaled_as
from .._resources.endpoint.state import LiveEndpoint
from .._resources.generations import LiveGeneration
from .._resources.metric_ids import with_ids_of
from .._resources.model import ModelKind
from .._resources.names import INSTANCE_COUNT, PROVISIONED_CONCURRENCY, VariantId
from .._resources.scaling_state import TARGET_RULES, LiveScaling
from ..paths import Path, text_of
from .fleet import Fleet
from .omissions import Omission, applied
from .original_request import requested_config, requested_model
from .tags import user_tags

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.

Found: t.TypeAlias = "t.Iterator[Omission]"

_KEPT = "an apply leaves it unchanged"
_KEPT_BY_SCHEDULE = f"{_KEPT} while that action is in force"
_KEPT_UNTIL = f"{_KEPT}, but the next generation will not have it"


def deviations(fleet: Fleet, declared: t.Mapping[str, LiveGeneration], inventory: Tree) -> Found:
    """Where the inventory differs from *fleet*; *declared* are its models by key."""
    compiled = compile_inventory(inventory)
    endpoints = {each.name: each for each in fleet.endpoints}
    targets = {
        each.name: each
        for endpoint in fleet.endpoints
        for each in endpoint.targets.values()
        if each.dimension in (INSTANCE_COUNT, PROVISIONED_CONCURRENCY)
    }
    found_alarms = {each.name: each for endpoint in fleet.endpoints for each in endpoint.alarms}
    for options in compiled.models:
        yield from _of_model(options, declared[options["model_name"]])
    generations = {key: model.name for key, model in declared.items()}
    for options in compiled.endpoints:
        yield from _of_endpoint(options, endpoints[options["endpoint_name"]], generations)
    for options in compiled.alarms:
        yield from _of_alarm(options, found_alarms[options["alarm_name"]])
    for options in compiled.targets:
        name = VariantId(options["endpoint_name"], options["variant_name"]).resource_id
        yield from _of_target(options, targets[name])


def _of_model(options: Options, live: LiveGeneration) -> Found:
    desired = ModelKind(Scope()).desired(options, is_for_deletion=False)
    found, wanted = model_requests.comparable(requested_model(live), desired.request)
    resource = f"model {desired.name}"
    deviating = list(_compared(resource, live.tags, _rules(model_requests.RULES, live), found, wanted, _KEPT_UNTIL))
    yield from deviating or _other_digest(resource, live.tags, desired.digest)
    yield from _of_tags(resource, live.tags, desired.tags.wanted)


def _of_endpoint(options: Options, live: LiveEndpoint, generations: t.Mapping[str, str]) -> Found:
    config = t.cast("LiveGeneration", live.config)
    kind = EndpointKind(Scope(), generations)
    desired = kind.resolved(kind.desired(options, is_for_deletion=False))
    resource = f"endpoint {live.name}"
    running = with_live_capacity(requested_config(config), live.description)
    running = with_scaled_as(running, desired.config, live.targets)
    found = list(_compared(resource, live.tags, _rules(configs.RULES, config), running, desired.config, _KEPT_UNTIL))
    yield from found or _other_digest(resource, config.tags, desired.digest)
    yield from _of_tags(resource, live.tags, desired.tags.wanted)
    yield from _of_tags(f"endpoint configuration {config.name}", config.tags, desired.config_tags.wanted)


def _of_alarm(options: Options, live: LiveAlarm) -> Found:
    desired = alarms.AlarmKind(Scope()).desired(options, is_for_deletion=False)
    resource = f"alarm {desired.name}"
    found = with_ids_of(desired.request, live.request)
    yield from _compared(resource, live.tags, alarms.RULES, found, desired.request, _KEPT)
    yield from _of_tags(resource, live.tags, desired.tags.wanted)


def _of_target(options: Options, live: LiveScaling) -> Found:
    desired = scaling.ScalingKind(Scope()).desired(options, is_for_deletion=False)
    resource = f"scaling {desired.name}"
    yield from _of_bounds(resource, live)
    found, wanted = scheduled_actions.as_declared(live), desired.target
    yield from _compared(resource, live.tags, TARGET_RULES, found, wanted, _KEPT)
    for name, wanted in desired.policies.items():
        found = policies.comparable(live.policies[name], wanted)
        yield from _compared(resource, live.tags, policies.RULES, found, wanted, _KEPT, ("policies", name))
    for name, each in desired.alarms.items():
        before = policy_alarms.comparable(name, live)
        found = with_ids_of(each.request, before.request)
        yield from _compared(f"alarm {name}", before.tags, alarms.RULES, found, each.request, _KEPT)
        yield from _of_tags(f"alarm {name}", before.tags, each.tags.wanted)
    for name, wanted in desired.scheduled_actions.items():
        found, wanted = map(scheduled_actions.comparable, (live.scheduled_actions[name], wanted))
        path = ("scheduled_actions", name)
        yield from _compared(resource, live.tags, scheduled_actions.RULES, found, wanted, _KEPT, path)
    yield from _of_tags(resource, live.tags, desired.tags.wanted)


def _of_bounds(resource: str, live: LiveScaling) -> Found:
    """The bounds that a scheduled action has set, or may have."""
    actions, declared = scheduled_actions.actions_in_force(live), scheduled_actions.declared_bounds(live.tags)
    held = scheduled_actions.bounds_of_schedules(live)
    for member in scheduled_actions.BOUNDS:
        setters = [each for each in actions if each.get("ScalableTargetAction", {}).get(member) == live.target[member]]
        if member in held:
            reason = (
                f"has set it; the inventory contains the declared value, {declared[member]}, and {_KEPT_BY_SCHEDULE}"
            )
            action = held[member]
        elif member not in declared and setters:
            reason = "sets this value; the declared value is not known and may be a different one"
            action = setters[0]["ScheduledActionName"]
        else:
            continue
        path = xform_name(member)
        yield Omission(resource, path, live.target[member], False, f'the scheduled action "{action}" {reason}')


def _rules(rules: Rules, live: LiveGeneration) -> Rules:
    """Of what carries a digest nothing is kept: another digest is another object."""
    return dataclasses.replace(rules, computed=()) if DIGEST in live.tags else rules


def _compared(
    resource: str, tags: Tags, rules: Rules, live: Request, wanted: Request, kept: str, prefix: Path = ()
) -> t.Iterator[Omission]:
    changing = {item.path for item in differences(rules, live, wanted)}
    for item in differences(dataclasses.replace(rules, computed=()), live, wanted):
        would_change = item.path in changing
        reason = applied(_change(item.display_after), tags) if would_change else kept
        yield Omission(resource, text_of((*prefix, *item.path)), item.display_before, would_change, reason)


def _change(after: t.Any) -> str:
    return "remove it" if after is None else f"make it {after}"


def _other_digest(resource: str, tags: Tags, digest: str) -> Found:
    """What is equal but has another digest, such as a model with another host name of its only container."""
    if tags.get(DIGEST, digest) != digest:
        reason = f"{applied(_change(digest), tags)}, and change nothing else of it"
        yield Omission(resource, f"tags.{DIGEST}", tags[DIGEST], True, reason)


def _of_tags(resource: str, live: Tags, wanted: Tags) -> Found:
    """Tags that are lost and, for owned resources, tags that are added. Adoption only adds tags."""
    is_ours = any(key.startswith(PREFIX) for key in live)
    owner = owner_of(live) or "whoever adopts it"
    change = tag_change(Scope(owner), live, {**wanted, DEPLOYMENT: owner}, are_given=True)
    changed = {*change.added, *change.removed}
    for key in sorted({*user_tags(live), *(user_tags(wanted) if is_ours else ())} & changed):
        reason = f"an apply would {_change(wanted.get(key))}"
        yield Omission(resource, f"tags.{key}", live.get(key), True, reason)
