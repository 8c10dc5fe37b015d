# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The thread that looks whether ansible-playbook is still there."""

from __future__ import annotations

import os
import signal
import threading
import types
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils import parent_watch

ENDING = {signal.SIGINT, signal.SIGTERM}


def held() -> set[int]:
    """The signals that the thread holds back."""
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def test_it_leaves_every_signal_to_the_main_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it took Ctrl-C, the main thread slept on until the module ended, and ansible-playbook waited for it."""
    found: list[set[int]] = []
    is_asked = threading.Event()

    def watch(controller: int, is_over: threading.Event) -> None:
        found.append(held())
        is_asked.set()

    before = held()
    monkeypatch.setattr(parent_watch, "_watch", watch)
    monkeypatch.setattr(parent_watch, "parent_process", lambda: types.SimpleNamespace(pid=os.getppid()))
    with parent_watch.terminate_with_parent():
        assert held() == before
        assert is_asked.wait(10)
    assert found[0] >= ENDING
    assert not before & ENDING


@pytest.fixture
def ended() -> t.Iterator[list[int]]:
    """The signals to end that the process has got."""
    got: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: got.append(number))
    yield got
    signal.signal(signal.SIGTERM, before)


def test_the_worker_ends_once_it_has_another_parent(monkeypatch: pytest.MonkeyPatch, ended: list[int]) -> None:
    parents = [5, 5, 1]
    monkeypatch.setattr("os.getppid", lambda: parents.pop(0))
    monkeypatch.setattr(parent_watch, "_LOOK_SECONDS", 0)
    parent_watch._watch(5, threading.Event())
    assert (ended, parents) == ([signal.SIGTERM], [])


def test_the_worker_goes_on_once_the_module_has_ended(monkeypatch: pytest.MonkeyPatch, ended: list[int]) -> None:
    is_over = threading.Event()
    is_over.set()
    monkeypatch.setattr("os.getppid", lambda: 5)
    parent_watch._watch(5, is_over)
    assert ended == []
