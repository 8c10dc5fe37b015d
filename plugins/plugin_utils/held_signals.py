# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stretches of a worker's work during which the signals that end it have to wait."""

from __future__ import annotations

import contextlib
import signal
import typing as t

_ENDING = {signal.SIGINT, signal.SIGTERM}


@contextlib.contextmanager
def held_signals() -> t.Iterator[None]:
    """Holds them back; a thread that is started meanwhile never takes one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
