# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes workers end together with ansible-playbook."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import typing as t
from multiprocessing import parent_process

from .held_signals import held_signals

_LOOK_SECONDS = 1.0


@contextlib.contextmanager
def terminate_with_parent() -> t.Iterator[None]:
    """A context that ends, with all processes that it started, when ansible-playbook is gone.

    A cancelled job of ansible-runner or AWX kills ansible-playbook and its process group. A worker has a session of its
    own, so no signal reaches it, and the module that it runs would wait on.
    """
    controller = parent_process()
    if controller is None or controller.pid is None:
        yield
        return
    is_over = threading.Event()
    # Python handles a signal in the main thread, which goes on sleeping if another one has taken the signal.
    with held_signals():
        threading.Thread(target=_watch, args=(controller.pid, is_over), daemon=True).start()
    try:
        yield
    finally:
        is_over.set()


def _watch(controller: int, is_over: threading.Event) -> None:
    """Ansible's worker passes SIGTERM on to its session, in its main thread, which may be asleep in a read."""
    while os.getppid() == controller:
        if is_over.wait(_LOOK_SECONDS):
            return
    signal.pthread_kill(t.cast("int", threading.main_thread().ident), signal.SIGTERM)
