# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""How much a variant serves: its instances, or what a serverless one takes at a time."""

from __future__ import annotations

from dataclasses import dataclass

from ..autoscaling.resource_ids import INSTANCE_COUNT, PROVISIONED_CONCURRENCY
from ..sagemaker.resources import Endpoint, Variant
from ..types import Params
from .brief import DeclaredVariant

COUNT, MAX_CONCURRENCY, PROVISIONED = "instances", "maximum concurrency", "provisioned concurrency"
SCALED_NUMBER = {INSTANCE_COUNT: COUNT, PROVISIONED_CONCURRENCY: PROVISIONED}

Numbers = dict[str, int]
Capacities = dict[str, Numbers]
"""By variant."""


@dataclass(frozen=True)
class Drop:
    """A number of a variant that is lower than it was."""

    variant: str
    number: str
    before: int
    after: int


def capacities(endpoint: Endpoint | None) -> Capacities:
    """The desired number of each production variant."""
    variants: list[Variant] = endpoint.production if endpoint else []
    return {each.name: _numbers(each.desired_count, each.desired_serverless) for each in variants}


def at_most(endpoint: Endpoint) -> Capacities:
    """What each production variant has or will have, whichever is more, because a change may be rolled back."""
    wanted = capacities(endpoint)
    present = {each.name: _numbers(each.count, each.serverless) for each in endpoint.production}
    return {
        variant: {number: max(count, wanted[variant].get(number, 0)) for number, count in numbers.items()}
        for variant, numbers in present.items()
    }


def made_with(endpoint: Endpoint | None, variant: str) -> Numbers:
    """What the configuration of the endpoint says of a production variant."""
    found = endpoint.variant(variant) if endpoint else None
    return _numbers(found.config.get("InitialInstanceCount"), found.config.get("ServerlessConfig")) if found else {}


def _numbers(count: int | None, serverless: Params | None) -> Numbers:
    if serverless is None:
        return {COUNT: count or 0}
    return {
        MAX_CONCURRENCY: serverless.get("MaxConcurrency", 0),
        PROVISIONED: serverless.get("ProvisionedConcurrency", 0),
    }


def declared_numbers(variant: DeclaredVariant) -> Numbers:
    """The numbers of the inventory; a serverless variant without provisioned concurrency in the inventory has none."""
    if variant.max_concurrency is not None:
        return {MAX_CONCURRENCY: variant.max_concurrency, PROVISIONED: variant.provisioned_concurrency or 0}
    return {} if variant.count is None else {COUNT: variant.count}


def is_scaled(declared: DeclaredVariant, number: str) -> bool:
    """Of a scaled serverless variant the provisioned concurrency is scaled, and never the maximum concurrency."""
    scaled = COUNT if declared.max_concurrency is None else PROVISIONED
    return declared.scaled is not None and number == scaled


def drops(before: Capacities, after: Capacities) -> list[Drop]:
    """The numbers that are lower, for variants in both."""
    return [
        Drop(variant, number, was, after[variant][number])
        for variant, all_before in before.items()
        for number, was in all_before.items()
        if number in after.get(variant, {}) and after[variant][number] < was
    ]
