# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variants of the validated inventory, provisioned and serverless alike, each with where it stands."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._resources.names import INSTANCE_COUNT, PROVISIONED_CONCURRENCY, VariantId, composite_named
from . import waking
from .metrics import ASYNC, REALTIME, SERVERLESS
from .reader import Tree
from .step_expressions import StepPolicy
from .values import segment


@dataclass(frozen=True, kw_only=True)
class Variant:
    """*model* is None where the inventory does not have it; *model_path* is where its name is written."""

    endpoint: str
    name: str
    path: str
    kind: str
    values: Tree
    model_name: str | None
    model_path: str
    model: Tree | None
    is_shadow: bool = False

    @property
    def keeps_name(self) -> bool:
        """Whether an existing variant keeps its name."""
        return self.kind == SERVERLESS and self.values["variant_name"] is None

    @property
    def instance_types(self) -> list[str]:
        """Its only one, or those of its pools."""
        pools = self.values.get("instance_pools") or ()
        found = [self.values.get("instance_type"), *(pool.get("instance_type") for pool in pools)]
        return [each for each in found if each]

    @property
    def alarms(self) -> t.Iterator[tuple[str, Tree, str]]:
        """Key, values and path of each alarm."""
        for key, alarm in (self.values.get("cloudwatch_alarms") or {}).items():
            yield key, alarm, f"{self.path}.cloudwatch_alarms.{segment(key)}"

    @property
    def policies(self) -> t.Iterator[tuple[str, Tree, str]]:
        """Key, values and path of each scaling policy."""
        for key, policy in (self.scaling or {}).get("policies", {}).items():
            yield key, policy, f"{self.path}.auto_scaling.policies.{segment(key)}"
        if (self.scaling or {}).get("wake_from_zero"):
            yield waking.POLICY, waking.waking_policy(), f"{self.path}.auto_scaling.wake_from_zero"

    @property
    def schedules(self) -> t.Iterator[tuple[str, Tree, str]]:
        """Key, values and path of each schedule."""
        for key, schedule in ((self.scaling or {}).get("schedules") or {}).items():
            yield key, schedule, f"{self.path}.auto_scaling.schedules.{segment(key)}"

    @property
    def scaling(self) -> Tree | None:
        return self.values.get("auto_scaling")

    @property
    def dimension(self) -> str:
        """The scalable dimension that Application Auto Scaling sets."""
        return PROVISIONED_CONCURRENCY if self.kind == SERVERLESS else INSTANCE_COUNT

    def named(self, key: str) -> str:
        """The name of an alarm or policy in AWS."""
        return self.id.named(key)

    @property
    def id(self) -> VariantId:
        return VariantId(self.endpoint, self.name)

    def action_named(self, key: str) -> str:
        """The name of a scheduled action in AWS."""
        return VariantId(self.endpoint, self.name).action_named(key)


def alarm_names(found: t.Iterable[Variant]) -> list[str]:
    """The names in AWS of all alarms of an endpoint's variants."""
    return [variant.named(key) for variant in found for key, _alarm, _path in variant.alarms]


def calling_alarm_names(found: t.Iterable[Variant]) -> list[str]:
    """The names in AWS of the alarms that call the policies of an endpoint's variants: those of the policies."""
    return [
        variant.named(key)
        for variant in found
        for key, policy, _path in variant.policies
        if isinstance(policy["expression"], StepPolicy)
    ]


def composite_names(name: str, endpoint: Tree) -> list[str]:
    """The names in AWS of all composite alarms of an endpoint."""
    return [composite_named(name, key) for key in endpoint["composite_alarms"]]


def alarm_aliases(found: t.Iterable[Variant]) -> dict[str, list[str]]:
    """How the inventory can refer to an alarm of the endpoint, and which names in AWS that may mean."""
    words: dict[str, list[str]] = {}
    for variant in found:
        for key, _alarm, _path in variant.alarms:
            for word in (key, f"{variant.name}/{key}"):
                words.setdefault(word, []).append(variant.named(key))
    return words


def containers(model: Tree | None) -> list[Tree]:
    return list(model["container_definitions"].values()) if model else []


def hosts_many_models(model: Tree | None) -> bool:
    return any(container["use_multiple_models"] is not None for container in containers(model))


def endpoint_path(name: str) -> str:
    return f"endpoints.{segment(name)}"


def kind_of(endpoint: Tree) -> str:
    if endpoint["provisioned"] is None:
        return SERVERLESS
    return ASYNC if endpoint["provisioned"]["async_invocation_config"] is not None else REALTIME


def of_inventory(tree: Tree) -> t.Iterator[Variant]:
    for name, endpoint in tree["endpoints"].items():
        yield from of_endpoint(name, endpoint, tree["models"])


def of_endpoint(name: str, endpoint: Tree, models: Tree) -> t.Iterator[Variant]:
    if endpoint["provisioned"] is not None:
        yield from _provisioned(name, endpoint, models)
    elif endpoint["serverless"] is not None and endpoint["serverless"]["variant"]["model_name"] is not None:
        values = endpoint["serverless"]["variant"]
        model, path = values["model_name"], f"{endpoint_path(name)}.serverless.variant"
        key = values["variant_name"] or model
        yield Variant(
            endpoint=name,
            name=key,
            path=path,
            kind=SERVERLESS,
            values=values,
            model_name=model,
            model_path=f"{path}.model_name",
            model=models.get(model),
        )


def _provisioned(name: str, endpoint: Tree, models: Tree) -> t.Iterator[Variant]:
    for group in ("production_variants", "shadow_variants"):
        for key, values in endpoint["provisioned"][group].items():
            path = f"{endpoint_path(name)}.provisioned.{group}.{segment(key)}"
            model = values["model_name"] or key
            where = f"{path}.model_name" if values["model_name"] else path
            is_shadow = group == "shadow_variants"
            yield Variant(
                endpoint=name,
                name=key,
                path=path,
                kind=kind_of(endpoint),
                values=values,
                model_name=model,
                model_path=where,
                model=models.get(model),
                is_shadow=is_shadow,
            )
