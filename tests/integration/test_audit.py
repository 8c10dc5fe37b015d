# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/audit.yml and playbooks/smoke.yml, as a user runs them."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest

from simulator.testing import Aws

from .conftest import REGION, SHOWN, Workplace

NAME = "realtime-endpoint"
REQUEST = {NAME: {"body": {"inputs": "a lovely day"}}}


@pytest.fixture
def deployed(workplace: Workplace, documented_example: dict[str, t.Any]) -> dict[str, t.Any]:
    """What is declared and deployed."""
    workplace.arrange(**documented_example)
    workplace.declare(**documented_example)
    workplace.simulator.clear_journal()
    return documented_example


def test_an_audit_tells_what_differs_and_what_is_risky(workplace: Workplace, deployed: dict[str, t.Any]) -> None:
    aws = Aws(workplace.simulator, REGION)
    aws.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=NAME, DesiredWeightsAndCapacities=[{"VariantName": "demo-model", "DesiredWeight": 7.0}]
    )
    aws.settle()
    workplace.simulator.clear_journal()
    audited = workplace.run("audit", environment=SHOWN)
    assert audited.returncode == 0, audited.output
    assert "1 in place" in audited.output
    risks = {(each["resource"], each["risk"]) for each in audited.statistics["sagemaker_risks"]["account"]}
    assert ("model demo-model", "its containers can make network calls (Security Hub: SageMaker.5)") in risks
    assert all(f"{resource}: {risk}" in audited.output for resource, risk in risks)
    assert audited.statistics["sagemaker_inference"]["account"]["changes"]
    assert workplace.simulator.writes() == []


def test_a_smoke_test_says_whether_endpoints_are_as_declared_and_answer(
    workplace: Workplace, deployed: dict[str, t.Any]
) -> None:
    silent = workplace.run("smoke")
    assert silent.changed == 0
    assert "1 endpoint is in service as declared" in silent.output
    assert workplace.sent("InvokeEndpoint") == []
    asked = ("-e", json.dumps({"sagemaker_inference_smoke_requests": REQUEST}))
    assert workplace.run("smoke", *asked).changed == 0
    assert len(workplace.sent("InvokeEndpoint")) == 1
    assert workplace.run("smoke", *asked, "--check").changed == 0
    assert len(workplace.sent("InvokeEndpoint")) == 1
    workplace.simulator.fault("error", operation="InvokeEndpoint", code="ModelError", status=424, message="no memory")
    broken = workplace.run("smoke", *asked)
    assert broken.returncode == 2
    assert f"endpoint {NAME} did not answer: InvokeEndpoint: ModelError: no memory" in broken.output
    changed = copy.deepcopy(deployed)
    variant = changed["endpoints"][NAME]["provisioned"]["production_variants"]["demo-model"]
    variant["volume_size"] = 20
    workplace.declare(**changed)
    other = workplace.run("smoke", *asked)
    assert other.returncode == 2
    assert f"endpoint {NAME} is not as declared" in other.output
    assert workplace.simulator.writes() == []
