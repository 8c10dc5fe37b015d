# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of environment variables reach AWS and nothing else."""

from __future__ import annotations

import copy
import json
import re
import typing as t

import ansible_runner
import pytest
import yaml

from simulator.testing import Aws

from .conftest import ACCESS_KEY, PREFIX, ROOT, SECRET, Workplace
from .in_process import role_result_of
from .samples import COLLECTION

OLD, NEW = "correct horse", "battery staple"
ROLE = "arn:aws:iam::111122223333:role/demo"


def with_secret(inventory: dict[str, t.Any], value: str) -> dict[str, t.Any]:
    result = copy.deepcopy(inventory)
    container = result["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TOKEN": value}
    return result


def test_a_deployed_value_is_never_shown(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    """However much Ansible is made to say: what it says with fewer letters is a part of that."""
    verbosity = "-vvvv"
    workplace.declare(**with_secret(documented_example, OLD))
    first = workplace.run("apply", "--diff", verbosity)
    assert first.changed == 1
    workplace.declare(**with_secret(documented_example, NEW))
    planned = workplace.run("apply", "--check", "--diff", verbosity)
    second = workplace.run("apply", "--diff", verbosity)
    gone = workplace.run("destroy", "--diff", verbosity)
    for outcome in (first, planned, second, gone):
        assert outcome.returncode == 0
        assert OLD not in outcome.output
        assert NEW not in outcome.output
    assert "TOKEN: (hidden, changed)" in second.output
    assert OLD not in str(workplace.simulator.journal())


def test_a_refused_value_is_never_shown(workplace: Workplace) -> None:
    tasks = [
        {
            "friendsofansible.sagemaker.sagemaker_model": {
                "model_name": "m",
                "primary_container": {"image": "i", "environment": environment},
            }
        }
        for environment in (
            {"TOKEN": "{{ new * 200 }}"},
            {"not a name": "{{ new }}"},
            {"TOKEN": ["{{ new }}"]},
            "{{ new }}",
        )
    ]
    workplace.declare(new=NEW)
    refused = workplace.play(*tasks, arguments=("-vvvv",), ignore_errors=True)
    assert refused.recap["ignored"] == len(tasks)
    assert NEW not in refused.output
    assert workplace.simulator.journal() == []


PACKAGE = "arn:aws:sagemaker:us-east-1:111122223333:model-package/demo/1"
QUOTED = 'say "hush" twice\nor more'
"""What each language writes in another way."""


def test_aws_may_print_what_it_refuses_beside_a_model_package(workplace: Workplace) -> None:
    """By the module, and by the role, which does not ask AWS."""
    container = {"model_package_name": PACKAGE, "environment": {"TOKEN": "{{ new }}", "OTHER": "{{ quoted }}"}}
    model = {"model_name": "m", "execution_role_arn": ROLE, "primary_container": container}
    workplace.declare(new=NEW, quoted=QUOTED)
    refused = workplace.play(
        {"friendsofansible.sagemaker.sagemaker_model": model}, arguments=("-vvvv", "--diff"), ignore_errors=True
    )
    assert refused.recap["ignored"] == 1
    assert len(workplace.sent("CreateModel")) == 1
    assert "cannot be specified together with ModelPackageName" in refused.output
    packaged = {"model_package": PACKAGE, "environment_variables": {"TOKEN": NEW, "OTHER": QUOTED}}
    models = {"m": {"iam_role_arn": ROLE, "container_definitions": {"c": packaged}}}
    workplace.declare(models=models, endpoints={})
    result = workplace.run("apply", "--diff", "-vvvv")
    assert result.returncode != 0
    assert (
        "container_definitions.c.environment_variables: cannot be combined with model_package, because AWS refuses that"
        in result.output
    )
    assert len(workplace.sent("CreateModel")) == 1
    for outcome in (refused, result):
        assert NEW not in outcome.output
        assert "hush" not in outcome.output
    assert NEW not in str(workplace.simulator.journal())


def test_a_failed_update_does_not_show_it(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**with_secret(documented_example, OLD))
    workplace.declare(**with_secret(documented_example, NEW))
    workplace.simulator.fault("rollout_fails", reason="no capacity")
    workplace.simulator.fault("error", operation="PutMetricAlarm")
    failed = workplace.run("apply", "--diff", "-vvvv")
    assert failed.returncode != 0
    for secret in (OLD, NEW, SECRET):
        assert secret not in failed.output


def test_artifacts_of_ansible_runner_do_not_hold_it(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    """Besides `command`, in which ansible-runner keeps the environment that it was given."""
    workplace.declare(**with_secret(documented_example, OLD))
    run = ansible_runner.run(playbook=str(ROOT / "playbooks" / "apply.yml"), verbosity=3, **workplace.for_runner())
    assert run.rc == 0
    artifacts = (workplace.folder / "runner" / "artifacts").rglob("*")
    kept = [each for each in artifacts if each.is_file() and each.name != "command"]
    assert len(kept) > 10
    for each in kept:
        text = each.read_text(encoding="utf-8")
        assert OLD not in text
        assert SECRET not in text


SHORT = ("test", "y", "e", "in", "redeploy", "1", "0", " ", "model", "no change")
"""Secret keys that are in many a word: of LocalStack, of a hurry, or of bad luck."""


@pytest.fixture
def slowly(workplace: Workplace) -> t.Iterator[None]:
    workplace.simulator.configure(create_seconds=2, update_seconds=2)
    yield
    workplace.simulator.configure(create_seconds=0.3, update_seconds=0.3)


@pytest.mark.usefixtures("slowly")
def test_no_secret_key_changes_what_a_run_does(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    """Each of them is that of a region of its own, beside one that nothing has in it.

    The wait is in slices, so that names go from one call of the module to the next.
    """
    regions = [f"{place}-{number}" for number in (1, 2, 3, 4, 5, 6) for place in ("eu-west", "us-west")]
    changed = copy.deepcopy(documented_example)
    container = changed["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TESTING": "yes"}
    reports: dict[str, list[dict[str, t.Any]]] = {}
    for secret, region in zip((SECRET, *SHORT), regions, strict=False):
        options = {"region": region, "progress_interval": 1}
        runs = [
            role_result_of(workplace, declared, options, AWS_SECRET_ACCESS_KEY=secret)
            for declared in (documented_example, changed, changed)
        ]
        assert not any(run.get("failed") for run in runs), runs
        reports[secret] = [skeleton(run["report"], region) for run in runs]
        sagemaker = Aws(workplace.simulator, region).client("sagemaker")
        config = sagemaker.describe_endpoint(EndpointName="realtime-endpoint")["EndpointConfigName"]
        (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
        assert sagemaker.describe_model(ModelName=variant["ModelName"])["Containers"][0]["Environment"]
    assert [len(each["changes"]) for each in reports[SECRET]] == [5, 2, 0]
    for secret, found in reports.items():
        assert found == reports[SECRET], secret


def skeleton(report: dict[str, t.Any], region: str) -> dict[str, t.Any]:
    """What a report says but for text to be read, which may be masked, and the digest of it; *region* as a word."""
    changes = [re.sub(r"^(.*? \((?:[a-z ]+)).*$", r"\1", line) for line in report["changes"]]
    rest = {name: value for name, value in report.items() if name not in ("summary", "lines", "digest")}
    return t.cast("dict[str, t.Any]", json.loads(json.dumps(rest | {"changes": changes}).replace(region, "REGION")))


def test_no_secret_key_gets_into_an_export(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    """Nor is what an export leaves out, or leads back, taken for something else; each key is that of a host."""
    places = {"test": {f"{PREFIX}region": "eu-west-1"}, "e": {f"{PREFIX}region": "eu-west-2"}}
    every = with_secret(documented_example, "the test") | {f"{PREFIX}export_environment": True}
    workplace.declare_hosts({secret: every | place | {"secret": secret} for secret, place in places.items()})
    role = {"name": f"{COLLECTION}.sagemaker_inference"}
    tasks = [{"ansible.builtin.import_role": role | part} for part in ({}, {"tasks_from": "export"})]
    written = workplace.play(*tasks, environment={"AWS_SECRET_ACCESS_KEY": "{{ secret }}"})
    assert written.changes == dict.fromkeys(places, 2)
    declared: dict[str, dict[str, t.Any]] = {}
    for secret, place in places.items():
        text = (workplace.folder / f"sagemaker-inference-{secret}.yml").read_text()
        assert "*" not in text.partition("---")[2], secret
        declared[secret] = place | yaml.safe_load(text)
        container = declared[secret]["models"]["demo-model"]["container_definitions"]["container1"]
        assert container["environment_variables"] == {"TOKEN": "the test"}, secret
    workplace.declare_hosts(declared)
    assert workplace.run("plan").changes == dict.fromkeys(places, 0)


def test_credentials_are_not_in_the_journal_or_the_documentation(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**documented_example)
    assert workplace.run("apply").changed == 1
    journal = str(workplace.simulator.journal())
    pages = [each.read_text(encoding="utf-8") for each in (ROOT / "docs").rglob("*.md")]
    for text in (journal, *pages):
        assert SECRET not in text
        assert ACCESS_KEY not in text
