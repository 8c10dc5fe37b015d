# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command against a simulator and tells what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import types
import typing as t
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import yaml

from simulator.client import Simulator
from simulator.journal import is_write
from tests.scenarios.refereed import sentence

from .memory import Sampler

ROOT = Path(__file__).resolve().parents[2]
ANSIBLE_PLAYBOOK = str(Path(sys.executable).parent / "ansible-playbook")
REGION = "us-east-1"
_KEPT = ("PATH", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Cost:
    """What a command took.

    *peak_mb* is the largest resident size of any one of its processes, *together_mb* the largest sum of all of them, or
    0 where that was not sampled.
    """

    seconds: float
    calls: int
    writes: int
    peak_mb: float
    cpu_seconds: float
    together_mb: float = 0.0


class CommandFailed(Exception):
    """A contestant that did not get to its end, or to whose calls the referee objects: its numbers mean nothing."""


@dataclass(frozen=True)
class Bench:
    """A folder for inventories and playbooks, and the simulator to run against."""

    folder: Path
    simulator: Simulator

    def play(self, playbook: Path, variables: t.Mapping[str, t.Any]) -> Cost:
        """An ansible-playbook command on one host, whose variables lie where those of the README's example do."""
        host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory = self.write("inventory.yml", {"sagemaker": {"hosts": {REGION: host}}})
        self.write("group_vars/sagemaker.yml", variables)
        return self.run([ANSIBLE_PLAYBOOK, "-i", str(inventory), str(playbook)])

    def play_hosts(self, playbook: Path, hosts: t.Mapping[str, t.Mapping[str, t.Any]]) -> Cost:
        """The same on many hosts, each with its variables, and with the memory that all processes take together."""
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory = self.write("inventory.yml", {"all": {"vars": local, "hosts": {name: {} for name in hosts}}})
        for name, variables in hosts.items():
            self.write(f"host_vars/{name}.yml", variables)
        return self.run([ANSIBLE_PLAYBOOK, "-i", str(inventory), str(playbook)], samples=True)

    def write(self, name: str, content: t.Any) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False))
        return path

    def run(
        self,
        command: t.Sequence[str],
        environment: t.Mapping[str, str] = types.MappingProxyType({}),
        *,
        samples: bool = False,
    ) -> Cost:
        """The cost of the command; its journal stays until the next one is run."""
        self.simulator.clear_journal()
        self.simulator.referee_begin({"access_key": self.simulator.environment["AWS_ACCESS_KEY_ID"]})
        log = self.folder / "output.log"
        with log.open("wb") as output:
            started = time.perf_counter()
            child = subprocess.Popen(
                command,
                env=self._environment | dict(environment),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            with Sampler(child.pid) if samples else nullcontext() as sampler:
                _pid, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise CommandFailed(f"{' '.join(command)} ended with {child.returncode}:\n{log.read_text()[-4000:]}")
        objections = [sentence(each) for each in self.simulator.referee_end("")]
        if objections:
            raise CommandFailed("\n".join([f"the referee objects to {' '.join(command)}:", *objections]))
        counts = self.simulator.counts()
        return Cost(
            seconds=seconds,
            calls=sum(counts.values()),
            writes=sum(count for operation, count in counts.items() if is_write(operation)),
            peak_mb=usage.ru_maxrss / 1024,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            together_mb=sampler.peak_mb if sampler else 0.0,
        )

    @property
    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        ours = {
            "HOME": str(self.folder),
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
            "ANSIBLE_PIPELINING": "1",
        }
        return kept | self.simulator.environment | ours
