# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Tags as SageMaker takes them: a list of pairs. [D SM] for the rules; all texts are guesses."""

from __future__ import annotations

from ..errors import invalid
from ..tag_store import Tags
from ..types import Params

MAX_TAGS = 50


def checked_tags(pairs: list[Params], present: Tags | None = None) -> Tags:
    """The tags of a resource after adding the pairs to those present."""
    keys = [pair["Key"] for pair in pairs]
    if len(set(keys)) < len(keys):
        # Guess: documented is that keys are unique per resource.
        raise invalid("Tag keys must be unique within a request.")
    reserved = [key for key in keys if key.lower().startswith("aws:")]
    if reserved:
        raise invalid(f"Tag keys must not start with the reserved prefix aws: [{', '.join(reserved)}]")
    tags = {**(present or {}), **{pair["Key"]: pair["Value"] for pair in pairs}}
    if len(tags) > MAX_TAGS:
        raise invalid(f"A resource cannot have more than {MAX_TAGS} tags.")
    return tags


def pairs_of(tags: Tags) -> list[Params]:
    """Sorted by key: the order in which tags were added is lost. (guess)"""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
