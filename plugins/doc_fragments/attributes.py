# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that several modules share."""

from __future__ import annotations


class ModuleDocFragment:
    CONTROLLER_ONLY = r"""
options: {}
attributes:
  action:
    support: full
    description: Runs on the controller only.
  check_mode:
    support: full
    description: Does the same in check mode, because it changes nothing.
  diff_mode:
    support: none
    description: Changes nothing, so there is no diff.
"""
