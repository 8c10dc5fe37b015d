# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what the scaling of a variant can say."""

from __future__ import annotations

from .alarm_keys import ALARMS
from .codecs import INVERTED, RATE, choice
from .reader import Tree
from .schema import ACTION, ALARM, POLICY, TARGET, Structure, key, with_api_parameters

SUSPENDED = {
    "in": "DynamicScalingInSuspended",
    "out": "DynamicScalingOutSuspended",
    "scheduled": "ScheduledScalingSuspended",
}
"""What can be suspended, with the member that says so."""
_TRACKING, _STEPS = "TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration"
_AGGREGATIONS = {word.lower(): word for word in ("Average", "Minimum", "Maximum")}
_CALLER_DEFAULTS = {"evaluation_periods": 1, "period": 60}
_NOT_OF_STEPS = ("expression", "query", "pending_period", "recovery_period")
"""What only an alarm that is declared by itself can say."""

_METRIC = f"{_TRACKING}.CustomizedMetricSpecification"
_TARGET_KEY = {
    "ServiceNamespace": "is sagemaker",
    "ResourceId": "is made of the names of endpoint and variant",
    "ScalableDimension": "is the number of instances, or the provisioned concurrency of a serverless variant",
}

SCHEDULE = (
    key(
        "at",
        "at",
        ACTION("Schedule"),
        help='When it acts: a time of day with days of the week, such as `"20:00 MON-FRI"`, without them every day, or'
        ' once, such as `"2026-12-24 18:00"`. Exactly one of `at`, `cron` and `rate` is required.',
    ),
    key(
        "cron",
        "cron",
        ACTION("Schedule"),
        help='The same as a cron expression of Application Auto Scaling with six fields, such as `"0 20 ? * MON-FRI'
        ' *"`: minutes, hours, day of month, month, day of week and year, of which one of the days is `?`.',
    ),
    key(
        "rate",
        "duration",
        ACTION("Schedule"),
        codec=RATE,
        low="1 minute",
        high="1000 days",
        help='The interval in which it acts, in whole minutes, such as `"6 hours"`.',
    ),
    key(
        "time_zone",
        "time zone",
        ACTION("Timezone"),
        aws_default="UTC",
        help="The time zone of `at` and `cron`, such as `Europe/Berlin`. The default is UTC.",
    ),
    key(
        "minimum",
        "integer",
        ACTION("ScalableTargetAction.MinCapacity"),
        low=0,
        help="The minimum capacity from then on. At least one of `minimum` and `maximum` is required.",
    ),
    key(
        "maximum",
        "integer",
        ACTION("ScalableTargetAction.MaxCapacity"),
        low=0,
        help="The maximum capacity from then on.",
    ),
    key(
        "start",
        "moment",
        ACTION("StartTime"),
        help='The moment, in UTC, before which it does not act, such as `"2026-12-01 00:00"`.',
    ),
    key("end", "moment", ACTION("EndTime"), help="The moment, in UTC, after which it no longer acts."),
)

_WATCHED = tuple(
    member
    for member in ALARMS.by_name["expression"].members
    if member.path not in ("ThresholdMetricId", "EvaluationCriteria")
)
"""The keys of an alarm that can call a policy, which is neither on a band nor on a query."""
_ALARM = key(
    "alarm",
    "object",
    default={},
    added=True,
    help="Of a policy with steps: the alarm that calls it, named as the policy. The expression says what it watches;"
    " it takes the other keys of `cloudwatch_alarms`.",
    keys=tuple(each for each in ALARMS.keys if each.name not in _NOT_OF_STEPS),
)

WAKE_FROM_ZERO = key(
    "wake_from_zero",
    "boolean",
    default=False,
    added=True,
    help="Whether a waiting request starts the first instance of an asynchronous endpoint that has none. This declares"
    " the policy `wake-from-zero` with its alarm: `HasBacklogWithoutCapacity average >= 1 then +1`, two minutes in a"
    " row.",
)

