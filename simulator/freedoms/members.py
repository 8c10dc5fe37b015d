# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Which members of an answer AWS may leave out, and which it may fill in, by the shapes of the service models."""

from __future__ import annotations

from ..types import Params

NEED_NOT_BE_THERE: dict[str, tuple[str, ...]] = {
    # [D SM] none of these is required; [P ACK late-init, fixtures] that AWS may fill them in or not.
    "DescribeModelOutput": ("DeploymentRecommendation",),
    "DescribeEndpointOutput": ("PendingDeploymentSummary", "LastDeploymentConfig", "MetricsConfig"),
    "ProductionVariantSummary": ("DeployedImages", "VariantStatus", "ManagedInstanceScaling", "RoutingConfig"),
    "AddTagsOutput": ("Tags",),
    # [D AS] not required.
    "ScalingPolicy": ("Alarms",),
    "PutScalingPolicyResponse": ("Alarms",),
    "RegisterScalableTargetResponse": ("ScalableTargetARN",),
    # [D CW] nothing of an alarm is required; its name and ARN, and what was sent, are always there.
    "MetricAlarm": (
        "AlarmConfigurationUpdatedTimestamp",
        "StateReason",
        "StateReasonData",
        "StateTransitionedTimestamp",
        "StateUpdatedTimestamp",
    ),
    "CompositeAlarm": ("AlarmConfigurationUpdatedTimestamp", "StateReason", "StateReasonData", "StateUpdatedTimestamp"),
}

DEFAULTS: dict[str, Params] = {
    # [C live][P ACK late-init] of which the simulator shows the first and not the others.
    "ContainerDefinition": {"Mode": "SingleModel"},
    "MultiModelConfig": {"ModelCacheSetting": "Enabled"},
    # [D SM] "it defaults to 1.0", "By default, SSM access is disabled".
    "ProductionVariant": {"InitialVariantWeight": 1.0, "EnableSSMAccess": False},
    "DataCaptureConfig": {"EnableCapture": True},
    "DescribeModelOutput": {"EnableNetworkIsolation": False},
    "DescribeEndpointConfigOutput": {"EnableNetworkIsolation": False},
    # [D AS]
    "TargetTrackingScalingPolicyConfiguration": {
        "DisableScaleIn": False,
        "ScaleInCooldown": 300,
        "ScaleOutCooldown": 300,
    },
    "StepScalingPolicyConfiguration": {"Cooldown": 300, "MetricAggregationType": "Average"},
    "ScheduledAction": {"Timezone": "UTC"},
    "SuspendedState": {
        "DynamicScalingInSuspended": False,
        "DynamicScalingOutSuspended": False,
        "ScheduledScalingSuspended": False,
    },
    "TargetTrackingMetricDataQuery": {"ReturnData": True},
    # [D CW]
    "MetricAlarm": {"TreatMissingData": "missing"},
    "MetricDataQuery": {"ReturnData": True},
}
"""The documented defaults; a member that has its default need not be there either."""

NEED_NOT_BE_SAID: dict[str, Params] = {"DescribeModelOutput": {"InferenceExecutionConfig": {"Mode": "Serial"}}}
"""Defaults that are not filled in where they mean nothing."""

SAID_BY: dict[str, str] = {"ModelDataSource": "ModelDataUrl", "VolumeSizeInGB": "ServerlessConfig"}
"""Members that AWS fills in beside another one [C live][P ACK fixtures], and may not."""

ONLY_WITH: dict[str, str] = {"TreatMissingData": "EvaluationPeriods", "EnableSSMAccess": "InstanceType"}
"""Members that mean nothing in a structure without another one: these are never filled in there."""
