# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollback reports as much as an apply: a diff, a sum, facts, an artifact and a plan file that can be approved."""

from __future__ import annotations

import copy
import json
import re
import typing as t

import ansible_runner
import pytest

from .conftest import PREFIX, ROOT, SHOWN, Workplace
from .test_approved_plan import APPROVED, FORMATS, PLAN_FILE, document
from .test_report import statistic, tell_endpoints
from .test_role import ROLE

NAME = "realtime-endpoint"
BACK = f"{PREFIX}rollback={NAME}"


@pytest.fixture
def updated(workplace: Workplace, documented_example: dict[str, t.Any]) -> dict[str, t.Any]:
    """What is declared of an endpoint whose only update gave it a new image and other instances."""
    workplace.arrange(**documented_example)
    wanted = with_type(documented_example, "ml.c5.xlarge")
    container = wanted["models"]["demo-model"]["container_definitions"]["container1"]
    container["model_data_location"] = "s3://demo-bucket/newer.tar.gz"
    workplace.arrange(**wanted)
    workplace.declare(**wanted)
    workplace.simulator.clear_journal()
    return wanted


def with_type(inventory: dict[str, t.Any], instance_type: str) -> dict[str, t.Any]:
    wanted = copy.deepcopy(inventory)
    variant = wanted["endpoints"][NAME]["provisioned"]["production_variants"]["demo-model"]
    variant["instance_type"] = instance_type
    return wanted


def test_a_rollback_has_a_diff_in_words_of_the_inventory_and_a_summary(
    workplace: Workplace, updated: dict[str, t.Any]
) -> None:
    planned = workplace.run("rollback", "--check", "--diff", "-e", BACK, "-e", PLAN_FILE, "-e", FORMATS)
    assert planned.changed == 1
    shown = planned.output
    assert f"\n--- before: endpoints.{NAME}\n+++ after: redeploy with scaling; " in shown
    below = "provisioned.production_variants.demo-model"
    # The inventory still declares what the rollback leads away from.
    declared = re.search(rf"\n-{below}\.instance_type: ml\.c5\.xlarge  # (inventory\.yml:\d+:\d+)\n", shown)
    assert declared
    assert line_at(workplace, declared[1]).endswith("instance_type: ml.c5.xlarge")
    assert f"\n+{below}.instance_type: ml.m5.large\n" in shown
    assert re.search(rf"\n-{below}\.model_name: demo-model-[0-9a-f]{{8}}\n", shown)
    assert f"\n+{below}.model_name: demo-model\n" in shown
    assert (
        "\nRollback plan for account (deployment default): 1 to redeploy (+1 ml.m5.large while both fleets run)\n"
        in shown
    )
    assert re.search(rf"\n {{2,4}}redeploy         endpoint {NAME} \(.*from {NAME}-[0-9a-f]{{8}} to {NAME}-", shown)
    plan = document(workplace)
    assert (plan["mode"], plan["outcome"], plan["counts"]["redeploy"]) == ("plan", "changes", 1)
    (change,) = (each for each in plan["changes"] if each["kind"] == "endpoint")
    assert change["path"] == f"endpoints.{NAME}"
    (of_type,) = (each for each in change["differences"] if each["path"] == f"{below}.instance_type")
    assert (of_type["origin"], of_type["origin_before"]) == ("", declared[1])
    ((variant,),) = (each["variants"] for each in plan["endpoints"])
    assert (variant["count"], variant["minimum"], variant["maximum"]) == (1, 1, 1)
    assert NAME in (workplace.folder / "plan" / "search.html").read_text()
    assert workplace.simulator.writes() == []

    done = workplace.run("rollback", "-e", BACK, "-e", APPROVED, environment=SHOWN)
    assert done.changed == 1
    assert re.search(r"\nRolled back on account \(deployment default\) in \d+ s: 1 redeployed", done.output)
    report = statistic(done)["account"]
    assert (report["outcome"], report["digest"]) == ("changes", plan["digest"])
    assert report["endpoints"][NAME]["status"] == "InService"
    assert f"| redeploy | endpoint | `{NAME}` |" in report["summary"]


