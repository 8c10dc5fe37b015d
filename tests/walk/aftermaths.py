# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which a run can leave scaling or an endpoint away, each followed by every act with every inventory."""

from __future__ import annotations

import itertools
import typing as t

from tests.scenarios.inventories import (
    ERRORS,
    Inventory,
    asynchronous,
    inventory,
    model,
    provisioned,
    scaled,
    variant,
)

from .history import APPLY, DESTROY, MODULE, ROLL_BACK, Data, History, Stride
from .moves import COUNT, STEPS


def _scaled(**more: t.Any) -> Inventory:
    return provisioned(v=scaled(2, 9, cloudwatch_alarms=ERRORS, **more))


_SMALL = inventory(_scaled())
_LARGE = inventory(_scaled(instance_type="ml.c5.large"))
_ASYNCHRONOUS = inventory(asynchronous(v=scaled(2, 9)))
INVENTORIES: dict[str, Inventory] = {
    "the former": _SMALL,
    "the same": _LARGE,
    "not scaled": inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS))),
    "another variant": inventory(provisioned(w=variant())),
    "two variants": inventory(provisioned(v=scaled(1, 9), w=scaled(2, 4))),
    "another model": inventory(_scaled(), {"m": model(2)}),
    "a lower maximum": inventory(provisioned(v=scaled(1, 3, cloudwatch_alarms=ERRORS))),
    "nothing": {"models": {"m": model()}, "endpoints": {}},
    "asynchronous": _ASYNCHRONOUS,
}
ACTS: dict[str, tuple[str, Data]] = {
    "apply": (APPLY, {}),
    "no wait": (APPLY, {"wait": False}),
    "allow_replace": (APPLY, {"allow_replace": True}),
    "prune": (APPLY, {"prune": True, "confirm": "default"}),
    "destroy": (DESTROY, {"confirm": "default"}),
    "roll back": (ROLL_BACK, {}),
    **{f"only {part}": (APPLY, {"parts": [part]}) for part in ("models", "alarms", "endpoints", "scaling")},
    "all but scaling": (APPLY, {"parts": ["models", "alarms", "endpoints"]}),
    "all but endpoints": (APPLY, {"parts": ["models", "alarms", "scaling"]}),
    "destroy scaling": (DESTROY, {"confirm": "default", "parts": ["scaling"]}),
    **{
        f"module {plural} {state}": (MODULE, {"plural": plural, "state": state})
        for plural in ("models", "alarms", "endpoints", "targets")
        for state in ("present", "absent")
    },
}


def _call(operation: str, **more: t.Any) -> Data:
    target = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/e/variant/v", "ScalableDimension": COUNT}
    parameters = {**target, **more}
    return {"actor": "call", "service": "application-autoscaling", "operation": operation, "parameters": parameters}


_OF_OTHERS = (
    _call("PutScalingPolicy", PolicyName="theirs", PolicyType="StepScaling", StepScalingPolicyConfiguration=STEPS),
    _call(
        "PutScheduledAction",
        ScheduledActionName="nightly",
        Schedule="cron(0 3 * * ? *)",
        ScalableTargetAction={"MinCapacity": 1},
    ),
    _call("RegisterScalableTarget", SuspendedState={"DynamicScalingInSuspended": True}),
    {"does": "hang an alarm on their policy", "endpoint": "e"},
    {"actor": "autoscale", "endpoint": "e", "variant": "v", "count": 6},
)
"""What others have hung on the scaling, and set."""


def _expired(operation: str) -> Data:
    return {"kind": "expired_token", "operation": operation, "count": None}


def _no_quota(operation: str) -> Data:
    message = "The account-level service limit is 1"
    error = {"kind": "error", "code": "ResourceLimitExceeded", "message": message, "status": 400}
    return {**error, "operation": operation, "count": None}


def _after(wanted: Inventory, *faults: Data, **more: t.Any) -> History:
    return Stride(_SMALL), Stride(wanted, before=_OF_OTHERS, faults=faults, **more)


_REPLACED = {"options": {"allow_replace": True}}
TROUBLES: dict[str, History] = {
    "refused, not restored": _after(_LARGE, _no_quota("UpdateEndpoint"), _expired("RegisterScalableTarget")),
    "refused, without policies": _after(_LARGE, _no_quota("UpdateEndpoint"), _expired("PutScalingPolicy")),
    "rolled back, not restored": _after(
        _LARGE, {"kind": "rollout_fails", "reason": "no"}, _expired("RegisterScalableTarget")
    ),
    "not waited for": _after(_LARGE, options={"wait": False}),
    "not restored": _after(_LARGE, _expired("RegisterScalableTarget")),
    "replaced, not restored": _after(_ASYNCHRONOUS, _expired("RegisterScalableTarget"), **_REPLACED),
    "replaced, not created": _after(_ASYNCHRONOUS, _no_quota("CreateEndpoint"), **_REPLACED),
    **{f"killed before call {call}": _after(_LARGE, kill_before=call) for call in range(18, 46, 3)},
    **{
        f"replacement killed before call {call}": _after(_ASYNCHRONOUS, kill_before=call, **_REPLACED)
        for call in range(20, 60, 4)
    },
}


def aftermaths() -> dict[str, History]:
    """By trouble, act and inventory."""
    return {
        f"{trouble}, {act}, {wanted}": (*TROUBLES[trouble], _next(act, wanted))
        for trouble, act, wanted in itertools.product(TROUBLES, ACTS, INVENTORIES)
    }


def _next(act: str, wanted: str) -> Stride:
    kind, options = ACTS[act]
    return Stride(INVENTORIES[wanted], kind, options=options)
