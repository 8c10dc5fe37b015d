# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requirements of the collection are the same wherever they are stated."""

from __future__ import annotations

import importlib
import re
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils import _engine
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
    assert _needed("boto3") == _needed("botocore") == {version}


def test_the_version_of_the_code_is_that_of_galaxy() -> None:
    assert _yaml("galaxy.yml")["version"] == VERSION


def test_amazon_aws_is_that_of_galaxy() -> None:
    (wanted,) = _yaml("galaxy.yml")["dependencies"].items()
    assert wanted[0] == "amazon.aws"
    assert f"`amazon.aws` {wanted[1].removeprefix('>=').removesuffix('.0.0')} or newer" in README


def test_python_is_that_of_the_tests() -> None:
    python = _yaml("tests/config.yml")["modules"]["python_requires"].removeprefix(">=")
    assert f"Python {python} or newer" in README
    assert _needed("python") == {python}
    assert ".".join(map(str, _engine.OLDEST_PYTHON)) == python


def test_an_older_python_is_told_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each module that reads or changes AWS imports this package before anything that an older Python stumbles over."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    with pytest.raises(ImportError) as refused:
        importlib.reload(_engine)
    assert str(refused.value) == (
        "friendsofansible.sagemaker requires Python 3.11 or newer, but /usr/bin/python3 is Python 3.9. "
        "Set ansible_python_interpreter to a newer one, or use an execution environment that has one."
    )


def test_modules_that_call_aws_name_our_versions_and_not_those_of_amazon_aws() -> None:
    for path in (ROOT / "plugins" / "modules").glob("*.py"):
        fragments = set(re.findall(r"^  - (\S+\.boto3|\S+\.requirements)$", path.read_text(), re.MULTILINE))
        calls_aws = "amazon.aws.region.modules" in path.read_text()
        assert fragments == ({"friendsofansible.sagemaker.requirements"} if calls_aws else set()), path


def _needed(package: str) -> set[str]:
    """The oldest versions of a package that the documentation of modules names."""
    texts = [path.read_text() for path in (ROOT / "plugins").rglob("*.py")]
    return {version for text in texts for version in re.findall(rf"^  - {package} >= ([\d.]*\d)", text, re.MULTILINE)}
