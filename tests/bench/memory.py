# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much memory a command and all its processes take together, sampled while it runs; on Linux only."""

from __future__ import annotations

import threading
import typing as t
from pathlib import Path

_PROC = Path("/proc")
_SECONDS = 0.25


class Sampler:
    """Looks at a process and its descendants until it is left; *peak_mb* is the largest sum that it saw, or 0."""

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> t.Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._left.wait(_SECONDS):
            self.peak_mb = max(self.peak_mb, sum(map(_proportional_mb, family(self._pid))))


def family(pid: int) -> list[int]:
    """The process and its descendants, as far as they are still there."""
    parents = {int(path.name): _parent(path) for path in _PROC.glob("[0-9]*")}
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def _parent(path: Path) -> int | None:
    """The second field behind the name, which ends in the last closing parenthesis."""
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _proportional_mb(pid: int) -> float:
    """The process's share of what it uses, so that memory which several processes share is counted once."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
