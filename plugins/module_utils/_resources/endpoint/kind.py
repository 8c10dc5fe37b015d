# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints, which own their configurations."""

from __future__ import annotations

import copy
import dataclasses
import typing as t

from ..._aws.client import SERVICES, Api, CallFailed, Result
from ..._aws.endpoint_descriptions import links_of, variants_of
from ..._aws.sagemaker import SERVICE
from ..._engine.ownership import DIGEST, GENERATION_OF, Scope, generation_tags, tag_request
from ..._engine.plan import Finished, Made, Plan
from ..._engine.requests import Options, options_of, request_of
from ..alarm import deleted_alarms
from ..generations import generation_name
from . import old_generations as pruning
from . import planning, protection, removal, repointing, undeclared
from . import rollout_policy as rollout
from .config import CREATE, RULES, config_digest
from .guarding import with_missing_alarms
from .kept_names import KEEP, Seen
from .live_capacity import models_named
from .reading import read_endpoints, read_for_deletion
from .state import Begun, Bounds, DesiredEndpoint, LiveEndpoint

_UNNAMED = "named-by-its-content"


class EndpointKind:
    """What the runner needs to know of endpoints."""

    services = SERVICES
    ignores_case = True

    def __init__(
        self,
        scope: Scope,
        model_generations: t.Mapping[str, str],
        keep_generations: int = 1,
        *,
        failed_models: t.Collection[str] = (),
        failed_alarms: t.Collection[str] = (),
        scaling_bounds: t.Mapping[tuple[str, str], Bounds] | None = None,
        seen: Seen | None = None,
        may_delete_protected: bool = False,
        begun: t.Mapping[str, Begun] | None = None,
    ) -> None:
        self.scope = scope
        self.model_generations = model_generations
        self.keep_generations = keep_generations
        self.failed_models = frozenset(failed_models)
        self.failed_alarms = frozenset(failed_alarms)
        self.scaling_bounds = scaling_bounds or {}
        self.may_delete_protected = may_delete_protected
        self._seen: Seen = seen or {}
        self._begun = begun or {}

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredEndpoint:
        given = dict(options)
        tags = given.pop("tags", None)
        name = given.pop("endpoint_name")
        of_endpoint = {"endpoint_name": name, "endpoint_config_name": _UNNAMED}
        deployment = {"deployment_config": given.pop("deployment_config", None)}
        # By now the variant has the name that it keeps.
        given.pop(KEEP, None)
        may_be_replaced = bool(given.pop("allow_replace", False))
        may_be_adopted = bool(given.pop("adopt", False))
        deletion_protection = given.pop("deletion_protection", None)
        scaled, alarms = given.pop("scaled_variants", None), given.pop("alarm_names", None)
        redeploy = given.pop("redeploy", None)
        update = request_of(SERVICE, "UpdateEndpoint", of_endpoint | deployment, RULES)
        request = request_of(SERVICE, CREATE, {"endpoint_config_name": _UNNAMED, **given}, RULES, is_for_deletion)
        del request["EndpointConfigName"]
        content = config_digest(request, redeploy)
        return DesiredEndpoint(
            name=name,
            config=request,
            digest=content,
            config_name=generation_name(name, content),
            tags=protection.requested(tag_request(self.scope, tags), deletion_protection),
            config_tags=generation_tags(self.scope, tags, {DIGEST: content, GENERATION_OF: name}, redeploy),
            redeploy=redeploy,
            deployment_config=update.get("DeploymentConfig"),
            may_be_replaced=may_be_replaced,
            scaled_variants=None if scaled is None else frozenset(scaled),
            alarm_names=None if alarms is None else frozenset(alarms),
            may_be_adopted=may_be_adopted,
            deletion_protection=deletion_protection,
        )

    def resolved(self, desired: DesiredEndpoint) -> DesiredEndpoint:
        """The endpoint with the generations of its models, which are known once these have been planned."""
        config = copy.deepcopy(desired.config)
        named = [place for variant in variants_of(config).values() for place in models_named(variant)]
        failed = sorted(self.failed_models & {entry[member] for entry, member in named})
        for entry, member in named:
            entry[member] = self.model_generations.get(entry[member], entry[member])
        begun = self._begun.get(desired.name)
        content = desired.digest if config == desired.config else config_digest(config, desired.redeploy)
        return dataclasses.replace(
            desired,
            config=config,
            digest=content,
            config_name=generation_name(desired.name, content),
            config_tags=desired.config_tags.with_own({DIGEST: content}),
            failed_models=tuple(failed),
            failed_alarms=tuple(sorted(self.failed_alarms & {*rollout.alarm_names(desired.deployment_config)})),
            scaling_bounds={
                variant: bounds
                for (endpoint, variant), bounds in self.scaling_bounds.items()
                if endpoint == desired.name
            },
            made_again_with=begun.made_again_with if begun else None,
        )

    def read(
        self, api: Api, desired: t.Sequence[DesiredEndpoint], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[LiveEndpoint | CallFailed]:
        if is_for_deletion:
            return read_for_deletion(api, desired)
        seen, self._seen = self._seen, {}
        found = read_endpoints(self.scope, api, desired, set(self.model_generations.values()), seen, made)
        return with_missing_alarms(api, desired, found)

    def plan(self, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
        return planning.plan_present(self.scope, desired, live)

    def plan_absent(self, desired: DesiredEndpoint, live: LiveEndpoint) -> Plan:
        return removal.plan_absent(self.scope, desired, live, self.may_delete_protected)

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredEndpoint, LiveEndpoint]]) -> t.Iterable[Plan]:
        done = [each for each in finished if each.is_reached]
        declared = undeclared.declared_alarms(each.desired for each in done)
        deletions = undeclared.alarm_plans(self.scope, api, declared)
        yield from deletions
        deleted = deleted_alarms(deletions)
        repointed: dict[str, Plan] = {}
        for each in finished:
            if plan := repointing.plan(api, each, each.desired, each.current, deleted):
                repointed[each.desired.name] = plan
        yield from repointed.values()
        if done:
            served = {each.desired.name: each.plan.outcome["endpoint_config_name"] for each in done}
            yield from pruning.plans(
                self.scope,
                api,
                served,
                self.model_generations,
                self.keep_generations,
                {each.desired.name: each.plan for each in done if each.check_mode} or None,
                repointed,
            )

    def facts(self, desired: DesiredEndpoint, live: LiveEndpoint, plan: Plan) -> Options:
        description = live.description
        reached = None if plan.error else plan.outcome.get("endpoint_config_name")
        return {
            "endpoint_arn": description.get("EndpointArn"),
            "endpoint_status": description.get("EndpointStatus"),
            "endpoint_config_name": reached or description.get("EndpointConfigName"),
            "failure_reason": description.get("FailureReason"),
            **({"variants": _variants(description), **links_of(description)} if live.exists else {}),
        }

    def options(self, desired: DesiredEndpoint, live: LiveEndpoint, plan: Plan) -> Options:
        tags = live.tags if live.exists else desired.tags.wanted
        return options_of(SERVICE, CREATE, desired.config) | {"endpoint_name": desired.name, "tags": tags}


def _variants(description: Result) -> list[Options]:
    """What each production variant serves now."""
    return [
        {
            "name": each["VariantName"],
            "weight": each.get("CurrentWeight"),
            "instances": each.get("CurrentInstanceCount"),
        }
        for each in description.get("ProductionVariants", ())
    ]
