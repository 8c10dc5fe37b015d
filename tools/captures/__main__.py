# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/captures, what a terminal and a browser show of one endpoint: ``python -m tools.captures``.

The screenshots of the report need Chromium; without it the old ones stay.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from simulator.process import running

from ..site.browser import NoBrowser
from ..terminal import ROOT, Line, Terminal, typed
from .pictures import moving, still
from .screenshots import take

FOLDER = ROOT / "docs" / "captures"
SLIPS = (("instance_type: ml.m5.large", "instance_typ: ml.m5.large"), ("strategy: canary", "strategy: cannary"))
IMAGE = ("ranker:1", "ranker:2")
BAD_IMAGE = ("ranker:1", "ranker:3")


def main() -> int:
    with (
        running(create_seconds=8, update_seconds=10, rollback_seconds=3, delete_seconds=1) as simulator,
        tempfile.TemporaryDirectory() as at,
    ):
        terminal = Terminal(folder=Path(at), simulator=simulator)
        reports = Path(at) / "reports"
        terminal.declare(*SLIPS)
        _capture(terminal, "problems", "plan")
        terminal.declare()
        _capture(terminal, "progress", "apply")
        terminal.declare(IMAGE)
        plan = _capture(terminal, "plan", "plan", *_report(reports / "plan.json"))
        done = _capture(terminal, "update", "apply", *_report(reports / "apply.json"))
        (FOLDER / "tour.svg").write_text(moving([(typed("plan"), plan), (typed("apply"), done)]))
        terminal.declare(BAD_IMAGE)
        terminal.ring_during_update()
        _capture(terminal, "failed-rollout", "apply", *_report(reports / "failed.json"))
        try:
            take(reports, FOLDER)
        except NoBrowser as error:
            print(f"no screenshots: {error}", file=sys.stderr)
            return 1
    return 0


def _report(file: Path) -> tuple[str, ...]:
    return "-e", f"sagemaker_inference_plan_file={file}", "-e", '{"sagemaker_inference_plan_formats": ["html"]}'


def _capture(terminal: Terminal, name: str, playbook: str, *flags: str) -> list[Line]:
    lines = list(terminal.run(playbook, *flags))
    texts = [typed(playbook), *(line.text for line in lines)]
    (FOLDER / f"{name}.txt").write_text("\n".join(texts) + "\n")
    (FOLDER / f"{name}.svg").write_text(still(texts))
    return lines


if __name__ == "__main__":
    sys.exit(main())
