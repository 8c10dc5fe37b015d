# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import digest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources import model_requests
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import (
    config as endpoint_config,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.generations import (
    generation_name,
    may_be_generation,
)
from hypothesis import given
from hypothesis import strategies as st

GOLDEN: dict[str, list[dict[str, t.Any]]] = json.loads(Path(__file__).with_name("golden_digests.json").read_text())
NAMES = st.from_regex(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", fullmatch=True).filter(lambda name: len(name) <= 63)
DIGESTS = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)


@pytest.mark.parametrize("row", GOLDEN["models"], ids=lambda row: row["why"])
def test_digest_of_a_model_never_changes(row: dict[str, t.Any]) -> None:
    assert digest(model_requests.RULES, model_requests.normalised(row["request"])) == row["digest"], (
        "this would redeploy every endpoint"
    )


@pytest.mark.parametrize("row", GOLDEN["endpoint_configs"], ids=lambda row: row["why"])
def test_digest_of_a_configuration_never_changes(row: dict[str, t.Any]) -> None:
    assert endpoint_config.config_digest(row["request"]) == row["digest"], "this would redeploy every endpoint"


def test_what_makes_another_configuration_and_what_does_not() -> None:
    serverless = {"MaxConcurrency": 5, "MemorySizeInMB": 1024}

    def digest_with(**concurrency: int) -> str:
        variant = {"VariantName": "v", "ModelName": "m", "ServerlessConfig": serverless | concurrency}
        return endpoint_config.config_digest({"ProductionVariants": [variant]})

    assert digest_with() == digest_with(MaxConcurrency=9)
    assert digest_with(ProvisionedConcurrency=1) == digest_with(ProvisionedConcurrency=2)
    assert digest_with() != digest_with(ProvisionedConcurrency=1)
    assert digest_with() != digest_with(MemorySizeInMB=2048)


@given(NAMES, DIGESTS)
def test_generation_names_are_valid_and_recognised(name: str, content: str) -> None:
    generation = generation_name(name, content)
    assert len(generation) <= 63
    assert may_be_generation(name, generation)
    assert not may_be_generation(name, name)


@given(DIGESTS)
def test_long_names_that_begin_alike_do_not_share_a_generation(content: str) -> None:
    assert generation_name("a" * 62 + "b", content) != generation_name("a" * 62 + "c", content)


def test_a_short_name_stays_readable() -> None:
    assert generation_name("demo-model", "0123456789abcdef") == "demo-model-01234567"
