# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few minutes of ``python -m tests.soak`` in a few seconds: fewer endpoints, fewer changes."""

from __future__ import annotations

from tests.soak import soak


def test_changes_with_faults_end_well_and_leave_nothing_behind() -> None:
    lines: list[str] = []
    soak(endpoints=20, changes=4, seed=11, tell=lines.append)
    assert len(lines) == 5
