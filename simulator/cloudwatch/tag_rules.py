# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Tags as CloudWatch takes them. [D CW] for the rules; code and texts are guesses."""

from __future__ import annotations

from ..errors import AwsError
from ..tag_store import Tags
from ..types import Params

_MAX_TAGS = 50


def checked_tags(pairs: list[Params], present: Tags) -> Tags:
    """The tags of an alarm after adding the pairs to those present."""
    added = {pair["Key"]: pair["Value"] for pair in pairs}
    reserved = [key for key in added if key.lower().startswith("aws:")]
    if reserved:
        raise _refused(f"Tag keys must not start with the reserved prefix aws: [{', '.join(reserved)}]")
    if len(added) < len(pairs):
        raise _refused("Tag keys must be unique within a request.")
    tags = present | added
    if len(tags) > _MAX_TAGS:
        raise _refused(f"An alarm cannot have more than {_MAX_TAGS} tags.")
    return tags


def _refused(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)
