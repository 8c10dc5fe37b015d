# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Every simulated operation and the function that does it."""

from __future__ import annotations

from .autoscaling import policies, scheduled_actions, targets
from .autoscaling import tagging as target_tagging
from .call import Operation
from .cloudwatch import alarms, composites, describing
from .cloudwatch import tagging as alarm_tagging
from .sagemaker import endpoint_configs, endpoints, invocations, listing, models, scaling
from .sagemaker import tagging as sagemaker_tagging
from .tagging.get_resources import get_resources

OPERATIONS: dict[str, dict[str, Operation]] = {
    "sagemaker": {
        "CreateModel": models.create_model,
        "DescribeModel": models.describe_model,
        "DeleteModel": models.delete_model,
        "ListModels": listing.list_models,
        "CreateEndpointConfig": endpoint_configs.create_endpoint_config,
        "DescribeEndpointConfig": endpoint_configs.describe_endpoint_config,
        "DeleteEndpointConfig": endpoint_configs.delete_endpoint_config,
        "ListEndpointConfigs": listing.list_endpoint_configs,
        "CreateEndpoint": endpoints.create_endpoint,
        "DescribeEndpoint": endpoints.describe_endpoint,
        "UpdateEndpoint": endpoints.update_endpoint,
        "UpdateEndpointWeightsAndCapacities": scaling.update_endpoint_weights_and_capacities,
        "DeleteEndpoint": endpoints.delete_endpoint,
        "ListEndpoints": listing.list_endpoints,
        "AddTags": sagemaker_tagging.add_tags,
        "ListTags": sagemaker_tagging.list_tags,
        "DeleteTags": sagemaker_tagging.delete_tags,
    },
    "application-autoscaling": {
        "RegisterScalableTarget": targets.register_scalable_target,
        "DescribeScalableTargets": targets.describe_scalable_targets,
        "DeregisterScalableTarget": targets.deregister_scalable_target,
        "PutScalingPolicy": policies.put_scaling_policy,
        "DescribeScalingPolicies": policies.describe_scaling_policies,
        "DeleteScalingPolicy": policies.delete_scaling_policy,
        "PutScheduledAction": scheduled_actions.put_scheduled_action,
        "DescribeScheduledActions": scheduled_actions.describe_scheduled_actions,
        "DeleteScheduledAction": scheduled_actions.delete_scheduled_action,
        "TagResource": target_tagging.tag_resource,
        "UntagResource": target_tagging.untag_resource,
        "ListTagsForResource": target_tagging.list_tags_for_resource,
    },
    "cloudwatch": {
        "PutMetricAlarm": alarms.put_metric_alarm,
        "PutCompositeAlarm": composites.put_composite_alarm,
        "DescribeAlarms": describing.describe_alarms,
        "DeleteAlarms": alarms.delete_alarms,
        "SetAlarmState": alarms.set_alarm_state,
        "EnableAlarmActions": alarms.enable_alarm_actions,
        "DisableAlarmActions": alarms.disable_alarm_actions,
        "TagResource": alarm_tagging.tag_resource,
        "UntagResource": alarm_tagging.untag_resource,
        "ListTagsForResource": alarm_tagging.list_tags_for_resource,
    },
    "sagemaker-runtime": {"InvokeEndpoint": invocations.invoke_endpoint},
    "resourcegroupstaggingapi": {"GetResources": get_resources},
}
