# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deployment owns and no longer declares: endpoints, configurations and models, with what belongs to them.

A run with endpoints deletes undeclared alarms and scaling of each itself. A run without them finds these here.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._aws import autoscaling, cloudwatch, sagemaker, tagging
from .._aws.client import Api
from .._aws.endpoint_descriptions import TRANSITIONAL, variants_of
from .._aws.sagemaker import Summary
from .._engine.ownership import DEPLOYMENT, GENERATION_OF, Scope, Tags, owns
from .._engine.plan import Refused
from .._engine.requests import Options
from .._resources.alarm import deleted_alarms
from .._resources.endpoint import undeclared
from .._resources.endpoint.live_capacity import instances_by_type, with_live_capacity
from .._resources.endpoint.state import DesiredEndpoint
from .._resources.generations import generation_prefix, prefix_of
from .._resources.names import VariantId, endpoint_of, is_variant, variant_of

_TYPES = ("endpoint", "endpoint-config", "model")

_List: t.TypeAlias = t.Callable[[Api], list[Summary]]

Owned: t.TypeAlias = dict[str, Tags]
"""The tags, by name, of what the deployment owns."""


@dataclass(frozen=True, kw_only=True)
class Undeclared:
    """Options of the modules that delete what was found, one entry per resource."""

    endpoints: list[Options]
    existing: list[str]
    """Those of the endpoints that are there; of the others only configurations are left."""
    tags: t.Mapping[str, Tags]
    """The tags of the endpoints that exist, by name, from the service itself."""
    models: list[Options]
    targets: list[Options]
    alarms: list[Options]


def find_undeclared(
    scope: Scope, api: Api, endpoint_names: t.Collection[str], model_names: t.Collection[str]
) -> Undeclared:
    """Everything of the deployment that is neither one of these endpoints and models nor a generation of them.

    Raises Refused for a scope without a name, which owns nothing.
    """
    if not _has_name(scope):
        raise Refused("prune deletes only what a deployment owns, and this run has no deployment name; set deployment")
    search = _Search(scope, api, _TYPES)
    existing = search.owned("endpoint", sagemaker.list_endpoints, _Names(endpoint_names, has_generations=False))
    configs = search.owned("endpoint-config", sagemaker.list_endpoint_configs, _Names(endpoint_names))
    models = search.owned("model", sagemaker.list_models, _Names(model_names))
    endpoints = sorted({*existing, *_families(configs)} - set(endpoint_names))
    return Undeclared(
        endpoints=[{"endpoint_name": name} for name in endpoints],
        existing=sorted(existing),
        tags=existing,
        models=[{"model_name": name} for name in sorted(_families(models) - set(model_names))],
        targets=_targets(api, set(existing)) if existing else [],
        alarms=[{"alarm_name": name} for name in cloudwatch.alarms_of_endpoints(api, endpoints)],
    )


def undeclared_endpoints(scope: Scope, api: Api, endpoint_names: t.Collection[str]) -> list[Options]:
    """The endpoints of the deployment that are not declared, each with its name, status, age and instances."""
    if not _has_name(scope):
        return []
    search = _Search(scope, api, ("endpoint",))
    if not search.is_indexed:
        return []
    found = search.found("endpoint", sagemaker.list_endpoints, _Names(endpoint_names, has_generations=False))
    return api.all(lambda each: _shown(api, each[0]), found)


def _has_name(scope: Scope) -> bool:
    return bool((scope.deployment or "").strip())


def _shown(api: Api, listed: Summary) -> Options:
    description = sagemaker.describe_endpoint(api, listed.name) or {}
    name = description.get("EndpointConfigName")
    config = sagemaker.describe_endpoint_config(api, name) if name else None
    variants = variants_of(with_live_capacity(config or {}, description)).values()
    is_serverless = any("ServerlessConfig" in each for each in variants)
    counts = [f"{count} {name}" for name, count in instances_by_type(variants).items()]
    created = description.get("CreationTime")
    return {
        "name": listed.name,
        "status": listed.status,
        "created": created.isoformat(timespec="seconds") if created else None,
        "instances": "serverless" if is_serverless else ", ".join(counts),
    }


class _Names:
    """Names that are declared, in lower case, as they stand in ARNs."""

    def __init__(self, names: t.Collection[str], *, has_generations: bool = True) -> None:
        self._plain = {name.lower() for name in names}
        self._stems = {generation_prefix(name) for name in self._plain} if has_generations else set()

    def may_be_behind(self, name: str) -> bool:
        """Whether something of this name even looks like what is declared, or like a generation of it."""
        return name.lower() in self._plain or prefix_of(name.lower()) in self._stems


