# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module that calls AWS requires of the machine it runs on."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
requirements:
  - python >= 3.11
  - boto3 >= 1.38.23
  - botocore >= 1.38.23
"""
