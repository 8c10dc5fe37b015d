# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which endpoints serve their wanted configuration already, found without describing configurations one by one."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import sagemaker, tagging
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, CallFailed, Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.sagemaker import Listed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.saved_scaling import (
    is_saved_tag,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.state import (
    DesiredEndpoint,
    LiveConfig,
    LiveEndpoint,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.families import read_families
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import Scope, are_settled


def read_settled(
    scope: Scope, api: Api, described: t.Sequence[tuple[DesiredEndpoint, Result | CallFailed | None]]
) -> dict[str, LiveEndpoint]:
    """By name, those whose configuration and tags leave nothing to do; weights and counts may still differ."""
    quiet = {item.name: (item, found) for item, found in described if isinstance(found, dict) and _is_quiet(found)}
    if not scope.trusts_tags or not quiet:
        return {}
    families = read_families(api, quiet, sagemaker.list_endpoint_configs)
    served = {
        name: config
        for name, (item, found) in quiet.items()
        if (config := _served(item, found["EndpointConfigName"], families[name]))
    }
    swept = tagging.sweep(api, [arn for name in served for arn in (quiet[name][1]["EndpointArn"], served[name].arn)])
    return {name: live for name, config in served.items() if (live := _settled(scope, *quiet[name], config, swept))}


def _is_quiet(description: Result) -> bool:
    """In service, and not after a failure, which may have left notes of scaling elsewhere."""
    return description["EndpointStatus"] == "InService" and not description.get("FailureReason")


def _served(desired: DesiredEndpoint, name: str, family: t.Sequence[Listed]) -> Listed | None:
    """The configuration in use, unless there is one of the wanted name beside it."""
    listed = {each.name: each for each in family}
    return listed.get(name) if name == desired.config_name or desired.config_name not in listed else None


def _settled(
    scope: Scope, desired: DesiredEndpoint, description: Result, config: Listed, swept: tagging.SweptTags
) -> LiveEndpoint | None:
    own, of_config = swept.get(description["EndpointArn"]), swept.get(config.arn)
    if own is None or of_config is None or any(is_saved_tag(key) for key in of_config):
        return None
    is_settled = are_settled(scope, own, desired.tags, desired.tags_are_given) and are_settled(
        scope, of_config, desired.config_tags, desired.tags_are_given
    )
    live = LiveConfig(config.name, config.arn, desired.config, of_config)
    return LiveEndpoint(description, own, {config.name: live}) if is_settled else None
