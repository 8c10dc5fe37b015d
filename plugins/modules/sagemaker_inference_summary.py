#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_inference_summary
version_added: 0.1.0
short_description: Show the summary of a deployment, and fail if it has failed
description:
  - Prints what a run of M(friendsofansible.sagemaker.sagemaker_deployment) has changed, or in check mode would change,
    without C(-v). The first line is the sum; below it, changes are grouped by endpoint, the gravest first.
  - Fails with the message of the deployment if the deployment has failed. The role ends with this task, so that facts
    and statistics are set before.
author:
  - Friends of Ansible (@friendsofansible)
options:
  result:
    description: The registered result of M(friendsofansible.sagemaker.sagemaker_deployment).
    type: dict
    required: true
extends_documentation_fragment:
  - friendsofansible.sagemaker.attributes.controller_only
seealso:
  - module: friendsofansible.sagemaker.sagemaker_deployment
"""

EXAMPLES = r"""
- name: Deploy models and endpoints
  friendsofansible.sagemaker.sagemaker_deployment:
    source: inventory
    deployment: prod
  register: deployed
  failed_when: false

- name: Show the summary
  friendsofansible.sagemaker.sagemaker_inference_summary:
    result: "{{ deployed }}"
"""

RETURN = r"""
outcome:
  description: C(none) if nothing changes, C(changes), or C(failed).
  returned: always
  type: str
"""
