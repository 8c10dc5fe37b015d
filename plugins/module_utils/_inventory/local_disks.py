# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance types with local disks, which AWS encrypts itself and not with a key of the user."""

from __future__ import annotations

import re

# sagemaker-python-sdk, pull requests 3870 and 4828.
_FAMILIES = re.compile(r"ml\.([a-z]+[0-9][a-z]*d[a-z]*|g[56]e?|trn1n?|p5e?)\.")


def has_local_disk(instance_type: str) -> bool:
    return _FAMILIES.match(instance_type) is not None
