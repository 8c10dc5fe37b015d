# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong in a run: refusals, lost answers, rollouts that fail, and moves of others between two calls."""

from __future__ import annotations

import typing as t
from random import Random

from . import moves
from .history import Data

_QUOTA = (
    "The account-level service limit 'ml.c5.xlarge for endpoint usage' is 10 Instances, with current utilization of 8 "
    "Instances and a request delta of 8 Instances. Please use AWS Service Quotas to request an increase for this quota."
)
_IN_PROGRESS = 'Cannot update in-progress endpoint "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e".'
_CONCURRENT = "You already have an update in progress."
_WRITES = (
    "CreateModel",
    "CreateEndpointConfig",
    "CreateEndpoint",
    "UpdateEndpoint",
    "UpdateEndpoint",
    "UpdateEndpointWeightsAndCapacities",
    "DeleteEndpoint",
    "DeleteEndpointConfig",
    "DeleteModel",
    "RegisterScalableTarget",
    "RegisterScalableTarget",
    "DeregisterScalableTarget",
    "PutScalingPolicy",
    "PutScheduledAction",
    "DeleteScalingPolicy",
    "DeleteScheduledAction",
    "PutMetricAlarm",
    "PutCompositeAlarm",
    "DeleteAlarms",
    "AddTags",
    "DeleteTags",
    "TagResource",
    "*",
    "Put*",
    "Delete*",
)
_REFUSALS: tuple[Data, ...] = (
    {"kind": "access_denied"},
    {"kind": "expired_token"},
    {"kind": "throttle"},
    {"kind": "error", "code": "InternalFailure", "message": "", "status": 500},
    {"kind": "error", "code": "ResourceLimitExceeded", "message": _QUOTA, "status": 400},
    {"kind": "error", "code": "ValidationException", "message": "1 validation error detected: no", "status": 400},
    {"kind": "error", "code": "ValidationException", "message": _IN_PROGRESS, "status": 400},
    {"kind": "error", "code": "ConcurrentUpdateException", "message": _CONCURRENT, "status": 400},
)
_LOST: tuple[Data, ...] = ({"kind": "drop_before"}, {"kind": "drop_after"}, {"kind": "error_after"})
_ROLLOUTS: tuple[Data, ...] = (
    {"kind": "rollout_fails", "reason": "no capacity"},
    {"kind": "rollback_fails", "operation": "UpdateEndpoint", "reason": "both broken"},
    {"kind": "stuck"},
    {"kind": "not_visible", "seconds": 2.0, "count": None},
    {"kind": "late", "operation": "DescribeEndpoint", "seconds": 5.0, "count": None},
)


def drawn(chance: Random) -> list[Data]:
    """None, one or two."""
    return [chance.choice(_KINDS)(chance) for _trouble in range(chance.choice((0, 0, 1, 1, 2)))]


def quotas(chance: Random) -> Data:
    """Now and then few instances of a type."""
    return {chance.choice(("ml.c5.large", "ml.c5.xlarge")): chance.randint(1, 4)} if chance.random() < 0.1 else {}


def _refused(chance: Random) -> Data:
    refusal = chance.choice(_REFUSALS)
    return {**refusal, "operation": chance.choice(_WRITES), "skip": chance.choice((0, 0, 0, 1, 2)), **_often(chance)}


def _often(chance: Random) -> Data:
    """What strikes more than once may strike the recovery too."""
    return {"count": chance.choice((1, 1, 2, 3))}


def _lost(chance: Random) -> Data:
    return {**chance.choice(_LOST), "operation": chance.choice(_WRITES), "skip": chance.choice((0, 0, 1, 5))}


def _anywhere(chance: Random) -> Data:
    """At any call, also one that reads."""
    return {**chance.choice((*_REFUSALS[:4], *_LOST)), "skip": chance.randint(0, 40)}


def _rollout(chance: Random) -> Data:
    return dict(chance.choice(_ROLLOUTS))


def _meanwhile(chance: Random) -> Data:
    operation = chance.choice(("*", "*", "UpdateEndpoint", "UpdateEndpoint", "Register*", "Put*", "Describe*"))
    return {"kind": "act", "operation": operation, "skip": chance.randint(0, 12), "move": moves.drawn(chance)}


_KINDS: tuple[t.Callable[[Random], Data], ...] = (
    _refused,
    _refused,
    _lost,
    _anywhere,
    _rollout,
    _meanwhile,
    _meanwhile,
)
