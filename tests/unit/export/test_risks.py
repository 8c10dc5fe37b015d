# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is risky about an endpoint, and what is not."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.risks import risks_of

VARIANT = {"variant_name": "v", "instance_type": "ml.m5.large"}
TARGET = {"variant_name": "v", "min_capacity": 2, "policies": [{}], "suspended_state": {}}
ALARM = {"alarm_name": "a", "state_value": "OK", "dimensions": [{"name": "VariantName", "value": "v"}]}
MODEL = {"model_name": "m", "enable_network_isolation": True}
SAFE: dict[str, t.Any] = {
    "endpoint_name": "e",
    "endpoint_status": "InService",
    "failure_reason": None,
    "endpoint_config": {"kms_key_id": "key", "production_variants": [VARIANT]},
    "variants": [{"variant_name": "v", "desired_instance_count": 2}],
    "scaling": [TARGET],
    "alarms": [ALARM],
    "models": [MODEL],
}
UNKEYED = {"production_variants": [VARIANT]}
LOCAL = {"production_variants": [VARIANT | {"instance_type": "ml.g5.xlarge"}]}
SERVERLESS = {"production_variants": [{"variant_name": "v", "serverless_config": {"max_concurrency": 1}}]}
ELSEWHERE = ALARM | {"dimensions": [{"name": "VariantName", "value": "old"}]}
ONE = [{"variant_name": "v", "desired_instance_count": 1}]


def test_a_safe_endpoint_has_no_risks() -> None:
    assert risks_of(SAFE) == []


@pytest.mark.parametrize(
    ("other", "resource", "risk"),
    [
        ({"endpoint_status": "Failed", "failure_reason": "no image"}, "endpoint e", "is Failed: no image"),
        ({"endpoint_status": "Updating"}, "endpoint e", "is Updating"),
        ({"failure_reason": "an alarm went off"}, "endpoint e", "its last update failed: an alarm went off"),
        ({"endpoint_config": None}, "endpoint e", "its endpoint configuration has been deleted"),
        ({"endpoint_config": UNKEYED}, "endpoint e", "no KMS key of yours encrypts"),
        ({"scaling": []}, "variant e/v", "does not scale"),
        ({"scaling": [TARGET | {"policies": []}]}, "variant e/v", "has neither policies nor schedules"),
        ({"scaling": [TARGET | {"suspended_state": {"a": False, "b": True}}]}, "variant e/v", "is suspended"),
        ({"variants": ONE, "scaling": [TARGET | {"min_capacity": 1}]}, "variant e/v", "has one instance"),
        ({"alarms": []}, "endpoint e", "has no alarms"),
        ({"alarms": [ELSEWHERE]}, "alarm a", "can never go into ALARM, because the endpoint has no variant old"),
        ({"alarms": [ALARM | {"state_value": "INSUFFICIENT_DATA"}]}, "alarm a", "has no data"),
        ({"alarms": [ALARM | {"actions_enabled": False}]}, "alarm a", "its actions are disabled"),
        ({"models": [{"model_name": "m"}]}, "model m", "its containers can make network calls"),
    ],
)
def test_a_risk_is_reported_with_its_resource(other: dict[str, t.Any], resource: str, risk: str) -> None:
    (found,) = risks_of(SAFE | other)
    assert found["resource"] == resource
    assert risk in found["risk"]


@pytest.mark.parametrize(
    "other",
    [
        {"endpoint_config": LOCAL},
        {"endpoint_config": SERVERLESS, "scaling": []},
        {"variants": ONE},
        {"scaling": [TARGET | {"policies": [], "scheduled_actions": [{}]}]},
        {"alarms": [{"alarm_name": "a", "state_value": "OK", "alarm_rule": 'ALARM("b")'}]},
    ],
)
def test_what_only_looks_risky_is_not_reported(other: dict[str, t.Any]) -> None:
    assert risks_of(SAFE | other) == []
