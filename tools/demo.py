# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint from its creation to its end, against the simulator: ``python -m tools.demo``, one to two minutes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from simulator.process import running

from .terminal import ALARM, EXAMPLE, ROOT, Terminal, typed

START = f"{EXAMPLE.relative_to(ROOT)} in a simulated AWS on this machine; Ansible's own headings are left out."
KINDS = ("models", "endpoint_configs", "endpoints", "targets", "alarms")
FIRST = ("ranker:1", "ranker:2")
SECOND = ("ranker:1", "ranker:3")


def main() -> int:
    print(START)
    with (
        running(create_seconds=6, update_seconds=6, rollback_seconds=3, delete_seconds=3) as simulator,
        tempfile.TemporaryDirectory() as folder,
    ):
        terminal = Terminal(folder=Path(folder), simulator=simulator, has_colours=sys.stdout.isatty())
        _show(
            terminal, "1. Deploy it. Later updates move 10% of the traffic first, and two alarms can stop them", "apply"
        )
        terminal.declare(FIRST)
        _show(terminal, "2. The image is now ranker:2. What would that do?", "plan")
        _show(terminal, "3. Do it", "apply")
        terminal.declare(SECOND)
        terminal.ring_during_update()
        _show(terminal, f"4. The image is now ranker:3, but during the update alarm {ALARM} goes off", "apply")
        _show(terminal, "5. Delete everything", "destroy")
        left = [name for region in simulator.state() for kind in KINDS for name in region[kind]]
    print(f"Left in the simulated AWS: {', '.join(left) or 'nothing'}")
    return 1 if left else 0


def _show(terminal: Terminal, title: str, playbook: str) -> None:
    print(f"\n=== {title}\n{typed(playbook)}", flush=True)
    for line in terminal.run(playbook):
        print(line.text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
