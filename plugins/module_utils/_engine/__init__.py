# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run goes."""

from __future__ import annotations

import sys

OLDEST_PYTHON = (3, 11)

# Here, because an older Python stumbles first over a file of this package, and does not say what it lacks.
if sys.version_info < OLDEST_PYTHON:
    raise ImportError(
        f"friendsofansible.sagemaker requires Python {'.'.join(map(str, OLDEST_PYTHON))} or newer, "
        f"but {sys.executable} is Python {'.'.join(map(str, sys.version_info[:2]))}. "
        "Set ansible_python_interpreter to a newer one, or use an execution environment that has one."
    )
