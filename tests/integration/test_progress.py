# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees while endpoints deploy."""

from __future__ import annotations

import re
import typing as t

import ansible_runner
import pytest

from .conftest import ROOT, Workplace

LINE = re.compile(r"^\d of 3 endpoints ready; .*: \w+( \(.+\))? for \d+ s", re.MULTILINE)
QUICK = {"sagemaker_inference_progress_interval": 1}


@pytest.fixture
def three(workplace: Workplace, documented_example: dict[str, t.Any]) -> t.Iterator[dict[str, t.Any]]:
    """Three endpoints that take some seconds."""
    workplace.simulator.configure(create_seconds=4, update_seconds=4)
    model = documented_example["models"]["demo-model"]
    variant = {"instance_type": "ml.m5.large"}
    endpoint = {"provisioned": {"production_variants": {"m": variant}}}
    yield {"models": {"m": model}, "endpoints": dict.fromkeys(("a", "b", "c"), endpoint)}
    workplace.simulator.configure(create_seconds=0.3, update_seconds=0.3)


def test_a_line_tells_of_endpoints_that_are_not_ready(workplace: Workplace, three: dict[str, t.Any]) -> None:
    workplace.declare(**three, **QUICK)
    deployed = workplace.run("apply")
    assert deployed.changed == 1
    assert LINE.search(deployed.output), deployed.output
    assert "a: Creating" in deployed.output
    quiet = workplace.run("apply")
    assert quiet.changed == 0
    assert not LINE.search(quiet.output)


def test_an_update_that_fails_between_two_lines_is_a_failure_and_not_tried_twice(
    workplace: Workplace, three: dict[str, t.Any]
) -> None:
    workplace.arrange(**three)
    three["endpoints"] = three["endpoints"] | {
        "b": {"provisioned": {"production_variants": {"m": {"instance_type": "ml.c5.large"}}}}
    }
    workplace.declare(**three, **QUICK)
    workplace.simulator.fault("rollout_fails", name="b", reason="no capacity")
    workplace.simulator.clear_journal()
    failed = workplace.run("apply")
    assert failed.returncode != 0
    assert "1 of 3 endpoints failed:" in failed.output
    assert ": no capacity; run again to retry" in failed.output
    assert LINE.search(failed.output)
    updates = [entry for entry in workplace.simulator.writes() if entry["operation"] == "UpdateEndpoint"]
    assert len(updates) == 1


def test_under_ansible_runner_too(workplace: Workplace, three: dict[str, t.Any]) -> None:
    workplace.declare(**three, **QUICK)
    run = ansible_runner.run(playbook=str(ROOT / "playbooks" / "apply.yml"), **workplace.for_runner())
    assert run.rc == 0
    told = "\n".join(event["stdout"] for event in run.events)
    assert LINE.search(told.replace("\r\n", "\n")), told
