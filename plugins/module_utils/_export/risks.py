# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is risky about an endpoint that was read, whatever the inventory says; pure."""

from __future__ import annotations

import typing as t

from .._engine.requests import Options
from .._inventory.variant_rules import has_local_disk

Risks = t.Iterator[Options]

_VARIANTS = ("production_variants", "shadow_production_variants")
_NO_KEY = (
    "no KMS key of yours encrypts the volumes of its instances"
    " (AWS Config: sagemaker-endpoint-configuration-kms-key-configured)"
)
_ONE_INSTANCE = "has one instance, so it fails with its Availability Zone (Security Hub: SageMaker.4)"
_NO_ISOLATION = "its containers can make network calls (Security Hub: SageMaker.5)"


def risks_of(endpoint: Options) -> list[Options]:
    """The risks of an endpoint in the options of sagemaker_inference_info, each with its *resource*."""
    checks = (_of_status, _of_config, _of_scaling, _of_alarms, _of_models)
    return [risk for check in checks for risk in check(endpoint)]


def _risk(kind: str, name: str, text: str) -> Options:
    return {"resource": f"{kind} {name}", "risk": text}


def _of_status(endpoint: Options) -> Risks:
    name, status, reason = (endpoint[key] for key in ("endpoint_name", "endpoint_status", "failure_reason"))
    if status != "InService":
        yield _risk("endpoint", name, f"is {status}" + (f": {reason}" if reason else ""))
    elif reason:
        yield _risk("endpoint", name, f"its last update failed: {reason}")


def _of_config(endpoint: Options) -> Risks:
    name, config = endpoint["endpoint_name"], endpoint["endpoint_config"]
    if config is None:
        yield _risk("endpoint", name, "its endpoint configuration has been deleted")
        return
    types = [variant["instance_type"] for variant in _variants(endpoint) if variant.get("instance_type")]
    # [D CreateEndpointConfig] AWS encrypts the disks of these types, and accepts no key for them.
    if not config.get("kms_key_id") and any(not has_local_disk(each) for each in types):
        yield _risk("endpoint", name, _NO_KEY)


def _of_scaling(endpoint: Options) -> Risks:
    """Of variants with instances; a serverless one scales by itself."""
    targets = {each["variant_name"]: each for each in endpoint["scaling"]}
    counts = {each["variant_name"]: each.get("desired_instance_count") for each in endpoint["variants"]}
    for variant in _variants(endpoint):
        name = variant["variant_name"]
        where = f"{endpoint['endpoint_name']}/{name}"
        if variant.get("serverless_config"):
            continue
        if (target := targets.get(name)) is None:
            yield _risk("variant", where, "does not scale")
        elif not target.get("policies") and not target.get("scheduled_actions"):
            yield _risk("variant", where, "does not scale, because its target has neither policies nor schedules")
        elif any((target.get("suspended_state") or {}).values()):
            yield _risk("variant", where, "its scaling is suspended")
        if counts.get(name) == 1 and (target is None or target.get("min_capacity") == 1):
            yield _risk("variant", where, _ONE_INSTANCE)


def _of_alarms(endpoint: Options) -> Risks:
    if not endpoint["alarms"]:
        yield _risk("endpoint", endpoint["endpoint_name"], "has no alarms")
    names = {each["variant_name"] for each in endpoint["variants"]}
    for alarm in endpoint["alarms"]:
        watched = {each["value"] for each in alarm.get("dimensions") or () if each["name"] == "VariantName"}
        if gone := sorted(watched - names):
            reason = f"can never go into ALARM, because the endpoint has no variant {', '.join(gone)}"
            yield _risk("alarm", alarm["alarm_name"], reason)
        elif alarm["state_value"] == "INSUFFICIENT_DATA":
            reason = "has no data; without requests that is normal, otherwise its metric or its dimensions are wrong"
            yield _risk("alarm", alarm["alarm_name"], reason)
        if alarm.get("actions_enabled") is False:
            yield _risk("alarm", alarm["alarm_name"], "its actions are disabled")


def _of_models(endpoint: Options) -> Risks:
    for model in endpoint["models"]:
        if not model.get("enable_network_isolation"):
            yield _risk("model", model["model_name"], _NO_ISOLATION)


def _variants(endpoint: Options) -> list[Options]:
    config = endpoint["endpoint_config"] or {}
    return [variant for key in _VARIANTS for variant in config.get(key) or ()]
