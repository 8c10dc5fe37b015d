# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What UpdateEndpoint refuses, apart from the endpoint's state."""

from __future__ import annotations

from ..autoscaling.resource_ids import scaled_variants
from ..call import Call
from ..errors import invalid
from ..types import Params
from .lookup import find_config
from .resources import Endpoint, EndpointConfig

_EXCLUDABLE = ("DesiredInstanceCount", "DesiredWeight")


def check_update(call: Call, endpoint: Endpoint, config: EndpointConfig, params: Params) -> None:
    if config.name.lower() == endpoint.config.name.lower():
        # [C strands-decider; the refusal itself also in sagemaker integration tests]
        raise invalid(f'Cannot update endpoint with the currently in use endpoint configuration "{config.arn}".')
    # [I TF #40048, #48997] the old configuration must still be there.
    find_config(call, endpoint.config.name)
    if config.is_serverless and not endpoint.config.is_serverless:
        # [D DG serverless-endpoints] the text is a guess.
        raise invalid("Cannot update an instance-based endpoint to a serverless endpoint.")
    if config.is_async != endpoint.config.is_async:
        # Guess: no source says what happens.
        raise invalid("Cannot switch an endpoint between real-time and asynchronous inference.")
    if config.hosts_components != endpoint.config.hosts_components:
        # Reading of the pages on inference components, which know of no such update; that it is refused is a guess.
        raise invalid("Cannot switch an endpoint between models and inference components.")
    _check_scaled_variants(call, endpoint, config)
    _check_excluded(params)


def _check_scaled_variants(call: Call, endpoint: Endpoint, config: EndpointConfig) -> None:
    """[D DG endpoint-scaling-update] for the refusal; the text is from memory only [X]."""
    planned = {variant["VariantName"]: _types(variant) for variant in config.variants}
    live = {variant.name: _types(variant.config) for variant in endpoint.variants}
    blocked = [
        name
        for name in scaled_variants(call.region, endpoint.name)
        if name not in planned or planned[name] != live.get(name)
    ]
    if blocked:
        raise invalid(
            f'The variant(s) "[{", ".join(blocked)}]" must be deregistered as AutoScaling targets before they can '
            "be removed or have their instance type updated."
        )


def _types(variant: Params) -> list[str]:
    """That the types of pools count as one instance type does is a guess."""
    pools = [pool["InstanceType"] for pool in variant.get("InstancePools", [])]
    return [variant["InstanceType"]] if "InstanceType" in variant else sorted(pools)


def _check_excluded(params: Params) -> None:
    excluded = [item["VariantPropertyType"] for item in params.get("ExcludeRetainedVariantProperties", [])]
    if not excluded:
        return
    if not params.get("RetainAllVariantProperties"):
        # [D SM] "only meaningful with Retain"; that it is refused is a guess.
        raise invalid("ExcludeRetainedVariantProperties requires RetainAllVariantProperties to be true.")
    unsupported = [name for name in excluded if name not in _EXCLUDABLE]
    if unsupported:
        # [D SM VariantPropertyType] "(Not currently supported.)"; the text is a guess.
        raise invalid(f"ExcludeRetainedVariantProperties does not support {', '.join(unsupported)}.")
