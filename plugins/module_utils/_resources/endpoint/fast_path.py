# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which endpoints serve their wanted configuration already, found without describing configurations one by one."""

from __future__ import annotations

import typing as t

from ..._aws import sagemaker, tagging
from ..._aws.client import Api, CallFailed, Result
from ..._aws.sagemaker import Listed
from ..._engine.ownership import Scope, are_settled
from ..families import Families
from .capacity import numbers
from .live_capacity import as_running
from .saved_scaling import is_saved_tag
from .state import DesiredEndpoint, LiveConfig, LiveEndpoint


def read_settled(
    scope: Scope,
    api: Api,
    described: t.Sequence[tuple[DesiredEndpoint, Result | CallFailed | None]],
    families: Families,
    targets: t.Mapping[str, t.Collection[str]],
) -> dict[str, LiveEndpoint]:
    """By name, those whose configuration and tags leave nothing to do; weights and counts may still differ.

    *targets* are the variants of each endpoint that are registered for scaling: where one is declared and not there, an
    earlier run may have taken it away, and what it noted is read from the service.
    """
    if not scope.trusts_tags:
        return {}
    quiet = {
        item.name: (item, found)
        for item, found in described
        if isinstance(found, dict) and _is_quiet(item, found, targets.get(item.name, ()))
    }
    dated = [
        each
        for name, (_item, found) in quiet.items()
        for each in [
            (found["EndpointArn"], found.get("CreationTime")),
            *((listed.arn, listed.created) for listed in families[name]),
        ]
    ]
    proven = tagging.proven(api, dated, sagemaker.list_tags)
    return {
        name: live
        for name, (item, found) in quiet.items()
        if (live := _settled(scope, item, found, families[name], proven))
    }


def _is_quiet(desired: DesiredEndpoint, description: Result, targets: t.Collection[str]) -> bool:
    """In service with all its scaling, and not after a failure, which may have left notes of scaling elsewhere."""
    return (
        description["EndpointStatus"] == "InService"
        and not description.get("FailureReason")
        and (desired.scaled_variants or frozenset()) <= set(targets)
    )


def _settled(
    scope: Scope, desired: DesiredEndpoint, description: Result, family: t.Sequence[Listed], proven: tagging.SweptTags
) -> LiveEndpoint | None:
    own = proven.get(description["EndpointArn"])
    config = next((each for each in family if each.name == description["EndpointConfigName"]), None)
    if own is None or config is None or any(_may_hold_a_note(proven.get(each.arn)) for each in family):
        return None
    of_config = proven[config.arn]
    is_settled = are_settled(scope, own, desired.tags, desired.tags_are_given) and are_settled(
        scope, of_config, desired.config_tags, desired.tags_are_given
    )
    if not is_settled or _is_sized_otherwise(desired, description):
        return None
    live = LiveConfig(config.name, config.arn, desired.config, of_config)
    return LiveEndpoint(description, own, {config.name: live}, is_proven=True)


def _may_hold_a_note(tags: t.Mapping[str, str] | None) -> bool:
    return tags is None or any(is_saved_tag(key) for key in tags)


def _is_sized_otherwise(desired: DesiredEndpoint, description: Result) -> bool:
    """Whether a number that is not left to autoscaling is not as declared: why, only the configuration can tell."""
    running = numbers(as_running(desired.config, description))
    return any(
        number != running.get(key)
        for key, number in numbers(desired.config).items()
        if key[0] not in (desired.scaled_variants or ())
    )
