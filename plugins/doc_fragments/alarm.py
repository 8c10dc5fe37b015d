# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of sagemaker_alarm."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.single_and_list_docs import (
    TAGS,
    single_and_list_docs,
)

OPTIONS = """\
alarm_name:
  description:
    - The name of the alarm.
  type: str
  required: %name%
alarm_description:
  description:
    - What the alarm is about.
  type: str
actions_enabled:
  description:
    - Whether the alarm acts. When not set, an existing alarm keeps what it has, and a new one acts.
  type: bool
alarm_actions:
  description:
    - ARNs, such as SNS topics, for the state ALARM.
  type: list
  elements: str
ok_actions:
  description:
    - ARNs for the state OK.
  type: list
  elements: str
insufficient_data_actions:
  description:
    - ARNs for the state INSUFFICIENT_DATA.
  type: list
  elements: str
namespace:
  description:
    - The namespace of the metric; V(AWS/SageMaker) for invocations, V(/aws/sagemaker/Endpoints) for utilization.
  type: str
metric_name:
  description:
    - The metric.
  type: str
dimensions:
  description:
    - The dimensions under which the metric is published; all of them must be given.
  type: list
  elements: dict
  suboptions:
    name:
      description: The name of the dimension.
      type: str
      required: true
    value:
      description: Its value.
      type: str
      required: true
statistic:
  description:
    - V(SampleCount), V(Average), V(Sum), V(Minimum) or V(Maximum).
  type: str
extended_statistic:
  description:
    - A percentile or trimmed statistic, such as V(p99), in place of O(statistic).
  type: str
comparison_operator:
  description:
    - How O(threshold) is compared, such as V(GreaterThanThreshold).
  type: str
threshold:
  description:
    - The value that the statistic is compared with.
  type: float
period:
  description:
    - The length of a data point in seconds; 10, 20, 30 or a multiple of 60.
  type: int
unit:
  description:
    - The unit of the metric. An alarm with a wrong unit never gets data; leave it out.
  type: str
evaluation_periods:
  description:
    - How many of the latest data points are looked at.
  type: int
datapoints_to_alarm:
  description:
    - How many of them must breach the threshold; all when not set.
  type: int
treat_missing_data:
  description:
    - What a missing data point counts as. V(breaching), V(notBreaching), V(ignore) or V(missing).
  type: str
evaluate_low_sample_count_percentile:
  description:
    - For percentiles, whether few samples are evaluated. V(evaluate) or V(ignore).
  type: str
adopt:
  description:
    - Whether the alarm may be changed although it is there already and no deployment owns it.
    - Without it, with O(deployment), what is there and equal to what is described is taken over with a change of tags,
      and what differs is refused.
    - Beside O(alarms) it holds for each entry of the list that does not set it.
  type: bool
"""


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = single_and_list_docs("alarms", OPTIONS + TAGS)
