# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Every call in order: the evidence that tests and benchmarks look at."""

from __future__ import annotations

import json
import threading
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from .types import Params

HIDDEN = "<hidden>"
_READS = ("Describe", "List", "Get", "Invoke")


class Journal:
    """Calls in memory and, if asked for, as JSON lines in a file."""

    def __init__(self, path: Path | None = None) -> None:
        self._entries: list[Params] = []
        self._sequence = 0
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8") if path else None

    def record(self, entry: Params) -> None:
        with self._lock:
            self._sequence += 1
            numbered = {"sequence": self._sequence, **entry}
            self._entries.append(numbered)
            if self._file:
                self._file.write(json.dumps(numbered, default=str) + "\n")
                self._file.flush()

    def entries(self, after: int = 0) -> list[Params]:
        """The calls with a sequence number above the given one."""
        with self._lock:
            return [entry for entry in self._entries if entry["sequence"] > after]

    def counts(self) -> dict[str, int]:
        """How often each operation was called."""
        with self._lock:
            return dict(Counter(entry["operation"] for entry in self._entries))

    def clear(self) -> None:
        """Forgets the calls in memory; the file keeps them, and numbering goes on."""
        with self._lock:
            self._entries.clear()

    def close(self) -> None:
        if self._file:
            self._file.close()


def is_write(operation: str) -> bool:
    return not operation.startswith(_READS)


def key_hash(access_key: str) -> str:
    """Tells callers apart without keeping their access keys."""
    return sha256(access_key.encode()).hexdigest()[:12] if access_key else ""


def without_secrets(value: Any) -> Any:
    """The parameters with the values of every Environment and the bodies of invocations hidden."""
    if isinstance(value, dict):
        return {
            key: dict.fromkeys(item, HIDDEN)
            if key == "Environment" and isinstance(item, dict)
            else HIDDEN
            if key == "Body"
            else without_secrets(item)
            for key, item in value.items()
        }
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def hide_in(message: str, params: Any) -> str:
    """The message without the values of any Environment: validation messages quote what they refuse."""
    for secret in sorted(_secrets(params), key=len, reverse=True):
        message = message.replace(f"'{secret}'", f"'{HIDDEN}'")
    return message


def _secrets(value: Any) -> list[str]:
    if isinstance(value, list):
        return [secret for item in value for secret in _secrets(item)]
    if not isinstance(value, dict):
        return []
    found = [
        str(secret)
        for item in (value.get("Environment"),)
        if isinstance(item, dict)
        for secret in item.values()
        if secret
    ]
    return found + [secret for item in value.values() for secret in _secrets(item)]
