# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there for AWX: its objects as code, and the playbooks under its engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import typing as t
from contextlib import contextmanager
from pathlib import Path

import ansible_runner
import jinja2.sandbox
import pip
import pytest
import yaml

from simulator.client import Simulator
from simulator.testing import Aws

from .conftest import REGION, ROOT, SECRET, SHOWN, Outcome, Workplace, refereed
from .controller import Controller, controller
from .warm_start import AnsiblePlaybook

PROJECT = ROOT / "examples" / "awx"
NAME = "SageMaker inference"
SESSION_TOKEN = "FQoGZXIvYXdz"
"""What the session tokens of moto begin with."""
# What the credential of the type that controller.yml creates gives a job.
ROLE_OF_JOB = {"SAGEMAKER_AWX_ROLE": "deployer", "SAGEMAKER_AWX_EXTERNAL_ID": "of-the-fleet"}


@contextmanager
def new_controller() -> t.Iterator[Controller]:
    with controller([path.name for path in PROJECT.glob("*.yml")]) as held:
        held.add("organizations", name="Default")
        held.add("credentials", name="AWS")
        yield held


@pytest.fixture(scope="module")
def awx(
    server: Simulator, ansible_playbook: AnsiblePlaybook, tmp_path_factory: pytest.TempPathFactory
) -> t.Iterator[Controller]:
    """With the objects that controller.yml makes without variables, for tests that only look at them."""
    folder = tmp_path_factory.mktemp("awx")
    with new_controller() as held:
        with refereed(server, ansible_playbook, folder, "test_awx.py") as workplace:
            make_objects(workplace, held)
        yield held


def make_objects(workplace: Workplace, awx: Controller, **variables: t.Any) -> Outcome:
    environment = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": "token"}
    # For each request the modules would read all certificates of the machine, which takes longer than all the rest.
    environment["SSL_CERT_FILE"] = os.devnull
    here = workplace.folder / "localhost.yml"
    here.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": {}}}}))
    arguments = ("-e", json.dumps({f"sagemaker_awx_{name}": value for name, value in variables.items()}))
    made = workplace.run(PROJECT / "controller.yml", *arguments, inventory=here, environment=environment)
    assert made.returncode == 0, made.output
    return made


def test_objects_of_awx(awx: Controller) -> None:
    templates = {each["playbook"]: each for each in awx.find("job_templates")}
    assert all((PROJECT / playbook).exists() for playbook in templates)
    workflows = {each["name"]: each for each in awx.find("workflow_job_templates")}
    questions = {
        question["variable"]
        for template in (*templates.values(), *workflows.values())
        for question in template.get("survey_spec", {}).get("spec", ())
    }
    assert questions == {f"sagemaker_inference_{name}" for name in ("prune", "allow_replace", "rollback", "confirm")}
    nodes = {
        (each["workflow_job_template"], each["identifier"]): each["id"]
        for each in awx.find("workflow_job_template_nodes")
    }
    steps = {(number, link, to) for kind, number, link, to in awx.links if kind == "workflow_job_template_nodes"}
    deploying, drift = workflows[NAME], workflows[f"{NAME}: drift"]
    number = deploying["id"]
    assert steps == {
        (nodes[number, "plan"], "success_nodes", nodes[number, "unchanged"]),
        (nodes[number, "unchanged"], "failure_nodes", nodes[number, "approve"]),
        (nodes[number, "approve"], "success_nodes", nodes[number, "apply"]),
        (nodes[drift["id"], "plan"], "success_nodes", nodes[drift["id"], "unchanged"]),
    }
    assert [each["name"] for each in awx.find("workflow_approval_templates")] == ["Apply the plan"]
    (environment_of_jobs,) = awx.find("execution_environments")
    assert {each["execution_environment"] for each in templates.values()} == {environment_of_jobs["id"]}
    assert [each["unified_job_template"] for each in awx.find("schedules")] == [drift["id"]]
    assert "webhook_service" not in deploying
    assert credentials_of(awx) == {playbook: {"AWS"} for playbook in templates}


