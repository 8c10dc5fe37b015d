# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to an endpoint, decided from its declaration and its state: pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.compare import Difference, differences
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint import (
    capacity,
    obstacles,
    rollout,
    saved_scaling,
    stand_in,
    way_back,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.config import (
    CREATE,
    RULES,
    hosting_kind,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.in_place import (
    after_update,
    as_running,
    in_place_steps,
    variants_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.sizing import (
    Target,
    sized_for,
    target_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.standing_aside import (
    Callers,
    aside_for_new,
    aside_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.state import (
    BUSY,
    DesiredEndpoint,
    LiveConfig,
    LiveEndpoint,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import (
    Effect,
    Plan,
    Refused,
    Step,
    Until,
    Wait,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import (
    DIGEST,
    MOST_TAGS,
    Scope,
    added_tags,
    as_sent,
    owns,
    refuse_foreign,
    tag_change,
    tag_steps,
    unless_unowned,
)

SERVICE = "sagemaker"
_TO_THE_LETTER = dataclasses.replace(RULES, kept=())

Steps: t.TypeAlias = "tuple[Step | Wait, ...]"


def plan_present(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    """Raises Refused where a model is missing, or where what would help is not allowed."""
    try:
        return unless_unowned(scope, _plan(scope, desired, live), live.tags, desired.may_be_adopted)
    except Refused as refusal:
        raise Refused(f"{refusal}{_still_away(desired, live)}") from refusal


def _still_away(desired: DesiredEndpoint, live: LiveEndpoint) -> str:
    """Names what an earlier run took away and this one does not put back."""
    missing = (aside_of(desired, live) if live.exists else aside_for_new(desired, live)).missing
    if not missing:
        return ""
    return f"; autoscaling of {', '.join(missing)} is still away after an earlier run, the next one restores it"


def _plan(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    label = f"endpoint {desired.name}"
    if desired.failed_models:
        raise Refused(f"left alone, for model {', '.join(desired.failed_models)} failed")
    if not live.exists:
        return _create(scope, label, desired, live)
    refuse_foreign(scope, label, live.tags)
    if live.status == "Failed":
        return _replace(scope, label, desired, live, f"it is Failed: {live.failure_reason}")
    if live.status == "Deleting":
        gone = Wait(desired.name, Until.GONE, recovery=aside_for_new(desired, live).left_to_the_next_run())
        return _create(scope, label, desired, live, (gone,), ("waits until the old one is deleted",))
    if live.status in BUSY:
        return _join(scope, label, desired, live)
    return _updated(scope, label, desired, live)


def _updated(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    """An endpoint that is neither busy nor on its way in or out."""
    obstacle = obstacles.obstacle(desired, live)
    if obstacle and desired.may_be_replaced:
        return _replace(scope, label, desired, live, obstacle)
    if obstacle:
        raise Refused(f"{obstacle}; allow_replace: true deletes it and makes it again, with an outage")
    current = live.configs.get(live.config_name)
    if current is None:
        return _make_again(scope, label, desired, live)
    if not stand_in.is_stand_in(current) and is_same_config(scope, desired, current):
        if live.missing_models:
            raise Refused(
                f"its model {', '.join(live.missing_models)} has been deleted, so AWS can neither scale nor patch the "
                f"endpoint; make the model again"
            )
        return _settle(scope, label, desired, live, current)
    return _redeploy(scope, label, desired, live, current)


def _make_again(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    """The configuration in use has been deleted: with it back, AWS can update and patch the endpoint again."""
    again = stand_in.made_again(desired, live)
    whole = dataclasses.replace(live, configs={**live.configs, again.name: again})
    if stand_in.is_stand_in(again):
        plan = _redeploy(scope, label, desired, whole, again)
    else:
        settled = _settle(scope, label, desired, whole, again)
        notes = (stand_in.told_of_same(again), *settled.notes)
        plan = dataclasses.replace(settled, effect=Effect.IN_PLACE, notes=notes)
    return dataclasses.replace(plan, steps=(stand_in.creation(again), *plan.steps))


def is_same_config(scope: Scope, desired: DesiredEndpoint, current: LiveConfig) -> bool:
    """Whether the configuration is the wanted one but for what changes in place.

    Its digest proves that it is, and only its content that it is another: AWS may have filled in what is asked for now.
    """
    tagged = current.tags.get(DIGEST)
    if tagged == desired.digest and scope.trusts_tags:
        return True
    rules = RULES if tagged in (None, desired.digest) else _TO_THE_LETTER
    return not any(_is_structural(item) for item in differences(rules, current.request, desired.config))


def _is_structural(item: Difference) -> bool:
    if item.path.endswith("serverless_config.provisioned_concurrency"):
        return item.before is None or item.after is None
    return not item.is_live


def _create(
    scope: Scope,
    label: str,
    desired: DesiredEndpoint,
    live: LiveEndpoint,
    first: Steps = (),
    notes: tuple[str, ...] = (),
) -> Plan:
    aside = aside_for_new(desired, live)
    kept = {target.variant_name for target in aside.noted}
    lost = [target.description for name, target in live.targets.items() if name not in kept]
    notes += (f"autoscaling of {', '.join(lost)} goes with it",) if lost else ()
    sized = sized_for(desired, live, aside)
    goal = sized.goal_of_new(desired.config)
    target = target_of(desired, live, goal, ())
    saved = aside.tags if aside.leaving else {}
    tags = _tags_of_new(scope, desired, live)
    parameters = {
        "EndpointName": desired.name,
        "EndpointConfigName": target.name,
        "Tags": as_sent(SERVICE, tags),
    }
    missing = aside.left_to_the_next_run()
    steps: Steps = (
        *_config_steps(scope, desired, target, goal, sized.tags(target.request_or(goal)) | saved),
        *first,
        Step(SERVICE, "CreateEndpoint", parameters, "missing", missing),
        Wait(desired.name, Until.IN_SERVICE, target.name, recovery=missing),
        *in_place_steps(desired.name, target.request_or(goal), sized.left_to_autoscaling(target.request_or(goal))),
        *aside.restorations(target.arn if saved else None),
    )
    found = differences(RULES, None, goal) + added_tags(tags)
    effect = Effect.REPLACE if live.exists and live.status != "Deleting" else Effect.CREATE
    ended = outcome(target.name, aside.callers(target.arn if saved else None))
    return Plan(label, effect, found, steps, (*notes, *sized.notes), ended)


def _tags_of_new(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> dict[str, str]:
    """What takes another's place has the tags too that a run would have left on that; what follows one has not."""
    if live.exists and (live.status != "Deleting" or owns(scope, live.tags)):
        return tag_change(scope, live.tags, desired.tags, desired.tags_are_given).after
    return desired.tags


def _replace(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint, reason: str) -> Plan:
    # [I] DeleteEndpoint deregisters the scalable targets of its variants.
    missing = aside_for_new(desired, live).left_to_the_next_run()
    first: Steps = (
        Step(SERVICE, "DeleteEndpoint", {"EndpointName": desired.name}, reason),
        Wait(desired.name, Until.GONE, recovery=missing),
    )
    return _create(scope, label, desired, live, first, (f"replaced because {reason}",))


def _config_steps(
    scope: Scope, desired: DesiredEndpoint, target: Target, goal: Request, more: dict[str, str]
) -> tuple[Step, ...]:
    """The target made, or if it exists only tagged; *more* are tags of this run."""
    wanted = desired.config_tags | more
    if len(wanted) > MOST_TAGS:
        raise Refused(f"its configuration needs {len(wanted)} tags to save the scaling, and AWS allows {MOST_TAGS}")
    existing = target.existing
    if existing is None:
        request = goal | {"EndpointConfigName": target.name, "Tags": as_sent(SERVICE, wanted)}
        return (Step(SERVICE, CREATE, request, "missing"),)
    if not is_same_config(scope, desired, existing):
        raise Refused(f"the endpoint configuration {target.name} exists with other content; delete it")
    refuse_foreign(scope, f"the endpoint configuration {target.name}", existing.tags)
    change = tag_change(scope, existing.tags, wanted, desired.tags_are_given)
    stale = (capacity.RECORD,) if capacity.RECORD in existing.tags and capacity.RECORD not in wanted else ()
    return tag_steps(SERVICE, existing.arn, dataclasses.replace(change, removed=(*change.removed, *stale)))


def _join(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    missing = aside_of(desired, live).still_away()
    pending = live.configs.get(live.pending_config_name or "")
    if pending is not None and is_same_config(scope, desired, pending):
        wait = dataclasses.replace(_arrival(desired, pending.name), recovery=missing)
        note = f"already {live.status} to this configuration"
    else:
        wait = Wait(desired.name, Until.SETTLED, recovery=missing)
        towards = f" to {live.pending_config_name}" if live.pending_config_name else ""
        note = f"{live.status}{towards}: waits until it has settled, then plans again"
    return Plan(label, Effect.NONE, (), (wait,), (note,), outcome(live.config_name), is_provisional=True)


def _arrival(desired: DesiredEndpoint, config_name: str) -> Wait:
    instances = max(variant.get("InitialInstanceCount", 0) for variant in desired.config["ProductionVariants"])
    return Wait(
        desired.name,
        Until.IN_SERVICE,
        config_name,
        alarms=rollout.alarm_names(desired.deployment_config),
        deliberate_seconds=rollout.deliberate_seconds(desired.deployment_config, instances),
    )


def _settle(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint, current: LiveConfig) -> Plan:
    """The wanted configuration is served: what is left is done in place."""
    aside = aside_of(desired, live)
    sized = sized_for(desired, live, aside)
    running = as_running(current.request, live.description)
    moved = tuple(item for item in differences(RULES, running, sized.goal) if item.is_live)
    in_place = in_place_steps(desired.name, running, sized.goal) if moved else ()
    own = tag_change(scope, live.tags, desired.tags, desired.tags_are_given)
    kept = {key: value for key, value in current.tags.items() if not saved_scaling.is_saved_tag(key)}
    of_config = tag_change(scope, kept, desired.config_tags, desired.tags_are_given)
    restoring = aside.restorations()
    recording = sized.afterwards(live, current)
    steps: Steps = (
        *sized.before_lowering_in_place(live, current),
        *_release(live),
        *restoring,
        *((*in_place, *recording) if sized.lowered else (*recording, *in_place)),
        *tag_steps(SERVICE, live.arn, own),
        *tag_steps(SERVICE, current.arn, of_config),
    )
    does_more = in_place or restoring or live.undeclared_targets
    effect = Effect.IN_PLACE if does_more else Effect.TAGS if steps else Effect.NONE
    notes = ("puts back the scaling that an earlier run took away",) if restoring else ()
    found = moved + _released(live) + (own.differences or of_config.differences)
    return Plan(label, effect, found, steps, (*notes, *sized.notes), outcome(current.name, aside.callers()))


def _release(live: LiveEndpoint) -> tuple[Step, ...]:
    """Takes away scaling that is declared no more."""
    return tuple(saved_scaling.deregistration(each, "no longer declared") for each in live.undeclared_targets.values())


def _released(live: LiveEndpoint) -> tuple[Difference, ...]:
    return tuple(Difference(f"scalable_targets.{name}", "registered", None) for name in live.undeclared_targets)


def _redeploy(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint, current: LiveConfig) -> Plan:
    rule = rollout.obstacle(desired.deployment_config, variants_of(current.request), desired.config)
    if rule:
        raise Refused(rule)
    aside = aside_of(desired, live)
    sized = sized_for(desired, live, aside)
    goal = sized.goal
    running = as_running(current.request, live.description)
    target = target_of(desired, live, goal, variants_of(running))
    fleet = after_update(running, target.request_or(goal))
    own = tag_change(scope, live.tags, desired.tags, desired.tags_are_given)
    recovery = aside.recovery(target.arn)
    update = Step(SERVICE, "UpdateEndpoint", _update(desired, target.name), "configuration changed", recovery)
    steps: Steps = (
        *sized.before_lowering_in_place(live, current),
        *_release(live),
        *_config_steps(scope, desired, target, goal, sized.tags_for_update(target.request_or(goal)) | aside.tags),
        *way_back.before_leaving(desired, live, current),
        *aside.deregistrations(target.arn),
        stand_in.update_to(update, current),
        dataclasses.replace(_arrival(desired, target.name), recovery=recovery),
        *aside.restorations(target.arn),
        *way_back.after_going_back(desired, current),
        *in_place_steps(desired.name, fleet, sized.left_to_autoscaling(fleet)),
        *sized.after_update(target.arn, target.request_or(goal)),
        *tag_steps(SERVICE, live.arn, own),
    )
    found = differences(RULES, running, goal) or differences(_TO_THE_LETTER, running, goal)
    effect = Effect.REDEPLOY_SCALED if aside.leaving or aside.noted else Effect.REDEPLOY
    notes = (*stand_in.told(current), *_while_both_run(desired, goal, running), *sized.notes)
    ended = outcome(target.name, aside.callers(target.arn))
    return Plan(label, effect, found + _released(live) + own.differences, steps, notes, ended)


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


def outcome(config_name: str | None, callers: Callers | None = None) -> dict[str, t.Any]:
    return {"endpoint_config_name": config_name, "callers": callers}
