# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Pages of a list and the tokens between them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import TypeVar

from .freedoms.choices import Freedoms

Item = TypeVar("Item")


_POSITION = re.compile(r"(\d+)(\+?)")
_FULL = "+"
"""After a position: the page that begins there has entries, because the empty one before it was shown."""


def page(
    items: Sequence[Item],
    operation: str,
    limit: int,
    token: str | None,
    freedoms: Freedoms,
    *,
    is_in_order: bool = False,
) -> tuple[Sequence[Item], str | None]:
    """One page and the token of the next; ValueError for a token that this operation did not give out.

    Unless the order is documented, it may be any.
    """
    start, is_full = _position(operation, token) if token else (0, False)
    if freedoms.other_order and not is_in_order:
        items = items[::-1]
    if freedoms.empty_pages and not is_full:
        return items[:0], token_of(operation, f"{start}{_FULL}") if start < len(items) else None
    end = start + at_most(limit, freedoms)
    is_last = end >= len(items) and not freedoms.empty_pages
    return items[start:end], None if is_last else token_of(operation, str(end))


def at_most(limit: int, freedoms: Freedoms) -> int:
    """How many entries a page has for which so many were asked."""
    return min(limit, freedoms.page_size or limit)


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


def _position(operation: str, token: str) -> tuple[int, bool]:
    match = _POSITION.fullmatch(mark_in(operation, token))
    if match is None:
        raise ValueError("token without a position")
    return int(match[1]), bool(match[2])
