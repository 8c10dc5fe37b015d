# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to an endpoint, decided from its declaration and its state: pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.compare import Difference, differences
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint import rollout, saved_scaling
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
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.standing_aside import (
    Aside,
    aside_for_new,
    aside_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.state import (
    BUSY,
    DesiredEndpoint,
    LiveConfig,
    LiveEndpoint,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.undeclared import (
    without_undeclared,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import (
    Effect,
    Output,
    Plan,
    Refused,
    Step,
    Until,
    Wait,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import (
    DIGEST,
    Scope,
    added_tags,
    as_sent,
    refuse_foreign,
    tag_change,
    tag_steps,
    unless_unowned,
)

SERVICE = "sagemaker"
_TO_THE_LETTER = dataclasses.replace(RULES, kept=())
_MOST_TAGS = 50
_NOT_SERVING = ("UpdateRollbackFailed", "OutOfService")

_NEW_CONFIG_ARN = Output(CREATE, "EndpointConfigArn")

Steps: t.TypeAlias = "tuple[Step | Wait, ...]"


def plan_present(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    """Raises Refused where a model is missing, or where what would help is not allowed."""
    plan = without_undeclared(_plan(scope, desired, live), live)
    return unless_unowned(scope, plan, live.tags, desired.may_be_adopted)


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
        gone = Wait(desired.name, Until.GONE)
        return _create(scope, label, desired, live, (gone,), ("waits until the old one is deleted",))
    if live.status in BUSY:
        return _join(scope, label, desired, live)
    obstacle = _obstacle(desired, live)
    if obstacle and desired.may_be_replaced:
        return _replace(scope, label, desired, live, obstacle)
    if obstacle:
        raise Refused(f"{obstacle}; allow_replace: true deletes it and makes it again, with an outage")
    current = live.configs[live.config_name]
    if is_same_config(scope, desired, current):
        if live.missing_models:
            raise Refused(
                f"its model {', '.join(live.missing_models)} has been deleted, so AWS can neither scale nor patch the "
                f"endpoint; make the model again"
            )
        return _settle(scope, label, desired, live, current)
    return _redeploy(scope, label, desired, live, current)


def _obstacle(desired: DesiredEndpoint, live: LiveEndpoint) -> str | None:
    """Why no update leads from what is there to what is wanted."""
    if live.status in _NOT_SERVING:
        return f"the endpoint is {live.status}: {live.failure_reason}"
    current = live.configs.get(live.config_name)
    if current is None:
        return (
            f"its configuration {live.config_name} has been deleted, so AWS can neither update nor patch the endpoint"
        )
    before, after = hosting_kind(current.request), hosting_kind(desired.config)
    if before != after:
        return f"AWS does not update {_article(before)} endpoint to {_article(after)} one"
    return None


def _article(kind: str) -> str:
    return f"an {kind}" if kind.startswith("a") else f"a {kind}"


def is_same_config(scope: Scope, desired: DesiredEndpoint, current: LiveConfig) -> bool:
    """Whether the configuration is the wanted one but for what changes in place."""
    if DIGEST in current.tags and (scope.trusts_tags or current.tags[DIGEST] != desired.digest):
        return current.tags[DIGEST] == desired.digest
    return not any(_is_structural(item) for item in differences(RULES, current.request, desired.config))


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
    existing = live.configs.get(desired.config_name)
    # An endpoint that takes another's place has the tags too that a run would have left on that.
    tags = tag_change(scope, live.tags, desired.tags, desired.tags_are_given).after if live.exists else desired.tags
    parameters = {
        "EndpointName": desired.name,
        "EndpointConfigName": desired.config_name,
        "Tags": as_sent(SERVICE, tags),
    }
    steps: Steps = (
        *first,
        *_config_steps(scope, desired, live),
        Step(SERVICE, "CreateEndpoint", parameters, "missing"),
        Wait(desired.name, Until.IN_SERVICE, desired.config_name),
        *in_place_steps(desired.name, existing.request if existing else desired.config, desired.config),
        *aside_for_new(desired, live).restorations(),
    )
    found = differences(RULES, None, desired.config) + added_tags(tags)
    effect = Effect.REPLACE if live.exists and live.status != "Deleting" else Effect.CREATE
    return Plan(label, effect, found, steps, notes, outcome(desired.config_name))


def _replace(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint, reason: str) -> Plan:
    # [I] DeleteEndpoint deregisters the scalable targets of its variants.
    first: Steps = (
        Step(SERVICE, "DeleteEndpoint", {"EndpointName": desired.name}, reason),
        Wait(desired.name, Until.GONE),
    )
    return _create(scope, label, desired, live, first, (f"replaced because {reason}",))


def _config_steps(
    scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, saved: dict[str, str] | None = None
) -> tuple[Step, ...]:
    """The wanted configuration made, or if it exists only marked with *saved*."""
    wanted = desired.config_tags | (saved or {})
    if len(wanted) > _MOST_TAGS:
        raise Refused(f"its configuration needs {len(wanted)} tags to save the scaling, and AWS allows {_MOST_TAGS}")
    existing = live.configs.get(desired.config_name)
    if existing is None:
        request = desired.config | {"EndpointConfigName": desired.config_name, "Tags": as_sent(SERVICE, wanted)}
        return (Step(SERVICE, CREATE, request, "missing"),)
    if not is_same_config(scope, desired, existing):
        raise Refused(f"the endpoint configuration {desired.config_name} exists with other content; delete it")
    return tag_steps(SERVICE, existing.arn, tag_change(scope, existing.tags, wanted, desired.tags_are_given))


def _join(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    pending = live.configs.get(live.pending_config_name or "")
    if pending is not None and is_same_config(scope, desired, pending):
        wait = _arrival(desired, pending.name)
        note = f"already {live.status} to this configuration"
    else:
        wait = Wait(desired.name, Until.SETTLED)
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
    running = _running(desired, live, current, aside)
    moved = tuple(item for item in differences(RULES, running, desired.config) if item.is_live)
    in_place = in_place_steps(desired.name, running, desired.config) if moved else ()
    own = tag_change(scope, live.tags, desired.tags, desired.tags_are_given)
    kept = {key: value for key, value in current.tags.items() if not saved_scaling.is_saved_tag(key)}
    of_config = tag_change(scope, kept, desired.config_tags, desired.tags_are_given)
    restoring = aside.restorations()
    steps: Steps = (
        *restoring,
        *in_place,
        *tag_steps(SERVICE, live.arn, own),
        *tag_steps(SERVICE, current.arn, of_config),
    )
    effect = Effect.IN_PLACE if in_place or restoring else Effect.TAGS if steps else Effect.NONE
    notes = ("puts back the scaling that an earlier run took away",) if restoring else ()
    return Plan(label, effect, moved + (own.differences or of_config.differences), steps, notes, outcome(current.name))


def _running(desired: DesiredEndpoint, live: LiveEndpoint, current: LiveConfig, aside: Aside) -> Request:
    scaled = {*live.targets, *(target.variant_name for target in aside.noted)}
    return as_running(current.request, live.description, desired.config, scaled)


def _redeploy(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint, current: LiveConfig) -> Plan:
    rule = rollout.obstacle(desired.deployment_config, variants_of(current.request), desired.config)
    if rule:
        raise Refused(rule)
    aside = aside_of(desired, live)
    existing = live.configs.get(desired.config_name)
    carrier = existing.arn if existing else _NEW_CONFIG_ARN
    running = _running(desired, live, current, aside)
    fleet = after_update(running, existing.request if existing else desired.config)
    own = tag_change(scope, live.tags, desired.tags, desired.tags_are_given)
    steps: Steps = (
        *_config_steps(scope, desired, live, aside.tags),
        *aside.deregistrations(),
        Step(SERVICE, "UpdateEndpoint", _update(desired), "configuration changed"),
        dataclasses.replace(_arrival(desired, desired.config_name), recovery=aside.recovery(carrier)),
        *aside.restorations(carrier),
        *in_place_steps(desired.name, fleet, desired.config),
        *tag_steps(SERVICE, live.arn, own),
    )
    found = differences(RULES, running, desired.config) or differences(_TO_THE_LETTER, running, desired.config)
    effect = Effect.REDEPLOY_SCALED if aside.leaving or aside.noted else Effect.REDEPLOY
    notes = _while_both_run(desired, live, current)
    return Plan(label, effect, found + own.differences, steps, notes, outcome(desired.config_name))


def _while_both_run(desired: DesiredEndpoint, live: LiveEndpoint, current: LiveConfig) -> tuple[str, ...]:
    fleet = after_update(as_running(current.request, live.description, desired.config, ()), desired.config)
    extra = rollout.extra_instances(desired.deployment_config, variants_of(fleet).values())
    return (f"{extra} while both fleets run",) if extra else ()


def _update(desired: DesiredEndpoint) -> dict[str, t.Any]:
    parameters: dict[str, t.Any] = {"EndpointName": desired.name, "EndpointConfigName": desired.config_name}
    if hosting_kind(desired.config) != "serverless":
        parameters["RetainAllVariantProperties"] = True
    if desired.deployment_config:
        parameters["DeploymentConfig"] = desired.deployment_config
    return parameters


def outcome(config_name: str | None) -> dict[str, str | None]:
    return {"endpoint_config_name": config_name}
