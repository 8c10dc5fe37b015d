# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an endpoint and its configuration are made, and an endpoint replaced."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._aws.sagemaker import SERVICE
from ..._engine.canonical import Request
from ..._engine.diff import differences
from ..._engine.ownership import MOST_TAGS, Scope, added_tags, as_sent, owns, refuse_foreign, tag_steps
from ..._engine.plan import Compared, Effect, Plan, Refused, Step, Steps, Until, Wait
from ..generations import NAME_IS_TAKEN
from . import capacity, way_back
from .config import CREATE, RULES
from .live_capacity import in_place_steps
from .same_config import is_same_config
from .sizing import Target, sized_for, target_of
from .state import DesiredEndpoint, LiveEndpoint
from .suspended_scaling import Callers, suspended_scaling_of_new


def create(
    scope: Scope,
    desired: DesiredEndpoint,
    live: LiveEndpoint,
    first: tuple[Step, ...] = (),
    notes: tuple[str, ...] = (),
) -> Plan:
    """Makes the endpoint, once one that is there is gone: *first* deletes it."""
    suspended = suspended_scaling_of_new(desired, live)
    kept = {target.variant_name for target in suspended.saved}
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
    gone = (Wait(desired.name, Until.GONE, recovery=missing),) if live.exists else ()
    steps: Steps = (
        *config_steps(scope, desired, target, goal, sized.tags(target.request_or(goal)) | saved),
        *first,
        *gone,
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
    return Plan(desired.resource, effect, found, steps, notes, ended, compared=compared)


def replace(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, reason: str) -> Plan:
    # [I] DeleteEndpoint deregisters the scalable targets of its variants.
    current = live.config
    first = (
        *(way_back.before_leaving(desired, live, current) if current else ()),
        Step(SERVICE, "DeleteEndpoint", {"EndpointName": desired.name}, reason),
    )
    return create(scope, desired, live, first, (f"replaced because {reason}",))


def _tags_of_new(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> dict[str, str]:
    """What takes another's place has the tags too that a run would have left on that; what follows one has not."""
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
    stale = (capacity.RECORD,) if capacity.RECORD in existing.tags and capacity.RECORD not in wanted else ()
    return tag_steps(SERVICE, existing.arn, dataclasses.replace(change, removed=(*change.removed, *stale)))


def outcome(config_name: str | None, callers: Callers | None = None) -> dict[str, t.Any]:
    return {"endpoint_config_name": config_name, "callers": callers}
