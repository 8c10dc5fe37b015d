# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the checks one after the other, and prints a table of them; a check that failed shows what it said."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

from .catalogue import CHECKS, Check
from .environments import HERE, ROOT, Missing

ROW = "{:<28} {:<40} {}"
VERSIONS = (
    "import importlib.metadata as m, platform, sys; print(*map(m.version, sys.argv[1:]), platform.python_version())"
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.checks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="NAME", help="a part of the names of those to run; default: all")
    parts = parser.parse_args().parts or [""]
    chosen = [each for each in CHECKS if any(part in each.name for part in parts)]
    print(ROW.format("check", "version", "result"), flush=True)
    failed = [each.name for each in chosen if not _row(each)]
    return 1 if failed or not chosen else 0


def _row(check: Check) -> bool:
    """Prints the row of a check; returns whether it passed or, with the reason in the row, could not run."""
    try:
        folder = check.environment.ready() if check.environment else HERE
    except Missing as lacks:
        print(ROW.format(check.name, "", f"not run: {lacks}"), flush=True)
        return True
    started = time.monotonic()
    done = subprocess.run(
        shlex.split(check.command),
        cwd=ROOT,
        env=_variables(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    holds = done.returncode == 0 and bool(re.search(check.good, done.stdout)) and not re.search(check.bad, done.stdout)
    seconds = f"{time.monotonic() - started:.0f} s"
    print(
        ROW.format(check.name, _versions(check, folder), f"{'passed' if holds else 'FAILED'} in {seconds}"), flush=True
    )
    if not holds:
        print(done.stdout, flush=True)
    return holds


def _variables(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PATH": os.pathsep.join((str(folder / "bin"), os.environ["PATH"])),
        "VENV": str(folder),
        "ANSIBLE_COLLECTIONS_PATH": str(HERE / "collections"),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        # The virtual environment lies in this checkout; without the ceiling git would call amazon.aws ignored.
        "GIT_CEILING_DIRECTORIES": str(ROOT),
    }


def _versions(check: Check, folder: Path) -> str:
    result = subprocess.run(
        [folder / "bin" / "python", "-c", VERSIONS, *check.packages], capture_output=True, text=True, check=True
    )
    *versions, python = result.stdout.split()
    names = [name.removeprefix("ansible-") for name in check.packages] if len(versions) > 1 else [""]
    shown = [f"{name} {version}".strip() for name, version in zip(names, versions, strict=True) if name != "boto3"]
    return ", ".join([*shown, f"Python {python}"])


if __name__ == "__main__":
    sys.exit(main())
