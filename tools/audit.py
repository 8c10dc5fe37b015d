# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for known vulnerabilities of what is pinned; ends with 1 if there are any, with 3 if nobody answered."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UVX = str(Path(sys.executable).parent / "uvx")
COMMAND = ["--system-certs", "pip-audit", "--strict", "--disable-pip", "--require-hashes", "--format", "json", "-r"]
NOT_ASKED = 3


def verdict(output: str, errors: str) -> tuple[int, str]:
    """The exit code and what to print; without a report on every dependency nothing is claimed."""
    try:
        dependencies = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        dependencies = []
    if not dependencies or any("vulns" not in each for each in dependencies):
        reason = (errors.strip().splitlines() or ["no report"])[-1]
        return NOT_ASKED, f"NOT AUDITED: the service that knows vulnerabilities could not be asked: {reason}"
    found = [
        f"{each['name']} {each['version']}: {vulnerability['id']}"
        for each in dependencies
        for vulnerability in each["vulns"]
    ]
    if found:
        return 1, "\n".join(["Known vulnerabilities:", *found])
    return 0, f"No known vulnerability in {len(dependencies)} dependencies."


def main() -> int:
    done = subprocess.run(
        [UVX, *COMMAND, str(ROOT / "requirements-dev.txt")], capture_output=True, text=True, check=False
    )
    code, text = verdict(done.stdout, done.stderr)
    print(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
