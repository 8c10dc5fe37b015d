# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which configurations have served: a rollback goes only to those.

A configuration is marked, with a number in the order of serving, when an endpoint that is in service with it is updated
to another one or replaced. A configuration that a rollback leaves is not marked: no later rollback may go to it.
"""

from __future__ import annotations

from ..._aws.sagemaker import SERVICE
from ..._engine.ownership import GENERATION_OF, MOST_TAGS, PREFIX, Tags, as_sent, is_of_others, owner_of
from ..._engine.plan import Step
from ..generations import LiveGeneration
from .stand_in import is_stand_in
from .state import DesiredEndpoint, LiveEndpoint

SERVED = f"{PREFIX}served"


def served_number(tags: Tags) -> int | None:
    """When a configuration has served, in the order of all of its endpoint; None for one that is not known to have."""
    word = tags.get(SERVED, "")
    return int(word) if word.isdigit() else None


def newest_first(live: LiveEndpoint) -> list[LiveGeneration]:
    """The configurations that have served and do not serve now, latest first."""
    marked = [
        (number, config)
        for config in live.configs.values()
        if config.name != live.config_name and (number := served_number(config.tags)) is not None
    ]
    return [config for _number, config in sorted(marked, key=lambda found: found[0], reverse=True)]


def left_behind(desired: DesiredEndpoint, live: LiveEndpoint) -> LiveGeneration | None:
    """The newest configuration of an endpoint that is not there, unless the endpoint had left it for another one.

    It has the numbers with which an earlier run was to make the endpoint, or make it again, and could not.
    """
    own = [
        config
        for config in live.configs.values()
        if config.created is not None
        and config.tags.get(GENERATION_OF) == desired.name
        and owner_of(config.tags) == owner_of(desired.tags.wanted)
        and not is_stand_in(config)
    ]
    newest = max(own, key=lambda config: (config.created, config.name), default=None)
    return newest if newest is not None and served_number(newest.tags) is None else None


def before_leaving(desired: DesiredEndpoint, live: LiveEndpoint, current: LiveGeneration) -> tuple[Step, ...]:
    """Marks what is served now, before the endpoint leaves it for another configuration."""
    is_its_own = current.tags.get(GENERATION_OF) == desired.name
    is_ours = is_its_own and owner_of(current.tags) == owner_of(desired.tags.wanted)
    if desired.is_rollback or not is_ours or is_stand_in(current) or live.status != "InService":
        return ()
    last = max((served_number(config.tags) or 0 for config in newest_first(live)), default=0)
    own = served_number(current.tags)
    has_room = own is not None or len(current.tags) < MOST_TAGS
    if (own or 0) > last or not has_room:
        return ()
    tags = as_sent(SERVICE, {SERVED: str(last + 1)})
    return (
        Step(
            SERVICE, "AddTags", {"ResourceArn": current.arn, "Tags": tags}, "it has served, so a rollback may go to it"
        ),
    )


def after_going_back(desired: DesiredEndpoint, current: LiveGeneration) -> tuple[Step, ...]:
    """Removes the mark from the configuration that was rolled back."""
    is_shared = is_of_others(current.tags, desired.config_tags.wanted)
    if not desired.is_rollback or is_shared or served_number(current.tags) is None:
        return ()
    parameters = {"ResourceArn": current.arn, "TagKeys": [SERVED]}
    return (Step(SERVICE, "DeleteTags", parameters, "it was rolled back, so no rollback may go to it"),)
