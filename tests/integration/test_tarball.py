# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Galaxy gets: everything that users need, and nothing of the workshop."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from .conftest import ROOT

FILES = {
    "CONTRIBUTING.md",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "requirements.txt",
}
FOLDERS = {"changelogs", "docs", "examples", "meta", "playbooks", "plugins", "roles"}
NEEDED = {
    "changelogs/changelog.yaml",
    "docs/captures/plan.svg",
    "docs/inventory.schema.json",
    "examples/awx/controller.yml",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks/apply.yml",
    "plugins/action/sagemaker_deployment.py",
    "plugins/module_utils/_engine/runner.py",
    "plugins/plugin_utils/html_report.py",
    "roles/sagemaker_inference/meta/argument_specs.yml",
}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("tarball")
    galaxy = Path(sys.executable).parent / "ansible-galaxy"
    subprocess.run([galaxy, "collection", "build", ROOT, "--output-path", folder], check=True, capture_output=True)
    (built,) = folder.glob("friendsofansible-sagemaker-*.tar.gz")
    with tarfile.open(built) as tarball:
        return {each.name for each in tarball.getmembers() if each.isfile()}


def test_only_what_users_need_is_in_the_tarball(names: set[str]) -> None:
    assert {name for name in names if "/" not in name} - {"CHANGELOG.rst"} == FILES
    assert {name.partition("/")[0] for name in names if "/" in name} == FOLDERS
    assert not [name for name in names if "__pycache__" in name or "/fragments/" in name]


def test_what_users_need_is_in_the_tarball(names: set[str]) -> None:
    assert NEEDED - names == set()
    modules = {path.name for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert {name.removeprefix("plugins/modules/") for name in names if name.startswith("plugins/modules/")} == modules
    pages = {f"docs/{path.relative_to(ROOT / 'docs')}" for path in (ROOT / "docs").rglob("*.md")}
    assert pages <= names
