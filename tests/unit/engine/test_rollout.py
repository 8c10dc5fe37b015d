# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import (
    rollout_policy as rollout,
)

Request = dict[str, t.Any]

CANARY: Request = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": "CANARY"}}}
ROLLING: Request = {
    "RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
        "WaitIntervalInSeconds": 60,
    }
}


def fleet(*names: str, **more: t.Any) -> Request:
    variants = [
        {"VariantName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 4} | more for name in names
    ]
    return {"ProductionVariants": variants}


@pytest.mark.parametrize(
    ("deployment", "wanted", "reason"),
    [
        (None, fleet("w"), None),
        (CANARY, fleet("v"), None),
        (CANARY, fleet("w"), "same variants"),
        (CANARY, fleet("v", "w"), "same variants"),
        (CANARY, fleet("v", InstanceType="ml.inf1.xlarge"), "silently updates it all at once"),
        (CANARY, fleet("v", ServerlessConfig={}), "serverless"),
        (ROLLING, fleet("v"), None),
    ],
)
def test_what_aws_would_not_do_is_refused(deployment: Request | None, wanted: Request, reason: str | None) -> None:
    found = rollout.unsupported_reason("e", deployment, {"v"}, wanted)
    assert (found is None) if reason is None else (reason in str(found))


def test_rolling_needs_a_single_variant() -> None:
    assert rollout.unsupported_reason("e", ROLLING, {"v", "w"}, fleet("v", "w")) == (
        "endpoints.e.deployment (the module's deployment_config): 'rolling' cannot be combined with 2 variants: "
        "AWS supports this only for endpoints with one production variant; use another strategy"
    )
    assert rollout.unsupported_reason("e", CANARY, {"v", "w"}, fleet("v", "w")) is None


def green(kind: str, wait: int = 0, termination: int = 0, **size: t.Any) -> Request:
    routing = {"Type": kind, "WaitIntervalInSeconds": wait, **size}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": termination}}


PERCENT_25 = {"Type": "CAPACITY_PERCENT", "Value": 25}
TWO_INSTANCES = {"Type": "INSTANCE_COUNT", "Value": 2}


@pytest.mark.parametrize(
    ("deployment", "instances", "seconds"),
    [
        (None, 4, 0),
        (green("ALL_AT_ONCE", 0, 120), 4, 120),
        (green("CANARY", 300, 60, CanarySize=PERCENT_25), 4, 360),
        (green("LINEAR", 300, 60, LinearStepSize=PERCENT_25), 8, 4 * 300 + 60),
        (green("LINEAR", 300, 0, LinearStepSize=PERCENT_25), 1, 300),
        (green("LINEAR", 300, 0, LinearStepSize=TWO_INSTANCES), 5, 3 * 300),
        (ROLLING, 4, 2 * 60),
        (ROLLING, 0, 60),
    ],
)
def test_pauses_on_purpose(deployment: Request | None, instances: int, seconds: float) -> None:
    assert rollout.baking_seconds(deployment, instances) == seconds


@pytest.mark.parametrize(
    ("deployment", "extra"),
    [(None, "+8 ml.m5.large"), (CANARY, "+8 ml.m5.large"), (ROLLING, "+4 ml.m5.large")],
)
def test_extra_instances(deployment: Request | None, extra: str) -> None:
    assert rollout.extra_instances(deployment, fleet("v", "w")["ProductionVariants"]) == extra


def test_serverless_takes_no_extra_instances() -> None:
    assert rollout.extra_instances(None, [{"VariantName": "v", "ServerlessConfig": {}}]) == ""
