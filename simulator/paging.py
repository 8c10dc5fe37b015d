# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Pages of a list and the tokens between them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def page(items: Sequence[Item], operation: str, limit: int, token: str | None) -> tuple[Sequence[Item], str | None]:
    """One page and the token of the next; ValueError for a token that this operation did not give out."""
    start = _position(operation, token) if token else 0
    end = start + limit
    return items[start:end], _token(operation, end) if end < len(items) else None


def _token(operation: str, position: int) -> str:
    return base64.urlsafe_b64encode(f"{operation}:{position}".encode()).decode()


def _position(operation: str, token: str) -> int:
    try:
        owner, _colon, position = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise ValueError("malformed token") from problem
    if owner != operation or not position.isdigit():
        raise ValueError("token of another operation")
    return int(position)
