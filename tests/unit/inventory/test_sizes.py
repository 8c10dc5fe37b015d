# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import sizes
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.sizes import Size
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("10%", Size(10, True)),
        (" 10 % ", Size(10, True)),
        ("100%", Size(100, True)),
        ("1 instance", Size(1, False)),
        ("2 instances", Size(2, False)),
        ("2 instance", Size(2, False)),
        ("2INSTANCES", Size(2, False)),
        ("02\tInstances\n", Size(2, False)),
    ],
)
def test_read(text: str, size: Size) -> None:
    assert sizes.parse(text) == size


@pytest.mark.parametrize(
    "text",
    ["", "10", "%", "instance", "0%", "0 instances", "-1%", "1.5%", "10 percent", "ten %", "1 2 instances", "10%%",
     "\u0661%", "9999999999 instances"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size; write"):
        sizes.parse(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        size = sizes.parse(text)
    except ValueError:
        return
    assert sizes.parse(str(size)) == size


@given(st.integers(1, 999_999_999), st.booleans())
def test_what_is_written_is_read_back(number: int, is_percentage: bool) -> None:
    size = Size(number, is_percentage)
    assert sizes.parse(str(size)) == size
