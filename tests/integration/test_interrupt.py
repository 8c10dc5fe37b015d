# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is interrupted while it waits stops at once; the rollout goes on, and the next run joins it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import typing as t

import ansible_runner
import pytest

from .conftest import BIN, ROOT, Workplace

APPLY = str(ROOT / "playbooks" / "apply.yml")
AT_MOST_SECONDS = 15.0


@pytest.fixture
def slow(workplace: Workplace, documented_example: dict[str, t.Any]) -> t.Iterator[Workplace]:
    """Endpoints that take minutes."""
    workplace.simulator.configure(create_seconds=600)
    workplace.declare(**documented_example)
    yield workplace
    workplace.simulator.configure(create_seconds=0.3)


def await_rollout(workplace: Workplace) -> None:
    deadline = time.monotonic() + 60
    while "CreateEndpoint" not in workplace.simulator.counts():
        assert time.monotonic() < deadline, "nothing was deployed"
        time.sleep(0.2)
    time.sleep(1)


def assert_nobody_calls(workplace: Workplace) -> None:
    """From a few seconds on; a module that waits would have made several calls by the end."""
    time.sleep(3)
    before = len(workplace.simulator.journal())
    time.sleep(3)
    assert len(workplace.simulator.journal()) == before


def assert_joined(workplace: Workplace) -> None:
    writes = [entry["operation"] for entry in workplace.simulator.writes()]
    assert not [each for each in writes if each.startswith(("Delete", "Update"))]
    (endpoint,) = workplace.client("sagemaker").list_endpoints()["Endpoints"]
    assert endpoint["EndpointStatus"] == "Creating"
    workplace.simulator.advance(1000)
    next_run = workplace.run("apply")
    assert next_run.returncode == 0, next_run.output
    assert workplace.simulator.counts()["CreateEndpoint"] == 1
    assert workplace.run("apply").changed == 0


@pytest.mark.parametrize(
    ("send", "number"),
    [(os.killpg, signal.SIGINT), (os.killpg, signal.SIGTERM), (os.kill, signal.SIGTERM), (os.kill, signal.SIGKILL)],
    ids=["Ctrl-C", "SIGTERM", "SIGTERM to ansible-playbook alone", "SIGKILL to ansible-playbook alone"],
)
def test_a_signal_stops_the_run_and_not_the_rollout(
    slow: Workplace, send: t.Callable[[int, int], None], number: signal.Signals
) -> None:
    command = [str(BIN / "ansible-playbook"), "-i", str(slow.folder / "inventory.yml"), APPLY]
    run = subprocess.Popen(
        command,
        env=slow.environment,
        cwd=slow.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    await_rollout(slow)
    began = time.monotonic()
    send(run.pid, number)
    output, _nothing = run.communicate(timeout=60)
    assert time.monotonic() - began < AT_MOST_SECONDS
    assert run.returncode != 0
    assert "Traceback" not in output
    assert_nobody_calls(slow)
    assert_joined(slow)


def test_a_cancelled_job_of_ansible_runner_too(slow: Workplace) -> None:
    is_cancelled = threading.Event()
    thread, runner = ansible_runner.run_async(
        playbook=APPLY,
        cancel_callback=is_cancelled.is_set,
        **slow.for_runner() | {"envvars": slow.environment | {"ANSIBLE_PIPELINING": "0"}},
    )
    await_rollout(slow)
    began = time.monotonic()
    is_cancelled.set()
    thread.join(60)
    assert time.monotonic() - began < AT_MOST_SECONDS
    assert runner.status == "canceled"
    assert_nobody_calls(slow)
    assert_joined(slow)