def line_at(workplace: Workplace, place: str) -> str:
    name, line, _column = place.split(":")
    return (workplace.folder / name).read_text().splitlines()[int(line) - 1]


def test_an_approved_rollback_is_refused_once_the_endpoint_has_moved(
    workplace: Workplace, updated: dict[str, t.Any]
) -> None:
    assert workplace.run("rollback", "--check", "-e", BACK, "-e", PLAN_FILE).changed == 1
    workplace.arrange(**with_type(updated, "ml.m5.2xlarge"))
    workplace.simulator.clear_journal()
    refused = workplace.run("rollback", "-e", BACK, "-e", APPROVED)
    assert refused.returncode == 2
    assert "the plan differs from the approved one; nothing was changed, so plan and approve again:" in refused.output
    below = "provisioned.production_variants.demo-model.instance_type"
    assert f"endpoint {NAME}: {below} is ml.m5.2xlarge → ml.c5.xlarge instead of" in refused.output
    assert workplace.simulator.writes() == []


def test_a_failed_rollback_is_reported_and_is_a_failure(workplace: Workplace, updated: dict[str, t.Any]) -> None:
    workplace.simulator.fault("rollout_fails", name=NAME, reason="no capacity")
    failed = workplace.run("rollback", "-e", BACK, "-e", PLAN_FILE, environment=SHOWN)
    assert failed.returncode == 2
    assert (failed.recap["failed"], failed.recap["ignored"], failed.recap["rescued"]) == (1, 0, 0)
    assert re.search(r"\nRolled back on account \(deployment default\) in \d+ s: 1 failed", failed.output)
    assert f"\n  failed           to redeploy endpoint {NAME}" in failed.output
    error = failed.output[failed.output.index("[ERROR]: ") :]
    assert re.search(r"the update to \S+ failed and was rolled back to \S+: no capacity; ", error)
    report = statistic(failed)["account"]
    assert (report["failed"], report["outcome"]) == (True, "failed")
    assert report["endpoints"][NAME]["log_group"] == f"/aws/sagemaker/Endpoints/{NAME}"
    assert document(workplace)["outcome"] == "failed"


@pytest.mark.usefixtures("updated")
def test_later_plays_know_the_endpoints_that_went_back(workplace: Workplace) -> None:
    path = workplace.folder / "known.json"
    back = {"include_role": {"name": ROLE, "tasks_from": "rollback"}, "vars": {f"{PREFIX}rollback": [NAME]}}
    outcome = workplace.play(back, tell_endpoints(path))
    assert outcome.returncode == 0, outcome.output
    assert json.loads(path.read_text())[NAME]["status"] == "InService"


def test_an_inventory_with_faults_does_not_bar_the_way_back(workplace: Workplace, updated: dict[str, t.Any]) -> None:
    """Whoever has to go back in a hurry may well have an inventory that is half written."""
    del updated["models"]["demo-model"]["iam_role_arn"]
    updated["endpoints"][NAME]["provisioned"]["production_variants"]["demo-model"]["instance_typ"] = "?"
    workplace.declare(**updated)
    assert workplace.run("rollback", "-e", BACK).changed == 1


@pytest.mark.usefixtures("updated")
def test_a_rollback_has_its_summary_and_artifact_under_ansible_runner(workplace: Workplace) -> None:
    playbook = str(ROOT / "playbooks" / "rollback.yml")
    done = ansible_runner.run(playbook=playbook, extravars={f"{PREFIX}rollback": NAME}, **workplace.for_runner())
    output = done.stdout.read()
    assert done.rc == 0, output
    assert re.search(r"Rolled back on account \(deployment default\) in \d+ s: 1 redeployed", output), output
    (result,) = (event for event in done.events if event["event"] == "playbook_on_stats")
    artifact = result["event_data"]["artifact_data"]["sagemaker_inference"]["account"]
    assert (artifact["outcome"], artifact["changed"]) == ("changes", True)
    assert artifact["endpoints"][NAME]["status"] == "InService"
