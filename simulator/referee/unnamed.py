# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A serverless variant without a name in the inventory means the existing variant, with its current name."""

from __future__ import annotations

import dataclasses

from ..region import Region
from .brief import Brief, DeclaredVariants


def with_names(brief: Brief, region: Region | None) -> Brief:
    """The brief with unnamed variants under their current names, or unchanged if there are none."""
    if region is None or not brief.unnamed:
        return brief
    names = {endpoint: found for endpoint in brief.unnamed if (found := _variant_of(region, endpoint))}
    endpoints = {
        endpoint: _under(names.get(endpoint), variants) for endpoint, variants in (brief.endpoints or {}).items()
    }
    alarms = None if brief.alarms is None else frozenset(_renamed(alarm, names) for alarm in brief.alarms)
    return dataclasses.replace(brief, endpoints=endpoints, alarms=alarms)


def _under(name: str | None, variants: DeclaredVariants) -> DeclaredVariants:
    if name is None or not variants:
        return variants
    (declared,) = variants.values()
    return {name: declared}


def _variant_of(region: Region, name: str) -> str | None:
    """The variant that the endpoint has or is about to have, if it is the only one and serverless."""
    endpoint = region.endpoint(name)
    if endpoint is None:
        return None
    coming = endpoint.progress.variants if endpoint.progress else []
    variants = coming or endpoint.variants
    return variants[0].name if len(variants) == 1 and variants[0].serverless is not None else None


def _renamed(alarm: str, names: dict[str, str]) -> str:
    endpoint, *rest = alarm.split("/", 2)
    return f"{endpoint}/{names[endpoint]}/{rest[1]}" if endpoint in names and len(rest) == 2 else alarm
