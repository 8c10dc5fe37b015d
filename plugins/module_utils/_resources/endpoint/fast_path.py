# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which endpoints serve their wanted configuration already, found without describing configurations one by one."""

from __future__ import annotations

import datetime
import typing as t

from ..._aws import sagemaker
from ..._aws.client import Api, CallFailed, Result
from ..._aws.sagemaker import Summary
from ..._engine.ownership import Scope, sent_tags
from ..._engine.plan import Made
from ..fast_path import FastPath
from ..generations import GenerationsByName, LiveGeneration
from .config import CREATE
from .live_capacity import with_live_capacity
from .retained_capacity import numbers
from .scaling_notes import is_saved_tag
from .state import DesiredEndpoint, LiveEndpoint

_CONFIG_NAME = "EndpointConfigName"


def read_unchanged(
    scope: Scope,
    api: Api,
    described: t.Sequence[tuple[DesiredEndpoint, Result | CallFailed | None]],
    generations_of: GenerationsByName,
    targets: t.Mapping[str, t.Collection[str]],
    made: t.Sequence[Made] = (),
) -> dict[str, LiveEndpoint]:
    """By name, those whose configuration and tags need no change; weights and counts may still differ.

    *targets* are the variants of each endpoint that are registered for scaling: where one is declared and not there, an
    earlier run may have taken it away, and what it noted is read from the service; not of what this run has just
    *made*.
    """
    sent, sent_to_configs = sent_tags(made, "CreateEndpoint", "EndpointName"), sent_tags(made, CREATE, _CONFIG_NAME)
    candidates = {
        item.name: (item, found)
        for item, found in described
        if isinstance(found, dict) and _is_candidate(item, found, targets.get(item.name, ()), item.name in sent)
    }
    configs = [config for name in candidates for config in generations_of[name]]
    known = {found["EndpointArn"]: sent[name] for name, (_item, found) in candidates.items() if name in sent}
    known |= {config.arn: sent_to_configs[config.name] for config in configs if config.name in sent_to_configs}
    dated = [(found["EndpointArn"], _unchanging_since(item, found)) for item, found in candidates.values()]
    dated += [(config.arn, config.created) for config in configs]
    fast_path = FastPath(scope, api, dated, sagemaker.list_tags, known)
    return {
        name: live
        for name, (item, found) in candidates.items()
        if (live := _unchanged(fast_path, item, found, generations_of[name]))
    }


def _is_candidate(
    desired: DesiredEndpoint, description: Result, targets: t.Collection[str], was_just_made: bool
) -> bool:
    """In service with all its scaling, and not after a failure, which may have left notes of scaling elsewhere."""
    return (
        description["EndpointStatus"] == "InService"
        and not description.get("FailureReason")
        and (was_just_made or (desired.scaled_variants or frozenset()) <= set(targets))
    )


def _unchanging_since(desired: DesiredEndpoint, description: Result) -> datetime.datetime | None:
    """When it was created; None where its protection is declared, which is a tag that a run may just have changed.

    The index would show the tags from before that change, and with them a run would leave the endpoint unprotected.
    """
    return None if desired.deletion_protection is not None else description.get("CreationTime")


def _unchanged(
    fast_path: FastPath, desired: DesiredEndpoint, description: Result, generations: t.Sequence[Summary]
) -> LiveEndpoint | None:
    config = next((each for each in generations if each.name == description["EndpointConfigName"]), None)
    if config is None or any(_may_hold_a_note(fast_path.tags.get(each.arn)) for each in generations):
        return None
    own = fast_path.proof(description["EndpointArn"], desired.tags)
    of_config = fast_path.proof(config.arn, desired.config_tags)
    if own is None or of_config is None or _is_sized_otherwise(desired, description):
        return None
    live = LiveGeneration(name=config.name, arn=config.arn, request=desired.config, tags=of_config)
    return LiveEndpoint(description=description, tags=own, configs={config.name: live}, is_proven=True)


def _may_hold_a_note(tags: t.Mapping[str, str] | None) -> bool:
    return tags is None or any(is_saved_tag(key) for key in tags)


def _is_sized_otherwise(desired: DesiredEndpoint, description: Result) -> bool:
    """Whether a number that autoscaling does not set differs from the declaration; only the configuration says why."""
    running = numbers(with_live_capacity(desired.config, description))
    return any(
        number != running.get(key)
        for key, number in numbers(desired.config).items()
        if key[0] not in (desired.scaled_variants or ())
    )
