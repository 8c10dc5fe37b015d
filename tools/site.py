# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation in build/site from docs/, the modules and the role: ``python -m tools.site``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .checks.environments import HERE, ROOT, Environment

BUILD = ROOT / "build" / "site-source"
SITE = ROOT / "build" / "site"
NAME = "friendsofansible.sagemaker"
SPHINX = Environment("site", "3.11", ("sphinx", "myst-parser", "antsibull-docs", "ansible", "boto3"))
CONFIGURATION = """\
project = "friendsofansible.sagemaker"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
myst_heading_anchors = 4
html_theme = "alabaster"
# Links into the documentation of Ansible itself are not looked up, so that the site is built without a network.
suppress_warnings = ["ref.ref"]
"""


def main() -> int:
    folder = SPHINX.ready()
    shutil.rmtree(BUILD, ignore_errors=True)
    shutil.copytree(ROOT / "docs", BUILD)
    (BUILD / "conf.py").write_text(CONFIGURATION)
    (BUILD / "collection").mkdir(mode=0o755)
    environment = os.environ | {
        "PATH": os.pathsep.join((str(folder / "bin"), os.environ["PATH"])),
        "ANSIBLE_COLLECTIONS_PATH": str(HERE / "collections"),
        "GIT_CEILING_DIRECTORIES": str(ROOT),
    }
    pages = ["--use-current", "--squash-hierarchy", "--dest-dir", str(BUILD / "collection"), NAME]
    built = subprocess.run(["antsibull-docs", "collection", *pages], env=environment, check=False)
    if built.returncode:
        return built.returncode
    _link_out(BUILD)
    shutil.rmtree(SITE, ignore_errors=True)
    # With -W a link that leads nowhere within the site, to a page or to a heading, fails.
    return subprocess.run(
        ["sphinx-build", "-q", "-W", "--keep-going", "-b", "html", BUILD, SITE], env=environment, check=False
    ).returncode


def _link_out(folder: Path) -> None:
    """Makes links to files of the repository that are no pages of the site links to the repository."""
    for page in folder.glob("*.md"):
        page.write_text(
            re.sub(
                r"\]\(\.\./([^)]+)\)", rf"](https://github.com/{NAME.replace('.', '/')}/tree/main/\1)", page.read_text()
            )
        )


if __name__ == "__main__":
    sys.exit(main())
