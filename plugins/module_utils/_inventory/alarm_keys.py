# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what an alarm can say."""

from __future__ import annotations

import typing as t

from .codecs import DURATION
from .schema import ALARM, COMPOSITE, CONFIG, Key, Member, Structure, key, with_api_parameters
from .signals import SINCE

_PROMQL = "EvaluationCriteria.PromQLCriteria"
_OWNED = {
    "AlarmName": "is made of the names of endpoint and variant and the key of the alarm",
    "Tags": "are the additional_tags of the endpoint or the variant",
}
_TOPIC = CONFIG("AsyncInferenceConfig.OutputConfig.NotificationConfig.SuccessTopic")


def _description(of: t.Callable[[str], Member]) -> Key:
    return key(
        "description",
        "text",
        of("AlarmDescription"),
        aws_default="",
        may_be_empty=True,
        help="Description of the alarm.",
    )


def _notification_sns_topic(of: t.Callable[[str], Member]) -> Key:
    return key(
        "notification_sns_topic",
        "text",
        of("AlarmActions"),
        of("OKActions"),
        codec=None,
        limits=_TOPIC,
        help="SNS topic that is notified when the alarm goes into ALARM and when it returns to OK.",
    )


def _actions(of: t.Callable[[str], Member]) -> Key:
    return key(
        "actions",
        "object",
        added=True,
        help="What the alarm calls beside `notification_sns_topic`, by the state that it goes into: ARNs of SNS"
        " topics, Lambda functions, OpsItems and incidents of Systems Manager. At most five in each state.",
        keys=(
            key("alarm", "list of text", of("AlarmActions"), codec=None, added=True, help="For `ALARM`."),
            key("ok", "list of text", of("OKActions"), codec=None, added=True, help="For `OK`."),
            key(
                "insufficient_data",
                "list of text",
                of("InsufficientDataActions"),
                codec=None,
                added=True,
                help="For `INSUFFICIENT_DATA`.",
            ),
        ),
    )


def _actions_enabled(of: t.Callable[[str], Member]) -> Key:
    return key(
        "actions_enabled",
        "boolean",
        of("ActionsEnabled"),
        aws_default=True,
        added=True,
        help="Whether the alarm calls anything. If not set, an existing alarm keeps its setting, and a new one"
        " calls its actions.",
    )


def _members_of(name: str, when: str) -> Key:
    return key(
        name,
        "list of text",
        COMPOSITE("AlarmRule"),
        codec=None,
        limits=ALARM("AlarmName"),
        added=True,
        help=f"Goes off {when}: a list of their keys in `cloudwatch_alarms`, or of `<variant>/<key>`. Exactly one of"
        " `any_of` and `all_of` must be given.",
    )


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
            ALARM("EvaluationCriteria"),
            required=True,
            unless="query",
            help='`<metric> <statistic> <operator> <number>`, such as `"ModelLatency p99 > 500000"`; arithmetic, such'
            ' as `"Invocation5XXErrors / Invocations > 1%"`; a band, such as `"ModelLatency p90 outside 2 bands"`; or a'
            ' signal of the container, such as `"TimeToFirstToken p99 > 2 s for 5 minutes"`. Not required with'
            " a `query`.",
        ),
        _description(ALARM),
        key(
            "evaluation_periods",
            "integer",
            ALARM("EvaluationPeriods"),
            default=1,
            help="How many periods are compared with the threshold. All periods together are at most one day, or seven"
            " days if the period is one hour or more.",
        ),
        _notification_sns_topic(ALARM),
        key(
            "period",
            "duration",
            ALARM("Period"),
            ALARM("EvaluationInterval"),
            codec=DURATION,
            default="1 minute",
            low="10 seconds",
            high="6 hours",
            help="The length of one period, in whole minutes. 10, 20 and 30 seconds are allowed too, for metrics that"
            " are published that often; CloudWatch charges more for such an alarm. For an alarm on a signal or a"
            " `query`, it is how often the alarm is evaluated, at least once an hour.",
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
        key(
            "query",
            "text",
            ALARM(f"{_PROMQL}.Query"),
            codec=None,
            since=SINCE,
            added=True,
            help="A PromQL query over detailed observability, instead of `expression`. The alarm is in ALARM while"
            " it returns something.",
        ),
        key(
            "pending_period",
            "duration",
            ALARM(f"{_PROMQL}.PendingPeriod"),
            codec=None,
            since=SINCE,
            added=True,
            help="How long a `query` must return something before the alarm goes into ALARM. In an expression, write"
            " `for`.",
        ),
        key(
            "recovery_period",
            "duration",
            ALARM(f"{_PROMQL}.RecoveryPeriod"),
            codec=None,
            since=SINCE,
            added=True,
            help="How long a query must return nothing before the alarm is `OK` again.",
        ),
        _actions(ALARM),
        _actions_enabled(ALARM),
        key(
            "evaluate_low_sample_count_percentile",
            "text",
            ALARM("EvaluateLowSampleCountPercentile"),
            choices=("evaluate", "ignore"),
            aws_default="evaluate",
            added=True,
            help="For a percentile: whether the alarm may change its state when there are too few requests for it."
            " The CloudWatch default is `evaluate`.",
        ),
        key(
            "unit",
            "text",
            ALARM("Unit"),
            ALARM("Metrics.MetricStat.Unit"),
            codec=None,
            added=True,
            help="The unit of the data points that count, such as `Microseconds`. Data points of another unit are left"
            " out, and the alarm has no data if there are no others. Without it, those of every unit count.",
        ),
        owned=_OWNED,
    ),
)

ALARM_KEYS = Structure(ALARM(), ALARMS.keys)

COMPOSITE_ALARMS = key(
    "composite_alarms",
    "map of objects",
    default={},
    added=True,
    help="Alarms that go off by those of the variants, named `<endpoint>/<key>`. They cannot roll an update back.",
    keys=with_api_parameters(
        COMPOSITE(),
        _members_of("any_of", "when any of these alarms does"),
        _members_of("all_of", "when all of these alarms have"),
        _description(COMPOSITE),
        _notification_sns_topic(COMPOSITE),
        _actions(COMPOSITE),
        _actions_enabled(COMPOSITE),
        owned=_OWNED,
    ),
)

COMPOSITE_KEYS = Structure(COMPOSITE(), COMPOSITE_ALARMS.keys)
