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
    - The description of the alarm.
  type: str
alarm_rule:
  description:
    - The rule of a composite alarm, such as V(ALARM("one"\\) OR ALARM("two"\\)). It makes the alarm a composite alarm,
      which has none of the options about metrics, periods and thresholds.
    - What the rule names has to exist. In a list, composite alarms are created after the other alarms, and deleted
      before them.
  type: str
actions_enabled:
  description:
    - Whether the actions of the alarm are enabled. If not set, an existing alarm keeps its setting, and the actions of
      a new one are enabled.
  type: bool
alarm_actions:
  description:
    - ARNs of the actions for the state ALARM, such as SNS topics.
  type: list
  elements: str
ok_actions:
  description:
    - ARNs of the actions for the state OK.
  type: list
  elements: str
insufficient_data_actions:
  description:
    - ARNs of the actions for the state INSUFFICIENT_DATA.
  type: list
  elements: str
namespace:
  description:
    - The namespace of the metric. V(AWS/SageMaker) for invocations, V(/aws/sagemaker/Endpoints) for utilization.
  type: str
metric_name:
  description:
    - The name of the metric.
  type: str
dimensions:
  description:
    - The dimensions with which the metric is published. All of them are required.
  type: list
  elements: dict
  suboptions:
    name:
      description: The name of the dimension.
      type: str
      required: true
    value:
      description: The value of the dimension.
      type: str
      required: true
statistic:
  description:
    - V(SampleCount), V(Average), V(Sum), V(Minimum) or V(Maximum).
  type: str
extended_statistic:
  description:
    - A percentile or trimmed statistic, such as V(p99), instead of O(statistic).
  type: str
comparison_operator:
  description:
    - How the statistic is compared with O(threshold), such as V(GreaterThanThreshold).
  type: str
threshold:
  description:
    - The value that the statistic is compared with.
  type: float
metrics:
  description:
    - Metric queries, instead of O(metric_name) and all that describes one metric, for an alarm on metric math or on an
      anomaly detection band. In the members of the API's C(MetricDataQuery), in snake_case.
    - Exactly one query has C(return_data=true), the expression that is compared with O(threshold).
  type: list
  elements: dict
threshold_metric_id:
  description:
    - The C(id) of the query with C(ANOMALY_DETECTION_BAND), instead of O(threshold).
  type: str
evaluation_criteria:
  description:
    - A PromQL query, instead of metrics, thresholds and periods, for an alarm on detailed observability. In the members
      of the API's C(EvaluationCriteria), in snake_case.
    - Requires botocore 1.42.85 or later.
  type: dict
evaluation_interval:
  description:
    - How often O(evaluation_criteria) is evaluated, in seconds. 10, 20, 30 or a multiple of 60.
  type: int
period:
  description:
    - The length of a period in seconds. 10, 20, 30 or a multiple of 60.
  type: int
unit:
  description:
    - The unit of the metric. Do not set it unless you must, because an alarm with a wrong unit never gets data.
  type: str
evaluation_periods:
  description:
    - How many of the latest data points are evaluated.
  type: int
datapoints_to_alarm:
  description:
    - How many of the evaluated data points must breach the threshold. If not set, all of them.
  type: int
treat_missing_data:
  description:
    - How a missing data point is treated. V(breaching), V(notBreaching), V(ignore) or V(missing).
  type: str
evaluate_low_sample_count_percentile:
  description:
    - For percentiles, whether the alarm is evaluated when there are too few samples. V(evaluate) or V(ignore).
  type: str
api_parameters:
  description:
    - Members of PutMetricAlarm, or PutCompositeAlarm, without an option here, in snake_case or as the API spells them.
    - The installed botocore must know them. A member that another option sets is refused.
  type: dict
adopt:
  description:
    - Whether an existing alarm that no deployment owns may be changed.
    - If V(false) and O(deployment) is set, an alarm that equals the options is adopted, which changes only tags, and an
      alarm that differs is refused.
    - At the top level, next to O(alarms), it applies to each entry of the list that does not set it.
  type: bool
"""


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = single_and_list_docs("alarms", OPTIONS + TAGS)
