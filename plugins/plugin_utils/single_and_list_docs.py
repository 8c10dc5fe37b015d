# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of options, written once for both ways to call a module."""

from __future__ import annotations

import re
import textwrap


def single_and_list_docs(plural: str, options: str) -> str:
    """The documentation of *options*, flat and as the entries of the list *plural*.

    *options* is YAML with the options at the outermost level; ``%name%`` stands for whether an option that names the
    resource is required, as it is in a list only.
    """
    flat = textwrap.indent(options.replace("%name%", "false"), "  ")
    return f"options:\n{flat}{_listed(plural, _other_anchors(options))}"


def lists(**options: str) -> str:
    """The documentation of lists alone; the options of their entries are no options of the module to link to."""
    unlinked = {plural: re.sub(r"\bO\((\w+)\)", r"C(\1)", each) for plural, each in options.items()}
    return "options:\n" + "".join(f"{_listed(plural, each)}    default: []\n" for plural, each in unlinked.items())


def _listed(plural: str, options: str) -> str:
    entries = textwrap.indent(options.replace("%name%", "true"), "      ")
    return (
        f"  {plural}:\n"
        f"    description:\n"
        f"      - A list of resources, each with the same options as a single one.\n"
        f"      - They are read, planned, applied and waited for together. If one fails, the others continue.\n"
        f"      - The result is then a list too, even for one entry.\n"
        f"    type: list\n"
        f"    elements: dict\n"
        f"    suboptions:\n{entries}"
    )


def _other_anchors(options: str) -> str:
    """An anchor may be defined only once in a YAML document."""
    return re.sub(r"suboptions: ([&*])(\w+)$", r"suboptions: \1listed_\2", options, flags=re.MULTILINE)


TAGS = """\
tags:
  description:
    - Tags of the resource. If not set, tags are not managed, except the collection's own tags.
  type: dict
  aliases: [resource_tags]
"""
