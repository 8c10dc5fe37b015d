# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long list that is read in parallel with other work, because AWS returns it page by page."""

from __future__ import annotations

import threading
import typing as t
from collections.abc import Callable, Iterable

Entry = t.TypeVar("Entry")


class ReadAhead(t.Generic[Entry]):
    """The entries of a list, which are read in a thread of their own while *is_valid*."""

    def __init__(self, entries: Callable[[], Iterable[Entry]], is_valid: Callable[[], bool]) -> None:
        self._entries = entries
        self._is_valid = is_valid
        self._found: list[Entry] = []
        self._is_whole = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for entry in self._entries():
                if not self._is_valid():
                    return
                self._found.append(entry)
        except Exception:
            # Whoever needs the list reads it again, and fails as any other read.
            return
        self._is_whole = True

    def result(self) -> list[Entry] | None:
        """Waits for the end; None if the list could not be read or is not valid any more."""
        if not self._is_valid():
            return None
        self._thread.join()
        return self._found if self._is_whole and self._is_valid() else None
