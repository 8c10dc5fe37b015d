# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is interrupted while it waits stops at once; the rollout goes on, and the next run joins it.

Several runs, each in a region of its own, are interrupted at the same time; the next run is one for all regions.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import ansible_runner
import pytest

from simulator.client import Simulator
from simulator.testing import Aws

from .conftest import BIN, PREFIX, ROOT, Outcome, Workplace, example, refereed
from .warm_start import AnsiblePlaybook

APPLY = str(ROOT / "playbooks" / "apply.yml")
AT_MOST_SECONDS = 60.0
"""Of many processes that end at the same time, on a machine that may have other work; on an idle one they take two."""
WAIT_SECONDS = 600
"""How long an endpoint takes, and the module waits before it returns: within the limit only the signal ends a run."""
SIGNALS: dict[str, tuple[t.Callable[[int, int], None], signal.Signals]] = {
    "Ctrl-C": (os.killpg, signal.SIGINT),
    "SIGTERM": (os.killpg, signal.SIGTERM),
    "SIGTERM to ansible-playbook alone": (os.kill, signal.SIGTERM),
    "SIGKILL to ansible-playbook alone": (os.kill, signal.SIGKILL),
}
CANCELLED = "cancelled"
REGIONS = {name: f"eu-west-{number}" for number, name in enumerate((*SIGNALS, CANCELLED))}


class Running(t.Protocol):
    def interrupt(self) -> None: ...

    def end(self) -> tuple[bool, str]:
        """Waits until nothing of the run is left; whether it says that it was stopped, and its output."""


class Playbook:
    """ansible-playbook in a process group of its own, as a shell starts it."""

    def __init__(self, workplace: Workplace, name: str) -> None:
        self._send, self._number = SIGNALS[name]
        self._process = subprocess.Popen(
            [str(BIN / "ansible-playbook"), "-i", str(workplace.folder / "inventory.yml"), "-l", REGIONS[name], APPLY],
            env=workplace.environment | {"PYTHONFAULTHANDLER": "1"},
            cwd=workplace.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def interrupt(self) -> None:
        self._send(self._process.pid, self._number)

    def end(self) -> tuple[bool, str]:
        try:
            output, _nothing = self._process.communicate(timeout=2 * AT_MOST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)
            output, _nothing = self._process.communicate()
            pytest.fail(f"ansible-playbook hangs in\n{output}")
        return self._process.returncode != 0, output


class Job:
    """The same under ansible-runner, which cancels it."""

    def __init__(self, workplace: Workplace) -> None:
        self._is_cancelled = threading.Event()
        self._thread, self._runner = ansible_runner.run_async(
            playbook=APPLY,
            limit=REGIONS[CANCELLED],
            cancel_callback=self._is_cancelled.is_set,
            **workplace.for_runner() | {"envvars": workplace.environment | {"ANSIBLE_PIPELINING": "0"}},
        )

    def interrupt(self) -> None:
        self._is_cancelled.set()

    def end(self) -> tuple[bool, str]:
        self._thread.join(2 * AT_MOST_SECONDS)
        return self._runner.status == "canceled", ""


@dataclass
class Interruption:
    """How a run ended, with the calls that were made in its region seconds later, and what was there then."""

    is_stopped: bool
    output: str
    seconds: float
    late_calls: list[str]
    writes: list[str]
    statuses: list[str]


@dataclass
class Interruptions:
    """All of them by name, the next run, and by region what came of it."""

    by_name: dict[str, Interruption]
    next_run: Outcome
    creations: dict[str, int]
    is_nothing_left_to_do: dict[str, bool]


@pytest.fixture(scope="module")
def interruptions(
    server: Simulator, ansible_playbook: AnsiblePlaybook, tmp_path_factory: pytest.TempPathFactory
) -> Interruptions:
    """Endpoints that take minutes, interrupted on their way."""
    with refereed(server, ansible_playbook, tmp_path_factory.mktemp("interrupt"), "test_interrupt.py") as workplace:
        server.configure(create_seconds=WAIT_SECONDS)
        variables = example() | {f"{PREFIX}progress_interval": WAIT_SECONDS}
        workplace.declare_hosts({region: variables | {f"{PREFIX}region": region} for region in REGIONS.values()})
        try:
            by_name = interrupted(workplace)
            server.advance(1000)
            next_run = workplace.run("apply")
            created = [entry["region"] for entry in server.journal() if entry["operation"] == "CreateEndpoint"]
            is_nothing_left_to_do = {
                region: not workplace.apply_here(**example(), sagemaker_inference_region=region).changed
                for region in REGIONS.values()
            }
        finally:
            server.configure(create_seconds=0.3)
    creations = {region: created.count(region) for region in REGIONS.values()}
    return Interruptions(by_name, next_run, creations, is_nothing_left_to_do)


def interrupted(workplace: Workplace) -> dict[str, Interruption]:
    runs: dict[str, Running] = {name: Playbook(workplace, name) for name in SIGNALS}
    runs[CANCELLED] = Job(workplace)
    await_rollouts(workplace.simulator)
    began = time.monotonic()
    for run in runs.values():
        run.interrupt()
    with ThreadPoolExecutor(len(runs)) as threads:
        ended = threads.map(lambda run: (*run.end(), time.monotonic() - began), runs.values())
        ends = dict(zip(runs, ended, strict=True))
    late = late_calls(workplace.simulator)
    writes = workplace.simulator.writes()
    return {
        name: Interruption(
            is_stopped,
            output,
            seconds,
            late_calls=[entry["operation"] for entry in late if entry["region"] == REGIONS[name]],
            writes=[entry["operation"] for entry in writes if entry["region"] == REGIONS[name]],
            statuses=statuses(workplace.simulator, REGIONS[name]),
        )
        for name, (is_stopped, output, seconds) in ends.items()
    }


def await_rollouts(simulator: Simulator) -> None:
    deadline = time.monotonic() + 120
    while simulator.counts().get("CreateEndpoint", 0) < len(REGIONS):
        assert time.monotonic() < deadline, f"not all were deployed: {simulator.counts()}"
        time.sleep(0.2)
    time.sleep(1)


def late_calls(simulator: Simulator) -> list[dict[str, t.Any]]:
    """From a few seconds on; a module that waits would have made several calls by the end."""
    time.sleep(3)
    before = len(simulator.journal())
    time.sleep(3)
    return simulator.journal()[before:]


def statuses(simulator: Simulator, region: str) -> list[str]:
    endpoints = Aws(simulator, region).sagemaker.list_endpoints()["Endpoints"]
    return [each["EndpointStatus"] for each in endpoints]


@pytest.mark.parametrize("name", REGIONS)
def test_an_interruption_stops_the_run_and_not_the_rollout(interruptions: Interruptions, name: str) -> None:
    found = interruptions.by_name[name]
    assert found.is_stopped
    assert found.seconds < AT_MOST_SECONDS
    assert "Traceback" not in found.output
    assert found.late_calls == []
    assert not [each for each in found.writes if each.startswith(("Delete", "Update"))]
    assert found.statuses == ["Creating"]


@pytest.mark.parametrize("name", REGIONS)
def test_the_next_run_joins_the_rollout(interruptions: Interruptions, name: str) -> None:
    region = REGIONS[name]
    assert interruptions.next_run.recaps[region]["failed"] == 0, interruptions.next_run.output
    assert interruptions.creations[region] == 1
    assert interruptions.is_nothing_left_to_do[region]
