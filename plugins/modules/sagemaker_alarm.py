#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_alarm
version_added: 0.1.0
short_description: Manage CloudWatch alarms on SageMaker endpoints
description:
  - Creates, updates and deletes CloudWatch alarms, metric and composite ones, with their tags, one or many in a task.
  - The module compares the whole alarm, and overwrites the whole alarm if it differs. If the actions of an alarm are
    disabled, they stay disabled unless O(actions_enabled) is set.
author:
  - Friends of Ansible (@friendsofansible)
extends_documentation_fragment:
  - friendsofansible.sagemaker.alarm
  - friendsofansible.sagemaker.common
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - friendsofansible.sagemaker.requirements
"""

EXAMPLES = r"""
- name: Create an alarm for more than a thousand invocations a minute
  friendsofansible.sagemaker.sagemaker_alarm:
    alarm_name: realtime-endpoint/demo-model/invocations-greater-than-1000
    namespace: AWS/SageMaker
    metric_name: Invocations
    dimensions:
      - name: EndpointName
        value: realtime-endpoint
      - name: VariantName
        value: demo-model
    statistic: Sum
    comparison_operator: GreaterThanThreshold
    threshold: 1000
    period: 60
    evaluation_periods: 1

- name: Create an alarm for more than one server error in a hundred invocations
  friendsofansible.sagemaker.sagemaker_alarm:
    alarm_name: realtime-endpoint/demo-model/error-rate
    metrics:
      - id: errors
        metric_stat:
          metric:
            namespace: AWS/SageMaker
            metric_name: Invocation5XXErrors
            dimensions:
              - name: EndpointName
                value: realtime-endpoint
              - name: VariantName
                value: demo-model
          period: 60
          stat: Sum
        return_data: false
      - id: all
        metric_stat:
          metric:
            namespace: AWS/SageMaker
            metric_name: Invocations
            dimensions:
              - name: EndpointName
                value: realtime-endpoint
              - name: VariantName
                value: demo-model
          period: 60
          stat: Sum
        return_data: false
      - id: rate
        expression: errors / all
    comparison_operator: GreaterThanThreshold
    threshold: 0.01
    evaluation_periods: 3

- name: Delete two alarms
  friendsofansible.sagemaker.sagemaker_alarm:
    alarms:
      - alarm_name: realtime-endpoint/demo-model/invocations-greater-than-1000
      - alarm_name: realtime-endpoint/demo-model/no-longer-needed
    state: absent
"""

RETURN = r"""
alarm:
  description:
    - The alarm, in the options of this module.
    - What O(api_parameters) sets stands beside the options, by its name in snake_case.
  returned: when the option O(alarms) is not used
  type: dict
  contains: &alarm
    name:
      description: The name of the alarm.
      type: str
      returned: always
      sample: realtime-endpoint/demo-model/invocations-greater-than-1000
    alarm_arn:
      description: The ARN. None if the resource has not been created.
      type: str
      returned: when O(state=present)
      sample: arn:aws:cloudwatch:us-east-1:111122223333:alarm:realtime-endpoint/demo-model/errors
    state_value:
      description: The state of the alarm.
      type: str
      returned: when O(state=present)
      sample: INSUFFICIENT_DATA
    changed:
      description: Whether this alarm was changed.
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
      description: Why this alarm failed.
      type: str
      returned: on failure
    tags:
      description: The tags.
      type: dict
      returned: when O(state=present)
alarms:
  description: The alarms, in the order of the list.
  returned: when the option O(alarms) is used
  type: list
  elements: dict
  contains: *alarm
errors:
  description: A line for each failure.
  returned: on failure of a resource
  type: list
  elements: str
"""

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ALARM
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import connect_and_run, scope_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind


def main() -> None:
    module = ALARM.new_module()
    connect_and_run(module, ALARM, AlarmKind(scope_of(module.params)))


if __name__ == "__main__":
    main()
