# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The part of CBOR (RFC 8949) that AWS's rpc-v2-cbor protocol uses."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

_EPOCH_TAG = 1
_BREAK = object()


def encode(value: Any) -> bytes:
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    if isinstance(value, datetime):
        return _head(6, _EPOCH_TAG) + encode(value.timestamp())
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(encode(item) for item in value)
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(encode(key) + encode(item) for key, item in value.items())
    raise TypeError(f"no CBOR for {value!r}")


def decode(data: bytes) -> Any:
    """The first item; ValueError if the data is cut short or uses what AWS does not."""
    try:
        return _Decoder(data).item()
    except (IndexError, struct.error) as problem:
        raise ValueError("truncated CBOR") from problem


def _head(major: int, argument: int) -> bytes:
    first = major << 5
    if argument < 24:
        return bytes([first | argument])
    for code, layout in ((24, ">B"), (25, ">H"), (26, ">I"), (27, ">Q")):
        if argument < 1 << (8 * struct.calcsize(layout)):
            return bytes([first | code]) + struct.pack(layout, argument)
    raise ValueError("integer is too large for CBOR")


class _Decoder:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def item(self) -> Any:
        first = self._data[self._at]
        self._at += 1
        major, detail = first >> 5, first & 31
        if major == 7:
            return self._simple(detail)
        if detail == 31:
            return self._indefinite(major)
        argument = self._argument(detail)
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major == 2:
            return self._bytes(argument)
        if major == 3:
            return self._bytes(argument).decode()
        if major == 4:
            return [self.item() for _item in range(argument)]
        if major == 5:
            return {self.item(): self.item() for _item in range(argument)}
        value = self.item()
        return datetime.fromtimestamp(value, UTC) if argument == _EPOCH_TAG else value

    def _bytes(self, length: int) -> bytes:
        piece = self._data[self._at : self._at + length]
        if len(piece) < length:
            raise ValueError("truncated CBOR")
        self._at += length
        return piece

    def _unpack(self, layout: str) -> Any:
        return struct.unpack(layout, self._bytes(struct.calcsize(layout)))[0]

    def _argument(self, detail: int) -> int:
        if detail < 24:
            return detail
        if detail > 27:
            raise ValueError(f"reserved CBOR length {detail}")
        argument: int = self._unpack({24: ">B", 25: ">H", 26: ">I", 27: ">Q"}[detail])
        return argument

    def _simple(self, detail: int) -> Any:
        if detail in (25, 26, 27):
            return self._unpack({25: ">e", 26: ">f", 27: ">d"}[detail])
        if detail not in (20, 21, 22, 23, 31):
            raise ValueError(f"unknown CBOR simple value {detail}")
        return {20: False, 21: True, 22: None, 23: None, 31: _BREAK}[detail]

    def _indefinite(self, major: int) -> Any:
        items: list[Any] = []
        while (item := self.item()) is not _BREAK:
            items.append(item)
        if major == 2:
            return b"".join(items)
        if major == 3:
            return "".join(items)
        if major == 4:
            return items
        if major == 5:
            return dict(zip(items[::2], items[1::2], strict=True))
        raise ValueError("indefinite length of an item that cannot have one")
