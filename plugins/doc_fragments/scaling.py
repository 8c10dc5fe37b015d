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
    - What scales. When not set, V(sagemaker:variant:DesiredInstanceCount).
    - For a serverless variant V(sagemaker:variant:DesiredProvisionedConcurrency).
  type: str
min_capacity:
  description:
    - The least that scaling goes down to.
  type: int
max_capacity:
  description:
    - The most that scaling goes up to.
  type: int
suspended_state:
  description:
    - Which scaling is suspended. When not set, what is found is kept.
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
    - Policies named C(<endpoint>/<variant>/...) that are not listed are deleted when this option is set; others stay.
    - AWS takes one target tracking policy for each metric of a target. A policy whose metric another one tracks is put
      once that one is gone, and if AWS then refuses it, the other one is restored.
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
      description: The target and how it is tracked.
      type: dict
      suboptions:
        target_value:
          description: The value at which the metric is held.
          type: float
          required: true
        predefined_metric_specification:
          description: V(predefined_metric_type), a metric that AWS defines for the dimension.
          type: dict
        customized_metric_specification:
          description: V(metric_name), V(namespace), V(dimensions) and V(statistic) of any other metric.
          type: dict
        disable_scale_in:
          description: Whether this policy never scales in.
          type: bool
        scale_in_cooldown:
          description: Seconds between two scale-ins.
          type: int
        scale_out_cooldown:
          description: Seconds between two scale-outs.
          type: int
    step_scaling_policy_configuration:
      description: The steps of a V(StepScaling) policy, as PutScalingPolicy takes them, in snake_case.
      type: dict
adopt:
  description:
    - Whether the scalable target, with its policies, may be changed although it is there already and no deployment owns
      it.
    - Without it, with O(deployment), what is there and equal to what is described is taken over with a change of tags,
      and what differs is refused.
    - Beside O(targets) it holds for each entry of the list that does not set it.
  type: bool
"""


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = single_and_list_docs("targets", OPTIONS + TAGS)
