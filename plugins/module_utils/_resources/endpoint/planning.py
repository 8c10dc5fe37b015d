# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to an endpoint, decided from its declaration and its state: pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._aws.endpoint_descriptions import TRANSITIONAL, variants_of
from ..._aws.sagemaker import SERVICE
from ..._engine.canonical import Request
from ..._engine.diff import differences
from ..._engine.ownership import Scope, in_place_effect, redeployed, refuse_foreign, tag_steps, unless_unowned
from ..._engine.plan import Compared, Effect, Plan, Refused, ResourceId, Step, Steps, Until, Wait
from ..generations import LiveGeneration
from ..target_dependents import removal
from . import making, old_generations, protection, scaling_notes, stand_in
from . import rollout_policy as rollout
from .config import RULES, TO_THE_LETTER, hosting_kind, is_same_config
from .guarding import refuse_unguarded
from .live_capacity import in_place_steps, with_live_capacity
from .retained_capacity import after_update
from .sizing import sized_for, target_of
from .state import DesiredEndpoint, LiveEndpoint
from .suspended_scaling import suspended_scaling, suspended_scaling_of_new


def plan_present(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    """Raises Refused if a model is missing, or if only something that is not allowed would help."""
    try:
        plan = unless_unowned(scope, _plan(scope, desired, live), live.tags, desired.may_be_adopted)
    except Refused as refusal:
        missing = _still_missing(desired, live)
        raise Refused(f"{refusal}{missing}", cause=refusal.cause and f"{refusal.cause}{missing}") from refusal
    return dataclasses.replace(plan, found=live.description)


def refuse_other_case(desired: DesiredEndpoint, live: LiveEndpoint) -> None:
    """Raises Refused for an endpoint that AWS finds under the name, but whose own name differs in case."""
    name = live.description.get("EndpointName", desired.name)
    if name != desired.name and live.status != "Deleting":
        # [D SM CreateEndpoint] the name is case-insensitive, and its case "must be matched in InvokeEndpoint".
        raise Refused(f"it exists as {name}, and AWS allows no other endpoint whose name differs only in case")


def _still_missing(desired: DesiredEndpoint, live: LiveEndpoint) -> str:
    """Names what an earlier run removed and this one does not restore."""
    missing = (
        suspended_scaling(desired, live) if live.exists else suspended_scaling_of_new(desired, live)
    ).not_restored()
    return (
        f"; {missing.what} is still missing after an earlier run; the next run that succeeds restores it"
        if missing
        else ""
    )


def _plan(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    if desired.failed_models:
        names = ", ".join(desired.failed_models)
        raise Refused(f"skipped: model {names} failed", cause="skipped: its model failed")
    if not live.exists:
        return making.create(scope, desired, live)
    refuse_foreign(scope, desired.resource, live.tags)
    refuse_other_case(desired, live)
    if live.status == "Failed":
        return making.replace(scope, desired, live, f"it is Failed: {live.failure_reason}")
    if live.status == "Deleting":
        return making.create(scope, desired, live, notes=("waits until the old endpoint is deleted",))
    if live.status in TRANSITIONAL:
        return _join(scope, desired, live)
    return _updated(scope, desired, live)


def _updated(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    """The plan for an endpoint that is not busy, and is neither being created nor deleted."""
    obstacle = making.obstacle(desired, live)
    if obstacle and desired.may_be_replaced:
        lifting = protection.before_replacement(scope, desired, live, obstacle, _still_missing(desired, live))
        return lifting or making.replace(scope, desired, live, obstacle)
    if obstacle:
        raise Refused(f"{obstacle}; set allow_replace: true to delete and create the endpoint again (outage)")
    current = live.config
    if current is None:
        return _make_again(scope, desired, live)
    if not stand_in.is_stand_in(current) and is_same_config(scope, desired, current):
        if live.missing_models:
            raise Refused(
                f"its model {', '.join(live.missing_models)} has been deleted, so AWS can neither scale nor patch the "
                f"endpoint; create the model again"
            )
        return _in_place(scope, desired, live, current)
    return _redeploy(scope, desired, live, current)


def _make_again(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    """The configuration in use was deleted: once it exists again, AWS can update and patch the endpoint."""
    again = stand_in.made_again(desired, live)
    whole = dataclasses.replace(live, configs={**live.configs, again.name: again})
    if stand_in.is_stand_in(again):
        plan = _redeploy(scope, desired, whole, again)
    else:
        plan = _in_place(scope, desired, whole, again)
        notes = (stand_in.note_of_same(again), *plan.notes)
        plan = dataclasses.replace(plan, effect=Effect.IN_PLACE, notes=notes)
    return dataclasses.replace(plan, steps=(stand_in.creation(again), *plan.steps))


def _join(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    missing = suspended_scaling(desired, live).not_restored()
    pending = live.configs.get(live.pending_config_name or "")
    if pending is not None and is_same_config(scope, desired, pending):
        wait = dataclasses.replace(_arrival(desired, pending.name), recovery=missing)
        note = f"{live.status}: already changing to this configuration"
    else:
        wait = Wait(desired.name, Until.STABLE, recovery=missing)
        towards = f" to {live.pending_config_name}" if live.pending_config_name else ""
        note = f"{live.status}{towards}: waits until it is stable, then plans again"
    return Plan(
        desired.resource,
        Effect.NONE,
        steps=(wait,),
        notes=(note,),
        outcome=making.outcome(live.config_name),
        is_provisional=True,
    )


def _arrival(desired: DesiredEndpoint, config_name: str) -> Wait:
    instances = max(variant.get("InitialInstanceCount", 0) for variant in desired.config["ProductionVariants"])
    return Wait(
        desired.name,
        Until.IN_SERVICE,
        config_name,
        alarms=rollout.alarm_names(desired.deployment_config),
        baking_seconds=rollout.baking_seconds(desired.deployment_config, instances),
        pause_seconds=rollout.pause_seconds(desired.deployment_config),
    )


def _in_place(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, current: LiveGeneration) -> Plan:
    """The wanted configuration is served: what is left is done in place."""
    suspended = suspended_scaling(desired, live)
    sized = sized_for(desired, live, suspended)
    running = with_live_capacity(current.request, live.description)
    moved = tuple(item for item in differences(RULES, running, sized.goal) if item.is_mutable)
    in_place = in_place_steps(desired.name, running, sized.goal) if moved else ()
    own = desired.tags.change(scope, live.tags)
    kept = {key: value for key, value in current.tags.items() if not scaling_notes.is_saved_tag(key)}
    of_config = desired.config_tags.change(scope, kept)
    restoring = suspended.restore_steps()
    steps: Steps = (
        *sized.before_lowering_in_place(live, current),
        *_release(live),
        *restoring,
        *sized.in_place(live, current, in_place),
        *tag_steps(SERVICE, live.arn, own),
        *tag_steps(SERVICE, current.arn, of_config),
    )
    does_more = in_place or restoring or live.undeclared_targets
    effect = in_place_effect(does_more, steps)
    notes = ("restores the autoscaling that an earlier run removed",) if restoring else ()
    found = moved + (own.differences or of_config.differences)
    return Plan(
        desired.resource,
        effect,
        differences=found,
        steps=steps,
        notes=(*notes, *suspended.notes(), *sized.notes),
        outcome=making.outcome(current.name, suspended.callers()),
        compared=Compared(running, sized.goal),
        parts=_released(live),
    )


def _release(live: LiveEndpoint) -> tuple[Step, ...]:
    """Removes scaling that is no longer declared."""
    return tuple(scaling_notes.deregistration(each, "no longer declared") for each in live.undeclared_targets.values())


def _released(live: LiveEndpoint) -> tuple[Plan, ...]:
    return tuple(removal(ResourceId("scaling", each.name), each) for each in live.undeclared_targets.values())


def _redeploy(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, current: LiveGeneration) -> Plan:
    rule = rollout.unsupported_reason(
        desired.name, desired.deployment_config, variants_of(current.request), desired.config
    )
    if rule:
        raise Refused(rule)
    refuse_unguarded(desired, live)
    suspended = suspended_scaling(desired, live)
    sized = sized_for(desired, live, suspended)
    goal = sized.goal
    running = with_live_capacity(current.request, live.description)
    target = target_of(desired, live, goal, variants_of(running))
    fleet = after_update(running, target.request_or(goal))
    own = desired.tags.change(scope, live.tags)
    recovery = suspended.recovery(target.arn)
    update = Step(SERVICE, "UpdateEndpoint", _update(desired, target.name), "configuration changed", recovery)
    steps: Steps = (
        *sized.before_lowering_in_place(live, current),
        *_release(live),
        *making.config_steps(
            scope, desired, target, goal, sized.tags_for_update(target.request_or(goal)) | suspended.tags
        ),
        *old_generations.before_leaving(desired, live, current),
        *suspended.deregistrations(target.arn),
        stand_in.update_to(update, current),
        dataclasses.replace(_arrival(desired, target.name), recovery=recovery),
        *suspended.restore_steps(target.arn),
        *old_generations.after_going_back(desired, current),
        *sized.in_place_after_update(
            target.arn,
            target.request_or(goal),
            in_place_steps(desired.name, fleet, sized.left_to_autoscaling(fleet)),
        ),
        *tag_steps(SERVICE, live.arn, own),
    )
    found = differences(RULES, running, goal) or differences(TO_THE_LETTER, running, goal)
    found += redeployed(current.tags, desired.redeploy)
    effect = Effect.REDEPLOY_SCALED if suspended.to_deregister or suspended.to_restore else Effect.REDEPLOY
    notes = (*stand_in.notes_of(current), *_while_both_run(desired, goal, running), *suspended.notes(), *sized.notes)
    ended = making.outcome(target.name, suspended.callers(target.arn))
    return Plan(
        desired.resource,
        effect,
        differences=found + own.differences,
        steps=steps,
        notes=notes,
        outcome=ended,
        compared=Compared(running, goal),
        parts=_released(live),
    )


def _while_both_run(desired: DesiredEndpoint, goal: Request, running: Request) -> tuple[str, ...]:
    fleet = after_update(running, goal)
    extra = rollout.extra_instances(desired.deployment_config, variants_of(fleet).values())
    return (f"{extra} while both fleets run",) if extra else ()


def _update(desired: DesiredEndpoint, config_name: str) -> dict[str, t.Any]:
    parameters: dict[str, t.Any] = {"EndpointName": desired.name, "EndpointConfigName": config_name}
    if hosting_kind(desired.config) != "serverless":
        parameters["RetainAllVariantProperties"] = True
    if desired.deployment_config:
        parameters["DeploymentConfig"] = desired.deployment_config
    return parameters
