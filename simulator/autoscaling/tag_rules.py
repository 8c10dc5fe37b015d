# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Tags as Application Auto Scaling takes them: a map. [D AS] for the rules; the texts are guesses."""

from __future__ import annotations

from ..errors import AwsError, invalid
from ..tag_store import Tags

_MAX_TAGS = 50


def check_tags(added: Tags, present: Tags) -> None:
    reserved = [key for key in added if key.lower().startswith("aws:")]
    if reserved:
        raise invalid(f"Tag keys must not start with the reserved prefix aws: [{', '.join(reserved)}]")
    if len(present | added) > _MAX_TAGS:
        raise AwsError("TooManyTagsException", f"A scalable target cannot have more than {_MAX_TAGS} tags.")
