# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of resources back to the ``additional_tags`` of models, endpoints and variants, and of everything."""

from __future__ import annotations

import typing as t

from .._engine.ownership import AWS, PREFIX, Tags
from .._resources.endpoint.state import LiveEndpoint
from .._resources.generations import LiveGeneration
from .._resources.names import taken_apart
from .fleet import Fleet

_MANAGED_BY = "managed-by"

UserTags: t.TypeAlias = "dict[str, str]"


def user_tags(tags: Tags) -> UserTags:
    """Without what AWS and the collection set by themselves, or the Terraform module on what is still its own."""
    is_ours = any(key.startswith(PREFIX) for key in tags)
    managers = ("Ansible",) if is_ours else ("Ansible", "Terraform")
    return {
        key: value
        for key, value in sorted(tags.items())
        if not key.startswith((PREFIX, AWS)) and not (key == _MANAGED_BY and value in managers)
    }


def variant_tags(endpoint: LiveEndpoint) -> dict[str, UserTags]:
    """What the alarms and targets of each variant have other than the endpoint, by the name of the variant."""
    common = user_tags(endpoint.tags)
    found: dict[str, UserTags] = {}
    for variant, tags in _of_variants(endpoint):
        own = {key: value for key, value in user_tags(tags).items() if common.get(key) != value}
        found[variant] = own | found.get(variant, {})
    return found


def _of_variants(endpoint: LiveEndpoint) -> t.Iterator[tuple[str, Tags]]:
    for variant, target in endpoint.targets.items():
        yield variant, target.tags
    for alarm in endpoint.alarms:
        name = taken_apart(alarm.name)
        if name and name.of.endpoint == endpoint.name:
            yield name.of.variant, alarm.tags


def tags_of_all(fleet: Fleet, models: t.Iterable[LiveGeneration]) -> UserTags:
    """Those of every model and endpoint; not those that a variant overrides: ``additional_tags_all`` comes first."""
    found = [*(model.tags for model in models), *(endpoint.tags for endpoint in fleet.endpoints)]
    everything = [user_tags(tags) for tags in found]
    if not everything:
        return {}
    varied = {key for endpoint in fleet.endpoints for own in variant_tags(endpoint).values() for key in own}
    return {
        key: value
        for key, value in everything[0].items()
        if key not in varied and all(tags.get(key) == value for tags in everything)
    }


def without(tags: UserTags, common: UserTags) -> UserTags:
    return {key: value for key, value in tags.items() if key not in common}
