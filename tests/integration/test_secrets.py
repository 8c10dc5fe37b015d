# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of environment variables reach AWS and nothing else."""

from __future__ import annotations

import copy
import typing as t

import ansible_runner
import pytest

from .conftest import ACCESS_KEY, ROOT, SECRET, Workplace

OLD, NEW = "correct horse", "battery staple"


def with_secret(inventory: dict[str, t.Any], value: str) -> dict[str, t.Any]:
    result = copy.deepcopy(inventory)
    container = result["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TOKEN": value}
    return result


@pytest.mark.parametrize("verbosity", ["-v", "-vvvv"])
def test_a_deployed_value_is_never_shown(
    workplace: Workplace, documented_example: dict[str, t.Any], verbosity: str
) -> None:
    workplace.declare(**with_secret(documented_example, OLD))
    first = workplace.run("apply", "--diff", verbosity)
    assert first.changed == 1
    workplace.declare(**with_secret(documented_example, NEW))
    foretold = workplace.run("apply", "--check", "--diff", verbosity)
    second = workplace.run("apply", "--diff", verbosity)
    gone = workplace.run("destroy", "--diff", verbosity)
    for outcome in (first, foretold, second, gone):
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
        for environment in ({"TOKEN": NEW * 200}, {"not a name": NEW}, {"TOKEN": [NEW]}, NEW)
    ]
    for task in tasks:
        refused = workplace.play(task, arguments=("-vvvv",))
        assert refused.returncode != 0
        assert NEW not in refused.output
    assert workplace.simulator.journal() == []


def test_a_failed_update_does_not_show_it(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**with_secret(documented_example, OLD))
    assert workplace.run("apply").changed == 1
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
