# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what an alarm can say."""

from __future__ import annotations

from .codecs import ONLY_ENTRY
from .schema import ALARM, CONFIG, Structure, key, with_api_parameters

_TOPIC = CONFIG("AsyncInferenceConfig.OutputConfig.NotificationConfig.SuccessTopic")

ALARMS = key(
    "cloudwatch_alarms",
    "map of objects",
    default={},
    help="The alarms of the variant, named `<endpoint>/<variant>/<key>`.",
    keys=with_api_parameters(
        ALARM(),
        key(
            "expression",
            "alarm",
            ALARM("MetricName"),
            ALARM("Namespace"),
            ALARM("Dimensions"),
            ALARM("Statistic"),
            ALARM("ExtendedStatistic"),
            ALARM("ComparisonOperator"),
            ALARM("Threshold"),
            ALARM("Metrics"),
            ALARM("ThresholdMetricId"),
            required=True,
            help='`<metric> <statistic> <operator> <number>`, such as `"ModelLatency p99 > 500000"`; arithmetic, such'
            ' as `"Invocation5XXErrors / Invocations > 1%"`; or a band, such as `"ModelLatency p90 outside 2 bands"`.',
        ),
        key(
            "description",
            "text",
            ALARM("AlarmDescription"),
            aws_default="",
            may_be_empty=True,
            help="Description of the alarm.",
        ),
        key(
            "evaluation_periods",
            "integer",
            ALARM("EvaluationPeriods"),
            default=1,
            help="How many periods are compared with the threshold. All periods together are at most one day, or seven"
            " days if the period is one hour or more.",
        ),
        key(
            "notification_sns_topic",
            "text",
            ALARM("AlarmActions"),
            ALARM("OKActions"),
            codec=ONLY_ENTRY,
            limits=_TOPIC,
            help="SNS topic that is notified when the alarm goes into ALARM and when it returns to OK.",
        ),
        key(
            "period",
            "duration",
            ALARM("Period"),
            default="1 minute",
            low="10 seconds",
            high="6 hours",
            help="The length of one period, in whole minutes. 10, 20 and 30 seconds are allowed too, for metrics that"
            " are published as often; CloudWatch charges more for such an alarm.",
        ),
        key(
            "treat_missing_data",
            "text",
            ALARM("TreatMissingData"),
            choices=("breaching", "notBreaching", "ignore", "missing"),
            aws_default="missing",
            added=True,
            help="How to treat a period without data. The CloudWatch default is `missing`.",
        ),
        key(
            "datapoints_to_alarm",
            "integer",
            ALARM("DatapointsToAlarm"),
            added=True,
            help="How many of the `evaluation_periods` must breach the threshold. The CloudWatch default is all.",
        ),
        owned=("AlarmName", "Tags"),
    ),
)

ALARM_KEYS = Structure(ALARM(), ALARMS.keys)
