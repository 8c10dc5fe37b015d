# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.secret_values import masked, secrets_in


def test_the_environments_of_all_containers() -> None:
    containers = [{"Environment": {"A": "hush", "B": ""}}, {"Image": "i"}, {"Environment": {"C": "1"}}]
    assert secrets_in({"ModelName": "m", "Containers": containers}) == {"hush", "1"}


@pytest.mark.parametrize(
    ("secrets", "text", "left"),
    [
        ({"hush"}, "Environment {'A': 'hush'} is refused", "Environment {'A': '(hidden)'} is refused"),
        ({"hush", "hush-hush"}, "hush-hush", "(hidden)"),
        ({"1"}, "A=1 of 10 in m1", "A=(hidden) of 10 in m1"),
        ({"a.b"}, "axb a.b", "axb (hidden)"),
        ({'a "b"\nc'}, repr({"A": 'a "b"\nc'}), "{'A': '(hidden)'}"),
        ({'é "b"'}, json.dumps({"A": 'é "b"'}), '{"A": "(hidden)"}'),
        (set(), "nothing", "nothing"),
    ],
)
def test_they_are_taken_out(secrets: set[str], text: str, left: str) -> None:
    assert masked(text, secrets) == left
