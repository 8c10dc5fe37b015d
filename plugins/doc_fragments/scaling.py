# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of sagemaker_scaling."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.single_and_list_docs import (
    TAGS,
    single_and_list_docs,
)

OPTIONS = """\
endpoint_name:
  description:
    - The endpoint of the variant.
  type: str
  required: %name%
variant_name:
  description:
    - The variant that scales.
  type: str
  required: %name%
scalable_dimension:
  description:
    - The dimension that scales. The default is V(sagemaker:variant:DesiredInstanceCount).
    - For a serverless variant, set V(sagemaker:variant:DesiredProvisionedConcurrency).
  type: str
min_capacity:
  description:
    - The minimum capacity.
  type: int
max_capacity:
  description:
    - The maximum capacity.
  type: int
suspended_state:
  description:
    - Which scaling is suspended. If not set, the current state is kept.
  type: dict
  suboptions:
    dynamic_scaling_in_suspended:
      description: Whether scaling in is suspended.
      type: bool
    dynamic_scaling_out_suspended:
      description: Whether scaling out is suspended.
      type: bool
    scheduled_scaling_suspended:
      description: Whether scheduled scaling is suspended.
      type: bool
policies:
  description:
    - The scaling policies of the variant.
    - If set, policies named C(<endpoint>/<variant>/...) that are not listed are deleted. Policies with other names
      stay.
    - AWS accepts one target tracking policy for each metric of a target. If another policy already tracks the metric,
      that policy is deleted first. If AWS then refuses the new policy, the deleted one is restored.
  type: list
  elements: dict
  suboptions:
    policy_name:
      description: The name of the policy.
      type: str
      required: true
    policy_type:
      description: V(TargetTrackingScaling) or V(StepScaling).
      type: str
      required: true
    target_tracking_scaling_policy_configuration:
      description: The metric, its target value and the cooldowns.
      type: dict
      suboptions:
        target_value:
          description: The target value of the metric.
          type: float
          required: true
        predefined_metric_specification:
          description: A metric that AWS predefines for the dimension, with V(predefined_metric_type).
          type: dict
        customized_metric_specification:
          description: Any other metric, with V(metric_name), V(namespace), V(dimensions) and V(statistic).
          type: dict
        disable_scale_in:
          description: Whether scale-in by this policy is disabled.
          type: bool
        scale_in_cooldown:
          description: The cooldown after a scale-in, in seconds.
          type: int
        scale_out_cooldown:
          description: The cooldown after a scale-out, in seconds.
          type: int
    step_scaling_policy_configuration:
      description: The steps of a V(StepScaling) policy, as in PutScalingPolicy, in snake_case.
      type: dict
    alarm:
      description:
        - The alarm that calls a V(StepScaling) policy, with the options of
          M(friendsofansible.sagemaker.sagemaker_alarm).
        - It is named as the policy, calls it in addition to its O(ignore:alarm_actions), and has the tags of the
          target. It is deleted with the policy.
        - If not set, alarms are left unchanged.
      type: dict
    api_parameters:
      description:
        - Members of PutScalingPolicy without an option here, in snake_case or as the API spells them.
        - The installed botocore must know them. A member that another option sets is refused.
      type: dict
scheduled_actions:
  description:
    - The scheduled actions of the variant, which change the capacities at set times.
    - If set, actions named C(<endpoint>.<variant>....) that are not listed are deleted. Actions with other names stay.
    - While an action in force sets a capacity, the module keeps that value and says so.
  type: list
  elements: dict
  suboptions:
    scheduled_action_name:
      description: The name of the action, without colon, slash and bar.
      type: str
      required: true
    schedule:
      description: V(at(2026-12-24T18:00:00\\)), V(rate(6 hours\\)) or V(cron(0 20 ? * MON-FRI *\\)).
      type: str
      required: true
    timezone:
      description: The time zone of an at or cron expression, such as V(Europe/Berlin). The default is UTC.
      type: str
    start_time:
      description: When the action begins, such as V(2026-12-24T18:00:00Z), in UTC if no zone is given.
      type: str
    end_time:
      description: When the action ends.
      type: str
    scalable_target_action:
      description: The new capacities, at least one of them.
      type: dict
      required: true
      suboptions:
        min_capacity:
          description: The minimum capacity.
          type: int
        max_capacity:
          description: The maximum capacity.
          type: int
    api_parameters:
      description:
        - Members of PutScheduledAction without an option here, in snake_case or as the API spells them.
        - The installed botocore must know them. A member that another option sets is refused.
      type: dict
api_parameters:
  description:
    - Members of RegisterScalableTarget without an option here, in snake_case or as the API spells them.
    - The installed botocore must know them. A member that another option sets is refused.
  type: dict
adopt:
  description:
    - Whether an existing scalable target that no deployment owns may be changed, with its policies.
    - If V(false) and O(deployment) is set, a target that equals the options is adopted, which changes only tags, and a
      target that differs is refused.
    - At the top level, next to O(targets), it applies to each entry of the list that does not set it.
  type: bool
"""


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = single_and_list_docs("targets", OPTIONS + TAGS)
