# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoint configurations back to the documented ``endpoints``: what compile_endpoints made of them."""

from __future__ import annotations

import typing as t

from .._engine.canonical import Request
from .._engine.requests import given
from .._inventory import api_parameters, endpoint_keys, instance_pools, variant_keys
from .._inventory.async_keys import ASYNC_KEYS
from .._inventory.data_capture_keys import CAPTURE_KEYS
from .._inventory.reader import Tree
from .._inventory.schema import Structure
from .._inventory.walker import exported
from .._resources.endpoint.config import RULES, hosting_kind

Keys = t.Mapping[str, str]


def endpoint_tree(config: Request, keys: Keys, tags: t.Mapping[str, str], **of_tags: t.Any) -> Tree:
    """*config* is what runs, with its live counts and weights; *keys* are the models' keys by their names in AWS.

    *of_tags* are the keys that are read from tags.
    """
    is_serverless = hosting_kind(config) == "serverless"
    return exported(
        endpoint_keys.ENDPOINT_KEYS,
        config,
        additional_tags=dict(tags),
        **of_tags,
        encryption_key=None if is_serverless else config.get("KmsKeyId"),
        serverless={"variant": _serverless(config["ProductionVariants"][0], keys)} if is_serverless else None,
        provisioned=None if is_serverless else _provisioned(config, keys),
        api_parameters=api_parameters.exported(endpoint_keys.ENDPOINT_KEYS, config, RULES),
    )


def _serverless(variant: Request, keys: Keys) -> Tree:
    name, key = variant["VariantName"], _key(variant, keys)
    own_name = name if name != key else None
    return exported(
        variant_keys.SERVERLESS_KEYS,
        variant,
        model_name=key,
        variant_name=own_name,
        api_parameters=_more(variant_keys.SERVERLESS_KEYS, variant),
    )


def _provisioned(config: Request, keys: Keys) -> Tree:
    capture, invocation = config.get("DataCaptureConfig"), config.get("AsyncInferenceConfig")
    return exported(
        endpoint_keys.PROVISIONED_KEYS,
        config,
        production_variants=_variants(variant_keys.PRODUCTION_KEYS, config["ProductionVariants"], keys),
        shadow_variants=_variants(variant_keys.SHADOW_KEYS, config.get("ShadowProductionVariants", ()), keys),
        async_invocation_config=None if invocation is None else _async(invocation),
        enable_data_capture=_data_capture(capture, config.get("KmsKeyId")) if capture else None,
    )


def _variants(structure: Structure, variants: t.Iterable[Request], keys: Keys) -> dict[str, Tree]:
    return {each["VariantName"]: _variant(structure, each, keys) for each in variants}


def _variant(structure: Structure, variant: Request, keys: Keys) -> Tree:
    key = _key(variant, keys)
    return exported(
        structure,
        variant,
        model_name=key if key != variant["VariantName"] else None,
        instance_pools=instance_pools.exported(variant.get("InstancePools", ()), keys),
        capacity_reservation=variant.get("CapacityReservationConfig", {}).get("MlReservationArn"),
        # The schema has no variant without an instance.
        initial_instance_count=max(variant.get("InitialInstanceCount", 1), 1),
        api_parameters=_more(structure, variant),
    )


def _more(structure: Structure, variant: Request) -> Tree | None:
    return api_parameters.exported(structure, variant, RULES, (structure.root.path, variant["VariantName"]))


def _key(variant: Request, keys: Keys) -> str | None:
    return keys.get(variant.get("ModelName", ""))


def _data_capture(capture: Request, endpoint_key: str | None) -> Tree:
    key = capture.get("KmsKeyId")
    modes = {option["CaptureMode"] for option in capture["CaptureOptions"]}
    options = given(
        prediction_request=None if modes & {"Input", "InputAndOutput"} else False,
        prediction_response=None if modes & {"Output", "InputAndOutput"} else False,
    )
    own_key = key if key != endpoint_key else None
    return exported(CAPTURE_KEYS, capture, data_capture_options=options, encryption_key=own_key)


def _async(config: Request) -> Tree:
    notification = config["OutputConfig"].get("NotificationConfig", {})
    has_topics = "ErrorTopic" in notification or "SuccessTopic" in notification
    is_included = not has_topics or bool(notification.get("IncludeInferenceResponseIn"))
    return exported(ASYNC_KEYS, config, include_response_in_notifications=is_included)