AUTO_SCALING = with_api_parameters(
    TARGET(),
    key(
        "policies",
        "map of objects",
        required=True,
        help="The scaling policies, named `<endpoint>/<variant>/<key>`.",
        keys=with_api_parameters(
            POLICY(),
            key(
                "expression",
                "policy",
                POLICY(f"{_TRACKING}.TargetValue"),
                POLICY(f"{_TRACKING}.PredefinedMetricSpecification"),
                *(POLICY(f"{_METRIC}.{member}") for member in ("MetricName", "Namespace", "Dimensions", "Statistic")),
                POLICY(f"{_METRIC}.Metrics"),
                POLICY(f"{_STEPS}.AdjustmentType"),
                POLICY(f"{_STEPS}.StepAdjustments"),
                *_WATCHED,
                required=True,
                help='`<metric> [<statistic>] = <number>`, such as `"CPUUtilization average = 70"`; a predefined metric'
                " such as `SageMakerVariantInvocationsPerInstance` needs no statistic. Or arithmetic over metrics, such"
                ' as `"(CPUUtilization average / 2 + MemoryUtilization average) / 2 = 60"`. Or steps, such as'
                ' `"HasBacklogWithoutCapacity average >= 1 then +1"` and `"CPUUtilization average >= 60 then +50%,'
                ' >= 90 then +100%"`: the policy and the alarm that calls it. `+1` and `-1` change the capacity by a'
                " number, `+50%` by a percentage, and `4` to that number.",
            ),
            key(
                "enable_scale_in",
                "boolean",
                POLICY(f"{_TRACKING}.DisableScaleIn"),
                codec=INVERTED,
                default=True,
                help="Whether the policy may remove instances.",
            ),
            key(
                "scale_in_cooldown_period",
                "duration",
                POLICY(f"{_TRACKING}.ScaleInCooldown"),
                default="5 minutes",
                help="The cooldown after removing instances.",
            ),
            key(
                "scale_out_cooldown_period",
                "duration",
                POLICY(f"{_TRACKING}.ScaleOutCooldown"),
                default="5 minutes",
                help="The cooldown after adding instances.",
            ),
            key(
                "cooldown_period",
                "duration",
                POLICY(f"{_STEPS}.Cooldown"),
                aws_default=300,
                added=True,
                help="Of a policy with steps: the cooldown after a step. The default is 5 minutes.",
            ),
            key(
                "minimum_adjustment",
                "integer",
                POLICY(f"{_STEPS}.MinAdjustmentMagnitude"),
                low=1,
                added=True,
                help="Of a policy with percentages: how many instances a step adds or removes at least.",
            ),
            key(
                "aggregation",
                "text",
                POLICY(f"{_STEPS}.MetricAggregationType"),
                codec=choice(_AGGREGATIONS),
                choices=tuple(_AGGREGATIONS),
                aws_default="Average",
                added=True,
                help="Of a policy with steps: how the data points of the metric are taken together to find the step."
                " The default is `average`.",
            ),
            _ALARM,
            owned={
                **_TARGET_KEY,
                "PolicyName": "is made of the names of endpoint and variant and the key of the policy",
                "PolicyType": "follows from the expression",
            },
        ),
    ),
    key(
        "maximum_capacity",
        "integer",
        TARGET("MaxCapacity"),
        default=1,
        low=0,
        help="The maximum number of instances, or of a serverless variant the maximum provisioned concurrency.",
    ),
    key(
        "minimum_capacity",
        "integer",
        TARGET("MinCapacity"),
        default=1,
        low=0,
        help="The minimum number of instances, or provisioned concurrency. 0 is allowed only for an asynchronous"
        " endpoint; its first instance starts again with `wake_from_zero`, or when its backlog exceeds the target of a"
        " policy that tracks the backlog.",
    ),
    WAKE_FROM_ZERO,
    key(
        "schedules",
        "map of objects",
        default={},
        added=True,
        keys=SCHEDULE,
        help="Bounds that change at set times, each a scheduled action named `<endpoint>.<variant>.<key>`. While the"
        " live bounds are those of a schedule, a run leaves them and says so.",
    ),
    key(
        "suspended",
        "list of text",
        TARGET("SuspendedState"),
        codec=None,
        choices=tuple(SUSPENDED),
        added=True,
        help="Which scaling is suspended: any of `in`, `out` and `scheduled`; `[]` resumes all. If not set, what"
        " is suspended stays suspended.",
    ),
    owned={
        **_TARGET_KEY,
        "RoleARN": "is a role that is linked to the service",
        "Tags": "are the additional_tags of the endpoint or the variant",
    },
)

SERVERLESS_AUTO_SCALING = tuple(each for each in AUTO_SCALING if each is not WAKE_FROM_ZERO)

TARGET_KEYS = Structure(TARGET(), SERVERLESS_AUTO_SCALING)
"""The keys of both kinds, because the other kind also declares a policy."""
SCHEDULE_KEYS = Structure(ACTION(), SCHEDULE)
POLICY_KEYS = Structure(POLICY(_TRACKING), AUTO_SCALING[0].keys)
STEP_KEYS = Structure(POLICY(_STEPS), AUTO_SCALING[0].keys)
"""The same keys, of which others count."""
CALLER_KEYS = Structure(ALARM(), _ALARM.keys)


def caller(policy: Tree) -> Tree:
    """The alarm that calls a policy with steps, as if it were declared by itself."""
    whole: Tree = dict.fromkeys(each.name for each in ALARMS.keys)
    whole |= policy["alarm"]
    return whole | {"expression": policy["expression"].condition}


def is_caller_declared(policy: Tree) -> bool:
    """Whether the alarm has a value other than a default."""
    return any(value not in (None, {}, _CALLER_DEFAULTS.get(name)) for name, value in policy["alarm"].items())
