# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/captures, what a terminal shows of the example on the simulator: ``python -m tools.captures``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

import yaml

from simulator.client import Simulator
from simulator.process import running

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "captures"
EXAMPLE = ROOT / "examples" / "basic" / "group_vars" / "sagemaker.yml"
COLUMNS = 118
COLOURS = {"+": "#7ee787", "-": "#ff7b72", "c": "#d29922", "f": "#ff7b72", "o": "#7ee787", "$": "#ffffff"}
LINE, WIDTH = 18, 8


def main() -> None:
    with (
        running(create_seconds=8, update_seconds=8, delete_seconds=1) as simulator,
        tempfile.TemporaryDirectory() as at,
    ):
        inventory = Path(at) / "inventory.yml"
        declared = yaml.safe_load(EXAMPLE.read_text())
        _declare(inventory, declared)
        _capture("progress", simulator, inventory)
        variants = declared["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]
        variants["demo-model"]["instance_type"] = "ml.c5.large"
        _declare(inventory, declared)
        _capture("plan", simulator, inventory, "--check", "--diff")
        simulator.fault("rollout_fails", name="realtime-endpoint", reason="Insufficient capacity for ml.c5.large.")
        _capture("failed-rollout", simulator, inventory)


def _declare(inventory: Path, declared: object) -> None:
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {"us-east-1": host | {"sagemaker_inference_progress_interval": 3}}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": declared}}))


def _capture(name: str, simulator: Simulator, inventory: Path, *flags: str) -> None:
    ours = {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_DISPLAY_OK_HOSTS": "0",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "0",
        "COLUMNS": str(COLUMNS),
    }
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", inventory.name]
    done = subprocess.run(
        [*command, str(ROOT / "playbooks" / "apply.yml"), *flags],
        env=os.environ | simulator.environment | ours,
        # Where files are named, they are named from here.
        cwd=inventory.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    typed = " ".join(["$ ansible-playbook -i inventory.yml friendsofansible.sagemaker.apply", *flags])
    lines = [typed, *_shown(done.stdout)]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text("\n".join(lines) + "\n")
    (FOLDER / f"{name}.svg").write_text(_svg(lines))


def _shown(output: str) -> list[str]:
    """The output without warnings, results, and where in this checkout a task is written."""
    output = re.sub(r"^\[WARNING\].*?\n\n?", "", output, flags=re.MULTILINE)
    output = re.sub(r"^(Origin: .*|\d+( [ -] .*| {2,}.*)?| +\^ column .*)\n+", "", output, flags=re.MULTILINE)
    output = re.sub(r" => \{.*\}$", " => ...", output, flags=re.MULTILINE)
    lines = re.sub(r"\n{2,}", "\n\n", output).strip().splitlines()
    return [re.sub(r"\*{4,}$", "***", line.rstrip()) for line in lines]


def _svg(lines: list[str]) -> str:
    wrapped = [line[start : start + COLUMNS] for line in lines for start in range(0, max(len(line), 1), COLUMNS)]
    height = LINE * (len(wrapped) + 1)
    size = f'viewBox="0 0 {WIDTH * (COLUMNS + 4)} {height}" width="{WIDTH * (COLUMNS + 4)}" height="{height}"'
    rows = "".join(
        f'<text x="{2 * WIDTH}" y="{LINE * number}" fill="{COLOURS.get(line[:1], "#c9d1d9")}" '
        f'textLength="{WIDTH * len(line)}" xml:space="preserve">{escape(line)}</text>\n'
        for number, line in enumerate(wrapped, 1)
        if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="13">\n'
        f'<rect width="100%" height="100%" rx="6" fill="#0d1117"/>\n{rows}</svg>\n'
    )


if __name__ == "__main__":
    main()
