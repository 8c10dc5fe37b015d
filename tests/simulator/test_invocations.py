# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""InvokeEndpoint: who answers, and who does not."""

from __future__ import annotations

import pytest

from simulator.client import Simulator
from simulator.testing import ACCOUNT, Aws, provisioned, refusal

CALL = {"EndpointName": "e", "Body": b"[1, 2]", "ContentType": "text/csv"}


@pytest.fixture
def endpoint(simulator: Simulator, aws: Aws) -> None:
    aws.model()
    aws.config("c", provisioned("light", InitialVariantWeight=1), provisioned("heavy", InitialVariantWeight=3))
    aws.sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")


@pytest.mark.usefixtures("endpoint")
def test_the_request_comes_back_from_the_heaviest_variant_or_the_one_that_is_asked(
    simulator: Simulator, aws: Aws
) -> None:
    simulator.advance(61)
    simulator.clear_journal()
    answer = aws.client("sagemaker-runtime").invoke_endpoint(**CALL)
    assert answer["Body"].read() == b"[1, 2]"
    assert (answer["InvokedProductionVariant"], answer["ContentType"]) == ("heavy", "text/csv")
    other = aws.client("sagemaker-runtime").invoke_endpoint(**CALL, TargetVariant="light")
    assert other["InvokedProductionVariant"] == "light"
    assert simulator.writes() == []
    assert {entry["parameters"]["Body"] for entry in simulator.journal()} == {"<hidden>"}


@pytest.mark.usefixtures("endpoint")
def test_who_does_not_serve_does_not_answer(simulator: Simulator, aws: Aws) -> None:
    runtime = aws.client("sagemaker-runtime")
    for name in ("e", "absent"):
        code, message = refusal(runtime.invoke_endpoint, **CALL | {"EndpointName": name})
        assert (code, message) == ("ValidationError", f"Endpoint {name} of account {ACCOUNT} not found.")
    simulator.advance(61)
    assert refusal(runtime.invoke_endpoint, **CALL, TargetVariant="none")[0] == "ValidationError"
