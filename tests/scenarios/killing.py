# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed before one of their calls."""

from __future__ import annotations

import typing as t

from .harness import Killed, World


def is_killed(world: World, number: int, run: t.Callable[[], object]) -> bool:
    """Whether the run was killed before its call of that number, and did not end before."""
    world.calls, world.kill_before = 0, number
    try:
        run()
    except Killed:
        return True
    finally:
        world.kill_before = None
    return False
