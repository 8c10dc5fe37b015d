# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to an endpoint, decided from its declaration and its state: pure."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.compare import Difference, differences
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint_config import (
    CREATE,
    RULES,
    VARIANT_LISTS,
    as_running,
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
    Scope,
    added_tags,
    as_sent,
    is_owned,
    refuse_foreign,
    tag_change,
    tag_steps,
)

SERVICE = "sagemaker"
_TO_THE_LETTER = dataclasses.replace(RULES, kept=())
BUSY = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


@dataclass(frozen=True)
class DesiredEndpoint:
    """An endpoint as the user declares it, with the configuration that it is to run."""

    name: str
    config: Request
    digest: str
    config_name: str
    tags: dict[str, str]
    config_tags: dict[str, str]
    tags_are_given: bool


@dataclass(frozen=True)
class LiveConfig:
    """An endpoint configuration that exists."""

    name: str
    arn: str
    request: Request
    tags: dict[str, str]


@dataclass(frozen=True)
class LiveEndpoint:
    """All that was read of one endpoint; an empty description says that there is none."""

    description: Result
    tags: dict[str, str]
    configs: t.Mapping[str, LiveConfig]
    """By name: those in use, in flight and of the wanted name; for deletion all generations."""
    scaled_variants: frozenset[str] = frozenset()
    config_users: t.Mapping[str, set[str]] | None = None

    @property
    def exists(self) -> bool:
        return bool(self.description)

    @property
    def status(self) -> str:
        return str(self.description["EndpointStatus"])

    @property
    def config_name(self) -> str:
        return str(self.description["EndpointConfigName"])

    @property
    def failure_reason(self) -> str:
        return str(self.description.get("FailureReason") or "AWS gives no reason")

    @property
    def pending_config_name(self) -> str | None:
        """The configuration that a rollout in flight leads to."""
        pending = self.description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
        return pending or (self.config_name if self.status == "Creating" else None)


