# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletion protection: a tag on the endpoint that a run sets and honours, and removes only if the user says so."""

from __future__ import annotations

import dataclasses

from ..._aws.sagemaker import SERVICE
from ..._engine.ownership import PROTECTED, Scope, TagRequest, Tags, tag_steps
from ..._engine.plan import Effect, Plan, Refused
from .state import DesiredEndpoint, LiveEndpoint

CONFIRMED = "protected from deletion; the deletion is confirmed"
HOW_TO_LIFT = "set deletion_protection: false on the endpoint and apply, then delete it in a later run"


def requested(tags: TagRequest, deletion_protection: bool | None) -> TagRequest:
    """The tags that an endpoint is to have; if *deletion_protection* is None, its protection stays as it is."""
    if deletion_protection is None:
        return tags
    if deletion_protection:
        return tags.with_own({PROTECTED: "true"})
    return dataclasses.replace(tags, dropped=(PROTECTED,))


def is_protected(tags: Tags) -> bool:
    """Whether an endpoint with these tags is protected; by hand, it can also be set to false."""
    return tags.get(PROTECTED, "false").casefold() != "false"


def refuse_deletion(desired: DesiredEndpoint, live: LiveEndpoint) -> None:
    """Raises Refused for an endpoint that is protected, or declared to be."""
    if is_protected(live.tags):
        raise Refused(f"the endpoint is protected from deletion by its tag {PROTECTED}; {HOW_TO_LIFT}")
    if desired.deletion_protection:
        raise Refused(f"the endpoint is declared with deletion_protection: true; {HOW_TO_LIFT}")


def before_replacement(
    scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, reason: str, more: str = ""
) -> Plan | None:
    """The plan that only removes the protection, or None if there is none; raises Refused.

    A run that removes the protection does not delete; *more* is added to the note.
    """
    if desired.deletion_protection is not False:
        try:
            refuse_deletion(desired, live)
        except Refused as refusal:
            raise Refused(f"{reason}; {refusal}") from refusal
    change = desired.tags.change(scope, live.tags)
    if not is_protected(live.tags):
        return None
    note = f"removes its deletion protection; the next run replaces the endpoint because {reason}{more}"
    steps = tag_steps(SERVICE, live.arn, change)
    outcome = {"endpoint_config_name": live.config_name, "callers": None}
    return Plan(
        desired.resource,
        Effect.TAGS,
        differences=change.differences,
        steps=steps,
        notes=(note,),
        outcome=outcome,
        is_partial=True,
    )
