# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the collection, as galaxy.yml has it: a module cannot read that file."""

from __future__ import annotations

VERSION = "0.1.0"
