# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Runs the simulator as a child process, which never outlives its parent."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .client import Simulator

_ROOT = Path(__file__).resolve().parent.parent
_STOP_SECONDS = 5


@contextmanager
def running(journal: Path | None = None, **settings: float) -> Iterator[Simulator]:
    """A simulator on a free port, for example `running(create_seconds=0.1)`; stopped at the end, come what may."""
    command = [sys.executable, "-m", "simulator", "--until-stdin-closes"]
    if journal:
        command += ["--journal", str(journal.resolve())]
    for name, value in settings.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    # An interrupt at the keyboard must not reach the child before the parent's clean-up did its work.
    child = subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert child.stdout
        first_line = child.stdout.readline()
        if "listening on" not in first_line:
            raise RuntimeError(f"the simulator did not start: {first_line.strip() or 'see its messages above'}")
        yield Simulator(first_line.split()[-1])
    finally:
        child.terminate()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                stream.close()
