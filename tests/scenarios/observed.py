# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account serves, without the names that generations happen to have."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import canonical, without
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.requests import sent_members
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources import model_requests
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import (
    config as config_kind,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import scaling_notes
from botocore.exceptions import ClientError

from .harness import World

Facts = dict[str, t.Any]
_OF_HISTORY = ("/digest", "/served", "/declared-capacity")
"""What the collection's own tags record about how a configuration came to serve."""
OF_A_SCHEDULE = "of a schedule"
_BOUNDS = ("MinCapacity", "MaxCapacity")
_OF_ALARMS = (
    "AlarmDescription",
    "AlarmRule",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationCriteria",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "MetricName",
    "Metrics",
    "Namespace",
    "Period",
    "Statistic",
    "Threshold",
    "TreatMissingData",
)
"""What of an alarm does not depend on who else acts, nor on ARNs."""


def served(world: World, name: str) -> Facts:
    """Status, configuration, models, live variants, tags, scaling and alarms of an endpoint."""
    sagemaker = world.client("sagemaker")
    endpoint = sagemaker.describe_endpoint(EndpointName=name)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    targets = _targets(world, name)
    return {
        "status": endpoint["EndpointStatus"],
        "config": _config(world, config),
        "live": {variant["VariantName"]: _live(variant, targets) for variant in endpoint.get("ProductionVariants", ())},
        "tags": _tags(world, endpoint["EndpointArn"]),
        "config tags": sorted(_tags(world, config["EndpointConfigArn"])),
        "targets": targets,
        "alarms": _alarms(world, name),
    }


def _config(world: World, config: Facts) -> dict[tuple[str, ...], t.Any]:
    for variant in [*config["ProductionVariants"], *config.get("ShadowProductionVariants", ())]:
        variant["ModelName"] = _model(world, variant["ModelName"])
        for pool in variant.get("InstancePools", ()):
            if "ModelNameOverride" in pool:
                pool["ModelNameOverride"] = _model(world, pool["ModelNameOverride"])
    leaves = canonical(config_kind.RULES, sent_members("sagemaker", "CreateEndpointConfig", config))
    return {
        path: value for path, value in leaves.items() if not config_kind.RULES.names(config_kind.RULES.mutable, path)
    }


def _model(world: World, name: str) -> str:
    """What the model is, whichever generation it is."""
    model = world.client("sagemaker").describe_model(ModelName=name)
    request = model_requests.normalised(sent_members("sagemaker", "CreateModel", model))
    return str(sorted(canonical(model_requests.RULES, request).items()))


def _live(variant: Facts, targets: Facts) -> Facts:
    facts = {name: variant.get(name) for name in ("CurrentWeight", "DesiredWeight", "CurrentServerlessConfig")}
    if variant["VariantName"] not in targets:
        facts |= {name: variant.get(name) for name in ("CurrentInstanceCount", "DesiredInstanceCount")}
    elif facts["CurrentServerlessConfig"]:
        facts["CurrentServerlessConfig"] = without(("ProvisionedConcurrency",), facts["CurrentServerlessConfig"])
    return facts


def _tags(world: World, arn: str) -> dict[str, str]:
    tags = world.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].endswith(_OF_HISTORY)}


def _targets(world: World, name: str) -> Facts:
    client, mine = world.client("application-autoscaling"), f"endpoint/{name}/"
    targets = client.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    pages = client.get_paginator("describe_scaling_policies").paginate(ServiceNamespace="sagemaker")
    policies = [policy for page in pages for policy in page["ScalingPolicies"]]
    actions = client.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"]
    return {
        target["ResourceId"].rsplit("/", 1)[1]: {
            "range": _range(target, [each for each in actions if each["ResourceId"] == target["ResourceId"]]),
            "tags": client.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"],
            "policies": {
                policy["PolicyName"]: policy.get("TargetTrackingScalingPolicyConfiguration")
                for policy in policies
                if policy["ResourceId"] == target["ResourceId"]
            },
            "suspended": {name: True for name, value in target["SuspendedState"].items() if value},
            "actions": {
                action["ScheduledActionName"]: (action["Schedule"], action["ScalableTargetAction"])
                for action in actions
                if action["ResourceId"] == target["ResourceId"]
            },
        }
        for target in targets
        if target["ResourceId"].startswith(mine)
    }


def _range(target: Facts, actions: list[Facts]) -> Facts:
    """The bounds; one that a scheduled action sets may be of that or of the declaration, and both are right."""
    by_schedule = {bound: [each["ScalableTargetAction"].get(bound) for each in actions] for bound in _BOUNDS}
    return {bound: OF_A_SCHEDULE if target[bound] in by_schedule[bound] else target[bound] for bound in _BOUNDS}


_DEFAULTS_OF_ALARMS = {"TreatMissingData": "missing"}
"""[D PutMetricAlarm] what an alarm does by default."""


def _alarms(world: World, name: str) -> Facts:
    kinds = ["MetricAlarm", "CompositeAlarm"]
    found = world.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{name}/", AlarmTypes=kinds)
    return {
        alarm["AlarmName"]: {member: alarm.get(member, _DEFAULTS_OF_ALARMS.get(member)) for member in _OF_ALARMS}
        for alarm in [*found["MetricAlarms"], *found["CompositeAlarms"]]
    }


def assert_nothing_in_use_is_missing(world: World) -> None:
    """Every endpoint has its configuration, and that its models."""
    sagemaker = world.client("sagemaker")
    for summary in sagemaker.list_endpoints(MaxResults=100)["Endpoints"]:
        endpoint = sagemaker.describe_endpoint(EndpointName=summary["EndpointName"])
        pending = endpoint.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
        for name in filter(None, (endpoint["EndpointConfigName"], pending)):
            config = sagemaker.describe_endpoint_config(EndpointConfigName=name)
            for variant in [*config["ProductionVariants"], *config.get("ShadowProductionVariants", ())]:
                sagemaker.describe_model(ModelName=variant["ModelName"])


def has_saved_scaling(world: World) -> bool:
    """Whether a configuration still has saved scaling in its tags."""
    sagemaker = world.client("sagemaker")
    configs = sagemaker.list_endpoint_configs(MaxResults=100)["EndpointConfigs"]
    return any(
        scaling_notes.is_saved_tag(key) for config in configs for key in _tags(world, config["EndpointConfigArn"])
    )


def exists(call: t.Callable[..., t.Any], **parameters: str) -> bool:
    try:
        call(**parameters)
    except ClientError:
        return False
    return True
