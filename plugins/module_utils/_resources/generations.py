# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of immutable objects: a plain name for the first, name and digest for those that follow."""

from __future__ import annotations

import hashlib
import re

NAME_LIMIT = 63
DIGEST_LENGTH = 8


def generation_name(name: str, digest: str) -> str:
    """``<name>-<digest8>``; a name too long for AWS is cut, and then takes part in the digest to stay unique."""
    room = NAME_LIMIT - DIGEST_LENGTH - 1
    if len(name) > room:
        digest = hashlib.sha256(f"{name}\n{digest}".encode()).hexdigest()
        name = name[:room].rstrip("-")
    return f"{name}-{digest[:DIGEST_LENGTH]}"


def family_stem(name: str) -> str:
    """What the names of all generations of *name* begin with."""
    return name[: NAME_LIMIT - DIGEST_LENGTH - 1].rstrip("-")


def stem_of(candidate: str) -> str | None:
    """What stands before the digest of a name that has the form of a generation; None for any other name."""
    match = re.fullmatch(r"(.*)-[0-9a-f]{8}", candidate)
    return match.group(1) if match else None


def may_be_generation(name: str, candidate: str) -> bool:
    """Whether *candidate* has the form of a generation of *name*; its tags tell whether it is one."""
    return stem_of(candidate) == family_stem(name)
