# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kept_names import (
    names_in,
    with_names,
)

Lists = dict[str, list[dict[str, t.Any]]]

TRACKING = "target_tracking_scaling_policy_configuration"
SERVERLESS = {"CurrentServerlessConfig": {"MaxConcurrency": 5}}


def lists(endpoint: str, variant: str) -> Lists:
    """An endpoint with an alarm and a target, in the options of the modules."""
    dimensions = [{"name": "EndpointName", "value": endpoint}, {"name": "VariantName", "value": variant}]
    metric = {"metric_name": "Invocations", "dimensions": dimensions}
    policies = [
        {"policy_name": f"{endpoint}/{variant}/a/b", TRACKING: {"customized_metric_specification": metric}},
        {"policy_name": f"{endpoint}/{variant}/c", TRACKING: {"predefined_metric_specification": {}}},
    ]
    actions = [{"scheduled_action_name": f"{endpoint}.{variant}.night"}, {"scheduled_action_name": "theirs"}]
    return {
        "endpoints": [
            {
                "endpoint_name": endpoint,
                "production_variants": [{"variant_name": variant, "model_name": "m"}],
                "alarm_names": [f"{endpoint}/{variant}/a/b"],
                "scaled_variants": [variant],
                "keep_variant_name": True,
            }
        ],
        "alarms": [{"alarm_name": f"{endpoint}/{variant}/a/b", **metric}],
        "targets": [
            {
                "endpoint_name": endpoint,
                "variant_name": variant,
                "policies": policies,
                "scheduled_actions": actions,
            }
        ],
    }


def both(one: Lists, other: Lists) -> Lists:
    return {plural: [*one[plural], *other[plural]] for plural in one}


def test_all_that_hangs_on_a_variant_gets_the_name_that_it_keeps_and_nothing_else_does() -> None:
    given = both(lists("e", "m"), lists("e-2", "m"))
    before = copy.deepcopy(given)
    assert with_names(given, {"e": "AllTraffic"}) == both(lists("e", "AllTraffic"), lists("e-2", "m"))
    assert given == before


def test_what_the_modules_do_not_set_stays_unset() -> None:
    bare: Lists = {
        "endpoints": [
            {
                "endpoint_name": "e",
                "production_variants": [{"variant_name": "m"}],
                "alarm_names": None,
                "scaled_variants": None,
            }
        ],
        "alarms": [{"alarm_name": "theirs", "dimensions": None}, {"alarm_name": "e/w/a"}],
        "targets": [{"endpoint_name": "e", "variant_name": "m", "policies": None}],
    }
    named = with_names(bare, {"e": "n"})
    assert named["endpoints"] == [bare["endpoints"][0] | {"production_variants": [{"variant_name": "n"}]}]
    assert named["alarms"] == bare["alarms"]
    assert named["targets"] == [{"endpoint_name": "e", "variant_name": "n", "policies": None}]
    assert with_names(bare, {"e": "m"}) == bare == with_names(bare, {})


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ({"ProductionVariants": [{"VariantName": "v", **SERVERLESS}]}, "v"),
        ({"ProductionVariants": [{"VariantName": "v", "DesiredServerlessConfig": {}}]}, "v"),
        ({"ProductionVariants": [{"VariantName": "v", "CurrentInstanceCount": 1}]}, None),
        ({"ProductionVariants": [{"VariantName": "v", **SERVERLESS}, {"VariantName": "w", **SERVERLESS}]}, None),
        ({}, None),
        (
            {
                "ProductionVariants": [{"VariantName": "v", **SERVERLESS}],
                "PendingDeploymentSummary": {"ProductionVariants": [{"VariantName": "w", **SERVERLESS}]},
            },
            "w",
        ),
        (
            {
                "ProductionVariants": [{"VariantName": "v", **SERVERLESS}],
                "PendingDeploymentSummary": {"EndpointConfigName": "c"},
            },
            "v",
        ),
        (CallFailed("DescribeEndpoint", "Throttling", "slow"), None),
    ],
)
def test_the_name_that_a_description_tells(description: dict[str, t.Any] | CallFailed, name: str | None) -> None:
    assert names_in({"e": description}) == ({"e": name} if name else {})
