# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of endpoints that are to be deleted: names and tags, which say who owns them, but no content."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._aws import sagemaker
from ..._aws.client import FEW, Api, CallFailed, Result
from ..._aws.endpoint_descriptions import variants_of
from ..._aws.sagemaker import Summary
from ..._engine.ownership import GENERATION_OF
from ..generations import LiveGeneration, generation_prefix, generations_in
from ..live_scaling import read_targets
from .state import DesiredEndpoint, LiveEndpoint

Live: t.TypeAlias = "LiveEndpoint | CallFailed"


def read_for_deletion(api: Api, desired: t.Sequence[DesiredEndpoint]) -> list[Live]:
    """Each endpoint with all generations of its configuration, who else uses those, and which variants are scaled."""
    names = [item.name for item in desired]
    descriptions = api.each(lambda name: sagemaker.describe_endpoint(api, name), names)
    listed = _listed_configs(api, names)
    generations_of = generations_in(list(listed.values()), names)

    def read(pair: tuple[str, Result | CallFailed | None]) -> LiveEndpoint:
        name, description = pair
        if isinstance(description, CallFailed):
            raise description
        served = listed.get((description or {}).get("EndpointConfigName", ""))
        generations = {each.name: each for each in (*generations_of[name], *([served] if served else ()))}
        return _read(api, name, description or {}, list(generations.values()))

    found = api.each(read, list(zip(names, descriptions, strict=True)))
    if not any(isinstance(live, LiveEndpoint) and (live.exists or live.configs) for live in found):
        return found
    own = {each["EndpointName"]: each for each in descriptions if isinstance(each, dict)}
    users = sagemaker.users_of_configs([*own.values(), *sagemaker.describe_endpoints(api, besides=own)])
    targets = read_targets(api, {name: variants_of(each) for name, each in own.items()})
    return [
        live
        if isinstance(live, CallFailed)
        else dataclasses.replace(live, config_users=users, targets=targets.get(name, {}))
        for name, live in zip(names, found, strict=True)
    ]


def _listed_configs(api: Api, names: t.Sequence[str]) -> dict[str, Summary]:
    """By name, every configuration that may be of these endpoints."""
    prefixes = [None] if len(names) > FEW else [generation_prefix(name) for name in names]
    answers = api.all(lambda prefix: sagemaker.list_endpoint_configs(api, prefix), prefixes)
    return {each.name: each for listed in answers for each in listed}


def _read(api: Api, name: str, description: Result, generations: t.Sequence[Summary]) -> LiveEndpoint:
    """With those of the *generations* that are its own, because some only have such a name."""
    tags = sagemaker.list_tags(api, description["EndpointArn"]) if description else {}
    tags_of_configs = sagemaker.tags_of(api, generations)
    return LiveEndpoint(
        description=description,
        tags=tags,
        configs={
            each.name: LiveGeneration(name=each.name, arn=each.arn, request={}, tags=of_config)
            for each in generations
            if (of_config := tags_of_configs.get(each.name)) is not None
            and (each.name == description.get("EndpointConfigName") or of_config.get(GENERATION_OF) == name)
        },
    )
