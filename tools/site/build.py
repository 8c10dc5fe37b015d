# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the site with Sphinx; the pages of the modules and the role are written by antsibull-docs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .tables import label_cells

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "site-source"
SITE = ROOT / "build" / "site"
NAME = "friendsofansible.sagemaker"
SOURCES = f"https://github.com/{NAME.replace('.', '/')}/tree/main"
BIN = Path(sys.executable).parent


def build(source: Path = BUILD, site: Path = SITE) -> int:
    """The exit code of the first step that failed, or 0."""
    for folder in (source, site):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", source)
    for name in ("conf.py", "site.css"):
        shutil.copy(Path(__file__).with_name(name), source / name)
    (source / "collection").mkdir(mode=0o755)
    pages = ["--use-current", "--squash-hierarchy", "--dest-dir", str(source / "collection"), NAME]
    if code := _run("antsibull-docs", "collection", *pages):
        return code
    _link_out(source)
    _fit_in(source / "collection")
    # With -W a link that leads nowhere within the site, to a page or to a heading, fails.
    if code := _run("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", str(source), str(site)):
        return code
    label_cells(site)
    return 0


def _run(tool: str, *arguments: str) -> int:
    environment = os.environ | {
        "PATH": os.pathsep.join((str(BIN), os.environ["PATH"])),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
        # Otherwise antsibull-docs takes of other collections what this repository tracks, which is nothing.
        "GIT_CEILING_DIRECTORIES": str(ROOT),
    }
    return subprocess.run([BIN / tool, *arguments], env=environment, check=False).returncode


def _link_out(folder: Path) -> None:
    """Makes links to files of the repository that are no pages of the site links to the repository."""
    for page in folder.rglob("*.md"):
        page.write_text(re.sub(r"\]\((?:\.\./)+(?!docs/)([^)]+)\)", rf"]({SOURCES}/\1)", page.read_text()))


def _fit_in(folder: Path) -> None:
    """Gives the pages of antsibull-docs short titles, and takes off the table of contents that the theme has too."""
    for page in folder.rglob("*.rst"):
        text = re.sub(r"^\.\. contents::\n(?:   .*\n)*", "", page.read_text(), flags=re.MULTILINE)
        text = re.sub(rf"^{re.escape(NAME)}\.(\w+ (?:module|role) --)", r"\1", text, flags=re.MULTILINE)
        page.write_text(text.replace("Friendsofansible.Sagemaker\n=", "Modules and role\n=", 1))
