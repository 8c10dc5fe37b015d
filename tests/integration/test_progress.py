# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees while endpoints deploy."""

from __future__ import annotations

import re
import typing as t

import ansible_runner
import pytest

from .conftest import ROOT, Workplace

LINE = re.compile(r"^account: \d of 3 endpoints ready; .*: \w+( \(.+\))? for \d+ s", re.MULTILINE)
LAST = re.compile(r"^account: 3 of 3 endpoints ready after \d+ s$", re.MULTILINE)
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
    assert len(LAST.findall(deployed.output)) == 1
    again = workplace.run("apply")
    assert again.changed == 0
    assert not LINE.search(again.output)
    assert not LAST.search(again.output)


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


def test_with_two_hosts_at_a_time_each_line_says_whose_it_is(workplace: Workplace, three: dict[str, t.Any]) -> None:
    workplace.arrange(**three)
    variants = {"m": {"instance_type": "ml.c5.large", "initial_instance_count": 2}}
    three["endpoints"] = {"a": {"provisioned": {"production_variants": variants}}}
    workplace.declare_hosts({"us": three | QUICK, "eu": three | QUICK | {"sagemaker_inference_region": "eu-west-1"}})
    message = workplace.run("apply").output
    updating = r"^us: 0 of 1 endpoints ready; a: Updating \(.*, [01] of 1 instances\) for \d+ s$"
    assert re.search(updating, message, re.MULTILINE), message
    assert re.search(r"^eu: 0 of 1 endpoints ready; a: Creating \(0 of 2 instances\)", message, re.MULTILINE), message
    for host in ("us", "eu"):
        assert len(re.findall(rf"^{host}: 1 of 1 endpoints ready after \d+ s$", message, re.MULTILINE)) == 1, message


def test_a_destroy_tells_what_is_deleted(workplace: Workplace, three: dict[str, t.Any]) -> None:
    workplace.arrange(**three)
    workplace.simulator.configure(delete_seconds=3)
    workplace.declare(**three, **QUICK)
    message = workplace.run("destroy").output
    workplace.simulator.configure(delete_seconds=0.2)
    assert re.search(r"^account: 0 of 3 endpoints deleted; a: Deleting", message, re.MULTILINE), message
    assert re.search(r"^account: 3 of 3 endpoints deleted after \d+ s$", message, re.MULTILINE), message


def test_under_ansible_runner_too(workplace: Workplace, three: dict[str, t.Any]) -> None:
    workplace.declare(**three, **QUICK)
    run = ansible_runner.run(playbook=str(ROOT / "playbooks" / "apply.yml"), **workplace.for_runner())
    assert run.rc == 0
    message = "\n".join(event["stdout"] for event in run.events)
    message = message.replace("\r\n", "\n")
    assert LINE.search(message), message
    assert LAST.search(message), message


def test_a_destroy_that_is_waited_for_in_slices_deletes_alarms_too_and_tells_of_each_once(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example)
    workplace.declare(**documented_example, **QUICK)
    workplace.simulator.configure(delete_seconds=4)
    destroyed = workplace.run("destroy")
    workplace.simulator.configure(delete_seconds=0.3)
    assert re.search(r"^account: 0 of 1 endpoints deleted; .*: Deleting for \d+ s", destroyed.output, re.MULTILINE)
    message = re.findall(r"^ +delete +(.*)$", destroyed.output, re.MULTILINE)
    assert len(message) == len(set(message)) == 4, destroyed.output
    assert workplace.left_over() == []
