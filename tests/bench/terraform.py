# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that Terraform's AWS provider makes for each resource, as data.

From the create, read, update and delete functions of terraform-provider-aws: internal/service/sagemaker/{model,
endpoint_configuration,endpoint}.go, appautoscaling/{target,policy}.go, cloudwatch/metric_alarm.go. After a read or a
create the provider's interceptor lists the tags of what has tags. Left out, in Terraform's favour: the look before an
alarm is made (newer providers), and the 30 seconds between two looks at an endpoint on its way.
"""

from __future__ import annotations

CREATE: dict[str, tuple[str, ...]] = {
    "model": ("CreateModel", "DescribeModel", "ListTags"),
    "config": ("CreateEndpointConfig", "DescribeEndpointConfig", "ListTags"),
    "endpoint": ("CreateEndpoint", "WaitInService", "DescribeEndpoint", "ListTags"),
    "target": ("RegisterScalableTarget", "DescribeScalableTargets", "ListTagsForTarget"),
    "policy": ("PutScalingPolicy", "DescribeScalingPolicies"),
    "alarm": ("PutMetricAlarm", "DescribeAlarms", "ListTagsForAlarm"),
}

REFRESH: dict[str, tuple[str, ...]] = {
    "model": ("DescribeModel", "ListTags"),
    "config": ("DescribeEndpointConfig", "ListTags"),
    "endpoint": ("DescribeEndpoint", "ListTags"),
    "target": ("DescribeScalableTargets", "ListTagsForTarget"),
    "policy": ("DescribeScalingPolicies",),
    "alarm": ("DescribeAlarms", "ListTagsForAlarm"),
}

UPDATE: dict[str, tuple[str, ...]] = {
    "endpoint": ("UpdateEndpoint", "WaitInService", "DescribeEndpoint", "ListTags"),
}

DELETE: dict[str, tuple[str, ...]] = {
    "model": ("DeleteModel",),
    "config": ("DeleteEndpointConfig",),
    "endpoint": ("DeleteEndpoint", "WaitDeleted"),
    "target": ("DeregisterScalableTarget", "DescribeScalableTargets"),
    "policy": ("DeleteScalingPolicy",),
    "alarm": ("DeleteAlarms",),
}

IN_ORDER = (("model", "alarm"), ("config",), ("endpoint",), ("target",), ("policy",))
"""What Terraform's graph makes side by side, and after what; it deletes the other way round."""
