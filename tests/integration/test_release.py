# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release takes its version and its changelog from one command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

from .conftest import ROOT

FEW = 5
"""Each fragment takes time to check, and that all are right is for the linters to say."""


def test_a_release_sets_the_version_and_writes_the_changelog(tmp_path: Path) -> None:
    clone = tmp_path / "ansible_collections" / "friendsofansible" / "sagemaker"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", clone], check=True)
    leave_few_fragments(clone)
    tools = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    release: list[str | Path] = [clone / "tools" / "release.sh", "9.9.9", "prepare"]
    subprocess.run(release, cwd=clone, env=tools, check=True, capture_output=True)
    assert yaml.safe_load((clone / "galaxy.yml").read_text())["version"] == "9.9.9"
    assert 'VERSION = "9.9.9"' in (clone / "plugins" / "module_utils" / "version.py").read_text()
    assert "v9.9.9" in (clone / "CHANGELOG.rst").read_text()
    assert not list((clone / "changelogs" / "fragments").glob("*.yml"))
    assert not (clone / "changelogs" / ".plugin-cache.yaml").exists(), "the linters would refuse it"
    again = subprocess.run(release, cwd=clone, env=tools, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "not committed" in again.stderr


def leave_few_fragments(clone: Path) -> None:
    for fragment in sorted((clone / "changelogs" / "fragments").glob("*.yml"))[FEW:]:
        fragment.unlink()
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(
        [*git, "commit", "--quiet", "--all", "--allow-empty", "--message", "Leave few"], cwd=clone, check=True
    )
