# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the law alone does not pin down: how things are written, and what is no part of an inventory."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export import alarms, scaling
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.endpoints import endpoint_tree
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.exporter import export
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.omissions import Unsupported
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.tags import user_tags
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.fleets import fleet_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import KNOWN

V = "endpoints.e.provisioned.production_variants.m"
ALARM = {
    "MetricName": "ModelLatency",
    "ExtendedStatistic": "p99",
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 5e5,
    "Period": 60,
    "EvaluationPeriods": 1,
}
TRACKING = "TargetTrackingScalingPolicyConfiguration"


def exported(inventory: dict[str, t.Any]) -> dict[str, t.Any]:
    return export(fleet_of(inventory), has_environment=True).inventory


@pytest.mark.parametrize("name", ["realtime", "capture", "async", "shadow", "serverless", "models"])
def test_small_inventories_come_back_in_the_words_in_which_they_were_written(name: str) -> None:
    written = {"endpoints": {}, **example(name)}
    if name == "realtime":
        # But for the statistic, which comes as AWS writes it.
        change(written, f"{V}.auto_scaling.policies.p.expression", "CPUUtilization Average = 70")
    elif name == "serverless":
        change(written, "endpoints.e.serverless.variant.cloudwatch_alarms.a.expression", "Invocations Sum > 5")
    assert exported(example(name)) == written


def test_everything_comes_back_but_orders_and_defaults() -> None:
    found = exported(KNOWN)
    realtime = found["endpoints"]["realtime"]
    variant = realtime["provisioned"]["production_variants"]["plain"]
    assert variant["auto_scaling"]["policies"]["requests"] == {
        "expression": "SageMakerVariantInvocationsPerInstance = 700",
        "enable_scale_in": False,
        "scale_in_cooldown_period": "10 minutes",
        "scale_out_cooldown_period": "1 minute 30 seconds",
    }
    assert variant["cloudwatch_alarms"]["slow"]["expression"] == "ModelLatency p99.9 > 500000"
    assert variant["additional_tags"] == {"shared": "variant"}
    assert realtime["additional_tags"] == {"team": "serving", "shared": "endpoint"}
    assert "deployment" not in realtime
    assert "allow_replace" not in found["endpoints"]["on-demand"]
    assert "initial_weight" not in found["endpoints"]["multiple"]["provisioned"]["production_variants"]["many"]


@pytest.mark.parametrize("weight", [0.1, 0.3, 1 / 3, 100, 0, 12.375])
def test_a_weight_is_written_as_short_as_it_was_stored(weight: float) -> None:
    found = exported(change(example("realtime"), f"{V}.initial_weight", round(weight, 7)))
    written = found["endpoints"]["e"]["provisioned"]["production_variants"]["m"]["initial_weight"]
    assert written == round(weight, 7)
    assert isinstance(written, int) == float(weight).is_integer()


@pytest.mark.parametrize(
    ("strategy", "written"),
    [
        ("LEAST_OUTSTANDING_REQUESTS", "least_outstanding_requests"),
        ("RANDOM", "random"),
        ("KV_AWARE", "kv_aware"),
        ("TOMORROW", None),
    ],
)
def test_a_routing_strategy_is_written_if_the_schema_has_a_word_for_it(strategy: str, written: str | None) -> None:
    variant = {"VariantName": "v", "ModelName": "m", "RoutingConfig": {"RoutingStrategy": strategy}}
    found = endpoint_tree({"ProductionVariants": [variant]}, {"m": "m"}, {})
    assert found["provisioned"]["production_variants"]["v"].get("routing_strategy") == written


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        ({"managed-by": "Ansible", "friendsofansible.sagemaker/deployment": "x", "team": "a"}, {"team": "a"}),
        ({"managed-by": "Terraform", "team": "a"}, {"team": "a"}),
        ({"managed-by": "Terraform", "friendsofansible.sagemaker/deployment": "x"}, {"managed-by": "Terraform"}),
        ({"managed-by": "hand"}, {"managed-by": "hand"}),
        ({"aws:cloudformation:stack-name": "s"}, {}),
    ],
)
def test_the_tags_of_the_user(tags: dict[str, str], left: dict[str, str]) -> None:
    assert user_tags(tags) == left


def test_a_tag_of_all_that_one_variant_has_otherwise_stays_where_it_is() -> None:
    inventory = change(example("realtime"), "models.m.additional_tags", {"a": "1", "b": "1"})
    change(inventory, "models.other.additional_tags", {"a": "1", "b": "1"})
    change(inventory, "endpoints.e.additional_tags", {"a": "1", "b": "1"})
    change(inventory, f"{V}.additional_tags", {"b": "2"})
    found = exported(inventory)
    assert found["additional_tags_all"] == {"a": "1"}
    assert found["endpoints"]["e"]["additional_tags"] == {"b": "1"}


@pytest.mark.parametrize(
    ("change_of", "message"),
    [
        ({"MetricName": None}, "not an alarm on a statistic of one metric"),
        ({"ExtendedStatistic": None}, "not an alarm on a statistic of one metric"),
        ({"Threshold": None}, "not an alarm on a statistic of one metric"),
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "cannot express GreaterThanUpperThreshold"),
    ],
)
def test_alarms_that_have_no_expression(change_of: dict[str, t.Any], message: str) -> None:
    request = {name: value for name, value in (ALARM | change_of).items() if value is not None}
    with pytest.raises(Unsupported, match=message):
        alarms.alarm_tree(request)


def _computing(expression: str, metric: str = "Invocations", stat: str = "Sum") -> dict[str, t.Any]:
    queries = [
        {"Id": "m1", "MetricStat": {"Metric": {"MetricName": metric}, "Stat": stat}, "ReturnData": False},
        {"Id": "e1", "Expression": expression},
    ]
    return {TRACKING: {"TargetValue": 1, "CustomizedMetricSpecification": {"Metrics": queries}}}


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"PolicyType": "StepScaling"}, "policy of type StepScaling"),
        ({TRACKING: {"TargetValue": 1, "CustomizedMetricSpecification": {"Metrics": []}}}, "a statistic of one metric"),
        (_computing("m1"), "no arithmetic"),
        (_computing("MAX(m1)"), "an operand is missing"),
        (_computing("m1 / 2", "SageMakerVariantInvocationsPerInstance"), "always means the predefined metric"),
        (_computing("m1 / 2", stat="most"), '"most" is not a statistic'),
        (
            {
                TRACKING: {
                    "TargetValue": 1,
                    "CustomizedMetricSpecification": {
                        "MetricName": "SageMakerVariantInvocationsPerInstance",
                        "Statistic": "Sum",
                    },
                }
            },
            "always means the predefined metric",
        ),
    ],
)
def test_policies_that_have_no_expression(policy: dict[str, t.Any], message: str) -> None:
    with pytest.raises(Unsupported, match=message):
        scaling.policy_tree(policy)


@pytest.mark.parametrize(
    ("name", "found"),
    [("e/v/k", ("v", "k")), ("e/v/k/l", ("v", "k/l")), ("e/v/", None), ("e/w/k", None), ("v/k", None)],
)
def test_keys_of_names(name: str, found: tuple[str, str] | None) -> None:
    if found:
        assert scaling.key_of(name, "e", ["u", "v"]) == found
    else:
        with pytest.raises(Unsupported, match="not named e/"):
            scaling.key_of(name, "e", ["u", "v"])
