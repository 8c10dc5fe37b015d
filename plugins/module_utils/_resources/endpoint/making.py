# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an endpoint and its configuration are made, and an endpoint replaced where AWS cannot update it."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._aws.client import Result
from ..._aws.sagemaker import SERVICE
from ..._engine.canonical import Request
from ..._engine.diff import differences
from ..._engine.ownership import MOST_TAGS, Scope, added_tags, as_sent, owns, refuse_foreign, tag_steps
from ..._engine.plan import Compared, Effect, Plan, Refused, Step, Steps, Until, Wait
from ..generations import NAME_IS_TAKEN
from . import old_generations, retained_capacity, stand_in
from .config import ASYNCHRONOUS, COMPONENTS, CREATE, REALTIME, RULES, hosting_kind, is_same_config
from .live_capacity import in_place_steps
from .sizing import Target, sized_for, target_of
from .state import DesiredEndpoint, LiveEndpoint
from .suspended_scaling import Callers, suspended_scaling_of_new

_NOT_SERVING = ("UpdateRollbackFailed", "OutOfService")


def create(
    scope: Scope,
    desired: DesiredEndpoint,
    live: LiveEndpoint,
    first: tuple[Step, ...] = (),
    notes: tuple[str, ...] = (),
) -> Plan:
    """Makes the endpoint, once one that is there is gone: *first* deletes it."""
    suspended = suspended_scaling_of_new(desired, live)
    kept = {target.variant_name for target in suspended.to_restore}
    lost = [target.description for name, target in live.targets.items() if name not in kept]
    notes += (f"autoscaling of {', '.join(lost)} is deleted with the endpoint",) if lost else ()
    sized = sized_for(desired, live, suspended)
    goal = sized.goal_of_new(desired.config)
    target = target_of(desired, live, goal, ())
    saved = suspended.tags if suspended.to_deregister else {}
    tags = _tags_of_new(scope, desired, live)
    parameters = {
        "EndpointName": desired.name,
        "EndpointConfigName": target.name,
        "Tags": as_sent(SERVICE, tags),
    }
    missing = suspended.left_to_the_next_run()
    gone = Wait(desired.name, Until.GONE, target.name, recovery=missing, made_again_with=tags)
    steps: Steps = (
        *config_steps(scope, desired, target, goal, sized.tags(target.request_or(goal)) | saved),
        *first,
        *((gone,) if live.exists else ()),
        Step(SERVICE, "CreateEndpoint", parameters, "missing", missing),
        Wait(desired.name, Until.IN_SERVICE, target.name, recovery=missing),
        *in_place_steps(desired.name, target.request_or(goal), sized.left_to_autoscaling(target.request_or(goal))),
        *suspended.restore_steps(target.arn if saved else None),
    )
    found = differences(RULES, None, goal) + added_tags(tags)
    effect = Effect.REPLACE if live.exists and live.status != "Deleting" else Effect.CREATE
    ended = outcome(target.name, suspended.callers(target.arn if saved else None))
    compared = Compared(None, goal)
    notes += (*suspended.notes(), *sized.notes)
    return Plan(desired.resource, effect, differences=found, steps=steps, notes=notes, outcome=ended, compared=compared)


def replace(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, reason: str) -> Plan:
    # [I] DeleteEndpoint deregisters the scalable targets of its variants.
    current = live.config
    first = (
        *(old_generations.before_leaving(desired, live, current) if current else ()),
        Step(SERVICE, "DeleteEndpoint", {"EndpointName": desired.name}, reason),
    )
    return create(scope, desired, live, first, (f"replaced because {reason}",))


def _tags_of_new(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> dict[str, str]:
    """What takes another's place has the tags too that a run would have left on that; what follows one has not."""
    if not live.exists and desired.made_again_with is not None:
        return dict(desired.made_again_with)
    if live.exists and (live.status != "Deleting" or owns(scope, live.tags)):
        return desired.tags.change(scope, live.tags).after
    return desired.tags.wanted


def config_steps(
    scope: Scope, desired: DesiredEndpoint, target: Target, goal: Request, more: dict[str, str]
) -> tuple[Step, ...]:
    """The target made, or if it exists only tagged; *more* are tags of this run."""
    wanted = desired.config_tags.wanted | more
    if len(wanted) > MOST_TAGS:
        raise Refused(
            f"its configuration needs {len(wanted)} tags to save the scaling, but AWS allows {MOST_TAGS}; remove some"
        )
    existing = target.existing
    if existing is None:
        request = goal | {"EndpointConfigName": target.name, "Tags": as_sent(SERVICE, wanted)}
        return (Step(SERVICE, CREATE, request, "missing"),)
    if not is_same_config(scope, desired, existing):
        raise Refused(f"the endpoint configuration {target.name} {NAME_IS_TAKEN}")
    refuse_foreign(scope, f"the endpoint configuration {target.name}", existing.tags)
    change = desired.config_tags.with_own(more).change(scope, existing.tags)
    stale = (
        (retained_capacity.RECORD,)
        if retained_capacity.RECORD in existing.tags and retained_capacity.RECORD not in wanted
        else ()
    )
    return tag_steps(SERVICE, existing.arn, dataclasses.replace(change, removed=(*change.removed, *stale)))


def outcome(config_name: str | None, callers: Callers | None = None) -> dict[str, t.Any]:
    return {"endpoint_config_name": config_name, "callers": callers}


def obstacle(desired: DesiredEndpoint, live: LiveEndpoint) -> str | None:
    """Why no update leads from what is there to what is wanted."""
    if live.status in _NOT_SERVING:
        return f"the endpoint is {live.status}: {live.failure_reason}"
    current = live.config
    if current and desired.may_be_replaced and stand_in.has_failed(live, current):
        return f"AWS cannot update it, although its configuration {current.name} was created again"
    after = hosting_kind(desired.config)
    before = hosting_kind(current.request) if current else _shown(live.description, after)
    if before == after:
        return None
    # [M] they stay listed without the endpoint.
    lost = ", which would stop its inference components" if before == COMPONENTS else ""
    return f"AWS cannot update {_article(before)} endpoint to {_article(after)} one{lost}"


def _shown(description: Result, wanted: str) -> str:
    """The kind, as far as the description of an endpoint shows it, which does not show whether there are models."""
    if any("CurrentServerlessConfig" in variant for variant in description.get("ProductionVariants", ())):
        return "serverless"
    if "AsyncInferenceConfig" in description:
        return ASYNCHRONOUS
    return wanted if wanted == COMPONENTS else REALTIME


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
