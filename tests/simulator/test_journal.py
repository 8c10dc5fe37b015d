# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The journal of every call."""

from __future__ import annotations

import json
from pathlib import Path

from simulator.process import running
from simulator.testing import Aws, refusal

SECRET = "hunter2"


def test_records_every_call_in_order(aws: Aws) -> None:
    aws.model()
    aws.sagemaker.describe_model(ModelName="model")
    refusal(aws.sagemaker.describe_model, ModelName="none")
    aws.cloudwatch.describe_alarms()
    entries = aws.simulator.journal()
    assert [(entry["service"], entry["operation"], entry["result"], entry["write"]) for entry in entries] == [
        ("sagemaker", "CreateModel", "ok", True),
        ("sagemaker", "DescribeModel", "ok", False),
        ("sagemaker", "DescribeModel", "error", False),
        ("cloudwatch", "DescribeAlarms", "ok", False),
    ]
    numbers = [entry["sequence"] for entry in entries]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    failed = entries[2]
    assert failed["code"] == "ValidationException"
    assert failed["message"].startswith("Could not find model")
    assert failed["parameters"] == {"ModelName": "none"}
    assert (failed["region"], failed["account"]) == ("eu-west-1", "123456789012")
    assert failed["time"] > 0
    assert 0 <= failed["seconds"] < 5


def test_keeps_no_secrets(aws: Aws) -> None:
    secret_caller = Aws(aws.simulator, access_key="AKIASECRET")
    environment = {"TOKEN": SECRET, "LONG": "x" * 1025 + SECRET}
    refusal(
        secret_caller.sagemaker.create_model,
        ModelName="m",
        PrimaryContainer={"Image": "i", "Environment": environment},
    )
    secret_caller.sagemaker.create_model(
        ModelName="m", Containers=[{"Image": "i", "Environment": {"TOKEN": SECRET}}] * 2
    )
    text = json.dumps(aws.simulator.journal())
    assert SECRET not in text
    assert "AKIASECRET" not in text
    containers = aws.simulator.journal()[1]["parameters"]["Containers"]
    assert containers[0]["Environment"] == {"TOKEN": "<hidden>"}


def test_counts_on_from_a_number(aws: Aws) -> None:
    aws.model()
    last = aws.simulator.journal()[-1]["sequence"]
    aws.config()
    aws.sagemaker.list_models()
    assert aws.simulator.operations(after=last) == ["CreateEndpointConfig", "ListModels"]
    assert [entry["operation"] for entry in aws.simulator.writes(after=last)] == ["CreateEndpointConfig"]
    aws.simulator.clear_journal()
    assert aws.simulator.journal() == []
    assert aws.sagemaker.list_models()["Models"]


def test_counts_calls(aws: Aws) -> None:
    aws.model()
    aws.sagemaker.list_models()
    aws.sagemaker.list_models()
    assert aws.simulator.counts() == {"CreateModel": 1, "ListModels": 2}
    aws.simulator.clear_journal()
    assert aws.simulator.counts() == {}


def test_appends_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with running(journal=path, create_seconds=0) as simulator:
        Aws(simulator).model()
        simulator.clear_journal()
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert [entry["operation"] for entry in entries] == ["CreateModel"]
