# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint whose configuration was deleted: the configuration is created again, without an outage.

[I tf 40048, 48997] AWS looks the configuration up by its name when it updates or patches the endpoint. With the
name of the wanted configuration, it has the same content as before. With any other name, its former content is not
known: then it is a stand-in with the wanted content, which only lets AWS update the endpoint to the wanted
configuration. That AWS accepts this is an assumption.
"""

from __future__ import annotations

import dataclasses

from ..._aws.sagemaker import SERVICE
from ..._engine.ownership import DIGEST, PREFIX, as_sent
from ..._engine.plan import Step
from ..generations import LiveGeneration
from .config import CREATE
from .state import DesiredEndpoint, LiveEndpoint

STAND_IN = f"{PREFIX}stand-in"
REPLACE_INSTEAD = "; if AWS keeps refusing it, set allow_replace: true to delete and create the endpoint again (outage)"
_MADE, _REFUSED = "made", "refused"
_DELETED = "its configuration {} has been deleted"


def made_again(desired: DesiredEndpoint, live: LiveEndpoint) -> LiveGeneration:
    """The deleted configuration of the endpoint as it will be."""
    name = live.config_name
    arn = f"{live.arn.rpartition(':endpoint/')[0]}:endpoint-config/{name.lower()}"
    tags = dict(desired.config_tags.wanted)
    if name != desired.config_name:
        del tags[DIGEST]
        tags[STAND_IN] = _MADE
    return LiveGeneration(name=name, arn=arn, request=desired.config, tags=tags)


def creation(config: LiveGeneration) -> Step:
    request = config.request | {"EndpointConfigName": config.name, "Tags": as_sent(SERVICE, config.tags)}
    return Step(SERVICE, CREATE, request, "it was deleted, and the endpoint serves it", advice=REPLACE_INSTEAD)


def is_stand_in(config: LiveGeneration) -> bool:
    return STAND_IN in config.tags


def update_to(step: Step, config: LiveGeneration) -> Step:
    """The update that leads away from a stand-in: the next run has to know if AWS refuses it."""
    if not is_stand_in(config):
        return step
    tags = as_sent(SERVICE, {STAND_IN: _REFUSED})
    failure_record = Step(SERVICE, "AddTags", {"ResourceArn": config.arn, "Tags": tags}, "the update was refused")
    return dataclasses.replace(step, advice=REPLACE_INSTEAD, failure_record=failure_record)


def has_failed(live: LiveEndpoint, config: LiveGeneration) -> bool:
    """Whether AWS has refused the update from the stand-in; an update that it rolled back was accepted."""
    return config.tags.get(STAND_IN) == _REFUSED and not live.description.get("FailureReason")


def notes_of(config: LiveGeneration) -> tuple[str, ...]:
    """For the plan of an update: why there is one."""
    name = config.name
    return (f"{_DELETED.format(name)}: a stand-in for it lets AWS update the endpoint",) if is_stand_in(config) else ()


def note_of_same(config: LiveGeneration) -> str:
    return f"{_DELETED.format(config.name)}: it is created again"
