# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection needs is the same wherever it is said."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
README = " ".join((ROOT / "README.md").read_text().split())


def _yaml(path: str) -> t.Any:
    return yaml.safe_load((ROOT / path).read_text())


def test_ansible_core_is_that_of_the_runtime() -> None:
    core = _yaml("meta/runtime.yml")["requires_ansible"].removeprefix(">=").removesuffix(".0")
    assert f"ansible-core {core} or newer" in README
    assert {_yaml(str(path))["galaxy_info"]["min_ansible_version"] for path in ROOT.glob("roles/*/meta/main.yml")} == {
        core
    }


def test_the_sdk_is_that_of_the_requirements() -> None:
    found = dict(re.findall(r"^(\w+)>=(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    assert set(found) == {"boto3", "botocore"}
    (version,) = set(found.values())
    assert f"boto3 and botocore {version} or newer" in README
    assert _yaml("meta/execution-environment.yml")["dependencies"] == {"python": "requirements.txt"}
    for path in (ROOT / "plugins" / "modules").glob("*.py"):
        assert set(re.findall(r"\b(?:boto3|botocore) >= ([\d.]*\d)", path.read_text())) <= {version}


def test_the_version_of_the_code_is_that_of_galaxy() -> None:
    assert _yaml("galaxy.yml")["version"] == VERSION


def test_amazon_aws_is_that_of_galaxy() -> None:
    (wanted,) = _yaml("galaxy.yml")["dependencies"].items()
    assert wanted[0] == "amazon.aws"
    assert f"`amazon.aws` {wanted[1].removeprefix('>=').removesuffix('.0.0')} or newer" in README


def test_python_is_that_of_the_tests() -> None:
    python = _yaml("tests/config.yml")["modules"]["python_requires"].removeprefix(">=")
    assert f"Python {python} or newer" in README
