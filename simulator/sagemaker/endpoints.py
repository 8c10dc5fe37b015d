# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""CreateEndpoint, DescribeEndpoint, UpdateEndpoint, DeleteEndpoint."""

from __future__ import annotations

import math

from ..autoscaling.deregister import deregister_endpoint
from ..autoscaling.resource_ids import scaled_variants
from ..call import Call
from ..errors import invalid
from ..faults import Kind
from ..types import Params, Result
from . import variants
from .deployment_rules import check_deployment
from .late_reads import seen_late
from .lookup import ENDPOINT, already_there, arn_of, find_config, find_endpoint
from .quota_rules import check_fleet
from .resources import Endpoint, Failure, Progress, Status, Work
from .states import DELETABLE, UPDATABLE, check_state
from .tag_rules import checked_tags
from .update_rules import check_update

# [P ACK] a prefix seen in the wild.
_DEFAULT_REASON = "Request to service failed. If failure persists after retry, contact customer support."


def create_endpoint(call: Call, params: Params) -> Result:
    name = params["EndpointName"]
    tags = checked_tags(params.get("Tags", []))
    if name.lower() in call.region.endpoints:
        raise already_there(call, ENDPOINT, name)
    config = find_config(call, params["EndpointConfigName"])
    deployment = params.get("DeploymentConfig")
    if deployment:
        check_deployment(deployment, config, call.region)
    production = [variants.started(call, variant) for variant in config.production]
    shadow = [variants.started(call, variant) for variant in config.shadow]
    check_fleet(call, [], production + shadow, deployment)
    arn = arn_of(call, ENDPOINT, name)
    endpoint = Endpoint(name, arn, call.now, call.now, Status.CREATING, config, deployment=deployment)
    call.region.endpoints[name.lower()] = endpoint
    call.region.tags.put(arn, tags, call.now)
    endpoint.progress = Progress(
        Work.CREATE,
        call.now,
        _due(call, name, call.settings.create_seconds),
        _failure_on_request(call, name, Status.FAILED),
        config,
        production,
        shadow,
        deployment,
    )
    return {"EndpointArn": arn}


def describe_endpoint(call: Call, params: Params) -> Result:
    endpoint = find_endpoint(call, params["EndpointName"])
    return seen_late(call, endpoint, _described(call, endpoint))


def _described(call: Call, endpoint: Endpoint) -> Result:
    shown: Result = {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointConfigName": endpoint.config.name,
        "EndpointStatus": endpoint.status.value,
        "CreationTime": call.time(endpoint.created),
        "LastModifiedTime": call.time(endpoint.modified),
    }
    if endpoint.failure_reason:
        shown["FailureReason"] = endpoint.failure_reason
    if endpoint.deployment:
        shown["LastDeploymentConfig"] = endpoint.deployment
    running = variants.running_status(endpoint.status)
    # That a variant is shown only after the first deployment succeeded is a guess.
    for key, items in (
        ("ProductionVariants", endpoint.production),
        ("ShadowProductionVariants", endpoint.shadow),
    ):
        if items:
            shown[key] = [variants.summary(call, variant, running) for variant in items]
    if call.settings.early_variants and endpoint.progress and not endpoint.production:
        shown["ProductionVariants"] = [variants.early_summary(item) for item in endpoint.progress.production]
    for key in ("AsyncInferenceConfig", "ExplainerConfig", "MetricsConfig", "CrossRegionTrafficConfig"):
        if key in endpoint.config.content:
            shown[key] = endpoint.config.content[key]
    if "DataCaptureConfig" in endpoint.config.content:
        shown["DataCaptureConfig"] = _data_capture(endpoint)
    if endpoint.progress and endpoint.progress.config:
        shown["PendingDeploymentSummary"] = _pending(call, endpoint.progress)
    return shown


