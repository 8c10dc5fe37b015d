# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling that an earlier run removed for an update and that only a run with endpoints restores."""

from __future__ import annotations

import types
import typing as t

from ..._aws import cloudwatch, sagemaker
from ..._aws.client import Api, CallFailed
from ..._engine.ownership import GENERATION_OF, Tags
from ..generations import list_generations
from ..live_scaling import LiveScaling
from .saved_scaling import Note, from_tags, merged


def find_missing_scaling(
    api: Api, endpoints: t.Collection[str], known: t.Mapping[str, Tags] = types.MappingProxyType({})
) -> dict[str, str]:
    """By resource ID of the target, the missing scaling of a variant, in words.

    *known* are tags of configurations, by name, that have just been read. Where others cannot be read, there is a
    warning instead.
    """
    try:
        return _find(api, endpoints, known)
    except CallFailed as failure:
        api.warn(f"could not check whether an earlier run left scaling missing: {failure}")
        return {}


def _find(api: Api, endpoints: t.Collection[str], known: t.Mapping[str, Tags]) -> dict[str, str]:
    generations = list_generations(api, endpoints, sagemaker.list_endpoint_configs) if endpoints else {}
    configs = {each.name: each for listed in generations.values() for each in listed}
    tags = {**known, **sagemaker.tags_of(api, [each for name, each in configs.items() if name not in known])}
    saved = [
        target
        for endpoint in endpoints
        for note in _notes([tags.get(each.name, {}) for each in generations[endpoint]], endpoint)
        for target in note.targets
    ]
    return {
        target.name: f"autoscaling of {_with_callers(api, target).description} is missing after an earlier run; a run"
        " that includes endpoints restores it"
        for target in merged(saved)
    }


def _notes(tags: t.Iterable[Tags], endpoint: str) -> list[Note]:
    """Those of its own generations, the oldest first."""
    found = [from_tags(each) for each in tags if each.get(GENERATION_OF) == endpoint]
    return sorted((note for note in found if note.targets), key=lambda note: note.number)


def _with_callers(api: Api, target: LiveScaling) -> LiveScaling:
    return target.with_callers(cloudwatch.callers_by_action(api, dict(target.called).values()))
