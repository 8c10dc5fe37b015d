# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host means by what leads to it: which differences make another aim, and which do not."""

from __future__ import annotations

import base64
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.rivals import aim_of, are_the_same
from hypothesis import given
from hypothesis import strategies as st

HERE = {"deployment": "search", "region": "eu-west-1"}


def key_of(account: int, rest: int = 0, prefix: str = "ASIA") -> str:
    """An access key as AWS makes them today: a bit, 40 bits of the account's number, and 39 others."""
    number = 1 << 79 | account << 39 | rest
    return prefix + base64.b32encode(number.to_bytes(10, "big")).decode()


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (({}, {}), ({}, {}), True),
        (({"deployment": "other"}, {}), ({}, {}), False),
        (({"region": "us-east-1"}, {}), ({}, {}), False),
        (({"region": None}, {}), ({}, {}), True),
        (({"region": None}, {"AWS_REGION": "us-east-1"}), ({}, {}), False),
        (({"region": None}, {"AWS_DEFAULT_REGION": "eu-west-1"}), ({}, {}), True),
        (({"region": None, "aws_region": "us-east-1"}, {}), ({}, {}), False),
        (({"profile": "a"}, {}), ({}, {}), False),
        (({"profile": "a"}, {}), ({"profile": "a"}, {}), True),
        (({"profile": "a"}, {}), ({"aws_profile": "b"}, {}), False),
        (({}, {"AWS_PROFILE": "a"}), ({"profile": "a"}, {}), True),
        (({"endpoint_url": "http://a"}, {}), ({}, {}), False),
        (({}, {"AWS_CONFIG_FILE": "a"}), ({}, {}), False),
        (({}, {"AWS_SECRET_ACCESS_KEY": "a", "AWS_SESSION_TOKEN": "b", "HOME": "c"}), ({}, {}), True),
        (({"access_key": "222222222222"}, {}), ({"access_key": "333333333333"}, {}), False),
        (({"access_key": "222222222222"}, {}), ({}, {"AWS_ACCESS_KEY_ID": "222222222222"}), True),
        (({"access_key": key_of(1, 1)}, {}), ({"access_key": key_of(1, 2, "AKIA")}, {}), True),
        (({"access_key": key_of(1, 1)}, {}), ({"access_key": key_of(2, 1)}, {}), False),
    ],
)
def test_what_makes_another_aim(one: t.Any, other: t.Any, is_same: bool) -> None:
    aims = [aim_of(HERE | options, environment) for options, environment in (one, other)]
    assert are_the_same(*aims) == are_the_same(*reversed(aims)) == is_same


@given(*[st.integers(0, 10**12 - 1)] * 2, *[st.integers(0, 2**39 - 1)] * 2)
def test_keys_of_one_account_are_one_aim(account: int, stranger: int, rest: int, other: int) -> None:
    one, same, different = (
        aim_of(HERE | {"access_key": key_of(*parts)}, {})
        for parts in ((account, rest), (account, other), (stranger, rest))
    )
    assert are_the_same(one, same)
    assert are_the_same(one, different) == (account == stranger)


def test_the_account_in_a_key_that_was_published() -> None:
    """https://awsteele.com/blog/2020/09/26/aws-access-key-format.html"""
    published = aim_of(HERE | {"access_key": "ASIAY34FZKBOKMUTVV7A"}, {})
    assert are_the_same(published, aim_of(HERE | {"access_key": key_of(609629065308)}, {}))


def test_keys_of_old_do_not_tell_the_account() -> None:
    keys = [f"AKIAIOSFODNN{rest}EXAMPLE" for rest in "67"]
    assert not are_the_same(*(aim_of(HERE | {"access_key": key}, {}) for key in keys))


def test_an_aim_holds_no_key() -> None:
    assert key_of(7) not in str(aim_of(HERE | {"access_key": key_of(7)}, {}))
