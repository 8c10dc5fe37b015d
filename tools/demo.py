# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of the documented schema against the simulator: plan, apply, apply again, destroy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from simulator.process import running

ROOT = Path(__file__).resolve().parent.parent
ANSIBLE_PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"
INVENTORY = ROOT / "examples" / "basic" / "inventory.yml"
STEPS = (
    ("What would happen on an empty account", "apply", ("--check", "--diff")),
    ("Deploy", "apply", ("--diff", "-e", "sagemaker_inference_progress_interval=3")),
    ("Deploy again: nothing to do", "apply", ("--diff",)),
    ("Destroy", "destroy", ("--diff",)),
)


def main() -> int:
    with running(create_seconds=8, update_seconds=8, delete_seconds=4) as simulator:
        ours = {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
            "ANSIBLE_FORCE_COLOR": "1" if sys.stdout.isatty() else "0",
        }
        for title, playbook, flags in STEPS:
            print(f"\n=== {title}", flush=True)
            command = [ANSIBLE_PLAYBOOK, "-i", INVENTORY, ROOT / "playbooks" / f"{playbook}.yml", *flags]
            done = subprocess.run(command, env=os.environ | simulator.environment | ours, check=False)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
