# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from unittest import mock

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import service_model
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import schema
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.signals import (
    SIGNALS,
    Condition,
    condition_of,
    query_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.names import VariantId
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example, refused
from hypothesis import given
from hypothesis import strategies as st

OF = VariantId("llm", "gpu")
LABELS = '{"aws.sagemaker.endpoint.name"="llm", "aws.sagemaker.variant.name"="gpu"}'


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        (
            Condition("TimeToFirstToken", "p99", ">", 2.0),
            f"(histogram_quantile(0.99, sum(rate(vllm:time_to_first_token_seconds{LABELS}[5m]))) or histogram_quantile("
            f"0.99, sum by (le) (rate(vllm_time_to_first_token_seconds_bucket{LABELS}[5m])))) > 2",
        ),
        (
            Condition("KVCacheUtilization", "Maximum", ">=", 0.9),
            f"(max(vllm:kv_cache_usage_perc{LABELS}) or max(vllm_kv_cache_usage_perc{LABELS})) >= 0.9",
        ),
    ],
)
def test_each_query_asks_for_both_spellings(condition: Condition, query: str) -> None:
    assert query_of(condition, OF) == query
    assert condition_of(query, OF) == condition


DURATIONS = [name for name, signal in SIGNALS.items() if signal.is_duration]
GAUGES = [name for name, signal in SIGNALS.items() if not signal.is_duration]
OPERATORS = st.sampled_from([">", ">=", "<", "<="])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        Condition, st.sampled_from(DURATIONS), st.sampled_from(["p0", "p50", "p99.9", "p100"]), OPERATORS, NUMBERS
    )
    | st.builds(
        Condition,
        st.sampled_from(GAUGES),
        st.sampled_from(["Average", "Maximum", "Minimum", "Sum"]),
        OPERATORS,
        NUMBERS,
    )
)
def test_what_is_compiled_is_read_back(condition: Condition) -> None:
    assert condition_of(query_of(condition, OF), OF) == condition


@pytest.mark.parametrize(
    "query",
    ["", "up == 0", f"(max(vllm:kv_cache_usage_perc{LABELS})) > many", f"max(vllm:kv_cache_usage_perc{LABELS}) > 1"],
)
def test_other_queries_are_no_conditions(query: str) -> None:
    assert condition_of(query, OF) is None


def test_a_query_about_another_variant_is_no_condition() -> None:
    assert condition_of(query_of(Condition("QueueDepth", "Sum", ">", 5.0), OF), VariantId("llm", "cpu")) is None


def test_an_older_botocore_is_set_with_the_path() -> None:
    path = "endpoints.e.provisioned.production_variants.m.cloudwatch_alarms.a"
    inventory = change(example("realtime"), f"{path}.expression", "QueueDepth sum > 5")
    with (
        mock.patch.object(schema.Member, "is_known", False),
        mock.patch.object(service_model, "botocore_version", return_value="1.38.23"),
    ):
        message = refused(inventory)
    assert f"{path}.expression: 'QueueDepth sum > 5' needs botocore 1.42.85 or later; 1.38.23 is installed" in message
