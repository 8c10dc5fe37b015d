# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""UpdateEndpointWeightsAndCapacities, also as Application Auto Scaling calls it."""

from __future__ import annotations

from ..call import Call
from ..errors import invalid
from ..faults import Kind
from ..types import Params, Result
from .lookup import find_endpoint
from .quota_rules import check_growth
from .resources import Endpoint, Failure, Progress, Status, Variant, Work
from .states import SCALABLE, check_state
from .variant_rules import check_concurrency

_OPERATION = "UpdateEndpointWeightsAndCapacities"
_DEFAULT_REASON = "Failed to apply the requested weights and capacities."


def update_endpoint_weights_and_capacities(call: Call, params: Params) -> Result:
    endpoint = find_endpoint(call, params["EndpointName"])
    check_state(endpoint, SCALABLE)
    changes = params["DesiredWeightsAndCapacities"]
    _check(endpoint, changes)
    check_growth(call, endpoint, changes)
    scale(call, endpoint, changes)
    return {"EndpointArn": endpoint.arn}


def scale(call: Call, endpoint: Endpoint, changes: list[Params]) -> None:
    """Start moving an endpoint in service to new weights and capacities."""
    for change in changes:
        variant = endpoint.variant(change["VariantName"])
        assert variant
        variant.desired_weight = change.get("DesiredWeight", variant.desired_weight)
        variant.desired_count = change.get("DesiredInstanceCount", variant.desired_count)
        if variant.desired_serverless:
            variant.desired_serverless = variant.desired_serverless | change.get("ServerlessUpdateConfig", {})
    fault = call.faults.take(Kind.ROLLOUT_FAILS, "sagemaker", _OPERATION, [endpoint.name])
    failure = None
    if fault:
        failure = Failure(fault.reason if fault.reason is not None else _DEFAULT_REASON, Status.IN_SERVICE)
    endpoint.status, endpoint.failure_reason, endpoint.modified = Status.UPDATING, "", call.now
    endpoint.progress = Progress(Work.SCALE, call.now, call.now + call.settings.weights_seconds, failure)


def _check(endpoint: Endpoint, changes: list[Params]) -> None:
    names = [change["VariantName"] for change in changes]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        # [P moto]
        raise invalid(f'The variant name "{twice}" was non-unique within the request.')
    unknown = [name for name in names if endpoint.variant(name) is None]
    if unknown:
        # [P moto]
        raise invalid(
            f'The variant name(s) "{", ".join(unknown)}" is/are not present within endpoint configuration '
            f'"{endpoint.config.name}".'
        )
    if sum("DesiredInstanceCount" in change for change in changes) > 1:
        # [D SM] "weights of one or more variants, or capacity of one variant"; that it is refused is a guess.
        raise invalid("The capacity of only one variant can be updated per request.")
    for change in changes:
        variant = endpoint.variant(change["VariantName"])
        assert variant
        _check_change(endpoint, variant, change)


def _check_change(endpoint: Endpoint, variant: Variant, change: Params) -> None:
    """[D SM] for the kinds of variant; the texts are guesses."""
    if variant.serverless:
        if "DesiredInstanceCount" in change:
            raise invalid(f"DesiredInstanceCount is not supported for the serverless variant {variant.name}.")
        check_concurrency(variant.name, variant.serverless | change.get("ServerlessUpdateConfig", {}))
    elif "ServerlessUpdateConfig" in change:
        raise invalid(f"ServerlessUpdateConfig is not supported for the instance-based variant {variant.name}.")
    if change.get("DesiredInstanceCount") == 0 and not endpoint.config.is_async:
        # [D DG] no instances: only asynchronous endpoints; that it is refused is a guess.
        raise invalid(f"DesiredInstanceCount of variant {variant.name} must be at least 1.")
