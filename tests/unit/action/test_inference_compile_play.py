# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin in a play, with all the words that Ansible can be made to say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import README

SECRET = "hush-4711"
COMPILE = "friendsofansible.sagemaker.sagemaker_inference_compile"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a play says that compiles the README example, then a faulty inventory, and then uses the first result."""
    inventory = yaml.safe_load(README)
    container = inventory["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TOKEN": "{{ token }}"}
    faulty = {"m": {"iam_role_arn": 5, "container_definitions": {"c": {"image": "i", "environment_variables": SECRET}}}}
    names = "{{ good.models | map(attribute='model_name') | join }}"
    matches = "{{ good.models[0].containers[0].environment.TOKEN == token }}"
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "connection": "local",
        "vars": inventory | {"token": SECRET},
        "tasks": [
            {"name": "Good", COMPILE: {}, "register": "good"},
            {"name": "Bad", COMPILE: {}, "vars": {"sagemaker_inference_models": faulty}, "ignore_errors": True},
            {"name": "Use", "ansible.builtin.debug": {"msg": f"{names}, usable {matches}"}},
        ],
    }
    path: Path = tmp_path_factory.mktemp("play") / "play.yml"
    path.write_text(json.dumps([play]))
    ansible = Path(sys.executable).with_name("ansible-playbook")
    environment = os.environ | {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0"}
    run = subprocess.run(
        [ansible, "-i", "localhost,", "--check", "--diff", "-vvvv", path],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return run.stdout + run.stderr


def test_values_of_the_environment_are_not_shown(output: str) -> None:
    assert SECRET not in output
    assert "the output has been hidden" in output


def test_the_registered_result_is_usable(output: str) -> None:
    assert "demo-model, usable True" in output


def test_warnings_are_shown_once_each(output: str) -> None:
    assert output.count("[WARNING]: endpoints.realtime-endpoint.") == 4


def test_the_failure_is_shown_without_a_traceback(output: str) -> None:
    assert (
        "- sagemaker_inference_models.m.iam_role_arn: expected a string, got the number 5; put it in quotes" in output
    )
    assert "environment_variables: expected a map, got a string" in output
    assert "Traceback" not in output
