# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what the scaling of a variant can say."""

from __future__ import annotations

from .codecs import INVERTED
from .schema import POLICY, TARGET, Structure, key, with_api_parameters

_TRACKING = "TargetTrackingScalingPolicyConfiguration"

_METRIC = f"{_TRACKING}.CustomizedMetricSpecification"
_TARGET_KEY = ("ServiceNamespace", "ResourceId", "ScalableDimension")

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
                required=True,
                help='`<metric> [<statistic>] = <number>`, such as `"CPUUtilization average = 70"`; a predefined metric'
                " such as `SageMakerVariantInvocationsPerInstance` needs no statistic.",
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
            owned=(*_TARGET_KEY, "PolicyName", "PolicyType"),
        ),
    ),
    key(
        "maximum_capacity", "integer", TARGET("MaxCapacity"), default=1, low=0, help="The maximum number of instances."
    ),
    key(
        "minimum_capacity",
        "integer",
        TARGET("MinCapacity"),
        default=1,
        low=0,
        help="The minimum number of instances. 0 is allowed only for an asynchronous endpoint; it starts again when"
        " its backlog exceeds the target of a policy that tracks the backlog.",
    ),
    owned=(*_TARGET_KEY, "RoleARN", "Tags"),
)

TARGET_KEYS = Structure(TARGET(), AUTO_SCALING)
POLICY_KEYS = Structure(POLICY(_TRACKING), AUTO_SCALING[0].keys)