def test_a_second_run_changes_only_what_has_secrets(workplace: Workplace) -> None:
    """AWX does not show them, so awx.awx cannot compare them."""
    with new_controller() as awx:
        make_objects(workplace, awx)
        awx.writes.clear()
        assert (make_objects(workplace, awx).changed, awx.writes) == (0, [])
        roles = {"reading_role": "reader", "writing_role": "writer", "webhook_service": "gitlab"}
        for _time in range(2):
            awx.writes.clear()
            make_objects(workplace, awx, **roles, external_id="not-to-be-shown")
        assert {path.partition("/")[0] for path in awx.writes} == {"credentials"}


def credentials_of(awx: Controller) -> dict[str, set[str]]:
    """The names of the credentials of each job template, by playbook."""
    names = {each["id"]: each["name"] for each in awx.find("credentials")}
    return {
        each["playbook"]: {names[to] for *link, to in awx.links if link == ["job_templates", each["id"], "credentials"]}
        for each in awx.find("job_templates")
    }


def test_jobs_get_the_roles_that_they_need(workplace: Workplace) -> None:
    roles = {"reading_role": "reader", "writing_role": "writer", "external_id": "not-to-be-shown"}
    with new_controller() as awx:
        made = make_objects(workplace, awx, **roles, webhook_service="github")
        assert "not-to-be-shown" not in made.output
        (kind,) = awx.find("credential_types")
        assert set(kind["injectors"]["env"]) == set(ROLE_OF_JOB)
        inputs = {each["name"]: each["inputs"]["role"] for each in awx.find("credentials", credential_type=kind["id"])}
        assert inputs == {f"{NAME}: read": "reader", f"{NAME}: write": "writer"}
        reading, writing = {"AWS", f"{NAME}: read"}, {"AWS", f"{NAME}: write"}
        assert credentials_of(awx) == {
            "plan.yml": reading,
            **dict.fromkeys(("audit.yml", "export.yml", "smoke.yml"), reading),
            "unchanged.yml": {"AWS"},
            **dict.fromkeys(("apply.yml", "apply_plan.yml", "rollback.yml", "destroy.yml"), writing),
        }
        (deploying,) = awx.find("workflow_job_templates", name=NAME)
        assert deploying["webhook_service"] == "github"


def test_who_may_do_what(awx: Controller) -> None:
    operators, approvers = f"{NAME}: operators", f"{NAME}: approvers"
    started = {NAME, *(f"{NAME}: {name}" for name in ("drift", "plan", "export", "audit", "smoke", "rollback"))}
    assert awx.given() == {
        *((operators, "execute_role", each) for each in started),
        (approvers, "approval_role", NAME),
        *(
            (team, "read_role", f"{NAME}: {name}")
            for team in (operators, approvers)
            for name in ("plan", "unchanged", "apply_plan")
        ),
    }


def test_notifications_have_the_summary(awx: Controller) -> None:
    """AWX renders a message once with a job without artifacts, to check it, and refuses names that are not there."""
    (template,) = awx.find("notification_templates")
    strict = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)

    def rendered(artifacts: dict[str, t.Any]) -> str:
        result = {"name": "a job", "status": "failed", "artifacts": artifacts}
        messages = template["messages"]["error"]
        assert messages == template["messages"]["success"]
        assert strict.from_string(messages["message"]).render(job=result) == "a job: failed"
        return strict.from_string(messages["body"]).render(job=result, url="https://awx/#/jobs/1")

    assert rendered({}).strip() == "https://awx/#/jobs/1"
    text = rendered(
        {"sagemaker_inference": {"us-east-1": {"summary": "**Plan for us-east-1 (deployment default): 1 to create**"}}}
    )
    assert "## us-east-1\n\n**Plan for us-east-1 (deployment default): 1 to create**" in text
    names = {each["id"]: each["name"] for each in (*awx.find("job_templates"), *awx.find("workflow_job_templates"))}
    result = {(names[of], link) for _kind, of, link, to in awx.links if to == template["id"]}
    every = {each["name"] for each in awx.find("job_templates")}
    writing = {f"{NAME}: {name}" for name in ("apply", "apply_plan", "rollback", "destroy")}
    assert result == {
        *((name, "notification_templates_error") for name in every),
        *((name, "notification_templates_success") for name in writing),
        (NAME, "notification_templates_approvals"),
    }


