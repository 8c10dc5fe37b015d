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
    return items[start:end], token_of(operation, str(end)) if end < len(items) else None


def token_of(operation: str, mark: str) -> str:
    """A token that only this operation takes."""
    return base64.urlsafe_b64encode(f"{operation}:{mark}".encode()).decode()


def mark_in(operation: str, token: str) -> str:
    """The mark that the token was made of; ValueError for a token that this operation did not give out."""
    try:
        owner, _colon, mark = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise ValueError("malformed token") from problem
    if owner != operation:
        raise ValueError("token of another operation")
    return mark


def _position(operation: str, token: str) -> int:
    mark = mark_in(operation, token)
    if not mark.isdigit():
        raise ValueError("token without a position")
    return int(mark)
