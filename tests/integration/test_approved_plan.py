# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the plan that people look at to the run that does just that, or nothing."""

from __future__ import annotations

import copy
import json
import re
import typing as t

import ansible_runner
import yaml

from .conftest import ROOT, SHOWN, Workplace

PLAN_FILE = "sagemaker_inference_plan_file=plan/search.json"
FORMATS = '{"sagemaker_inference_plan_formats": ["json", "markdown", "html"]}'
APPROVED = "sagemaker_inference_approved_plan=plan/search.json"


def document(workplace: Workplace, name: str = "search") -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", json.loads((workplace.folder / "plan" / f"{name}.json").read_text()))


def test_an_approved_plan_is_applied_and_any_other_is_refused_with_the_difference(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**documented_example)
    planned = workplace.run("plan", "-e", PLAN_FILE, "-e", FORMATS)
    assert "\nPlan for account (deployment default): 5 to create\n  endpoint realtime-endpoint\n" in planned.output
    plan = document(workplace)
    assert (plan["outcome"], plan["counts"]["create"], len(plan["changes"])) == ("changes", 5, 5)
    page = (workplace.folder / "plan" / "search.html").read_text()
    assert "realtime-endpoint" in page
    assert (
        "**Plan for account (deployment default): 5 to create**"
        in (workplace.folder / "plan" / "search.md").read_text()
    )

    other = copy.deepcopy(documented_example)
    variant = other["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"]
    variant["instance_type"] = "ml.c5.xlarge"
    workplace.declare(**other)
    refused = workplace.run("apply", "-e", APPROVED)
    assert refused.returncode != 0
    assert "the plan differs from the approved one; nothing was changed" in refused.output
    assert "instance_type is None → ml.c5.xlarge instead of None → ml.m5.large" in refused.output
    assert workplace.simulator.writes() == []

    workplace.declare(**documented_example)
    done = workplace.run("apply", "-e", APPROVED, "-e", "sagemaker_inference_plan_file=plan/done.json")
    assert done.changed == 1
    assert re.search(r"\nApplied to account \(deployment default\) in \d+ s: 5 created\n", done.output)
    assert "/endpoints/realtime-endpoint/invocations\n" in done.output
    assert document(workplace, "done")["digest"] == plan["digest"]

    late = workplace.run("apply", "-e", f"sagemaker_inference_approved_plan={plan['digest']}")
    assert "the plan differs from the approved one: its digest is now" in late.output


def test_nothing_to_change_is_one_line_and_an_outcome(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example)
    workplace.declare(**documented_example)
    again = workplace.run("plan", "-e", PLAN_FILE, environment=SHOWN)
    assert "\nPlan for account (deployment default): nothing to change\n" in again.output
    assert document(workplace)["outcome"] == "none"
    assert again.statistics["sagemaker_inference"]["account"]["outcome"] == "none"


def test_what_failed_is_not_summed_up_as_done(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**documented_example)
    variant = documented_example["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"]
    variant["instance_type"] = "ml.c5.xlarge"
    workplace.declare(**documented_example)
    workplace.simulator.fault("rollout_fails", name="realtime-endpoint", reason="no capacity")
    failed = workplace.run("apply", "-e", PLAN_FILE)
    assert failed.returncode != 0
    assert re.search(r"\nApplied to account \(deployment default\) in \d+ s: 1 failed\n", failed.output)
    assert "\n  failed           to redeploy endpoint realtime-endpoint\n" in failed.output
    error = failed.output[failed.output.index("[ERROR]: ") :]
    assert re.search(r"the update to \S+ failed and was rolled back to \S+: no capacity; run again", error)
    assert document(workplace)["outcome"] == "failed"
    assert document(workplace)["counts"]["redeploy"] == 0


