# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that a running endpoint takes without a new configuration: weights, counts, serverless concurrency."""

from __future__ import annotations

import copy
import typing as t

from ..._aws.client import Result
from ..._aws.endpoint_descriptions import VARIANT_LISTS, variants_of
from ..._aws.sagemaker import SERVICE
from ..._engine.canonical import Request, single_precision
from ..._engine.plan import Step, Until, Wait

CONCURRENCY = ("MaxConcurrency", "ProvisionedConcurrency")


def instance_types(variant: Request) -> list[str]:
    """Its only one, or those of its pools, the first to be tried first; none of a serverless variant."""
    pools = sorted(variant.get("InstancePools", ()), key=lambda pool: int(pool["Priority"]))
    return [each["InstanceType"] for each in ([variant] if "InstanceType" in variant else pools)]


def instances_by_type(
    variants: t.Iterable[Request], part: t.Callable[[int], int] = lambda count: count
) -> dict[str, int]:
    """How many there are of each type, or of types that are tried in turn; *part* of each variant's number."""
    counts: dict[str, int] = {}
    for variant in variants:
        if count := variant.get("InitialInstanceCount"):
            name = " or ".join(instance_types(variant)) or "of an unknown type"
            counts[name] = counts.get(name, 0) + part(count)
    return counts


def models_named(variant: Request) -> t.Iterator[tuple[Request, str]]:
    """Each place in a variant that names a model, with the member that does."""
    if "ModelName" in variant:
        yield variant, "ModelName"
    yield from ((pool, "ModelNameOverride") for pool in variant.get("InstancePools", ()) if "ModelNameOverride" in pool)


def with_live_capacity(config: Request, endpoint: Result) -> Request:
    """The configuration with the counts, weights and concurrency that the endpoint has been set to since.

    Variants that it does not have, because it replaces one that was deleted, are as far as the endpoint shows them.
    """
    running = copy.deepcopy(config)
    live = variants_of(endpoint)
    if live.keys() - variants_of(running).keys():
        for variants in VARIANT_LISTS:
            running[variants] = [_made_out(running, each) for each in endpoint.get(variants, ())]
    for name, variant in variants_of(running).items():
        _set_live(variant, live.get(name, {}))
    return running


def _made_out(config: Request, live: Result) -> Request:
    """A variant as the configuration has it, or with the members that the endpoint shows of it."""
    name = live["VariantName"]
    numbers: Request = {"ServerlessConfig": {}} if "CurrentServerlessConfig" in live else {"InitialInstanceCount": 0}
    return variants_of(config).get(name) or {"VariantName": name, **numbers}


def _set_live(variant: Request, live: Result) -> None:
    """[C] what is desired is not always shown of a variant that has it already."""
    if (weight := _either(live, "Weight")) is not None:
        variant["InitialVariantWeight"] = weight
    if "InitialInstanceCount" in variant and (count := _either(live, "InstanceCount")) is not None:
        variant["InitialInstanceCount"] = count
    if "ServerlessConfig" in variant and (serverless := _either(live, "ServerlessConfig")):
        variant["ServerlessConfig"] = serverless


def _either(live: Result, number: str) -> t.Any:
    desired = live.get(f"Desired{number}")
    return live.get(f"Current{number}") if desired is None else desired


def in_place_steps(endpoint_name: str, running: Request, wanted: Request) -> tuple[Step | Wait, ...]:
    """[D] one call sets the weights of many variants, or the capacity of one."""
    now = variants_of(running)
    weights: list[Request] = []
    capacities: list[Request] = []
    for name, variant in variants_of(wanted).items():
        weight = variant.get("InitialVariantWeight", 1)
        if single_precision(weight) != single_precision(now[name].get("InitialVariantWeight", 1)):
            weights.append({"VariantName": name, "DesiredWeight": weight})
        capacity = _capacity(now[name], variant)
        if capacity:
            capacities.append({"VariantName": name, **capacity})
    steps: list[Step | Wait] = []
    for call in ([weights] if weights else []) + [[capacity] for capacity in capacities]:
        parameters = {"EndpointName": endpoint_name, "DesiredWeightsAndCapacities": call}
        steps.append(Step(SERVICE, "UpdateEndpointWeightsAndCapacities", parameters, "changed in place"))
        steps.append(Wait(endpoint_name, Until.IN_SERVICE, variants=tuple(call)))
    return tuple(steps)


def _capacity(now: Request, wanted: Request) -> Request:
    if "ServerlessConfig" in wanted:
        serverless = wanted["ServerlessConfig"]
        concurrency = {name: serverless[name] for name in CONCURRENCY if name in serverless}
        before = {name: now.get("ServerlessConfig", {}).get(name) for name in concurrency}
        return {"ServerlessUpdateConfig": concurrency} if concurrency != before else {}
    count = wanted.get("InitialInstanceCount")
    return {"DesiredInstanceCount": count} if count not in (None, now.get("InitialInstanceCount")) else {}
