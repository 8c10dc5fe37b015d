# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths into an inventory or a module's options: data until they are printed."""

from __future__ import annotations

import typing as t

from .problems import quoted

_LONGEST_NAME = 80

Path: t.TypeAlias = "tuple[str | int, ...]"
"""Keys of maps, and the indices of lists."""


def text_of(path: Path) -> str:
    """Such as ``endpoints.e.data_capture`` or ``containers[0].image``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{segment(part)}" if text else segment(part)
    return text


def segment(name: str) -> str:
    """A key as part of a printed path: on one line, whatever it holds."""
    if name.isprintable() and 0 < len(name) <= _LONGEST_NAME:
        return name
    return quoted(name, _LONGEST_NAME)
