#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_inference_undeclared
version_added: 0.1.0
short_description: Find what a deployment owns and no longer declares
description:
  - Finds endpoints, endpoint configurations and models that carry both tags of a deployment and are not declared, with
    the scalable targets of those endpoints and the alarms named after them.
  - The result has the options with which the other modules delete all that, with O(deployment) and C(state=absent).
    They look at the tags of each resource once more, so that nothing goes that the deployment does not own.
  - Changes nothing itself.
options:
  deployment:
    description:
      - The name of the deployment.
    type: str
    required: true
  endpoint_names:
    description:
      - The names of all endpoints that are declared.
    type: list
    elements: str
    required: true
  model_names:
    description:
      - The names of all models that are declared.
    type: list
    elements: str
    required: true
  limit:
    description:
      - The task fails if it finds more endpoints than this.
    type: int
    default: 5
  parallelism:
    description:
      - How many calls to AWS are made side by side.
    type: int
    default: 10
author:
  - Friends of Ansible (@friendsofansible)
attributes:
  check_mode:
    support: full
    description: Changes nothing, so check mode makes no difference.
  diff_mode:
    support: none
    description: Changes nothing, so there is no difference to show.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: friendsofansible.sagemaker.sagemaker_endpoint
  - module: friendsofansible.sagemaker.sagemaker_model
"""

EXAMPLES = r"""
- name: Find what is no longer declared
  friendsofansible.sagemaker.sagemaker_inference_undeclared:
    deployment: production
    endpoint_names: [realtime-endpoint]
    model_names: [demo-model]
  register: undeclared

- name: Delete the endpoints among it
  friendsofansible.sagemaker.sagemaker_endpoint:
    endpoints: "{{ undeclared.endpoints }}"
    deployment: production
    state: absent
"""

RETURN = r"""
endpoints:
  description:
    - Options of M(friendsofansible.sagemaker.sagemaker_endpoint). Endpoints of which only configurations are left are
      among them.
  returned: always
  type: list
  elements: dict
  sample: [{endpoint_name: old-endpoint}]
models:
  description: Options of M(friendsofansible.sagemaker.sagemaker_model).
  returned: always
  type: list
  elements: dict
  sample: [{model_name: old-model}]
targets:
  description: Options of M(friendsofansible.sagemaker.sagemaker_scaling).
  returned: always
  type: list
  elements: dict
alarms:
  description: Options of M(friendsofansible.sagemaker.sagemaker_alarm).
  returned: always
  type: list
  elements: dict
kept:
  description: Models that would be found if they were not used by endpoints that stay, and those endpoints.
  returned: always
  type: dict
  sample: {shared-model: [endpoint-of-others]}
"""

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.options import connect
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.prune import find_undeclared
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.quiet import new_quiet_module
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import Scope

SERVICES = ("sagemaker", "application-autoscaling", "cloudwatch", "resourcegroupstaggingapi")


def main() -> None:
    module = new_quiet_module(
        argument_spec={
            "deployment": {"type": "str", "required": True},
            "endpoint_names": {"type": "list", "elements": "str", "required": True},
            "model_names": {"type": "list", "elements": "str", "required": True},
            "limit": {"type": "int", "default": 5},
            "parallelism": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    params = module.params
    try:
        found = find_undeclared(
            Scope(params["deployment"]), connect(module, SERVICES), params["endpoint_names"], params["model_names"]
        )
    except CallFailed as failure:
        module.fail_json(msg=f"what is no longer declared could not be looked for: {failure}")
    if len(found.existing) > params["limit"]:
        module.fail_json(
            msg=f"{len(found.existing)} endpoints are no longer declared, and the limit is {params['limit']}: "
            f"{', '.join(found.existing)}; nothing was deleted"
        )
    module.exit_json(
        changed=False,
        endpoints=found.endpoints,
        models=found.models,
        targets=found.targets,
        alarms=found.alarms,
        kept=found.kept,
    )


if __name__ == "__main__":
    main()
