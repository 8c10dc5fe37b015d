# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a configuration is the wanted one."""

from __future__ import annotations

import dataclasses

from ..._engine.diff import Difference, differences
from ..._engine.ownership import DIGEST, REDEPLOY, Scope
from ..generations import LiveGeneration
from .config import DETAILED_METRICS, RULES, config_digest
from .state import DesiredEndpoint

TO_THE_LETTER = dataclasses.replace(
    RULES,
    computed=(),
    defaults={**RULES.defaults, DETAILED_METRICS: True},
)


def is_same_config(scope: Scope, desired: DesiredEndpoint, current: LiveGeneration) -> bool:
    """Whether the configuration is the wanted one, except for what changes in place.

    Its digest proves that it is, and only its content that it is another: AWS may have filled in what is asked for now.
    """
    recorded = current.tags.get(DIGEST)
    # A value of redeploy that is no longer declared creates nothing.
    word = desired.redeploy or current.tags.get(REDEPLOY)
    digest = desired.digest if word == desired.redeploy else config_digest(desired.config, word)
    if recorded == digest and scope.trusts_tags:
        return True
    if desired.redeploy and recorded != digest and current.name != desired.config_name:
        return False
    # It may also have been made with no such value, or have got another one since.
    known = {config_digest(desired.config, each) for each in (word, current.tags.get(REDEPLOY), None)}
    rules = RULES if recorded in (None, *known) else TO_THE_LETTER
    return not any(_is_structural(item) for item in differences(rules, current.request, desired.config))


def _is_structural(item: Difference) -> bool:
    if item.path[-2:] == ("serverless_config", "provisioned_concurrency"):
        return item.before is None or item.after is None
    return not item.is_mutable
