# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint of the inventory to the options of sagemaker_endpoint, with the DeploymentConfig of its updates."""

from __future__ import annotations

import typing as t

from .._engine.requests import Options, given
from . import instance_pools, variants
from .endpoint_keys import ENDPOINT_KEYS
from .merged_tags import merged_tags
from .metrics import SERVERLESS
from .reader import Tree
from .rollout_keys import BLUE_GREEN_KEYS, ROLLING_KEYS
from .schema import ALL, External
from .sizes import Size
from .variant_keys import PRODUCTION_KEYS, SERVERLESS_KEYS, SHADOW_KEYS
from .walker import compiled

_TOPICS = {"error_topic": "ERROR_NOTIFICATION_TOPIC", "success_topic": "SUCCESS_NOTIFICATION_TOPIC"}
_SIZE_OPTIONS = {"canary": "canary_size", "linear": "linear_step_size"}


def endpoint_options(name: str, tree: Tree) -> Options:
    endpoint = tree["endpoints"][name]
    found = list(variants.of_endpoint(name, endpoint, tree["models"]))
    return given(
        endpoint_name=name,
        production_variants=[_variant(variant) for variant in found if not variant.is_shadow],
        keep_variant_name=True if any(variant.keeps_name for variant in found) else None,
        shadow_production_variants=[_variant(variant) for variant in found if variant.is_shadow] or None,
        **(_provisioned(endpoint) if endpoint["provisioned"] else compiled(ENDPOINT_KEYS, endpoint)),
        deployment_config=deployment_config(endpoint["deployment"], found),
        allow_replace=endpoint["allow_replace"],
        scaled_variants=[variant.name for variant in found if variant.scaling],
        alarm_names=[
            *variants.alarm_names(found),
            *variants.calling_alarm_names(found),
            *variants.composite_names(name, endpoint),
        ],
        adopt=endpoint["adopt"],
        redeploy=endpoint["redeploy"],
        deletion_protection=endpoint["deletion_protection"],
        tags=merged_tags(endpoint, tree["additional_tags_all"]),
    )


def _variant(variant: variants.Variant) -> Options:
    named = {"variant_name": variant.name, "model_name": variant.model_name}
    if variant.kind == SERVERLESS:
        options = compiled(SERVERLESS_KEYS, variant.values)
        if variant.scaling:
            options["serverless_config"]["provisioned_concurrency"] = _first_concurrency(variant.values)
        return named | options
    options = compiled(SHADOW_KEYS if variant.is_shadow else PRODUCTION_KEYS, variant.values)
    reserved = given(capacity_reservation_config=_reservation(variant.values["capacity_reservation"]))
    reserved |= given(instance_pools=instance_pools.options_of(variant.values["instance_pools"]))
    return named | options | reserved | {"initial_instance_count": _first_count(variant.values)}


def _reservation(arn: str | None) -> Options | None:
    only = {"capacity_reservation_preference": "capacity-reservations-only"}
    return None if arn is None else {"ml_reservation_arn": arn, **only}


def _first_concurrency(values: Tree) -> int:
    """The provisioned concurrency with which a new scaled variant begins."""
    concurrency: int = max(values["provisioned_concurrency"], values["auto_scaling"]["minimum_capacity"])
    return concurrency


def _first_count(values: Tree) -> int:
    """How many instances a new variant starts with: a scaled one with what autoscaling would set at once."""
    count: int = values["initial_instance_count"]
    scaling = values.get("auto_scaling")
    return max(count, scaling["minimum_capacity"]) if scaling else count


def _provisioned(endpoint: Tree) -> Options:
    """The options that several keys of a provisioned endpoint decide together are added to those of single keys."""
    options, key = compiled(ENDPOINT_KEYS, endpoint), endpoint["encryption_key"]
    capture, invocation = (endpoint["provisioned"][name] for name in ("enable_data_capture", "async_invocation_config"))
    if capture:
        mode = _capture_mode(**capture["data_capture_options"])
        options["data_capture_config"] |= given(
            kms_key_id=capture["encryption_key"] or key, capture_options=[{"capture_mode": mode}]
        )
    if invocation and invocation["include_response_in_notifications"]:
        _include_response(options["async_inference_config"]["output_config"].get("notification_config"))
    return options | given(kms_key_id=key)


def _capture_mode(prediction_request: bool, prediction_response: bool) -> str:
    if prediction_request and prediction_response:
        return "InputAndOutput"
    return "Input" if prediction_request else "Output"


def _include_response(notification: Options | None) -> None:
    """As the Terraform module does, the model's response goes to every topic, unless the inventory says otherwise."""
    if notification:
        topics = [word for topic, word in _TOPICS.items() if topic in notification]
        notification["include_inference_response_in"] = topics


def deployment_config(deployment: Tree | None, found: t.Sequence[variants.Variant]) -> Options | None:
    if deployment is None:
        return None
    wanted = deployment["rollback_on"]
    alarms = [{"alarm_name": name} for name in rollback_alarms(wanted, found)]
    return update_policy(deployment) | given(auto_rollback_configuration={"alarms": alarms} if alarms else None)


def update_policy(deployment: Tree) -> Options:
    strategy, size = deployment["strategy"], deployment["size"]
    if strategy == "rolling":
        policy = compiled(ROLLING_KEYS, deployment)
        back = deployment["rollback_size"]
        sizes = given(maximum_batch_size=_capacity(size), rollback_maximum_batch_size=back and _capacity(back))
        return {"rolling_update_policy": policy | sizes}
    policy = compiled(BLUE_GREEN_KEYS, deployment)
    if strategy in _SIZE_OPTIONS:
        policy["traffic_routing_configuration"][_SIZE_OPTIONS[strategy]] = _capacity(size)
    return {"blue_green_update_policy": policy}


def rollback_alarms(wanted: str | list[str] | None, found: t.Sequence[variants.Variant]) -> list[str]:
    """The names in AWS of the alarms that *wanted* names, each once."""
    if wanted == ALL:
        return variants.alarm_names(found)
    words = variants.alarm_aliases(found)
    names = (str(word) if isinstance(word, External) else words[word][0] for word in wanted or ())
    return list(dict.fromkeys(names))


def _capacity(size: Size) -> Options:
    return {"type": "CAPACITY_PERCENT" if size.is_percentage else "INSTANCE_COUNT", "value": size.number}