def as_awx_passes_it(workplace: Workplace) -> Path:
    """The project's inventory as AWX hands it over: a script that prints it, with marks of its own."""
    variables = yaml.safe_load((PROJECT / "group_vars" / "sagemaker.yml").read_text())
    host = {"ansible_connection": "local"}
    marks = {"remote_tower_enabled": "true", "remote_tower_id": 1}
    result = {
        "all": {"children": ["sagemaker"]},
        "sagemaker": {"hosts": ["us-east-1"], "vars": variables},
        "_meta": {"hostvars": {"us-east-1": host | marks}},
    }
    script = workplace.folder / "hosts"
    script.write_text(f"#! {sys.executable}\nprint({json.dumps(result)!r})\n")
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


def test_the_workflow_applies_the_plan_that_was_approved(workplace: Workplace, awx: Controller) -> None:
    inventory = as_awx_passes_it(workplace)

    def play(playbook: str, artifacts: dict[str, t.Any]) -> Outcome:
        """AWX makes the artifacts of a node extra variables of the next, and the workflow was started with a limit."""
        (template,) = awx.find("job_templates", playbook=f"{playbook}.yml")
        limit = ("--limit", "us-east-1") if template["ask_limit_on_launch"] else ()
        given = ("-e", json.dumps(artifacts), *limit)
        return workplace.run(PROJECT / f"{playbook}.yml", *given, inventory=inventory, environment=SHOWN)

    left = play("plan", {}).statistics
    checked = play("unchanged", left)
    assert checked.returncode != 0, "there are changes to approve"
    assert checked.statistics == left, "the notification of this job has the plan"
    approved = play("apply_plan", left)
    assert approved.returncode == 0, approved.output
    changes = approved.statistics["sagemaker_inference"]["us-east-1"]["changes"]
    assert changes == left["sagemaker_inference"]["us-east-1"]["changes"]
    again = play("apply_plan", left)
    assert again.returncode != 0, "what was approved is not what would be done now"
    empty = play("plan", {}).statistics
    assert play("unchanged", empty).returncode == 0
    nowhere = play("unchanged", {})
    assert nowhere.returncode != 0
    assert "There is no plan, because it reached no host." in nowhere.output


