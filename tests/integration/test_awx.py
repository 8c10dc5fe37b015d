# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there for AWX: its objects as code, and the playbooks under its engine."""

from __future__ import annotations

import itertools
import json
import sys
import typing as t
from pathlib import Path

import ansible_runner
import yaml

from .conftest import ROOT, Workplace
from .controller import controller

PROJECT = ROOT / "examples" / "awx"
NAME = "SageMaker inference"


def test_objects_of_awx_are_made_once(workplace: Workplace) -> None:
    with controller() as awx:
        for collection, name in (
            ("organizations", "Default"),
            ("credentials", "AWS"),
        ):
            awx.add(collection, name=name)
        environment = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": "token"}
        here = workplace.folder / "localhost.yml"
        python = {"ansible_python_interpreter": sys.executable}
        here.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": python}}}))
        made = workplace.run(PROJECT / "controller.yml", inventory=here, environment=environment)
        assert made.returncode == 0, made.output
        templates = {each["playbook"]: each for each in awx.find("job_templates")}
        assert all((PROJECT / playbook).exists() for playbook in templates)
        questions = {
            question["variable"]
            for template in (*templates.values(), *awx.find("workflow_job_templates"))
            for question in template.get("survey_spec", {}).get("spec", ())
        }
        assert questions == {
            f"sagemaker_inference_{name}" for name in ("prune", "allow_replace", "rollback", "confirm")
        }
        nodes = {each["identifier"]: each["id"] for each in awx.find("workflow_job_template_nodes")}
        steps = {(number, link, to) for kind, number, link, to in awx.links if kind == "workflow_job_template_nodes"}
        assert steps == {
            (nodes["plan"], "success_nodes", nodes["unchanged"]),
            (nodes["unchanged"], "failure_nodes", nodes["approve"]),
            (nodes["approve"], "success_nodes", nodes["apply"]),
        }
        assert [each["name"] for each in awx.find("workflow_approval_templates")] == ["Apply the plan"]
        (environment_of_jobs,) = awx.find("execution_environments")
        assert {each["execution_environment"] for each in templates.values()} == {environment_of_jobs["id"]}
        assert [each["unified_job_template"] for each in awx.find("schedules")] == [templates["plan.yml"]["id"]]


def as_awx_passes_it(workplace: Workplace) -> Path:
    """The project's inventory as AWX hands it over: a script that prints it, with marks of its own."""
    variables = yaml.safe_load((PROJECT / "group_vars" / "sagemaker.yml").read_text())
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    marks = {"remote_tower_enabled": "true", "remote_tower_id": 1}
    told = {
        "all": {"children": ["sagemaker"]},
        "sagemaker": {"hosts": ["us-east-1"], "vars": variables},
        "_meta": {"hostvars": {"us-east-1": host | marks}},
    }
    script = workplace.folder / "hosts"
    script.write_text(f"#! {sys.executable}\nprint({json.dumps(told)!r})\n")
    script.chmod(0o700)
    return script


def test_the_project_of_awx_under_its_engine(workplace: Workplace) -> None:
    inventory = as_awx_passes_it(workplace)
    answers = {"sagemaker_inference_allow_replace": "false", "sagemaker_inference_prune": "false"}
    runs = {}
    for playbook in ("plan", "apply"):
        runs[playbook] = ansible_runner.run(
            playbook=str(PROJECT / f"{playbook}.yml"),
            extravars={"awx_job_id": 1, "awx_user_name": "admin", **answers},
            limit="us-east-1",
            **workplace.for_runner(playbook) | {"inventory": str(inventory)},
        )
        assert runs[playbook].rc == 0, runs[playbook].stdout.read()
        writes = {entry["operation"] for entry in workplace.simulator.writes()}
        assert ("CreateEndpoint" in writes) == (playbook == "apply")
    changes = {playbook: changed(run) for playbook, run in runs.items()}
    assert changes["plan"] == changes["apply"] > 0
    artifacts = {playbook: artifact(run) for playbook, run in runs.items()}
    assert artifacts["plan"]["changes"] == artifacts["apply"]["changes"]
    assert "| create | endpoint | `sentiment` |" in artifacts["plan"]["summary"]
    assert artifacts["plan"]["endpoints"] == {}
    assert artifacts["apply"]["endpoints"]["sentiment"]["arn"].startswith("arn:aws:sagemaker:us-east-1:")
    assert "endpoint sentiment" in "".join(event["stdout"] for event in runs["plan"].events)


def test_the_workflow_applies_the_plan_that_was_approved(workplace: Workplace) -> None:
    inventory = as_awx_passes_it(workplace)

    numbers = itertools.count()

    def play(playbook: str, artifacts: dict[str, t.Any]) -> t.Any:
        return ansible_runner.run(
            playbook=str(PROJECT / f"{playbook}.yml"),
            extravars=artifacts,
            **workplace.for_runner(f"{playbook}-{next(numbers)}") | {"inventory": str(inventory)},
        )

    planned = play("plan", {})
    left = statistics(planned)["artifact_data"]
    assert play("unchanged", left).rc != 0, "there are changes to approve"
    approved = play("apply_plan", left)
    assert approved.rc == 0, approved.stdout.read()
    assert artifact(approved)["changes"] == left["sagemaker_inference"]["us-east-1"]["changes"]
    again = play("apply_plan", left)
    assert again.rc != 0, "what was approved is not what would be done now"
    empty = statistics(play("plan", {}))["artifact_data"]
    assert play("unchanged", empty).rc == 0


def statistics(run: t.Any) -> dict[str, t.Any]:
    (told,) = (event for event in run.events if event["event"] == "playbook_on_stats")
    return t.cast("dict[str, t.Any]", told["event_data"])


def changed(run: t.Any) -> int:
    return t.cast("int", statistics(run)["changed"]["us-east-1"])


def artifact(run: t.Any) -> dict[str, t.Any]:
    """What AWX hands to the next node of a workflow."""
    return t.cast("dict[str, t.Any]", statistics(run)["artifact_data"]["sagemaker_inference"]["us-east-1"])
