# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""CBOR, compared with botocore's own reader and writer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.parsers import RpcV2CBORParser
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire import cbor

_plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    ),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=20,
)


@given(_plain)
def test_reads_what_it_writes(value: Any) -> None:
    assert cbor.decode(cbor.encode(value)) == value


@given(_plain.filter(lambda value: value is not None))
def test_botocore_reads_what_it_writes(value: Any) -> None:
    parser = RpcV2CBORParser()
    stream = parser.get_peekable_stream_from_bytes(cbor.encode({"a": value}))
    assert set(parser.parse_data_item(stream)) == {"a"}


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x9f\x01\x02\xff", [1, 2]),
        (b"\xbf\x61a\x01\xff", {"a": 1}),
        (b"\x7f\x61a\x61b\xff", "ab"),
        (b"\x5f\x41a\x41b\xff", b"ab"),
        (b"\xf9\x3c\x00", 1.0),
        (b"\xfa\x3f\x80\x00\x00", 1.0),
        (b"\x43abc", b"abc"),
    ],
)
def test_reads_other_forms(data: bytes, value: Any) -> None:
    assert cbor.decode(data) == value


@pytest.mark.parametrize("data", [b"", b"\x61", b"\x82\x01", b"\x1c", b"\x19\x01", b"\xf8\xff", b"\x1f\xff"])
def test_refuses_rubbish(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts do not matter
        cbor.decode(data)