def test_endpoints_that_are_not_declared_are_listed(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    more = copy.deepcopy(documented_example)
    more["endpoints"]["old"] = {"serverless": {"variant": {"model_name": "demo-model"}}}
    workplace.arrange(**more)
    workplace.declare(**documented_example)
    message = workplace.run("plan").output
    assert "(deployment default): nothing to change; 1 endpoint undeclared\n  undeclared: endpoint old" in message


def test_what_is_wrong_and_what_changes_is_named_with_file_line_and_column(workplace: Workplace) -> None:
    text = (ROOT / "examples" / "basic" / "group_vars" / "sagemaker.yml").read_text()
    (workplace.folder / "host_vars").mkdir()
    file = workplace.folder / "host_vars" / "account.yml"
    workplace.declare()
    file.write_text(text.replace("ml.m5.large", "m5.large"))
    number = next(at for at, line in enumerate(text.splitlines(), 1) if "ml.m5.large" in line)
    place = rf"host_vars/account\.yml:{number}:\d+"
    refused = workplace.run("plan").output
    assert re.search(rf"instance_type: .*m5\.large.* \({place}\)", refused)
    file.write_text(text)
    assert re.search(rf"\n\+.*instance_type: ml\.m5\.large  # {place}\n", workplace.run("plan").output)


def test_summaries_are_shown_under_ansible_runner_too_and_a_failed_run_has_its_artifact(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    """A plan, which makes nothing, and the run after it."""
    workplace.declare(**documented_example)
    workplace.simulator.fault("rollout_fails", name="realtime-endpoint", reason="no capacity")
    both = workplace.folder / "both.yml"
    playbooks = [str(ROOT / "playbooks" / f"{name}.yml") for name in ("plan", "apply")]
    both.write_text(yaml.safe_dump([{"ansible.builtin.import_playbook": playbook} for playbook in playbooks]))
    done = ansible_runner.run(playbook=str(both), **workplace.for_runner())
    output = done.stdout.read()
    assert done.rc != 0
    assert "Plan for account (deployment default): 5 to create" in output
    assert re.search(r"Applied to account \(deployment default\) in \d+ s: 1 failed, 3 created", output), output
    assert "failed           to create endpoint realtime-endpoint" in output
    assert "- realtime-endpoint: the endpoint is Failed: no capacity; " in output
    (result,) = (event for event in done.events if event["event"] == "playbook_on_stats")
    assert result["event_data"]["artifact_data"]["sagemaker_inference"]["account"]["outcome"] == "failed"


def test_what_failed_before_it_had_a_report_has_a_summary(workplace: Workplace) -> None:
    result = {"failed": True, "msg": "no\nconnection"}
    failed = workplace.play({"friendsofansible.sagemaker.sagemaker_inference_summary": {"result": result}})
    assert failed.returncode == 2
    assert "\nFailed for account: no connection\n" in failed.output


def test_an_approved_destroy_is_refused_once_there_is_more_to_delete(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    """The inventory is the same; in AWS, an alarm that it declares has gone and is there again."""
    workplace.arrange(**documented_example)
    alarm = "realtime-endpoint/demo-model/invocations-greater-than-1000"
    workplace.client("cloudwatch").delete_alarms(AlarmNames=[alarm])
    workplace.declare(**documented_example)
    planned = workplace.run("destroy", "--check", "-e", PLAN_FILE)
    assert re.search(r"\nDestroy plan for account \(deployment default\): \d+ to delete\n", planned.output)
    workplace.arrange(**documented_example)
    workplace.simulator.clear_journal()
    refused = workplace.run("destroy", "-e", APPROVED)
    assert refused.returncode == 2
    assert f"- delete alarm {alarm} is not in the approved plan" in refused.output
    assert workplace.simulator.writes() == []
    assert workplace.run("destroy", "--check", "-e", PLAN_FILE).changed == 1
    done = workplace.run("destroy", "-e", APPROVED, environment=SHOWN)
    assert done.changed == 1
    assert re.search(r"\nDestroyed on account \(deployment default\) in \d+ s: \d+ deleted\n", done.output)
    statistic = done.statistics["sagemaker_inference"]["account"]
    assert (statistic["outcome"], statistic["endpoints"]) == ("changes", {})
    assert workplace.left_over() == []


def test_an_approved_prune_is_refused_once_there_is_more_to_delete(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    own = {"sagemaker_inference_deployment": "search"}
    prune = own | {"sagemaker_inference_prune": True}
    old = {"serverless": {"variant": {"model_name": "demo-model"}}}
    endpoints = documented_example["endpoints"]
    workplace.arrange(**documented_example | {"endpoints": endpoints | {"old": old}}, **own)
    workplace.declare(**documented_example, **prune)
    planned = workplace.run("plan", "-e", PLAN_FILE)
    assert re.search(r"\n {2,4}delete           endpoint old\b", planned.output)
    workplace.arrange(**documented_example | {"endpoints": endpoints | {"old": old, "older": old}}, **own)
    workplace.simulator.clear_journal()
    refused = workplace.run("apply", "-e", APPROVED)
    assert "- delete endpoint older is not in the approved plan" in refused.output
    assert workplace.simulator.writes() == []
    workplace.run("plan", "-e", PLAN_FILE)
    done = workplace.run("apply", "--diff", "-e", APPROVED, environment=SHOWN)
    assert done.changed == 1
    assert "\n--- before: endpoints.older\n+++ after: delete" in done.output
    assert re.search(r"\nApplied to account \(deployment search\) in \d+ s: 2 deleted\n", done.output)
    assert done.statistics["sagemaker_inference"]["account"]["endpoints"].keys() == {"realtime-endpoint"}
