#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_scaling
version_added: 0.1.0
short_description: Manage the autoscaling of SageMaker endpoint variants
description:
  - Registers a variant of an endpoint as a scalable target of Application Auto Scaling and manages its scaling
    policies and scheduled actions, for one variant or many in a task.
  - The endpoint must exist. Application Auto Scaling sets the current number of instances, not the module.
  - O(state=absent) deregisters the target, which also deletes its policies.
author:
  - Friends of Ansible (@friendsofansible)
extends_documentation_fragment:
  - friendsofansible.sagemaker.scaling
  - friendsofansible.sagemaker.common
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - friendsofansible.sagemaker.requirements
seealso:
  - module: friendsofansible.sagemaker.sagemaker_endpoint
"""

EXAMPLES = r"""
- name: Scale a variant between one and four instances
  friendsofansible.sagemaker.sagemaker_scaling:
    endpoint_name: realtime-endpoint
    variant_name: demo-model
    min_capacity: 1
    max_capacity: 4
    policies:
      - policy_name: realtime-endpoint/demo-model/keep-invocations-near-1000
        policy_type: TargetTrackingScaling
        target_tracking_scaling_policy_configuration:
          target_value: 1000
          predefined_metric_specification:
            predefined_metric_type: SageMakerVariantInvocationsPerInstance

- name: Keep one instance at night
  friendsofansible.sagemaker.sagemaker_scaling:
    endpoint_name: realtime-endpoint
    variant_name: demo-model
    scheduled_actions:
      - scheduled_action_name: realtime-endpoint.demo-model.night
        schedule: cron(0 20 ? * MON-FRI *)
        timezone: Europe/Berlin
        scalable_target_action:
          min_capacity: 1
          max_capacity: 1

- name: Stop scaling two variants
  friendsofansible.sagemaker.sagemaker_scaling:
    targets:
      - endpoint_name: realtime-endpoint
        variant_name: demo-model
      - endpoint_name: other-endpoint
        variant_name: demo-model
    state: absent
"""

RETURN = r"""
target:
  description:
    - The scalable target, in the options of this module.
    - What O(api_parameters) sets stands beside the options, by its name in snake_case.
  returned: when the option O(targets) is not used
  type: dict
  contains: &target
    name:
      description: The resource id of the target.
      type: str
      returned: always
      sample: endpoint/realtime-endpoint/variant/demo-model
    scalable_target_arn:
      description: The ARN. None if the target is not registered, or was registered before March 2023.
      type: str
      returned: when O(state=present)
      sample: arn:aws:application-autoscaling:us-east-1:111122223333:scalable-target/0ec5abcd
    min_capacity:
      description: The minimum capacity.
      type: int
      returned: when O(state=present)
    max_capacity:
      description: The maximum capacity.
      type: int
      returned: when O(state=present)
    policies:
      description: The policies of the target, including those of others.
      type: list
      elements: dict
      returned: when O(state=present)
    scheduled_actions:
      description: The scheduled actions of the target, including those of others.
      type: list
      elements: dict
      returned: when O(scheduled_actions) is set
    changed:
      description: Whether the target, its policies or its scheduled actions were changed.
      type: bool
      returned: always
    effect:
      description:
        - The change that was made, or that check mode would make.
        - C(no change), C(tags only), C(in place), C(create) or C(delete).
      type: str
      returned: always
      sample: create
    error:
      description: Why this target failed.
      type: str
      returned: on failure
    tags:
      description: The tags.
      type: dict
      returned: when O(state=present)
targets:
  description: The targets, in the order of the list.
  returned: when the option O(targets) is used
  type: list
  elements: dict
  contains: *target
errors:
  description: A line for each failure.
  returned: on failure of a resource
  type: list
  elements: str
"""

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import TARGET
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.connection import connect
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import (
    desired_or_exit,
    run_and_finish,
    scope_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind


def main() -> None:
    module = TARGET.new_module()
    scope, entries = scope_of(module.params), TARGET.entries(module.params)
    kind = ScalingKind(scope, endpoints_with_notes=sorted({each["endpoint_name"] for each in entries}))
    desired = desired_or_exit(module, TARGET, kind, entries)
    run_and_finish(module, connect(module, EndpointKind.services), TARGET, kind, desired)


if __name__ == "__main__":
    main()