def test_each_host_is_deployed_with_the_role_of_its_account(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    accounts = {"blue": "222222222222", "green": "333333333333"}
    workplace.declare_hosts(
        {host: documented_example | {"sagemaker_awx_account": account} for host, account in accounts.items()}
    )
    name = ("-e", "sagemaker_inference_confirm=default")
    for playbook, arguments in (("plan", ()), ("apply", ()), ("audit", ()), ("smoke", ()), ("destroy", name)):
        workplace.simulator.clear_journal()
        done = workplace.run(PROJECT / f"{playbook}.yml", *arguments, "-vvv", environment=ROLE_OF_JOB)
        assert done.returncode == 0, done.output
        calls = workplace.simulator.journal()
        assert [each["operation"] for each in calls if each["service"] == "sts"].count("AssumeRole") == len(accounts)
        assert {each["account"] for each in calls if each["service"] == "sagemaker"} == set(accounts.values())
        for secret in (SESSION_TOKEN, SECRET, ROLE_OF_JOB["SAGEMAKER_AWX_EXTERNAL_ID"]):
            assert secret not in done.output, playbook
    assert workplace.left_over() == []


def test_a_host_without_an_account_and_a_job_without_a_role_are_refused(workplace: Workplace) -> None:
    workplace.declare()
    refused = workplace.run(PROJECT / "plan.yml", "--tags", "models", environment=ROLE_OF_JOB)
    assert refused.returncode == 2
    assert "set sagemaker_awx_account to the account of this host" in refused.output
    workplace.declare(sagemaker_awx_account="222222222222")
    refused = workplace.run(PROJECT / "plan.yml")
    assert refused.returncode == 2
    assert "add a credential that assumes a role" in refused.output
    assert workplace.simulator.journal() == []


def test_destroy_asks_for_the_name_of_the_deployment(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example)
    workplace.declare(**documented_example)
    refused = workplace.run(PROJECT / "destroy.yml", "-e", "sagemaker_inference_confirm=other", "--tags", "endpoints")
    assert refused.returncode == 2
    assert "This host belongs to the deployment default" in refused.output
    assert Aws(workplace.simulator, REGION).sagemaker.list_endpoints()["Endpoints"] != []


def test_the_export_is_left_as_an_artifact(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    container = documented_example["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TOKEN": "correct horse"}
    workplace.arrange(**documented_example)
    workplace.declare(sagemaker_inference_export_environment=True)
    done = workplace.run(PROJECT / "export.yml", environment=SHOWN)
    assert done.returncode == 0, done.output
    assert "correct horse" not in done.output
    left = done.statistics["sagemaker_awx_export"]["account"]
    assert list(left["inventory"]["endpoints"]) == ["realtime-endpoint"]
    assert [each["reason"] for each in left["not_expressed"]] == [
        "was not exported; fill it in, because an apply is refused without it"
    ]
    unsafe = workplace.run(
        PROJECT / "export.yml", "-e", "sagemaker_inference_export_environment=true", environment=SHOWN
    )
    assert unsafe.returncode == 0, unsafe.output
    assert "correct horse" not in unsafe.output
    assert "sagemaker_awx_export" not in unsafe.output.partition("CUSTOM STATS:")[2]


INSTALLED = {"ansible-core": "2.21.0", "boto3": "1.40.0", "botocore": "1.40.0"}


@pytest.mark.parametrize(
    ("installed", "accepted"),
    [
        ({}, True),
        ({"ansible-core": "2.19.0", "boto3": "1.38.23", "botocore": "1.38.23"}, True),
        ({"ansible-core": "2.18.9"}, False),
        ({"boto3": "1.38.22"}, False),
        ({"botocore": "1.38.22"}, False),
    ],
)
def test_an_execution_environment_with_an_old_version_is_not_built(
    tmp_path: Path, installed: dict[str, str], accepted: bool
) -> None:
    """Runs the check of the build with a pip that finds only the metadata of these versions."""
    for name, version in (INSTALLED | installed).items():
        metadata = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info" / "METADATA"
        metadata.parent.mkdir()
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    environment = {
        "PYCMD": f"{sys.executable} -S",
        "PYTHONPATH": f"{tmp_path}:{pip_alone(tmp_path)}",
        # Without its site packages, a virtual environment is taken for the Python of the system. Nothing is installed.
        "PIP_BREAK_SYSTEM_PACKAGES": "1",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", check_of_versions()],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is accepted, done.stdout + done.stderr
    for name, version in installed.items():
        assert accepted or f"{name}=={version}" in done.stdout.splitlines(), "the message names what is too old"
    assert ("too old for friendsofansible.sagemaker" in done.stdout) is not accepted


def pip_alone(folder: Path) -> Path:
    """A folder to import pip from, and nothing else."""
    result = folder / "pip-alone"
    result.mkdir()
    (result / "pip").symlink_to(Path(pip.__file__).parent)
    return result


def test_an_execution_environment_has_what_the_collection_requires() -> None:
    needed = (ROOT / "requirements.txt").read_text().splitlines()[1:]
    core = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"].removesuffix(".0")
    dependencies = definition()["dependencies"]
    assert dependencies["python"] == needed
    assert dependencies["ansible_core"] == {"package_pip": f"ansible-core{core}"}
    assert dependencies["ansible_runner"] == {"package_pip": "ansible-runner"}
    interpreter = dependencies["python_interpreter"]
    assert interpreter["python_path"] == f"/usr/bin/{interpreter['package_system']}"
    oldest = yaml.safe_load((ROOT / "tests" / "config.yml").read_text())["modules"]["python_requires"]
    assert numbers(interpreter["package_system"]) >= numbers(oldest)
    check = check_of_versions()
    assert all(f'"{each}"' in check for each in (f"ansible-core{core}", *needed))


def check_of_versions() -> str:
    steps: list[str] = definition()["additional_build_steps"]["append_final"]
    (result,) = (each.removeprefix("RUN ") for each in steps if "$PYCMD" in each)
    return result


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def definition() -> dict[str, t.Any]:
    """What ansible-builder makes an image of."""
    return t.cast("dict[str, t.Any]", yaml.safe_load((PROJECT / "execution-environment.yml").read_text()))


def statistics(run: t.Any) -> dict[str, t.Any]:
    (result,) = (event for event in run.events if event["event"] == "playbook_on_stats")
    return t.cast("dict[str, t.Any]", result["event_data"])


def changed(run: t.Any) -> int:
    return t.cast("int", statistics(run)["changed"]["us-east-1"])


def artifact(run: t.Any) -> dict[str, t.Any]:
    """What AWX hands to the next node of a workflow."""
    return t.cast("dict[str, t.Any]", statistics(run)["artifact_data"]["sagemaker_inference"]["us-east-1"])