def update_endpoint(call: Call, params: Params) -> Result:
    endpoint = find_endpoint(call, params["EndpointName"])
    check_state(endpoint, UPDATABLE)
    config = find_config(call, params["EndpointConfigName"])
    check_update(call, endpoint, config, params)
    deployment = params.get("DeploymentConfig")
    if deployment is None and params.get("RetainDeploymentConfig"):
        deployment = endpoint.deployment
    if deployment:
        check_deployment(deployment, config, call.region)
    production = [variants.started(call, variant) for variant in config.production]
    shadow = [variants.started(call, variant) for variant in config.shadow]
    if params.get("RetainAllVariantProperties"):
        excluded = {item["VariantPropertyType"] for item in params.get("ExcludeRetainedVariantProperties", [])}
        for variant in production + shadow:
            live = endpoint.variant(variant.name)
            if live:
                variants.retain(variant, live, excluded)
    check_fleet(call, endpoint.variants, production + shadow, deployment)
    failure = _failure_on_request(call, endpoint.name, Status.IN_SERVICE)
    endpoint.status, endpoint.failure_reason, endpoint.modified = Status.UPDATING, "", call.now
    due = _due(call, endpoint.name, call.settings.update_seconds)
    endpoint.progress = Progress(Work.UPDATE, call.now, due, failure, config, production, shadow, deployment)
    return {"EndpointArn": endpoint.arn}


def delete_endpoint(call: Call, params: Params) -> Result:
    """Takes the scalable targets along; configuration, models and alarms stay. [I][D SM]"""
    endpoint = find_endpoint(call, params["EndpointName"])
    check_state(endpoint, DELETABLE)
    if scaled_variants(call.region, endpoint.name) and not call.may("application-autoscaling:DeregisterScalableTarget"):
        # [I stable-diffusion-aws-extension#161]
        raise invalid(
            "An Application AutoScaling scalable target exists for a variant being deleted, and the IAM identity "
            "used to invoke DeleteEndpoint does not have application-autoscaling:DeregisterScalableTarget "
            "permission to deregister the scalable target."
        )
    deregister_endpoint(call, endpoint.name)
    endpoint.status, endpoint.modified = Status.DELETING, call.now
    due = _due(call, endpoint.name, call.settings.delete_seconds)
    endpoint.progress = Progress(Work.DELETE, call.now, due)
    return {}


def _due(call: Call, name: str, seconds: float) -> float:
    return math.inf if call.fault(Kind.STUCK, name) else call.now + seconds


def _failure_on_request(call: Call, name: str, status: Status) -> Failure | None:
    fault = call.fault(Kind.ROLLBACK_FAILS, name)
    if fault:
        reason = fault.reason if fault.reason is not None else "The update and its rollback failed."
        return Failure(reason, Status.UPDATE_ROLLBACK_FAILED)
    fault = call.fault(Kind.ROLLOUT_FAILS, name)
    if fault:
        return Failure(fault.reason if fault.reason is not None else _DEFAULT_REASON, status)
    return None


def _data_capture(endpoint: Endpoint) -> Params:
    """Only these members, and the key only if there is one. [C]"""
    config = endpoint.config.content["DataCaptureConfig"]
    running = config["EnableCapture"] and endpoint.status is not Status.CREATING
    return {
        "EnableCapture": config["EnableCapture"],
        "CaptureStatus": "Started" if running else "Stopped",
        "CurrentSamplingPercentage": config["InitialSamplingPercentage"],
        "DestinationS3Uri": config["DestinationS3Uri"],
        **({"KmsKeyId": config["KmsKeyId"]} if "KmsKeyId" in config else {}),
    }


def _pending(call: Call, progress: Progress) -> Params:
    """[D SM] only while an endpoint is created or updated with a new configuration."""
    assert progress.config
    shown: Params = {
        "EndpointConfigName": progress.config.name,
        "StartTime": call.time(progress.started),
        "ProductionVariants": [variants.pending_summary(call, item, progress) for item in progress.production],
    }
    if progress.shadow:
        shown["ShadowProductionVariants"] = [variants.pending_summary(call, item, progress) for item in progress.shadow]
    return shown
