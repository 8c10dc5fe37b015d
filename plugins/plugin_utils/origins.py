# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file, line and column in which the user wrote the value at an inventory path."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Iterable, Mapping

from ..module_utils._engine.plan import as_text
from ..module_utils.paths import Path, text_of

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:
    # Not part of Ansible's public interface: without it, no file is named.
    Origin = None


class Origins:
    """The origins of the values in the parts of an inventory, by the printed path."""

    def __init__(self, parts: Mapping[str, t.Any]) -> None:
        self._by_path: dict[str, str] = {}
        self._values: dict[str, t.Any] = {}
        for path, origin, value in _walked(parts, ()) if Origin else ():
            self._by_path[path] = origin
            self._values[path] = value

    def at(self, path: str) -> str:
        """That of the value itself."""
        return self._by_path.get(path, "")

    def of_value(self, path: str, value: t.Any) -> str:
        """That of the value itself, if it is this one."""
        return self.at(path) if path in self._values and as_text(self._values[path]) == as_text(value) else ""

    def of(self, path: str) -> str:
        """Such as ``group_vars/all.yml:17:11``, of the value or else of what it stands in; empty if nothing is known.

        Values that a template makes, or that come from the command line, have no line of their own.
        """
        while path:
            if path in self._by_path:
                return self._by_path[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return ""

    def behind(self, path: str) -> str:
        """The origin for the end of a message."""
        origin = self.of(path)
        return f" ({origin})" if origin else ""


def _walked(value: t.Any, path: Path) -> Iterable[tuple[str, str, t.Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            here = (*path, str(key))
            # A map stands where its key is; the value behind it begins a line later.
            marked = key if isinstance(inner, (Mapping, list, tuple)) else inner
            if origin := _origin(marked) or _origin(key):
                yield text_of(here), origin, inner
            yield from _walked(inner, here)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            here = (*path, index)
            if origin := _origin(inner):
                yield text_of(here), origin, inner
            yield from _walked(inner, here)


def _origin(value: t.Any) -> str:
    tag = Origin.get_tag(value)
    if tag is None or not tag.path or not tag.line_num:
        return ""
    path = os.path.relpath(tag.path)
    path = tag.path if path.startswith("..") else path
    return f"{path}:{tag.line_num}" + (f":{tag.col_num}" if tag.col_num else "")
