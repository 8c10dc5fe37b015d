# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the tags of an inventory are merged: which of them takes precedence."""

from __future__ import annotations

from ..paths import Path
from .reader import Tree
from .variants import Variant

Tags = dict[str, str]


def merged_tags(owner: Tree, of_all: Tags) -> Tags:
    """The tags of a model or an endpoint, and those of everything, which take precedence."""
    return {**owner["additional_tags"], **of_all}


def merged_tags_of_variant(variant: Variant, tree: Tree) -> Tags:
    """The tags of its alarms and its scalable target: its own take precedence over those of its endpoint."""
    own = tree["endpoints"][variant.endpoint]["additional_tags"] | variant.values["additional_tags"]
    return {**own, **tree["additional_tags_all"]}


def places_of_tag(declared: Path, key: str) -> list[Path]:
    """Where a tag of what is declared at a path may stand, in the order of precedence."""
    inner = [(*declared[:length], "additional_tags", key) for length in range(len(declared), 1, -1)]
    return [("additional_tags_all", key), *inner]