def plan_present(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    label = f"endpoint {desired.name}"
    if not live.exists:
        return _create(label, desired, live)
    refuse_foreign(scope, label, live.tags)
    if live.status == "Failed":
        notes = (f"replaces a failed one: {live.failure_reason}",)
        return _create(label, desired, live, (_delete_step(desired.name, "failed"),), notes)
    if live.status == "Deleting":
        return _create(label, desired, live, (), ("waits until the old one is deleted",))
    if live.status in BUSY:
        return _join(label, desired, live)
    current = live.configs.get(live.config_name)
    if current is None:
        raise Refused(
            f"{label} runs on the configuration {live.config_name}, which has been deleted; AWS can neither update nor "
            f"patch it: delete the endpoint, and the next run makes it again"
        )
    if is_same_config(desired, current):
        return _settle(scope, label, desired, live, current)
    return _redeploy(scope, label, desired, live, current)


def is_same_config(desired: DesiredEndpoint, current: LiveConfig) -> bool:
    """Whether the configuration is the wanted one but for what changes in place; an own digest is proof enough."""
    if DIGEST in current.tags:
        return current.tags[DIGEST] == desired.digest
    found = differences(RULES, current.request, desired.config)
    return not any(_is_structural(item) for item in found)


def _is_structural(item: Difference) -> bool:
    if item.path.endswith("serverless_config.provisioned_concurrency"):
        return item.before is None or item.after is None
    return not item.is_live


def _create(
    label: str,
    desired: DesiredEndpoint,
    live: LiveEndpoint,
    first: tuple[Step, ...] = (),
    notes: tuple[str, ...] = (),
) -> Plan:
    parameters = {
        "EndpointName": desired.name,
        "EndpointConfigName": desired.config_name,
        "Tags": as_sent(SERVICE, desired.tags),
    }
    outage = (Wait(desired.name, Until.GONE),) if live.exists else ()
    steps: tuple[Step | Wait, ...] = (
        *first,
        *outage,
        *_config_steps(desired, live),
        Step(SERVICE, "CreateEndpoint", parameters, "missing"),
        Wait(desired.name, Until.IN_SERVICE, desired.config_name),
    )
    found = differences(RULES, None, desired.config) + added_tags(desired.tags)
    effect = Effect.REPLACE if first else Effect.CREATE
    return Plan(label, effect, found, steps, notes, _outcome(desired.config_name))


def _config_steps(desired: DesiredEndpoint, live: LiveEndpoint) -> tuple[Step, ...]:
    existing = live.configs.get(desired.config_name)
    if existing is None:
        request = desired.config | {
            "EndpointConfigName": desired.config_name,
            "Tags": as_sent(SERVICE, desired.config_tags),
        }
        return (Step(SERVICE, CREATE, request, "missing"),)
    if not is_same_config(desired, existing):
        raise Refused(f"the endpoint configuration {desired.config_name} exists with other content; delete it")
    return ()


def _join(label: str, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    pending = live.configs.get(live.pending_config_name or "")
    if pending is not None and is_same_config(desired, pending):
        wait = Wait(desired.name, Until.IN_SERVICE, pending.name)
        notes = (f"already {live.status} to this configuration",)
    else:
        wait = Wait(desired.name, Until.SETTLED)
        notes = (f"{live.status}: waits until it has settled, then plans again",)
    return Plan(label, Effect.NONE, (), (wait,), notes, _outcome(live.config_name), is_provisional=True)


def _settle(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint, current: LiveConfig) -> Plan:
    if live.status == "UpdateRollbackFailed":
        raise Refused(f"{label} is UpdateRollbackFailed: {live.failure_reason}")
    running = as_running(current.request, live.description, desired.config, live.scaled_variants)
    moved = tuple(item for item in differences(RULES, running, desired.config) if item.is_live)
    in_place = _in_place_steps(desired, running) if moved else ()
    own = tag_change(scope, live.tags, desired.tags, desired.tags_are_given)
    of_config = tag_change(scope, current.tags, desired.config_tags, desired.tags_are_given)
    steps = (
        *in_place,
        *tag_steps(SERVICE, live.description["EndpointArn"], own),
        *tag_steps(SERVICE, current.arn, of_config),
    )
    effect = Effect.IN_PLACE if in_place else Effect.TAGS if steps else Effect.NONE
    return Plan(label, effect, moved + (own.differences or of_config.differences), steps, (), _outcome(current.name))


def _redeploy(scope: Scope, label: str, desired: DesiredEndpoint, live: LiveEndpoint, current: LiveConfig) -> Plan:
    running = as_running(current.request, live.description, desired.config, live.scaled_variants)
    own = tag_change(scope, live.tags, desired.tags, desired.tags_are_given)
    parameters: dict[str, t.Any] = {"EndpointName": desired.name, "EndpointConfigName": desired.config_name}
    if not _is_serverless(desired.config):
        parameters["RetainAllVariantProperties"] = True
    steps = (
        *_config_steps(desired, live),
        Step(SERVICE, "UpdateEndpoint", parameters, "configuration changed"),
        Wait(desired.name, Until.IN_SERVICE, desired.config_name),
        *_in_place_steps(desired, running),
        *tag_steps(SERVICE, live.description["EndpointArn"], own),
    )
    found = differences(RULES, running, desired.config) or differences(_TO_THE_LETTER, running, desired.config)
    return Plan(label, Effect.REDEPLOY, found + own.differences, steps, (), _outcome(desired.config_name))


def _is_serverless(config: Request) -> bool:
    return any("ServerlessConfig" in variant for variant in config["ProductionVariants"])


def _in_place_steps(desired: DesiredEndpoint, running: Request) -> tuple[Step | Wait, ...]:
    """[D] one call sets the weights of many variants, or the capacity of one."""
    now = {variant["VariantName"]: variant for variants in VARIANT_LISTS for variant in running.get(variants, ())}
    weights: list[dict[str, t.Any]] = []
    capacities: list[dict[str, t.Any]] = []
    for variants in VARIANT_LISTS:
        for variant in desired.config.get(variants, ()):
            name = variant["VariantName"]
            if name not in now:
                continue
            weight = variant.get("InitialVariantWeight", 1)
            if weight != now[name].get("InitialVariantWeight", 1):
                weights.append({"VariantName": name, "DesiredWeight": weight})
            capacity = _capacity(now[name], variant)
            if capacity:
                capacities.append({"VariantName": name, **capacity})
    calls = ([weights] if weights else []) + [[capacity] for capacity in capacities]
    steps: list[Step | Wait] = []
    for call in calls:
        parameters = {"EndpointName": desired.name, "DesiredWeightsAndCapacities": call}
        steps.append(Step(SERVICE, "UpdateEndpointWeightsAndCapacities", parameters, "changed in place"))
        steps.append(Wait(desired.name, Until.IN_SERVICE))
    return tuple(steps)


def _capacity(now: Request, wanted: Request) -> dict[str, t.Any]:
    if "ServerlessConfig" in wanted:
        members = ("MaxConcurrency", "ProvisionedConcurrency")
        concurrency = {name: wanted["ServerlessConfig"][name] for name in members if name in wanted["ServerlessConfig"]}
        before = {name: now.get("ServerlessConfig", {}).get(name) for name in concurrency}
        return {"ServerlessUpdateConfig": concurrency} if concurrency != before else {}
    count = wanted.get("InitialInstanceCount")
    return {"DesiredInstanceCount": count} if count not in (None, now.get("InitialInstanceCount")) else {}


def plan_absent(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
    label = f"endpoint {desired.name}"
    if live.exists and scope.deployment and not is_owned(scope, desired.tags, live.tags):
        return Plan(label, Effect.NONE, notes=("not ours: left alone",))
    steps: list[Step | Wait] = []
    if live.exists:
        if live.status != "Deleting":
            if live.status in BUSY:
                steps.append(Wait(desired.name, Until.SETTLED))
            steps.append(_delete_step(desired.name, "no longer wanted"))
        steps.append(Wait(desired.name, Until.GONE))
    before = None
    for config in live.configs.values():
        users = (live.config_users or {}).get(config.name, set()) - {desired.name}
        if users or not (scope.deployment is None or is_owned(scope, desired.tags, config.tags)):
            continue
        is_in_use = live.exists and config.name == live.config_name
        before = config.request if before is None or is_in_use else before
        steps.append(Step(SERVICE, "DeleteEndpointConfig", {"EndpointConfigName": config.name}, "no longer wanted"))
    is_change = any(isinstance(step, Step) for step in steps)
    effect = Effect.DELETE if is_change else Effect.NONE
    return Plan(label, effect, differences(RULES, before, None), tuple(steps))


def _delete_step(name: str, reason: str) -> Step:
    return Step(SERVICE, "DeleteEndpoint", {"EndpointName": name}, reason)


def _outcome(config_name: str | None) -> dict[str, str | None]:
    return {"endpoint_config_name": config_name}