class _Search:
    """Finds what is the deployment's own among all that a region has.

    The index of tags says what to look at, so that resources of others cost nothing; what is too new to be in it is
    found by a later run. The index may be late: resources that are gone are left out, and the service is asked who owns
    the rest.
    """

    def __init__(self, scope: Scope, api: Api, types: t.Sequence[str]) -> None:
        self._scope = scope
        self._api = api
        kinds = [f"sagemaker:{kind}" for kind in types]
        mark = {DEPLOYMENT: scope.deployment or ""}
        self._indexed = tagging.arns_with_tags(api, mark, *kinds) if scope.trusts_tags else None

    @property
    def is_indexed(self) -> bool:
        """Whether the index limits the search to resources of the deployment."""
        return self._indexed is not None

    def owned(self, kind: str, list_: _List, declared: _Names) -> Owned:
        """What is owned of a kind and not behind what is declared."""
        return {each.name: tags for each, tags in self.found(kind, list_, declared)}

    def found(self, kind: str, list_: _List, declared: _Names) -> list[tuple[Summary, Tags]]:
        """The same as it was listed, each with its tags."""
        candidates = None if self._indexed is None else _beside(kind, self._indexed, declared)
        if candidates is not None and not candidates:
            return []
        listed = [
            each
            for each in list_(self._api)
            if not declared.may_be_behind(each.name) and (candidates is None or each.arn.lower() in candidates)
        ]
        tags = sagemaker.tags_of(self._api, listed)
        return [(each, tags[each.name]) for each in listed if owns(self._scope, tags.get(each.name, {}))]


def _beside(kind: str, arns: t.Sequence[str], declared: _Names) -> set[str]:
    """The ARNs of a kind whose names are not behind what is declared, in lower case."""
    found = set()
    for arn in arns:
        of_kind, _slash, name = arn.split(":", 5)[5].partition("/")
        if of_kind == kind and not declared.may_be_behind(name):
            found.add(arn.lower())
    return found


def _families(owned: Owned) -> set[str]:
    """Whose generations these are."""
    return {tags.get(GENERATION_OF, name) for name, tags in owned.items()}


def _targets(api: Api, endpoints: t.Collection[str]) -> list[Options]:
    found = []
    for target in autoscaling.list_targets(api):
        if is_variant(target["ResourceId"]) and (own := variant_of(target["ResourceId"])).endpoint in endpoints:
            dimension = target["ScalableDimension"]
            found.append({"endpoint_name": own.endpoint, "variant_name": own.variant, "scalable_dimension": dimension})
    return found


@dataclass(frozen=True, kw_only=True)
class UndeclaredAlarms:
    """The names of alarms of this deployment that nothing declares."""

    to_delete: t.Sequence[str]
    refusals: t.Sequence[str]
    """A line for each that cannot be deleted."""
    needed: t.Sequence[str] = ()
    """Those of endpoints that are being updated: the update may depend on them."""


def find_undeclared_alarms(scope: Scope, api: Api, endpoints: t.Sequence[DesiredEndpoint]) -> UndeclaredAlarms:
    """The alarms of these endpoints that are no longer declared; raises CallFailed."""
    found = find_beside(scope, api, undeclared.declared_alarms(endpoints))
    owners = sorted({endpoint_of(name) for name in found.to_delete})
    described = zip(owners, api.all(lambda name: sagemaker.describe_endpoint(api, name), owners), strict=True)
    moving = {name for name, answer in described if answer and answer["EndpointStatus"] in TRANSITIONAL}
    return UndeclaredAlarms(
        to_delete=[name for name in found.to_delete if endpoint_of(name) not in moving],
        refusals=found.refusals,
        needed=[name for name in found.to_delete if endpoint_of(name) in moving],
    )


def find_beside(scope: Scope, api: Api, declared: t.Mapping[str, t.Collection[str]]) -> UndeclaredAlarms:
    """The alarms beside those that are *declared*, by endpoint, whatever the endpoints are doing."""
    plans = undeclared.alarm_plans(scope, api, declared)
    refusals = [f"{plan.resource}: {plan.refusal}" for plan in plans if plan.refusal]
    return UndeclaredAlarms(to_delete=sorted(deleted_alarms(plans)), refusals=refusals)


def find_undeclared_scaling(scope: Scope, api: Api, endpoints: t.Sequence[DesiredEndpoint]) -> list[str]:
    """The variants, with their endpoints, that this deployment still scales and should not; raises CallFailed."""
    if not scope.deployment:
        return []
    unscaled = {
        VariantId(each.name, variant)
        for each in endpoints
        if each.scaled_variants is not None
        for variant in variants_of(each.config).keys() - each.scaled_variants
    }
    ids = [each.resource_id for each in sorted(unscaled)]
    found = autoscaling.describe_targets(api, ids).values() if ids else ()
    arns = {target["ResourceId"]: autoscaling.arn_of(target) for target in found}
    owned = [name for name, arn in sorted(arns.items()) if owns(scope, autoscaling.list_tags(api, arn))]
    return [f"{variant_of(name).endpoint}/{variant_of(name).variant}" for name in owned]
