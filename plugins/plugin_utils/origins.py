# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file, line and column in which the user wrote the value at an inventory path."""

from __future__ import annotations

import functools
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
    """The origins of the values in the parts of an inventory, by the printed path; looked for once one is needed.

    *names* are those of variables, by the path at which a message names them.
    """

    def __init__(self, parts: Mapping[str, t.Any], names: Mapping[str, str] | None = None) -> None:
        self._parts = parts
        self._names = names or {}

    @functools.cached_property
    def _found(self) -> dict[str, tuple[t.Any, t.Any]]:
        """The tag of Ansible, and the value."""
        if not Origin:
            return {}
        of_names = {path: (tag, name) for path, name in self._names.items() if (tag := _tag(name))}
        return of_names | {path: (tag, value) for path, tag, value in _walked(self._parts, ())}

    def at(self, path: str) -> str:
        """That of the value itself."""
        return _text(self._found[path][0]) if path in self._found else ""

    def of_value(self, path: str, value: t.Any) -> str:
        """That of the value itself, if it is this one."""
        is_same = path in self._found and as_text(self._found[path][1]) == as_text(value)
        return self.at(path) if is_same else ""

    def of(self, path: str) -> str:
        """Such as ``group_vars/all.yml:17:11``, of the value or else of what it stands in; empty if nothing is known.

        Values that a template makes, or that come from the command line, have no line of their own.
        """
        while path:
            if path in self._found:
                return self.at(path)
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return ""

    def behind(self, path: str) -> str:
        """The origin for the end of a message."""
        origin = self.of(path)
        return f" ({origin})" if origin else ""


def _walked(value: t.Any, path: Path) -> Iterable[tuple[str, t.Any, t.Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            here = (*path, str(key))
            # A map stands where its key is; the value behind it begins a line later.
            marked = key if isinstance(inner, (Mapping, list, tuple)) else inner
            if tag := _tag(marked) or _tag(key):
                yield text_of(here), tag, inner
            yield from _walked(inner, here)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            here = (*path, index)
            if tag := _tag(inner):
                yield text_of(here), tag, inner
            yield from _walked(inner, here)


def _tag(value: t.Any) -> t.Any:
    tag = Origin.get_tag(value)
    return tag if tag is not None and tag.path and tag.line_num else None


def _text(tag: t.Any) -> str:
    path = os.path.relpath(tag.path)
    path = tag.path if path.startswith("..") else path
    return f"{path}:{tag.line_num}" + (f":{tag.col_num}" if tag.col_num else "")
