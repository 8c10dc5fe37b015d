# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks against the simulator, as somebody runs them in a folder of their own, and what the terminal shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

from simulator.client import Simulator

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "endpoints" / "canary.yml"
ALARM = "search/ranker/failing"
_HEADINGS = re.compile(r"PLAY |TASK |Origin: |fatal: |(changed|ok): \[|\d+($| [ -])| +\^ column|\S+ +: ok=\d")
"""What Ansible says about its own tasks, and where in the role a task is written."""


class Line(t.NamedTuple):
    """A line of output, with the seconds after the start of the command."""

    seconds: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """A folder with an inventory for one endpoint, and a simulator in which it is deployed."""

    folder: Path
    simulator: Simulator
    has_colours: bool = False
    interval_seconds: int = 3

    def __post_init__(self) -> None:
        shutil.copy(ROOT / "examples" / "basic" / "inventory.yml", self.folder)
        (self.folder / "group_vars").mkdir()
        self.declare()

    @property
    def variables_file(self) -> Path:
        return self.folder / "group_vars" / "sagemaker.yml"

    def declare(self, *changes: tuple[str, str]) -> None:
        """Writes the example, with each first text replaced by the second."""
        text = EXAMPLE.read_text()
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        self.variables_file.write_text(text)

    def ring_during_update(self) -> None:
        """Lets the alarm go off as soon as the next update of the endpoint begins."""
        state = {"AlarmName": ALARM, "StateValue": "ALARM", "StateReason": "Threshold crossed."}
        move = {"actor": "call", "service": "cloudwatch", "operation": "SetAlarmState", "parameters": state}
        self.simulator.before("UpdateEndpoint", move)

    def run(self, playbook: str, *flags: str) -> t.Iterator[Line]:
        """Runs a playbook and yields what it prints, as it comes, without the headings of Ansible."""
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "inventory.yml"]
        interval = f"sagemaker_inference_progress_interval={self.interval_seconds}"
        start = time.monotonic()
        with subprocess.Popen(
            [*command, str(ROOT / "playbooks" / f"{playbook}.yml"), *flags, "-e", interval],
            env=os.environ | self.simulator.environment | self._settings,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout
            for text in without_headings(process.stdout):
                yield Line(time.monotonic() - start, text)

    @property
    def _settings(self) -> dict[str, str]:
        return {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
            "ANSIBLE_FORCE_COLOR": "1" if self.has_colours else "0",
            "ANSIBLE_NOCOLOR": "0" if self.has_colours else "1",
            "ANSIBLE_DISPLAY_OK_HOSTS": "0",
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "0",
            "COLUMNS": "118",
            # Nothing is left behind in the home of whoever runs it.
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_REMOTE_TMP": str(self.folder / "ansible" / "tmp"),
        }


def typed(playbook: str, *flags: str) -> str:
    """The command as a user types it."""
    return " ".join(["$ ansible-playbook -i inventory.yml", f"friendsofansible.sagemaker.{playbook}", *flags])


def without_headings(output: t.Iterable[str]) -> t.Iterator[str]:
    """The lines that are about SageMaker, without blank ones."""
    for line in map(str.rstrip, output):
        plain = re.sub("\x1b\\[[0-9;]*m", "", line)
        if plain and not _HEADINGS.match(plain):
            yield line
